from __future__ import annotations

from datetime import date

import pytest

from knowledge.errors import FactError
from knowledge.follow import aged, derived
from knowledge.known import Members, OneOf, Part, Span, complete, merge, parse, parse_partial, to_json
from knowledge.library import Library
from knowledge.region import apart

LIBRARY = Library.load()
AGE, FATHER, GRADE = (LIBRARY.facts[name] for name in ("child.age", "father.situation", "child.disability_grade"))


def test_two_narrowings_are_joined() -> None:
    joined, contradicts = merge(AGE, Span(7, 8), Span(8, None))

    assert (Span(8, 8), False) == (joined, contradicts)


def test_newer_words_win_where_they_contradict() -> None:
    assert (Span(12, 12), True) == merge(AGE, Span(8, 8), Span(12, 12))


def test_a_set_heard_in_a_story_grows() -> None:
    heard = parse(FATHER, ["imprisoned"], complete=False)
    grown, contradicts = merge(FATHER, heard, parse(FATHER, ["disabled"], complete=False))

    assert not contradicts
    assert {"father.situation": ["disabled", "imprisoned"]} == to_json({"father.situation": grown})[0]
    assert not complete(grown)


def test_death_closes_a_set() -> None:
    assert complete(parse(FATHER, ["dead"], complete=False))


def test_a_father_at_home_is_not_in_prison() -> None:
    at_home = parse(FATHER, ["caring"], complete=False)

    assert "imprisoned" in at_home.alternatives[0].lacks
    replaced, contradicts = merge(FATHER, at_home, parse(FATHER, ["imprisoned"], complete=False))
    assert contradicts and replaced.alternatives[0].has == {"imprisoned"}


def test_one_of_keeps_each_alternative_apart() -> None:
    either = parse_partial(FATHER, {"one_of": ["dead", "lost_contact"]})

    assert 2 == len(either.alternatives)
    assert {"father.situation": {"one_of": ["dead", "lost_contact"]}} == to_json({"father.situation": either})[1]


@pytest.mark.parametrize(
    "name, value",
    [
        ("child.age", 200),
        ("child.age", "seven"),
        ("child.age", True),
        ("child.disability_grade", "5"),
        ("child.disability_grade", 2),
        ("father.situation", "dead"),
        ("father.situation", ["gone"]),
        ("child.disability_kind", ["none", "visual"]),
        ("child.hukou_region", "99"),
        ("child.born", "2015-13"),
        ("safety.unattended", "yes"),
        ("child.shoe_size", 30),
    ],
)
def test_a_value_a_fact_cannot_have_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(FactError) as raised:
        LIBRARY.parse({name: value})

    assert name == raised.value.field
    assert "\n" not in str(raised.value)


def test_the_date_of_birth_gives_the_age_and_wins_over_a_stated_one() -> None:
    facts = {**LIBRARY.parse({"child.born": "2008-11-22"}), "child.age": Span(15, 15)}

    assert Span(17, 17) == derived(facts, date(2026, 11, 21))["child.age"]
    assert Span(18, 18) == derived(facts, date(2026, 11, 22))["child.age"]


def test_a_month_of_birth_leaves_the_birthday_open() -> None:
    facts = LIBRARY.parse({"child.born": "2008-11"})

    assert Span(17, 18) == derived(facts, date(2026, 11, 22))["child.age"]


def test_small_children_have_half_years() -> None:
    facts = LIBRARY.parse({"child.born": "2020-04-30"})

    assert Span(6.5, 6.5) == derived(facts, date(2026, 11, 22))["child.age"]


def test_what_was_said_in_spring_has_grown_by_autumn() -> None:
    facts = LIBRARY.parse({"child.age": 17, "mother.lost_contact_months": 4})
    said = {name: date(2026, 3, 1) for name in facts}
    grown = aged(facts, said, date(2026, 11, 22))

    assert Span(17, 18) == grown["child.age"]
    assert 12 == grown["mother.lost_contact_months"].low


def test_nothing_grows_on_the_day_it_was_said() -> None:
    facts = LIBRARY.parse({"child.age": 17})

    assert facts == aged(facts, {"child.age": date(2026, 11, 22)}, date(2026, 11, 22))


def test_only_whole_alternatives_survive_a_merge() -> None:
    old = Members((Part(frozenset(["dead"]), complete=True), Part(frozenset(["lost_contact"]))))
    new = Members((Part(frozenset(["disabled"])),))
    merged, _ = merge(FATHER, old, new)

    assert [frozenset(["lost_contact", "disabled"])] == [part.has for part in merged.alternatives]


def test_an_enum_narrowed_to_nothing_is_what_was_said_last() -> None:
    assert (OneOf(frozenset(["1"])), True) == merge(GRADE, OneOf(frozenset(["2", "3"])), OneOf(frozenset(["1"])))


@pytest.mark.parametrize(
    "home, here, expected",
    [
        ("350426", "440106", True),
        ("350426", "350404", True),
        ("350481", "350404", True),
        ("350404", "350405", False),
        ("110101", "110115", False),
        ("350426", "350426", False),
        ("15", "35", True),
        ("3504", "350426", None),
    ],
)
def test_two_places_are_apart_when_they_lie_in_different_counties(home: str, here: str, expected: bool | None) -> None:
    assert expected is apart(home, here)


def test_living_away_follows_from_the_two_places() -> None:
    facts = LIBRARY.parse({"child.hukou_region": "350426", "child.residence_region": "440106"})
    known = LIBRARY.completed(facts, date(2026, 11, 22))

    assert OneOf(frozenset([True])) == known["child.away_from_hukou"]


def test_places_too_wide_to_compare_leave_it_open() -> None:
    facts = LIBRARY.parse({"child.hukou_region": "3504", "child.residence_region": "350426"})

    assert "child.away_from_hukou" not in LIBRARY.completed(facts, date(2026, 11, 22))
