from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from knowledge.library import Library
from knowledge.many import PART, items
from knowledge.screen import screen, screen_many

LIBRARY = Library.load()
DAY = date(2026, 11, 22)
FAMILY = {
    "child.age": 12,
    "father.situation": ["imprisoned"],
    "father.term_months": 36,
    "mother.situation": ["lost_contact"],
    "mother.lost_contact_months": 8,
}


def test_every_known_entitlement_has_a_result() -> None:
    answer = screen(LIBRARY, FAMILY, DAY)

    assert set(LIBRARY.policies) == {each["id"] for each in answer["results"]}
    assert {"id", "outcome", "missing", "because", "sources"} == set(answer["results"][0])


def test_a_list_answers_in_order_and_a_faulty_item_spoils_no_other() -> None:
    answers = screen_many(LIBRARY, [FAMILY, {"child.age": 200}, {}], DAY)

    assert [next(iter(each)) for each in answers] == ["results", "error", "results"]
    assert "child.age" in answers[1]["error"]


def test_a_long_list_is_answered_in_order_by_several_processors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ages = [index % 20 for index in range(2 * PART)] + [200]
    path = tmp_path / "list.json"
    path.write_text(json.dumps([{"child.age": age} for age in ages]), encoding="utf-8")

    assert 0 == main(["screen", str(path), "--on", DAY.isoformat()])
    answers = json.loads(capsys.readouterr().out)
    assert screen_many(LIBRARY, [{"child.age": age} for age in ages], DAY) == answers


@pytest.mark.parametrize("text, count", [(" [ ] ", 0), ("[{}\n, 3 ,{}]", 3)])
def test_a_list_is_read_item_by_item(text: str, count: int) -> None:
    assert count == len(list(items(text)))


@pytest.mark.parametrize("text", ["[{}", "[{},]", "[{} {}]", "[] []", '[{}]"', "[", "[,{}]"])
def test_a_list_that_is_no_json_answers_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    path = tmp_path / "list.json"
    path.write_text(text, encoding="utf-8")

    assert 2 == main(["screen", str(path)])
    assert ("", 1) == ((printed := capsys.readouterr()).out, len(printed.err.strip().splitlines()))


def test_the_command_screens_as_of_a_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({**FAMILY, "child.born": "2008-11-22"}), encoding="utf-8")

    outcomes = []
    for day in ("2026-11-21", "2026-11-22"):
        assert 0 == main(["screen", str(path), "--on", day])
        results = json.loads(capsys.readouterr().out)["results"]
        outcomes.append(next(each["outcome"] for each in results if each["id"] == "defacto_living"))

    assert ["eligible", "needs_facts"] == outcomes


@pytest.mark.parametrize(
    "text, named",
    [
        ('{"child.ages": 3}', "child.ages"),
        ('{"child.age": 200}', "child.age"),
        ('{"child.hukou_region": "999999"}', "child.hukou_region"),
        ('{"partial": {"child.age": {"min": 9, "max": 3}}}', "child.age"),
        ("{", "JSON"),
        ('"a string"', "facts"),
    ],
)
def test_malformed_input_gets_status_2_and_one_line_that_names_the_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, named: str
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(text, encoding="utf-8")

    assert 2 == main(["screen", str(path)])
    printed = capsys.readouterr()
    assert "" == printed.out
    assert named in printed.err
    assert 1 == len(printed.err.strip().splitlines())


def test_standard_input_is_read_and_nothing_heavy_is_loaded() -> None:
    code = (
        "import sys; from bot.cli import main; main(['screen', '-']); "
        "sys.exit(bool({'rasa', 'tensorflow'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], input="{}", text=True, capture_output=True, check=False)

    assert 0 == ran.returncode
    assert json.loads(ran.stdout)["next_question"]


@pytest.mark.parametrize(
    "text, named",
    [
        ('{"mother.situation": ["none"]}', "mother.situation"),
        ('{"child.age": ' + "1" * 400 + "}", "child.age"),
        ('{"child.born": "1700-01"}', "child.born"),
        ('{"child.born": "2030-01"}', "child.born"),
        ("[" * 100_000, "nested"),
    ],
)
def test_odd_values_are_one_line_too(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, named: str) -> None:
    path = tmp_path / "facts.json"
    path.write_text(text, encoding="utf-8")

    assert 2 == main(["screen", str(path), "--on", "2026-11-22"])
    printed = capsys.readouterr()
    assert named in printed.err
    assert 1 == len(printed.err.strip().splitlines())


def test_a_day_that_is_none_gets_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.json"
    path.write_text("{}", encoding="utf-8")

    assert 2 == main(["screen", str(path), "--on", "soon"])
    assert 1 == len(capsys.readouterr().err.strip().splitlines())


def test_a_former_region_code_is_the_present_one() -> None:
    assert LIBRARY.parse({"child.hukou_region": "350405"}) == LIBRARY.parse({"child.hukou_region": "350427"})
