"""Unknown never refuses, and learning more never flips a decision, but for presumptions that a statement withdraws.

Two copies of one child: of the later one as much or more is known. Whatever comes out differently must come from a
listed fact that nobody had spoken of and that is taken for granted until somebody does (`presume`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import z3

from knowledge.known import Facts
from knowledge.proofs.encoding import Encoding
from knowledge.proofs.setting import Setting
from knowledge.proofs.terms import Formula
from knowledge.proofs.value import DECIDED
from knowledge.rules import leaves


class Flip(NamedTuple):
    """An outcome that a statement about one fact withdraws, with a family before and after it."""

    policy_id: str
    outcome: str
    fact: str
    before: Facts
    after: Facts


class Learning:
    """One child before and after more was learned."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.later = Encoding(
            setting.library, (leaf for tree in setting.written.trees.values() for leaf in leaves(tree)), "later "
        )
        self._worth = self.later.valuation(setting.dead[0])

    @cached_property
    def solver(self) -> Formula:
        solver = z3.Solver()
        solver.set("phase_selection", 0)
        first = self.setting.encoding
        solver.add(*first.axioms, *self.later.axioms, *first.learns(self.later))
        return solver

    def unlisted(self, policy_id: str, outcome: str, listed: Iterable[str]) -> list[Flip]:
        """Flips of this outcome that no listed fact accounts for; none is the proof."""
        found: list[Flip] = []
        known = set(listed)
        while (flip := self._flip(policy_id, outcome, known)) is not None:
            found.append(flip)
            known.add(flip.fact)
        return found

    def idle(self, policy_id: str, outcome: str, listed: Iterable[str]) -> list[str]:
        """Listed facts of which no statement withdraws this outcome."""
        return [fact for fact in listed if self._solved(policy_id, outcome, self._presumed(policy_id) - {fact}) is None]

    def _flip(self, policy_id: str, outcome: str, held: set[str]) -> Flip | None:
        if self._solved(policy_id, outcome, held) is None:
            return None
        presumed = self._presumed(policy_id)
        for fact in sorted(presumed - held):
            model = self._solved(policy_id, outcome, presumed - {fact})
            if model is not None:
                before, after = (each.facts_of(model) for each in (self.setting.encoding, self.later))
                return Flip(policy_id, outcome, fact, before, after)
        raise AssertionError(f"{policy_id}: {outcome} is withdrawn without a presumption")

    def _solved(self, policy_id: str, outcome: str, held: Iterable[str]) -> Formula | None:
        first = self.setting.encoding
        tree, index = self.setting.written.trees[policy_id], DECIDED.index(outcome)
        self.solver.push()
        self.solver.add(self.setting.outcome(policy_id)[index], z3.Not(self._worth.outcome(tree)[index]))
        self.solver.add(*(z3.Or(first.facts[name].said, z3.Not(self.later.facts[name].said)) for name in held))
        model = self.solver.model() if self.solver.check() == z3.sat else None
        self.solver.pop()
        return model

    def _presumed(self, policy_id: str) -> set[str]:
        return {leaf.fact for leaf in leaves(self.setting.written.trees[policy_id]) if leaf.presume is not None}
