"""Every day is answered by the law and the documents of that day."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.cli import main
from knowledge.assess import Assessment, assess
from knowledge.check import check
from knowledge.errors import KnowledgeError
from knowledge.library import HERE, Library
from knowledge.source import cited_on
from knowledge.validity import faults

LIBRARY = Library.load()
DAY = date(2026, 11, 22)
POOR = {"household.income": "below_dibao", "household.assets_within_limit": True, "child.age": 10}
HIGH_SCHOOL = {"child.schooling": "senior_high", "household.financially_difficult": True}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def change(root: Path, name: str, old: str, new: str) -> Library:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return Library.load(root)


def on(day: date, policy_id: str, facts: Mapping[str, object] = MappingProxyType({})) -> Assessment:
    return assess(LIBRARY, policy_id, LIBRARY.parse(facts), day)


def test_before_the_social_assistance_law_the_interim_measures_are_named() -> None:
    for day, named in ((date(2026, 6, 30), "社会救助暂行办法"), (date(2026, 7, 1), "《社会救助法》")):
        got = on(day, "dibao", POOR)

        assert "eligible" == got.outcome
        assert any(named in each for each in got.sources), day


def test_before_the_new_prison_law_the_old_article_on_visits_is_named() -> None:
    cites = [
        LIBRARY.cite("prison-law-2026#69条", short=True, on=day) for day in (date(2026, 10, 31), date(2026, 11, 1))
    ]

    assert ["《监狱法（2012年修正）》 第48条", "《监狱法（2026年修订）》 第69条"] == cites


def test_where_the_older_article_is_not_known_that_is_said() -> None:
    said = LIBRARY.cite("prison-law-2026#37条", on=date(2026, 10, 31))

    assert "2026-11-01" in said and "没有核对到" in said


def test_the_change_of_who_coordinates_is_a_change_of_documents() -> None:
    days = (date(2024, 4, 25), date(2024, 4, 26))

    stood = [cited_on("minor-protection-law-2024#9条", day, LIBRARY.sources) for day in days]

    assert ["minor-protection-law-2020#9条", "minor-protection-law-2024#9条"] == stood


@pytest.mark.parametrize(
    "policy_id, first", [("preschool_free_last_year", date(2025, 9, 1)), ("childcare_subsidy", date(2025, 1, 1))]
)
def test_before_it_was_law_the_day_is_told_from_which_it_is(policy_id: str, first: date) -> None:
    before, after = (on(day, policy_id) for day in (first - timedelta(days=1), first))

    assert "not_eligible" == before.outcome != after.outcome
    assert str(first) in "".join(before.because)


def test_a_rule_of_a_day_that_was_not_checked_is_left_to_the_office() -> None:
    got = on(date(2024, 8, 31), "senior_high_aid", HIGH_SCHOOL)

    assert "ask_local" == got.outcome
    assert "没有核对到" in "".join(got.because)


def test_on_no_day_does_a_condition_stand_on_a_document_of_another_day() -> None:
    assert [] == list(faults(LIBRARY, DAY))


@pytest.mark.parametrize(
    "file, now, old",
    [
        ("dibao.yml", "social-assistance-law-2026#18条", "order-649-2014#9条"),
        ("visit_parent.yml", "prison-law-2026#69条", "prison-law-2012#48条"),
        ("left_behind.yml", "minor-protection-law-2024#", "minor-protection-law-2020#"),
    ],
)
def test_an_article_of_a_superseded_document_is_refused(copy: Path, file: str, now: str, old: str) -> None:
    library = change(copy, f"policies/national/{file}", now, old)

    assert any(old.partition("#")[0] in line and "replaced" in line for line in check(library, None, DAY))


def test_a_law_of_tomorrow_is_no_basis_of_today(copy: Path) -> None:
    library = change(copy, "sources.yml", "  in_force: 2026-11-01\n", "  in_force: 2026-11-23\n")

    assert any("prison-law-2026" in line and "2026-11-23" in line for line in check(library, None, DAY))


def test_an_older_citation_that_leads_nowhere_stops_the_start(copy: Path) -> None:
    with pytest.raises(KnowledgeError, match="prison-law-1994"):
        change(copy, "sources.yml", "replaces: prison-law-2012", "replaces: prison-law-1994")


def test_an_entitlement_is_shown_as_it_was_on_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    shown = []
    for day in ("2024-04-25", "2024-04-26", "2026-11-22"):
        assert 0 == main(["knowledge", "show", "defacto_living", "--on", day])
        shown.append(capsys.readouterr().out)

    assert ["牵头协调：民政部门" in each for each in shown] == [True, False, False]
    assert ["1891" in each for each in shown] == [False, False, True]
