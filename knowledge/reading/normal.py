"""One spelling for all that is typed: NFKC, simplified script, no invisible characters."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

# Nobody tells a story of this length; what comes after it is left to people.
LONGEST = 2000


@dataclass(frozen=True)
class Normal:
    """Normalised text that still knows which words were really said."""

    text: str
    said: str
    origins: tuple[int, ...]

    def words(self, start: int, end: int) -> str:
        """The original words behind a stretch of the normalised text."""
        if start >= end:
            return ""
        stop = self.origins[end] if end < len(self.origins) else len(self.said)
        return self.said[self.origins[start] : max(stop, self.origins[end - 1] + 1)].strip()


@cache
def _script() -> OpenCC:
    return OpenCC("t2s")


def normalise(said: str) -> Normal:
    """Any text as it is read: full-width forms narrowed, traditional script simplified, spaces kept as breaks."""
    letters: list[str] = []
    origins: list[int] = []
    for place, letter in enumerate(said[:LONGEST]):
        for part in unicodedata.normalize("NFKC", letter):
            if unicodedata.category(part) in ("Cf", "Mn", "Cs"):
                continue
            letters.append("\n" if part in "\r\n\u2028" else " " if part.isspace() else part)
            origins.append(place)
    spelt = "".join(letters)
    simple = _script().convert(spelt)
    if len(simple) != len(spelt):  # a phrase of another length would lose the map
        simple = "".join(_one(letter) for letter in spelt)
    return Normal(simple, said, tuple(origins))


def _one(letter: str) -> str:
    simple: str = _script().convert(letter)
    return simple if len(simple) == 1 else letter
