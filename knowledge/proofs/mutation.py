"""Whether the golden cases notice every small change of the rules, and families for the changes they miss."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import z3

from knowledge.known import Facts
from knowledge.proofs.mutants import Mutant, mutants
from knowledge.proofs.sense import asked_only, sensible
from knowledge.proofs.setting import Bench, Setting
from knowledge.proofs.terms import Formula
from knowledge.proofs.value import Outcome

Wish = Callable[[Outcome[Formula]], list[Formula]]


class Score(NamedTuple):
    """How many changes there are, how many of them change nothing, and those that nobody notices."""

    all: int
    equivalent: int
    by_first: int
    noticed: int
    missed: tuple[Mutant, ...]

    @property
    def percent(self) -> float:
        return 100 * self.noticed / (self.all - self.equivalent)


def score(setting: Setting, *benches: Bench) -> Score:
    """The first bench is asked first; what it misses is asked of the next; the rest is proved equivalent or missed."""
    left = list(mutants(setting.library, setting.written))
    counts = [len(left)]
    for bench in benches:
        left = [each for each in left if not bench.notices(each)]
        counts.append(len(left))
    missed = tuple(each for each in left if not setting.is_equivalent(each))
    return Score(counts[0], len(left) - len(missed), counts[0] - counts[1], counts[0] - len(left), missed)


class Witness(NamedTuple):
    """A family of which a change of the rules is seen."""

    policy_id: str
    facts: Facts
    period: int  # of the law, among the days of the setting
    mutant: Mutant


def witness(setting: Setting, mutant: Mutant) -> Witness | None:
    """A family as sensible and as decided as can be; None when the change changes nothing."""
    found = list(setting.differences(mutant))
    for wish in _wishes(setting):
        for index, policy_id, as_written, formula in found:
            model = setting.solution(formula, *wish(as_written))
            if model is not None:
                return Witness(policy_id, setting.encoding.facts_of(model), index, mutant)
    return None


def _wishes(setting: Setting) -> Iterator[Wish]:
    """From the plainest family to any: decided, sensible, its sets complete."""
    encoding = setting.encoding
    sense, answered = [*sensible(setting), *asked_only(setting)], encoding.answered()
    yield lambda outcome: [z3.Or(*outcome), *sense, *answered]
    yield lambda _: [*sense, *answered]
    yield lambda _: [*sense]
    yield lambda outcome: [z3.Or(*outcome), *answered]
    yield lambda _: []
