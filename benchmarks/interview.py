"""How many questions an interview takes, one a turn, answered truthfully, until no answer could change an outcome.

    uv run benchmarks/interview.py [--families 500] [--learn 800]

Our order of questions against three others, over the invented families of benchmarks/families.yml: the order of the
vocabulary; the fact that most open entitlements hang on; and the fact that is most often in the certificates (the
smallest sets of answers found that end an interview) of the families most like this one. Then on small catalogues
against the best order there is, and for every question asked two answers that lead to different outcomes.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from benchmarks.families import Family, families
from benchmarks.optimum import small_catalogues
from benchmarks.witness import Witnesses
from knowledge.interview import NEVER_ASKED, live, next_question, opened
from knowledge.known import Facts
from knowledge.library import Library

Wants = Callable[[Facts], Collection[str]]
Pick = Callable[[Facts, Collection[str]], str | None]


@dataclass(frozen=True)
class Start:
    """Where an interview begins, and what it is about as the facts come in."""

    name: str
    told: Callable[[Family], Facts]
    wants: Wants


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=500)
    parser.add_argument("--learn", type=int, default=800, help="other families from which certificates are learnt")
    parser.add_argument("--small", type=int, default=500, help="families for the best order on small catalogues")
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 11, 22))
    chosen = parser.parse_args()
    bench = Bench(Library.load(), chosen.on)
    played = list(families(bench.library, chosen.families, 20261122, chosen.on))
    others = list(families(bench.library, chosen.learn, 1, chosen.on))
    print(f"{len(bench.library.policies)} entitlements, {len(played)} families, certificates of {len(others)} others\n")
    print(f"{'':<44}{'mean':>7}{'median':>8}{'most':>6}{'topics':>8}{'ms':>7}")
    asked = [each for start in bench.starts() for each in bench.compared(start, played, others)]
    useless = Witnesses(bench.library, chosen.on, others).missing(asked)
    print(f"\n{len(asked)} questions of ours, {len(useless)} without two answers that lead to different outcomes")
    for facts, name in useless[:10]:
        print(f"  {name} after {sorted(facts)}")
    small = list(families(bench.library, chosen.small, 2, chosen.on))
    against_optimum(bench, small)
    return 1 if useless else 0


class Bench:
    """The orders of questions that are compared."""

    def __init__(self, library: Library, on: date) -> None:
        self.library, self.on = library, on
        private = {fact.id for fact in library.facts.values() if fact.cost >= NEVER_ASKED}
        self._money = [
            each.id for each in library.policies.values() if each.kind == "money" and not private & {*each.opened_by}
        ]

    def starts(self) -> Iterator[Start]:
        everything = frozenset(self.library.policies)
        yield Start("nothing said, all entitlements", lambda _: {}, lambda _: everything)
        yield Start("“看看孩子能领什么”", lambda _: {}, self._money_and_opened)
        yield Start("a story", lambda family: family.story, self._opened)
        yield Start("a story, “能领什么”", lambda family: family.story, self._money_and_opened)

    def _opened(self, facts: Facts) -> set[str]:
        return set(opened(self.library, facts, self.on))

    def _money_and_opened(self, facts: Facts) -> set[str]:
        return {*self._money, *self._opened(facts)}

    def ours(self, facts: Facts, wanted: Collection[str]) -> str | None:
        return next_question(self.library, facts, wanted, self.on)

    def fixed(self, facts: Facts, wanted: Collection[str]) -> str | None:
        return min(self._counts(facts, wanted), key=self.library.order.__getitem__, default=None)

    def occurrence(self, facts: Facts, wanted: Collection[str]) -> str | None:
        return self._most(self._counts(facts, wanted))

    def _counts(self, facts: Facts, wanted: Collection[str]) -> Counter[str]:
        """How many open entitlements hang on each fact that may be asked about."""
        now = self.library.situation(facts, self.on)
        return Counter(name for _, askable in live(self.library, now, wanted) for name in askable)

    def _most(self, counts: Counter[str]) -> str | None:
        return min(counts, key=lambda name: (-counts[name], self.library.order[name]), default=None)

    def certificates(self, start: Start, others: Sequence[Family]) -> Pick:
        found = [self._certificate(start, family) for family in others]
        columns = {
            name: np.array([hash(family.truth.get(name)) for family in others], dtype=np.int64)
            for name in self.library.facts
        }

        def pick(facts: Facts, wanted: Collection[str]) -> str | None:
            counts = self._counts(facts, wanted)
            agree = sum(
                (columns[name] == hash(value) for name, value in facts.items()), np.zeros(len(others), dtype=int)
            )
            like = np.flatnonzero(agree == agree.max())
            frequent = Counter(name for index in like for name in found[index] & counts.keys())
            return self._most(frequent or counts)

        return pick

    def _certificate(self, start: Start, family: Family) -> set[str]:
        """The facts of the shorter of two interviews, without those that it could have done without."""
        told = start.told(family)
        found = []
        for pick in (self.occurrence, self.ours):
            kept = [name for name, _ in self.play(start, family, pick)]
            often = Counter(name for facts in self.library.law(self.on).facts.values() for name in facts)
            for name in sorted(kept, key=often.__getitem__):
                less = {**told, **{each: family.truth[each] for each in kept if each != name}}
                if not self._counts(less, start.wants(less)):
                    kept.remove(name)
            found.append(set(kept))
        return min(found, key=len)

    def play(self, start: Start, family: Family, pick: Pick) -> Iterator[tuple[str, tuple[Facts, Collection[str]]]]:
        """Each question with what was known and wanted when it was asked."""
        facts = dict(start.told(family))
        wanted = start.wants(facts)
        while (name := pick(facts, wanted)) is not None:
            yield name, (dict(facts), wanted)
            facts[name] = family.truth[name]
            wanted = start.wants(facts)

    def compared(
        self, start: Start, played: Sequence[Family], others: Sequence[Family]
    ) -> list[tuple[Facts, Collection[str], str]]:
        """Prints a line an order; the questions that ours asked."""
        picks: dict[str, Pick] = {"fixed order": self.fixed, "occurrence count": self.occurrence}
        picks["certificate frequency"] = self.certificates(start, others)
        asked: list[tuple[Facts, Collection[str], str]] = []
        for name, pick in {**picks, "ours": self.ours}.items():
            spent: list[float] = []
            interviews = [list(self.play(start, family, timed(pick, spent))) for family in played]
            line(f"{start.name}: {name}", [[each for each, _ in one] for one in interviews], self.library, spent)
            asked = [(facts, wanted, each) for one in interviews for each, (facts, wanted) in one]
        least = [self._certificate(start, family) for family in random.Random(3).sample(played, min(100, len(played)))]
        print(f"{'  smallest certificates found':<44}{statistics.mean(map(len, least)):>7.2f}", flush=True)
        return asked


def timed(pick: Pick, spent: list[float]) -> Pick:
    def run(facts: Facts, wanted: Collection[str]) -> str | None:
        begun = time.perf_counter()
        name = pick(facts, wanted)
        spent.append(time.perf_counter() - begun)
        return name

    return run


def line(title: str, interviews: Sequence[Sequence[str]], library: Library, spent: Sequence[float]) -> None:
    counts = [len(each) for each in interviews]
    changes = [sum(library.facts[a].topic != library.facts[b].topic for a, b in pairwise(one)) for one in interviews]
    print(
        f"{title:<44}{statistics.mean(counts):>7.2f}{statistics.median(counts):>8.0f}{max(counts):>6}"
        f"{statistics.mean(changes):>8.1f}{statistics.median(spent) * 1e3:>7.2f}",
        flush=True,
    )


def against_optimum(bench: Bench, small: Sequence[Family]) -> None:
    print(f"\n{'entitlements':>12}{'facts':>7}{'best':>8}{'ours':>8}{'times':>8}{'counted':>9}")
    ratios = []
    for each in small_catalogues(bench.library, bench.on, small):
        best, ours, counted = each.best(), each.mean(bench.ours), each.mean(bench.occurrence)
        ratios.append(ours / best)
        print(
            f"{len(each.wanted):>12}{len(each.facts):>7}{best:>8.2f}{ours:>8.2f}"
            f"{ours / best:>8.3f}{counted / best:>9.3f}  {each.wanted[0]} …",
            flush=True,
        )
    print(f"mean {statistics.mean(ratios):.3f}, worst {max(ratios):.3f} times the best order")


if __name__ == "__main__":
    sys.exit(main())
