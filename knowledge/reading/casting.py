"""Which of the children known, or which new one, a word means."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from knowledge.reading.handles import Handle, Sibling
from knowledge.reading.patterns import pattern

APART = ("father", "mother", "household", "asker")
_SAME_RANK = ({"second", "younger"}, {"third", "younger"})


@dataclass
class Casting:
    """Gives each mention its number; `people` grows by the children that are new."""

    people: dict[int, Sibling]
    present: int
    count: int
    labels: dict[int, int] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)
    begins: dict[int, int] = field(default_factory=dict)
    ones: int = 0

    def place(self, handle: Handle) -> None:
        number = self._number(handle)
        is_new = number not in self.people
        if is_new:
            self.fresh.add(number)
        held = self.people.get(number, Sibling(number))
        foreign = handle.is_foreign and is_new
        words = handle.words if handle.rank or handle.sex or handle.line or foreign else ""
        self.people[number] = replace(
            held,
            words=held.words or words,
            rank=held.rank or handle.rank,
            sex=held.sex or handle.sex,
            line=held.line or handle.line,
            age=held.age or handle.age,
            apart=APART if foreign else held.apart,
        )
        self.labels[handle.mention.start] = number
        self.begins.setdefault(number, handle.mention.start)

    def _number(self, handle: Handle) -> int:
        fresh = max(self.people) + 1
        taken = set(self.labels.values())
        others = [number for number in self.people if number != self.present]
        if handle.is_self:
            return min(self.people)
        if handle.is_other and handle.age is None:
            waiting = [number for number in others if number not in taken]
            return waiting[0] if waiting else fresh
        if handle.mention.kind == "one_child":
            free = [number for number in self.people if number not in taken]
            same = [number for number in free if handle.age and handle.age == self.people[number].age]
            open_ones = [number for number in free if self.people[number].age is None or handle.age is None]
            later = [number for number in open_ones if not (handle.is_new and number == self.present)]
            return (same or later or [fresh])[0]
        if handle.is_foreign:
            same = [number for number in others if self.people[number].apart == APART and self._fits(handle, number)]
            return same[0] if same else fresh
        candidates = [number for number in self.people if self._fits(handle, number)]
        if handle.is_new or handle.is_sibling:
            is_here = handle.rank is not None and self.people[self.present].rank == handle.rank
            candidates = [number for number in candidates if number != self.present or is_here]
        scored = sorted(candidates, key=lambda number: (-self._score(handle, number), number != self.present))
        if not scored:
            return fresh
        return scored[0] if self._score(handle, scored[0]) or self._may_be(handle, scored[0]) else fresh

    def _fits(self, handle: Handle, number: int) -> bool:
        held = self.people[number]
        if handle.rank and held.rank and handle.rank != held.rank and {handle.rank, held.rank} not in _SAME_RANK:
            return False
        if (handle.sex and held.sex and handle.sex != held.sex) or (held.apart == APART and not handle.is_foreign):
            return False
        if handle.line and held.line and handle.line != held.line:
            return False
        is_same = handle.rank and handle.rank == held.rank
        return bool(is_same or handle.age is None or held.age is None or _overlap(handle.age, held.age))

    def _score(self, handle: Handle, number: int) -> int:
        held = self.people[number]
        return (
            4 * bool(handle.rank and handle.rank == held.rank)
            + 2 * ({handle.rank, held.rank} in _SAME_RANK)
            + 3 * bool(handle.age and held.age and _overlap(handle.age, held.age))
            + 2 * bool(handle.sex and handle.sex == held.sex and not (handle.rank and held.told and not held.rank))
        )

    def _may_be(self, handle: Handle, number: int) -> bool:
        """Whether a child without a name so far may be the one that is now called so."""
        held = self.people[number]
        if not handle.rank or not held.told or held.rank:
            return True
        return self.count < 2 and bool(pattern("siblings.fond").search(handle.mention.word))


def _overlap(one: tuple[float | None, float | None], other: tuple[float | None, float | None]) -> bool:
    low = max(end for end in (one[0], other[0], 0) if end is not None)
    high = min(end for end in (one[1], other[1], 999) if end is not None)
    return low <= high
