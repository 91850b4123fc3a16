"""What is so now, from a day on, or no more is told apart; a verdict can be made again."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.cli import main
from knowledge.assess import assess
from knowledge.library import HERE, Library
from knowledge.rules import Judge, leaves, walk
from knowledge.screen import screen
from knowledge.when import ended, next_change

LIBRARY = Library.load()
DAY = date(2026, 11, 22)
ALONE = {"father.situation": ["dead"], "mother.situation": ["lost_contact"], "mother.lost_contact_months": 4}
ORPHAN = {"father.situation": ["dead"], "mother.situation": ["dead"]}


def because(given: dict[str, object], policy_id: str, day: date = DAY) -> str:
    found = screen(LIBRARY, given, day)["results"]
    return "".join(next(each["because"] for each in found if each["id"] == policy_id))


def test_months_that_will_be_full_are_told_with_the_day_by_which_they_are() -> None:
    facts = LIBRARY.parse({**ALONE, "child.age": 10})
    change = next_change(LIBRARY, "defacto_living", facts, DAY)

    assert change is not None and ("eligible", False) == (change.outcome, change.exact)
    assert date(2027, 1, 22) == change.day
    assert "最晚从2027-01-22起" in because({**ALONE, "child.age": 10}, "defacto_living")


def test_on_the_day_that_was_told_it_is_so_and_the_day_before_it_is_not() -> None:
    facts = {"child.born": "2024-10-01"}
    change = next_change(LIBRARY, "childcare_subsidy", LIBRARY.parse(facts), DAY)

    assert change is not None and change.exact and date(2027, 10, 1) == change.day
    for day, wanted in ((change.day - timedelta(days=1), False), (change.day, True)):
        got = assess(LIBRARY, "childcare_subsidy", LIBRARY.parse(facts), day)
        assert wanted is (got.outcome == change.outcome)


def test_a_law_that_will_begin_is_told_with_its_day() -> None:
    facts = LIBRARY.parse({"child.schooling": "kindergarten_final_year", "child.school_public": True})
    change = next_change(LIBRARY, "preschool_free_last_year", facts, date(2025, 6, 1))

    assert change is not None and (date(2025, 9, 1), None) == (change.day, change.leaf)


def test_what_a_birthday_has_ended_is_told_as_having_been() -> None:
    given = {**ALONE, "mother.lost_contact_months": 20, "child.born": "2008-05-01", "child.schooling": "finished"}
    gone = ended(LIBRARY, "kunjing_umbrella", LIBRARY.parse(given), DAY)

    assert gone is not None and date(2026, 5, 1) == gone.day
    assert "2026-05-01以前是符合的" in because(given, "kunjing_umbrella")


def test_nothing_is_told_of_time_while_facts_are_missing() -> None:
    assert next_change(LIBRARY, "defacto_living", LIBRARY.parse({"child.age": 10}), DAY) is None


def test_of_two_that_exclude_each_other_each_names_the_other() -> None:
    given = {**ORPHAN, "child.age": 10, "child.adoption": "none", "household.relief": ["tekun"]}

    assert LIBRARY.policies["tekun_minor"].short + "现在也符合" in because(given, "orphan_living")


def test_the_same_answers_and_rules_give_the_same_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({**ALONE, "child.age": 10}), encoding="utf-8")
    told = []
    for more in ([], ["--ruleset", LIBRARY.ruleset]):
        assert 0 == main(["screen", str(path), "--on", "2026-11-22", *more])
        told.append(json.loads(capsys.readouterr().out))

    assert told[0] == told[1] and LIBRARY.ruleset == told[0]["ruleset"]
    assert 0 != main(["screen", str(path), "--ruleset", "0123456789abcdef"])


def test_a_changed_rule_is_another_ruleset_and_a_copy_is_none(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(HERE, tmp_path / "same", ignore=shutil.ignore_patterns("*.py", "__pycache__")))
    other = Path(shutil.copytree(copy, tmp_path / "other"))
    path = other / "concepts.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("at_least: 6", "at_least: 7"), encoding="utf-8")

    assert LIBRARY.ruleset == Library.load(copy).ruleset
    assert LIBRARY.ruleset != Library.load(other).ruleset


def test_a_basis_not_looked_at_for_half_a_year_is_to_be_confirmed_and_stays_eligible() -> None:
    facts = LIBRARY.parse({**ORPHAN, "child.age": 10, "child.adoption": "none"})
    fresh, stale = (assess(LIBRARY, "orphan_living", facts, DAY + timedelta(days=days)) for days in (180, 181))

    assert "eligible" == fresh.outcome == stale.outcome
    assert "核实" not in "".join(fresh.because)
    assert "核实" in "".join(stale.because)


def test_a_clause_from_memory_decides_nothing() -> None:
    for policy in LIBRARY.policies.values():
        for leaf in leaves(policy.conditions):
            assert {"C"} != {LIBRARY.sources[cite.partition("#")[0]].grade for cite in leaf.cites}, policy.id


def test_a_clause_read_in_a_report_is_told_as_such_with_a_day() -> None:
    for policy in LIBRARY.policies.values():
        for node in walk(policy.conditions):
            for cite in node.cites if not isinstance(node, Judge) else ():
                if "B" == LIBRARY.sources[cite.partition("#")[0]].grade:
                    assert "据公开报道" in LIBRARY.cite(cite) and "核对" in LIBRARY.cite(cite)
