"""Who gains and who loses when the rules change, told between two revisions of a repository."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from bot import cli_change
from bot.cli import main
from bot.revision import NoRevision, library_of
from knowledge.assess import OUTCOMES
from knowledge.bulk import outcomes
from knowledge.diff import Difference, Family, compare, proved
from knowledge.errors import KnowledgeError
from knowledge.library import HERE, Library
from knowledge.roll import invented

DAY = date(2026, 11, 22)
FAMILIES = 2_000
LIBRARY = Library.load()
ROLL = invented(LIBRARY, FAMILIES)
TWELVE = Family("twelve", LIBRARY.parse({"child.age": 12, "safety.ran_away": True}), DAY)


AUTHOR = ["-c", "user.name=nobody", "-c", "user.email=nobody@localhost"]


def committed(root: Path) -> Path:
    for command in (["init", "-q"], ["add", "knowledge"], ["commit", "-q", "-m", "rules"]):
        subprocess.run(["git", *AUTHOR, *command], cwd=root, check=True, capture_output=True)
    return root


def copied(root: Path) -> Path:
    shutil.copytree(HERE, root / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the knowledge base that may be changed."""
    return copied(tmp_path)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose only revision holds the knowledge base as it is."""
    return committed(copied(tmp_path_factory.mktemp("repository")))


@pytest.fixture(scope="module")
def old(repository: Path) -> Library:
    return library_of(repository, "HEAD", repository / "older")


def edit(folder: Path, before: str, after: str) -> None:
    path = folder / "knowledge" / "policies" / "national" / "street_child.yml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def changed(old: Library, folder: Path, before: str, after: str) -> list[Difference]:
    """What differs once a text of a policy file is another one."""
    edit(folder, before, after)
    new = Library.load(folder / "knowledge")
    return proved(compare(old, new, ROLL, [TWELVE], DAY), old, new, DAY)


def test_nothing_differs_between_a_revision_and_itself(old: Library) -> None:
    assert [] == compare(old, LIBRARY, ROLL, [TWELVE], DAY)


def test_a_lowered_age_takes_from_those_above_it_and_the_solver_finds_one(old: Library, folder: Path) -> None:
    (found,) = changed(old, folder, "below: 18, says: 孩子未满18周岁", "below: 12, says: 孩子未满12周岁")

    assert ("street_child", True) == (found.id, found.anyone_loses)
    assert found.counted["loses"] > 0 == found.counted["gains"]
    (turn,) = (each for each in found.turns if "twelve" in each.cases)
    assert ("eligible", "not_eligible") == (turn.before.outcome, turn.after.outcome)
    assert "孩子未满12周岁" in "".join(turn.after.because)
    assert {"child.age", "safety.ran_away"} == set(turn.example.facts)
    assert any("孩子未满12周岁" in each for each in found.added)
    assert any("孩子未满18周岁" in each for each in found.gone)


def test_a_raised_age_takes_from_nobody_and_this_is_proved(old: Library, folder: Path) -> None:
    (found,) = changed(old, folder, "below: 18, says: 孩子未满18周岁", "below: 20, says: 孩子未满20周岁")

    assert found.anyone_loses is False
    assert found.counted["gains"] > 0 == found.counted["loses"]


def test_other_words_for_the_same_condition_are_no_difference(old: Library, folder: Path) -> None:
    assert [] == changed(old, folder, "says: 孩子未满18周岁", "says: 孩子不满18周岁")


def test_an_entitlement_that_goes_is_lost_by_all_who_had_it(old: Library, folder: Path) -> None:
    (folder / "knowledge" / "policies" / "national" / "street_child.yml").unlink()

    (found,) = compare(old, Library.load(folder / "knowledge"), ROLL, [TWELVE], DAY)

    assert found.is_gone
    had = outcomes(old, ROLL, DAY)["street_child"]
    assert sum(had == OUTCOMES.index("eligible")) == found.counted["loses"]


@pytest.mark.parametrize("revision", ["no_such_revision", "--output=x", ""])
def test_a_revision_that_is_none_is_told_in_one_line(repository: Path, revision: str) -> None:
    with pytest.raises(NoRevision, match="holds no knowledge base") as raised:
        library_of(repository, revision, repository / "older")
    assert 1 == len(str(raised.value).splitlines())


def test_a_revision_that_cannot_be_read_names_its_file(folder: Path) -> None:
    edit(folder, "id: street_child", "id: [")
    committed(folder)

    with pytest.raises(NoRevision, match=r"HEAD: cannot be read by the code of today: knowledge/.*street_child\.yml"):
        library_of(folder, "HEAD", folder / "older")


@pytest.mark.parametrize("way", ["words", "json"])
def test_the_command_tells_a_family_in_the_titles_of_its_facts(
    folder: Path, way: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(folder, "below: 18, says", "below: 12, says")
    monkeypatch.setattr(cli_change, "ROOT", committed(folder))

    command = ["knowledge", "diff", "HEAD", "--families", "500", "--on", "2026-11-22"]
    assert 0 == main([*command, "--json"] if way == "json" else command)

    said = capsys.readouterr().out
    if way == "json":
        (found,) = json.loads(said)["different"]
        assert ("street_child", False) == (found["id"], found["anyone_loses"])
        assert found["gains"] > 0
    else:
        assert "（street_child）" in said and "有没有人会失去？没有" in said and "孩子的年龄" in said


def test_an_invented_roll_is_always_the_same_and_meets_almost_every_rule() -> None:
    again = invented(LIBRARY, FAMILIES)

    assert [ROLL.child(index) for index in range(50)] == [again.child(index) for index in range(50)]
    met = {name for name, codes in outcomes(LIBRARY, ROLL, DAY).items() if len(set(codes.tolist())) > 1}
    assert set(LIBRARY.policies) == met


def test_a_line_of_the_roll_that_names_no_fact_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "roll.yml"
    path.write_text("child.height:\n  - often: {1: 1}\n", encoding="utf-8")

    with pytest.raises(KnowledgeError, match=r"roll\.yml: child\.height: is no fact"):
        invented(LIBRARY, 10, path)
