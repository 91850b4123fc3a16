"""A roll of children gets, child by child, what each would get alone."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from knowledge.assess import OUTCOMES
from knowledge.assess import outcomes as outcomes_of_one
from knowledge.bulk import Roll, outcomes
from knowledge.fact import Fact
from knowledge.known import Facts
from knowledge.library import Library

LIBRARY = Library.load()
AS_OF = date(2026, 11, 22)
PLACES = ("35", "350402", "1504", "110101")


def some_value(fact: Fact, chance: random.Random) -> Any:
    if fact.kind == "number":
        low, high = fact.range
        return round(chance.uniform(low, min(high, low + 24)))
    if fact.kind == "set":
        return [chance.choice(fact.values)]
    if fact.kind == "region":
        return chance.choice(PLACES)
    if fact.kind == "date":
        return f"20{chance.randint(6, 26):02}-{chance.randint(1, 11):02}-15"
    return chance.choice((True, False) if fact.kind == "bool" else fact.values)


def some_partial(fact: Fact, chance: random.Random) -> Any:
    if fact.kind == "number":
        low = round(chance.uniform(fact.range[0], 20))
        return {"min": low, "max": low + 6}
    return {"one_of": chance.sample(list(fact.values), 2)}


def some_child(chance: random.Random) -> Facts:
    plain: dict[str, Any] = {}
    partial: dict[str, Any] = {}
    for fact in LIBRARY.facts.values():
        luck = chance.random()
        if luck < 0.55:
            plain[fact.id] = some_value(fact, chance)
        elif luck < 0.57 and (fact.kind == "number" or len(fact.values) > 1):
            partial[fact.id] = some_partial(fact, chance)
    return LIBRARY.parse(plain, partial)


def test_a_roll_gets_what_each_child_gets_alone() -> None:
    chance = random.Random(20261122)
    children = [some_child(chance) for _ in range(400)]

    together = outcomes(LIBRARY, Roll.of(children), AS_OF)

    alone = [outcomes_of_one(LIBRARY, facts, AS_OF) for facts in children]
    assert alone == [
        {policy_id: OUTCOMES[codes[index]] for policy_id, codes in together.items()} for index in range(len(children))
    ]
    assert set(OUTCOMES) == {outcome for each in alone for outcome in each.values()}


def test_an_empty_roll_and_one_of_whom_nothing_is_known_are_rolls_too() -> None:
    unknown = outcomes(LIBRARY, Roll.of([{}]), AS_OF)

    assert all(0 == len(codes) for codes in outcomes(LIBRARY, Roll.of([]), AS_OF).values())
    assert outcomes_of_one(LIBRARY, {}, AS_OF) == {name: OUTCOMES[codes[0]] for name, codes in unknown.items()}
