"""The best order of questions on catalogues of at most eight facts, by going through everything that can be known.

The best is meant for the very families that are played, so no order can do better on them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date

from benchmarks.families import Family
from knowledge.follow import FOLLOWS
from knowledge.interview import NEVER_ASKED, live
from knowledge.kleene import Judged
from knowledge.known import Facts
from knowledge.library import Library
from knowledge.rules import leaves

MOST_FACTS = 8
MOST_ROWS = 1000  # more kinds of families than this take minutes
Row = tuple[tuple[Judged | None, ...], Family, int]
State = frozenset[tuple[str, Judged]]


class Catalogue:
    """A few entitlements, and the families as far as those can tell them apart."""

    def __init__(self, library: Library, on: date, wanted: Sequence[str], played: Sequence[Family]) -> None:
        self._library, self._on, self._size = library, on, len(played)
        self.wanted, self.facts = tuple(wanted), sorted(asked_about(library, on, wanted))
        kinds: dict[tuple[Judged | None, ...], list[Family]] = {}
        for family in played:
            kinds.setdefault(tuple(self._cell(name, family.truth) for name in self.facts), []).append(family)
        self.rows: list[Row] = [(cells, alike[0], len(alike)) for cells, alike in kinds.items()]
        self._live: dict[State, set[str]] = {}
        self._least: dict[State, float] = {}

    def best(self) -> float:
        """The questions a family, in the mean."""
        return self._best({}, self.rows) / self._size

    def mean(self, pick: Callable[[Facts, Collection[str]], str | None]) -> float:
        return self._asked({}, self.rows, pick) / self._size

    def _best(self, known: Facts, rows: Sequence[Row]) -> float:
        state, names = self._open(known)
        if not names:
            return 0
        if state not in self._least:
            self._least[state] = min(
                _people(rows) + sum(self._best(*after) for after in self._answers(known, rows, name)) for name in names
            )
        return self._least[state]

    def _asked(self, known: Facts, rows: Sequence[Row], pick: Callable[..., str | None]) -> float:
        if not self._open(known)[1]:
            return 0
        name = pick(known, self.wanted)
        assert name is not None
        return _people(rows) + sum(self._asked(*after, pick) for after in self._answers(known, rows, name))

    def _answers(self, known: Facts, rows: Sequence[Row], name: str) -> Iterator[tuple[Facts, list[Row]]]:
        index = self.facts.index(name)
        parts: dict[Judged | None, list[Row]] = {}
        for row in rows:
            parts.setdefault(row[0][index], []).append(row)
        for part in parts.values():
            yield {**known, name: part[0][1].truth[name]}, part

    def _open(self, known: Facts) -> tuple[State, set[str]]:
        state = frozenset((name, self._library.law(self._on).rules.judged({name: known[name]})) for name in known)
        if state not in self._live:
            now = self._library.situation(known, self._on)
            self._live[state] = {name for _, names in live(self._library, now, self.wanted) for name in names}
        return state, self._live[state]

    def _cell(self, name: str, truth: Facts) -> Judged | None:
        return self._library.law(self._on).rules.judged({name: truth[name]}) if name in truth else None


def _people(rows: Sequence[Row]) -> int:
    return sum(count for _, _, count in rows)


def small_catalogues(library: Library, on: date, played: Sequence[Family]) -> Iterator[Catalogue]:
    """Around each entitlement those that share most facts with it."""
    seen = set()
    for first in library.policies:
        wanted = [first]
        while near := _nearest(library, on, wanted):
            wanted.append(near)
        if len(asked_about(library, on, wanted)) > MOST_FACTS or frozenset(wanted) in seen:
            continue
        seen.add(frozenset(wanted))
        catalogue = Catalogue(library, on, wanted, played)
        if len(catalogue.rows) <= MOST_ROWS:
            yield catalogue


def _nearest(library: Library, on: date, wanted: Sequence[str]) -> str | None:
    have = asked_about(library, on, wanted)
    near = []
    for each in library.policies:
        facts = asked_about(library, on, [each])
        if each not in wanted and facts & have and len(facts | have) <= MOST_FACTS:
            near.append((len(facts - have) - 2 * len(facts & have), each))
    return min(near)[1] if near else None


def asked_about(library: Library, on: date, wanted: Sequence[str]) -> set[str]:
    """Every fact that an interview about these may ask for, with what opens the question."""
    found: set[str] = set()
    todo = [name for each in wanted for name in library.law(on).facts[each]]
    while todo:
        name = todo.pop()
        if name not in found and library.facts[name].cost < NEVER_ASKED:
            found.add(name)
            todo += FOLLOWS.get(name, ())
            todo += [leaf.fact for gate in [library.gates.get(name)] if gate for leaf in leaves(gate)]
    return found
