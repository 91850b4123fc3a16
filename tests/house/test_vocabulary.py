"""The fact vocabulary holds every contract name, and its words are safe for whoever reads them."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from knowledge.fact import Choice, Fact
from knowledge.files import read_yaml
from knowledge.library import Library

CONTRACT = Path("/work/shared/contract/facts.yml")
LIBRARY = Library.load()
FACTS = tuple(LIBRARY.facts.values())
# What would tell a child where a parent is, or what a child has.
TELLING = ("监狱", "坐牢", "服刑", "判", "刑", "抓", "拘", "羁押", "看守", "戒毒", "犯罪", "犯人", "艾滋")


def _contract() -> dict[str, dict[str, Any]]:
    if not CONTRACT.exists():
        pytest.skip("the contract is not on this machine")
    content = read_yaml(CONTRACT)
    return {
        name.replace("{parent}", parent): record
        for name, record in content.items()
        for parent in ("father", "mother")
        if "{parent}" in name or parent == "father"
    }


def test_the_vocabulary_has_the_facts_of_the_contract() -> None:
    assert set(_contract()) <= set(LIBRARY.facts)


def test_every_fact_has_the_kind_and_values_of_the_contract() -> None:
    contract = _contract()
    expected = {name: (record["type"], tuple(record.get("values", ()))) for name, record in contract.items()}
    got = {name: (LIBRARY.facts[name].kind, _listed(LIBRARY.facts[name])) for name in contract}

    assert expected == got


def _listed(fact: Fact) -> tuple[str | bool, ...]:
    return fact.values if fact.kind in ("enum", "set") else ()


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_what_a_child_sees_reveals_nothing(fact: Fact) -> None:
    shown = [
        fact.title,
        fact.question_child,
        fact.again,
        fact.why_child,
        *(choice.title_child for choice in fact.choices),
    ]
    if fact.kind == "set":
        shown.append(fact.closing)

    assert [] == [(words, word) for words in shown for word in TELLING if word in words]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_what_excludes_something_is_excluded_by_it(fact: Fact) -> None:
    one_sided = [
        (a.value, b.value) for a, b in permutations(fact.choices, 2) if b.value in a.excludes and not _against(b, a)
    ]

    assert [] == one_sided


def _against(choice: Choice, other: Choice) -> bool:
    return choice.closes or other.value in choice.excludes


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_no_way_of_saying_means_two_things_that_cannot_both_be(fact: Fact) -> None:
    together = fact.kind == "set"
    pairs = [(a, b) for a, b in permutations(fact.choices, 2) if not together or _against(a, b) or _against(b, a)]

    assert [] == [(a.title, b.title, word) for a, b in pairs for word in set(a.says) & set(b.says)]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_at_most_six_buttons_are_offered(fact: Fact) -> None:
    assert sum(choice.quick for choice in fact.choices) <= 6


def test_every_term_is_explained_in_few_words_from_a_known_source() -> None:
    faults = [
        entry["term"]
        for entry in LIBRARY.glossary
        if len(entry["plain"]) > 24 or (entry["cite"] and entry["cite"].partition("#")[0] not in LIBRARY.sources)
    ]

    assert [] == faults
