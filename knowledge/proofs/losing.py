"""Whether anybody at all loses an entitlement when its conditions change."""

from __future__ import annotations

from datetime import date

import z3

from knowledge.known import Facts
from knowledge.library import Library
from knowledge.proofs.encoding import Encoding
from knowledge.proofs.value import NEVER
from knowledge.rules import Node, leaves


class Losing:
    """Both rules under the vocabulary of the new knowledge base, for families of whom everything is known."""

    def __init__(self, old: Library, new: Library, as_of: date) -> None:
        self._old, self._new = old.law(as_of).trees, new.law(as_of).trees
        # A fact that is no more can neither be asked nor told: its conditions stay out of the comparison.
        self._lost = {
            name: gone
            for name, tree in self._old.items()
            if (gone := sorted({leaf.fact for leaf in leaves(tree)} - set(new.facts)))
        }
        trees = [*self._new.values(), *(tree for name, tree in self._old.items() if name not in self._lost)]
        self._encoding = Encoding(new, (leaf for tree in trees for leaf in leaves(tree)))
        self._worth = self._encoding.valuation()
        self._solver = z3.Solver()
        self._solver.set("phase_selection", 0)  # a solution says as little as it can
        self._solver.add(*self._encoding.axioms, *self._encoding.everything_known())

    def vanished(self, policy_id: str) -> list[str]:
        """The facts of the old rule that the vocabulary no longer has; with any, nothing can be proved."""
        return self._lost.get(policy_id, [])

    def loser(self, policy_id: str) -> Facts | None:
        """A family that could have it, or ask for it, and now cannot as well as before; None proves there is none."""
        refused, eligible, _ = self._outcome(self._old.get(policy_id))
        refused_now, eligible_now, _ = self._outcome(self._new.get(policy_id))
        less = z3.Or(z3.And(eligible, z3.Not(eligible_now)), z3.And(z3.Not(refused), refused_now))
        self._solver.push()
        try:
            self._solver.add(less)
            return self._encoding.facts_of(self._solver.model()) if self._solver.check() == z3.sat else None
        finally:
            self._solver.pop()

    def _outcome(self, tree: Node | None) -> tuple[z3.BoolRef, z3.BoolRef, z3.BoolRef]:
        found: tuple[z3.BoolRef, z3.BoolRef, z3.BoolRef] = self._worth.outcome(NEVER if tree is None else tree)
        return found
