"""For a question that was asked: two answers to it that lead to different outcomes, all else being the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import combinations

from benchmarks.families import Family
from knowledge.interview import live
from knowledge.known import Facts, Members, Part, Possible, complete
from knowledge.library import Library
from knowledge.rules import leaves
from knowledge.weight import told_apart

PATIENCE = 40_000  # states looked at for one question


class Witnesses:
    def __init__(self, library: Library, on: date, sample: Sequence[Family]) -> None:
        self._library, self._on = library, on
        self._rules = library.law(on).rules
        found: dict[str, dict[object, Possible]] = {name: {} for name in library.facts}
        for name, value in ((n, v) for family in sample for n, v in family.truth.items()):
            found[name].setdefault(self._rules.judged({name: value}), value)
        every = [leaf for tree in self._rules.trees for leaf in leaves(tree)]
        for name in {leaf.fact for leaf in every}:
            for value in told_apart(library.facts[name], [leaf.want for leaf in every if leaf.fact == name]):
                found[name].setdefault(self._rules.judged({name: value}), value)
        self._values = {name: list(values.values()) for name, values in found.items()}
        self._seen: dict[object, bool] = {}
        self._left = 0

    def missing(self, asked: Sequence[tuple[Facts, Collection[str], str]]) -> list[tuple[Facts, str]]:
        """The questions for which none was found."""
        return [(facts, name) for facts, wanted, name in asked if not self._matters(facts, wanted, name)]

    def _matters(self, facts: Facts, wanted: Collection[str], name: str) -> bool:
        now = self._library.situation(facts, self._on)
        for policy_id, askable in live(self._library, now, wanted):
            if name in askable:
                bits = self._rules.bits(now.law.trees[policy_id])
                state = (name, policy_id, now.judged.true & bits, now.judged.false & bits, facts.get(name))
                if state not in self._seen:
                    self._left = PATIENCE
                    self._seen[state] = self._turns(facts, name, policy_id)
                if self._seen[state]:
                    return True
        return False

    def _turns(self, facts: Facts, name: str, policy_id: str) -> bool:
        answers = list(self._answers(facts, name))
        return any(self._apart(policy_id, {**facts, name: a}, {**facts, name: b}) for a, b in combinations(answers, 2))

    def _answers(self, facts: Facts, name: str) -> Iterator[Possible]:
        """What may be answered; a set that was told of may only grow."""
        told = facts.get(name)
        if not isinstance(told, Members):
            yield from self._values[name]
            return
        part = told.alternatives[0]
        yield Members((part._replace(complete=True),))
        for value in sorted({str(each) for each in self._library.facts[name].values} - part.lacks - part.has):
            yield Members((Part(part.has | {value}, part.lacks, True),))

    def _apart(self, policy_id: str, one: Facts, other: Facts) -> bool:
        """Whether the rest can be such that the outcomes differ: what stays open for good is an outcome of its own."""
        self._left -= 1
        if self._left < 0:
            return False
        sides = [self._library.situation(facts, self._on) for facts in (one, other)]
        outcomes = [side.outcome(policy_id) for side in sides]
        if outcomes[0] != outcomes[1] and "needs_facts" not in outcomes:
            return True
        if outcomes[0] == outcomes[1] != "needs_facts":
            return False
        tree = sides[0].law.trees[policy_id]
        open_ones = {
            name for side in sides for best in (False, True) for name in self._rules.open_facts(tree, side.judged, best)
        }
        tellable = (each for each in open_ones if self._fits(each, one) or self._fits(each, other))
        name = min(tellable, key=self._library.order.__getitem__, default=None)
        if name is None:
            return outcomes[0] != outcomes[1]
        known = one if self._fits(name, one) else other
        return any(self._apart(policy_id, *self._told(name, value, one, other)) for value in self._answers(known, name))

    def _fits(self, name: str, facts: Facts) -> bool:
        """Whether it may still be told: not behind a shut gate, and not all of it known."""
        now = self._library.situation(facts, self._on)
        gate = self._library.gates.get(name)
        is_open = gate is None or self._rules.truth(gate, now.judged, False) is not False
        return is_open and not (name in facts and complete(facts[name]))

    def _told(self, name: str, value: Possible, one: Facts, other: Facts) -> tuple[Facts, Facts]:
        told = [{**facts, name: value} if self._fits(name, facts) else facts for facts in (one, other)]
        return told[0], told[1]
