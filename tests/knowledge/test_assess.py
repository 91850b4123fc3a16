from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.assess import assess, assess_all
from knowledge.interview import next_question, opened
from knowledge.known import Facts, merge
from knowledge.library import Library
from knowledge.rules import leaves

LIBRARY = Library.load()
DAY = date(2026, 11, 22)


def a_value(name: str) -> st.SearchStrategy[object]:
    fact = LIBRARY.facts[name]
    if fact.kind == "number":
        return st.sampled_from([0, 5.5, 5.9, 6, 15, 16, 17, 18, 19, 36])
    if fact.kind == "set":
        return st.lists(st.sampled_from([v for v in fact.values if v != "none"]), max_size=2, unique=True)
    return st.sampled_from(fact.values) if fact.values else st.just("350404" if fact.kind == "region" else "2010-01-01")


USED = sorted(
    {leaf.fact for policy in LIBRARY.policies.values() for leaf in leaves(policy.conditions)} - {"child.born"}
)
# What is presumed, or contained in another statement, may be contradicted later: that is a correction, not learning.
PRESUMED = {
    *(
        leaf.fact
        for policy in LIBRARY.policies.values()
        for leaf in leaves(policy.conditions)
        if leaf.presume is not None
    ),
    *(name for _, then in LIBRARY.implied for name in then),
}
FAMILIES = st.dictionaries(st.sampled_from(USED), st.none(), max_size=12).flatmap(
    lambda names: st.fixed_dictionaries({name: a_value(name) for name in names})
)


def decided(facts: Facts) -> dict[str, str]:
    outcomes = {each.id: each.outcome for each in assess_all(LIBRARY, facts, DAY)}
    return {name: outcome for name, outcome in outcomes.items() if outcome != "needs_facts"}


@settings(max_examples=200, deadline=None)
@given(FAMILIES, FAMILIES)
def test_one_more_answer_never_flips_a_decided_outcome(known: dict[str, object], more: dict[str, object]) -> None:
    new = {name: value for name, value in more.items() if name not in known and name not in PRESUMED}
    before = decided(LIBRARY.parse(known))
    after = decided(LIBRARY.parse({**known, **new}))

    assert before == {name: after.get(name) for name in before}


def test_nothing_said_refuses_nobody() -> None:
    assert {name: outcome for name, outcome in decided({}).items() if outcome == "not_eligible"} == {}


@settings(max_examples=100, deadline=None)
@given(FAMILIES)
def test_every_missing_fact_is_open_and_every_open_outcome_misses_one(known: dict[str, object]) -> None:
    facts = LIBRARY.parse(known)
    for each in assess_all(LIBRARY, facts, DAY):
        assert (each.outcome == "needs_facts") == bool(each.missing)
        assert not set(each.missing) & set(facts)


@settings(max_examples=100, deadline=None)
@given(FAMILIES)
def test_a_decision_names_its_reason_and_its_source(known: dict[str, object]) -> None:
    for each in assess_all(LIBRARY, LIBRARY.parse(known), DAY):
        if each.outcome != "needs_facts":
            assert each.because
            assert each.sources


def test_half_known_alternatives_that_agree_are_decided() -> None:
    plain = {
        "child.age": 9,
        "father.situation": ["imprisoned"],
        "father.term_months": 12,
        "mother.lost_contact_months": 8,
    }
    facts = LIBRARY.parse(plain, {"mother.situation": {"one_of": ["dead", "lost_contact"]}})

    assert "eligible" == assess(LIBRARY, "defacto_living", facts, DAY).outcome


def test_half_known_alternatives_that_differ_are_asked() -> None:
    facts = LIBRARY.parse(
        {"child.age": 9, "father.situation": ["dead"]}, {"mother.situation": {"one_of": ["dead", "caring"]}}
    )
    orphan = assess(LIBRARY, "orphan_living", facts, DAY)

    assert (orphan.outcome, "mother.situation" in orphan.missing) == ("needs_facts", True)


def test_a_set_that_may_still_grow_refuses_nothing() -> None:
    father = LIBRARY.facts["father.situation"]
    from knowledge.known import parse

    heard = {
        **LIBRARY.parse({"child.age": 9, "mother.situation": ["dead"]}),
        "father.situation": parse(father, ["caring"], False),
    }

    assert "needs_facts" == assess(LIBRARY, "defacto_living", heard, DAY).outcome
    closed, _ = merge(father, heard["father.situation"], parse(father, ["caring"], True))
    assert "not_eligible" == assess(LIBRARY, "defacto_living", {**heard, "father.situation": closed}, DAY).outcome


def test_the_interview_ends_and_never_asks_twice() -> None:
    facts: Facts = {}
    closed: list[str] = []
    while (asked := next_question(LIBRARY, facts, None, DAY, closed)) is not None:
        assert asked not in closed
        closed.append(asked)
    assert closed


def test_a_question_waits_for_its_gate() -> None:
    facts = LIBRARY.parse({"child.age": 9, "father.situation": ["imprisoned"]})

    assert "father.term_months" == next_question(LIBRARY, facts, ["defacto_living"], DAY)
    assert next_question(LIBRARY, {}, ["defacto_living"], DAY) not in (
        "father.term_months",
        "mother.lost_contact_months",
    )


def test_a_stated_fact_opens_what_it_calls_for() -> None:
    facts = LIBRARY.parse({"father.situation": ["imprisoned"]})

    assert {"defacto_living", "prisoner_children"} <= set(opened(LIBRARY, facts, DAY))
    assert "disab_care" not in opened(LIBRARY, facts, DAY)
