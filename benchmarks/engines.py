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
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from knowledge.assess import OUTCOMES, outcomes
from knowledge.bulk import Column, Roll
from knowledge.bulk import outcomes as outcomes_of_roll
from knowledge.fact import Fact
from knowledge.interview import next_question
from knowledge.known import Facts
from knowledge.library import Library
from knowledge.rules import Group, Judge, Leaf, Node, leaves

PLACES = ("350404", "350405", "350203", "150430", "150102", "110105", "440106", "510107")
Plain = dict[str, Any]
Engine = Callable[[Plain], dict[str, str]]


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


def plain(facts: Facts) -> Plain:
    """Facts as the others take them: numbers, strings, booleans and lists."""
    from knowledge.known import to_json

    return {name.replace(".", "_"): found for name, found in to_json(facts)[0].items()}


def decided(best: bool, worst: bool) -> str:
    return "not_eligible" if not best else "eligible" if worst else "ask_local"


def both_sides(library: Library, on: date, make: Callable[[Node, bool], Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (make(tree, True), make(tree, False)) for name, tree in library.law(on).trees.items()}


def areas(leaf: Leaf) -> tuple[Any, ...]:
    return leaf.want if isinstance(leaf.want, tuple) else (leaf.want,)


def jsonlogic(library: Library, on: date) -> Engine:
    from json_logic import jsonLogic

    signs = {"below": "<", "at_most": "<=", "above": ">", "at_least": ">="}

    def made(node: Node, best: bool) -> Any:
        if isinstance(node, Judge) or (isinstance(node, Leaf) and node.local and best):
            return {"==": [1, 1 if best else 0]}
        if isinstance(node, Group):
            if node.kind == "not":
                return {"!": [made(node.children[0], not best)]}
            return {"and" if node.kind == "all" else "or": [made(each, best) for each in node.children]}
        have = {"var": node.fact.replace(".", "_")}
        if node.operator in signs:
            return {signs[node.operator]: [have, node.want]}
        if library.facts[node.fact].kind == "set":
            return {"or": [{"in": [each, have]} for each in areas(node)]}
        if library.facts[node.fact].kind == "region":
            return {"or": [{"==": [{"substr": [have, 0, len(each)]}, each]} for each in areas(node)]}
        return {"or": [{"===": [have, each]} for each in areas(node)]}

    rules = both_sides(library, on, made)
    return lambda facts: {
        name: decided(bool(jsonLogic(best, facts)), bool(jsonLogic(worst, facts)))
        for name, (best, worst) in rules.items()
    }


def written(library: Library, node: Node, best: bool, words: Mapping[str, str]) -> str:
    """A tree in an expression language."""
    if isinstance(node, Judge) or (isinstance(node, Leaf) and node.local and best):
        return "true" if best else "false"
    if isinstance(node, Group):
        if node.kind == "not":
            return f"{words['not']}({written(library, node.children[0], not best, words)})"
        joint = words["and" if node.kind == "all" else "or"]
        return "(" + joint.join(written(library, each, best, words) for each in node.children) + ")"
    have, kind = node.fact.replace(".", "_"), library.facts[node.fact].kind
    signs = {"below": "<", "at_most": "<=", "above": ">", "at_least": ">="}
    if node.operator in signs:
        return f"({have} {signs[node.operator]} {words['number'].format(node.want)})"
    if kind == "bool":
        return f"({have} == {str(node.want).lower()})"
    if kind == "set":
        return "(" + words["or"].join(f"('{each}' in {have})" for each in areas(node)) + ")"
    if kind == "region":
        return "(" + words["or"].join(words["starts"].format(have, each) for each in areas(node)) + ")"
    return "(" + words["or"].join(f"({have} == '{each}')" for each in areas(node)) + ")"


def zen(library: Library, on: date) -> Engine:
    import zen as engine

    words = {"not": "not ", "and": " and ", "or": " or ", "starts": "startsWith({}, '{}')", "number": "{}"}
    rules = both_sides(library, on, lambda node, best: engine.compile_expression(written(library, node, best, words)))
    return lambda facts: {
        name: decided(best.evaluate(facts), worst.evaluate(facts)) for name, (best, worst) in rules.items()
    }


def bdd(library: Library, on: date) -> Engine:
    from dd import cudd

    manager, numbers = cudd.BDD(), {}
    tests: dict[str, Leaf] = {}
    for tree in library.law(on).trees.values():
        for leaf in leaves(tree):
            key = (leaf.fact, leaf.operator, leaf.want)
            if key not in numbers:
                numbers[key] = f"x{len(numbers)}"
                tests[numbers[key]] = leaf
                manager.declare(numbers[key])

    def made(node: Node, best: bool) -> Any:
        if isinstance(node, Judge) or (isinstance(node, Leaf) and node.local and best):
            return manager.true if best else manager.false
        if isinstance(node, Leaf):
            return manager.var(numbers[node.fact, node.operator, node.want])
        if node.kind == "not":
            return ~made(node.children[0], not best)
        found = manager.true if node.kind == "all" else manager.false
        for each in node.children:
            found = found & made(each, best) if node.kind == "all" else found | made(each, best)
        return found

    rules = both_sides(library, on, made)
    names = {fact.id.replace(".", "_"): fact for fact in library.facts.values()}

    def run(facts: Plain) -> dict[str, str]:
        known = library.parse({names[name].id: each for name, each in facts.items()})
        values = {name: bool(leaf.test(known[leaf.fact])) for name, leaf in tests.items() if leaf.fact in known}
        return {
            name: decided(manager.let(values, best) == manager.true, manager.let(values, worst) == manager.true)
            for name, (best, worst) in rules.items()
        }

    return run


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
