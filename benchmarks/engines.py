"""The rules of every entitlement through our engine and through three others, in one run: equal results, then the time.

    uv run --group engines benchmarks/engines.py

Every engine gets the same trees, translated into its own language, and the same invented children of whom everything is
known. Ours is also timed on children of whom 30 % is not known, which the others (but the BDD) cannot answer. The time
is that of all entitlements for one child.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np

from benchmarks.other_engines import Plain, bdd, jsonlogic, plain, zen
from knowledge.assess import OUTCOMES, outcomes
from knowledge.bulk import Column, Roll
from knowledge.bulk import outcomes as outcomes_of_roll
from knowledge.fact import Fact
from knowledge.interview import next_question
from knowledge.known import Facts
from knowledge.library import Library

PLACES = ("350404", "350405", "350203", "150430", "150102", "110105", "440106", "510107")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=200)
    parser.add_argument("--roll", type=int, default=1_000_000, help="children in memory for the bulk figure")
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 11, 22))
    chosen = parser.parse_args()
    library, chance = Library.load(), random.Random(20261122)
    whole = [child(library, chance, 1.0) for _ in range(chosen.children)]
    parts = [child(library, chance, 0.7) for _ in range(chosen.children)]
    print(f"{len(library.policies)} entitlements, {len(whole)} children, one thread\n")
    faults = side_by_side(library, whole, chosen.on)
    parsed = [library.parse(each) for each in parts]
    ours(library, parsed, chosen.on)
    growth(library, parsed, chosen.on)
    bulk(library, chosen.roll, chosen.on)
    return 1 if faults else 0


def child(library: Library, chance: random.Random, known: float) -> Plain:
    """An invented child; each fact is known with that probability."""
    return {fact.id: value(fact, chance) for fact in library.facts.values() if chance.random() < known}


def value(fact: Fact, chance: random.Random) -> Any:
    if fact.kind == "number":
        return round(chance.uniform(fact.range[0], min(fact.range[1], fact.range[0] + 30)))
    if fact.kind == "set":
        return (
            ["none"]
            if "none" in fact.values and chance.random() < 0.4
            else [chance.choice([v for v in fact.values if v != "none"])]
        )
    if fact.kind == "region":
        return chance.choice(PLACES)
    if fact.kind == "date":
        return f"{chance.randint(2006, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return chance.choice((True, False) if fact.kind == "bool" else fact.values)


# --- the others ------------------------------------------------------------------------------------------------------


def side_by_side(library: Library, children: Sequence[Plain], on: date) -> int:
    """Prints a line an engine; the number of outcomes that differ from ours."""
    parsed = [library.parse(each) for each in children]
    # The others get what follows from the facts already worked out.
    completed = [plain(library.completed(facts, on)) for facts in parsed]
    expected = [outcomes(library, facts, on) for facts in parsed]
    own = per_child(lambda facts: outcomes(library, facts, on), parsed)
    print(f"{'engine':<28}{'us a child':>12}{'times ours':>12}{'differ':>8}")
    print(f"{'ours (p50)':<28}{own:>12.0f}{1:>12.1f}{0:>8}")
    faults = 0
    for name, make in {"dd (BDD)": bdd, "zen-engine": zen, "json-logic": jsonlogic}.items():
        try:
            engine = make(library, on)
        except ImportError as missing:
            print(f"{name:<28}   not installed: {missing.name}")
            continue
        differ = sum(engine(facts) != wanted for facts, wanted in zip(completed, expected, strict=True))
        spent = per_child(engine, completed)
        faults += differ
        print(f"{name:<28}{spent:>12.0f}{spent / own:>12.1f}{differ:>8}")
    return faults


def per_child(engine: Callable[[Any], Any], children: Sequence[Any]) -> float:
    """The median microseconds for one child."""
    spent = []
    for each in children:
        begun = time.perf_counter()
        engine(each)
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent) * 1e6


# --- ours alone ------------------------------------------------------------------------------------------------------


def ours(library: Library, children: Sequence[Facts], on: date) -> None:
    print("\nours, 30 % of the facts unknown (p50)")
    print(f"  all outcomes              {per_child(lambda facts: outcomes(library, facts, on), children):>10.0f} us")
    print(f"  one minimal reason        {statistics.median(reasons(library, children, on)):>10.0f} us")
    asked = per_child(lambda facts: next_question(library, facts, None, on), children)
    print(f"  next question             {asked:>10.0f} us")


def reasons(library: Library, children: Sequence[Facts], on: date) -> Iterator[float]:
    for facts in children:
        now = library.situation(facts, on)
        for name, tree in now.law.trees.items():
            outcome = now.outcome(name)
            if outcome in ("eligible", "not_eligible"):
                wanted = outcome == "eligible"
                begun = time.perf_counter()
                now.law.rules.reason(tree, now.judged, not wanted, wanted)
                yield (time.perf_counter() - begun) * 1e6


def growth(library: Library, children: Sequence[Facts], on: date) -> None:
    print("\nall outcomes of one child, by the number of entitlements (p50)")
    names = list(library.policies)
    for count in (20, len(names), 10 * len(names)):
        policies = {
            f"{name}{copy or ''}": dataclasses.replace(library.policies[name], id=f"{name}{copy or ''}")
            for copy in range(max(1, count // len(names)))
            for name in names[:count]
        }
        other = dataclasses.replace(library, policies=policies)
        spent = per_child(lambda facts, other=other: outcomes(other, facts, on), children)
        print(f"  {len(policies):>4} {spent:>10.0f} us  {spent / len(policies):>6.2f} us each")


def bulk(library: Library, size: int, on: date) -> None:
    chance, numbers = random.Random(1), np.random.default_rng(1)
    columns = {}
    for fact in library.facts.values():
        some = {str(each): each for each in (value(fact, chance) for _ in range(40))}
        values = tuple(library.parse({fact.id: each})[fact.id] for each in some.values())
        codes = numbers.integers(0, len(values), size).astype(np.int16)
        codes[numbers.random(size) < 0.3] = -1
        columns[fact.id] = Column(values, codes)
    roll = Roll(size, columns)
    begun = time.perf_counter()
    found = outcomes_of_roll(library, roll, on)
    spent = time.perf_counter() - begun
    each_second = size * len(found) / spent / 1e6
    print(f"\n{size:,} children in memory, 30 % unknown: {spent:.2f} s, {each_second:.0f} million outcomes/s")
    for index in random.Random(2).sample(range(size), 200):
        alone = outcomes(library, roll.child(index), on)
        if alone != {name: OUTCOMES[codes[index]] for name, codes in found.items()}:
            print("  a child differs from the same child alone", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
