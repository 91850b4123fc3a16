from __future__ import annotations

from datetime import date

import pytest

from knowledge.interview import NEVER_ASKED, live, next_question
from knowledge.known import Facts, Members, parse
from knowledge.library import Library

LIBRARY = Library.load()
DAY = date(2026, 11, 22)


def told(name: str, *values: str) -> Facts:
    """A set as a story tells of it: there may be more in it."""
    return {name: parse(LIBRARY.facts[name], list(values), False)}


def may_be_asked(facts: Facts, *wanted: str) -> set[str]:
    now = LIBRARY.situation(facts, DAY)
    return {name for _, names in live(LIBRARY, now, wanted) for name in names}


def test_what_settles_most_is_asked_first() -> None:
    school = ["preschool_free_last_year", "senior_high_aid", "voc_free_and_aid", "yulu", "dropout_return"]

    assert "child.schooling" == next_question(LIBRARY, {}, school, DAY)


def test_a_follow_up_comes_before_the_next_topic() -> None:
    facts = {**LIBRARY.parse({"child.age": 9, "father.situation": ["dead"]}), **told("mother.situation", "imprisoned")}

    assert "mother.term_months" == next_question(LIBRARY, facts, ["defacto_living", "disab_living"], DAY)


def test_who_told_of_a_disability_is_not_asked_whether_there_is_none() -> None:
    facts = {**LIBRARY.parse({"child.disability_grade": "2"}), **told("child.disability_kind", "physical")}

    assert "child.disability_kind" not in may_be_asked(facts, "disab_living", "disab_care")


def test_a_parent_away_or_unable_either_way_is_not_asked_about_again() -> None:
    gone = "contactable_not_caring"
    facts = {**told("mother.situation", gone), **LIBRARY.parse({"father.situation": [gone]})}

    assert isinstance(facts["mother.situation"], Members)
    assert "mother.situation" not in may_be_asked(facts, "left_behind")


@pytest.mark.parametrize("policy_id", LIBRARY.policies)
def test_nobody_is_asked_what_is_private(policy_id: str) -> None:
    assert all(LIBRARY.facts[name].cost < NEVER_ASKED for name in may_be_asked({}, policy_id))
