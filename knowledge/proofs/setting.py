"""What all proofs stand on: the written rules, the law of every period, and one solver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

import z3

from knowledge.files import read_yaml
from knowledge.library import Library
from knowledge.proofs.encoding import Encoding, differ
from knowledge.proofs.mutants import Mutant
from knowledge.proofs.pool import Case, Pool, read_case
from knowledge.proofs.terms import Formula
from knowledge.proofs.value import Outcome, Valuation
from knowledge.proofs.written import Written, days_of_law, period_of
from knowledge.rules import leaves


class Setting:
    """`days[0]` is the law that is proved; the others are laws that were, for what is written about them."""

    def __init__(self, library: Library, day: date) -> None:
        self.library, self.written = library, Written(library)
        self.days = days_of_law(library, day)
        self.dead = [self.written.not_law(each) for each in self.days]
        self.policies = tuple(library.policies)

    @cached_property
    def encoding(self) -> Encoding:
        return Encoding(self.library, (leaf for tree in self.written.trees.values() for leaf in leaves(tree)))

    @cached_property
    def solver(self) -> Formula:
        solver = z3.Solver()
        # A solution says as little as it can: what is not needed stays unsaid.
        solver.set("phase_selection", 0)
        solver.add(*self.encoding.axioms)
        return solver

    @cached_property
    def worths(self) -> list[Valuation[Formula]]:
        return [self.encoding.valuation(dead) for dead in self.dead]

    def outcome(self, policy_id: str) -> Outcome[Formula]:
        """Where the entitlement comes to each outcome, under the law that is proved."""
        return self.worths[0].outcome(self.written.trees[policy_id])

    def solution(self, *formulas: Formula) -> Formula | None:
        """A model of the formulas, None when there is none."""
        self.solver.push()
        try:
            self.solver.add(*formulas)
            return self.solver.model() if self.solver.check() == z3.sat else None
        finally:
            self.solver.pop()

    def policies_of(self, mutant: Mutant) -> list[str]:
        return sorted({self.written.tree_of[each] for each in mutant.swap})

    def is_worth_the_same(self, mutant: Mutant) -> bool:
        """Whether no value of any tree changes, at best or at worst."""
        touched = self.written.touched(mutant.swap)
        for index, worth in enumerate(self.worths):
            for policy_id in self.policies_of(mutant):
                tree = self.written.trees[policy_id]
                if id(tree) in self.dead[index] or (index and self._same_law(policy_id, index)):
                    continue
                pairs = ((worth.of(tree, best), worth.of(tree, best, mutant.swap, touched)) for best in (True, False))
                if (
                    self.solution(z3.Or(*(a != b for one, two in pairs for a, b in zip(one, two, strict=True))))
                    is not None
                ):
                    return False
        return True

    def differences(self, mutant: Mutant) -> Iterable[tuple[int, str, Outcome[Formula], Formula]]:
        """For each law and entitlement that a change touches: the outcome as written, and where another comes out."""
        touched = self.written.touched(mutant.swap)
        for index, worth in enumerate(self.worths):
            for policy_id in self.policies_of(mutant):
                tree = self.written.trees[policy_id]
                if index and self._same_law(policy_id, index):
                    continue
                as_written = worth.outcome(tree)
                yield index, policy_id, as_written, differ(as_written, worth.outcome(tree, mutant.swap, touched))

    def _same_law(self, policy_id: str, index: int) -> bool:
        """Whether the law of a period is that of the one before, as far as this entitlement goes."""
        own = {node for node in self.dead[index] ^ self.dead[index - 1] if self.written.tree_of[node] == policy_id}
        return not own

    def is_equivalent(self, mutant: Mutant) -> bool:
        return all(self.solution(formula) is None for *_, formula in self.differences(mutant))


class Bench:
    """The golden cases of every law, ready to notice a change."""

    def __init__(self, setting: Setting, cases: Sequence[Case]) -> None:
        library, written = setting.library, setting.written
        self._setting = setting
        self._periods = []
        for index, dead in enumerate(setting.dead):
            own = [case for case in cases if period_of(setting.days, case.as_of) == index]
            if own:
                pool = Pool(library, [(case.facts, case.as_of) for case in own])
                worth = pool.valuation(dead)
                as_written = {name: worth.outcome(tree) for name, tree in written.trees.items()}
                among = {
                    name: sum(bits for case, bits in zip(own, pool.bits, strict=True) if name in case.expect)
                    for name in written.trees
                }
                self._periods.append((pool, worth, as_written, among))

    def notices(self, mutant: Mutant) -> bool:
        """Whether any case comes to another outcome than its file expects."""
        written = self._setting.written
        touched = written.touched(mutant.swap)
        for pool, worth, as_written, among in self._periods:
            for name in self._setting.policies_of(mutant):
                changed = worth.outcome(written.trees[name], mutant.swap, touched)
                if pool.other(as_written[name], changed, among[name]):
                    return True
        return False


def read_cases(library: Library, folder: Path) -> list[Case]:
    return [
        read_case(library, path.stem, record)
        for path in sorted(folder.glob("*.yml"))
        for record in read_yaml(path, list)
    ]


def latest_case(library: Library, folder: Path) -> date:
    """The latest day on which a case is judged."""
    return max(case.as_of for case in read_cases(library, folder))
