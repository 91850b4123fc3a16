"""A text cut at every break; 、 is none, it joins people."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BREAK = re.compile(
    r"[。！？!?；;\n]+|[，,：:…~()（）“”\"'—|/]+|(?<!\d)\.(?!\d)|(?<![0-9A-Za-z])[ \t]+|[ \t]+(?![0-9A-Za-z])"
)
_SENTENCE = re.compile(r"[。！？!?；;\n]")


@dataclass(frozen=True)
class Clause:
    """A stretch between breaks; `sentence` is where its sentence began."""

    start: int
    end: int
    sentence: int


def clauses(text: str) -> list[Clause]:
    """The text cut at every break; 、 is none, it joins people."""
    found: list[Clause] = []
    start = sentence = 0
    for match in _BREAK.finditer(text):
        if match.start() > start:
            found.append(Clause(start, match.start(), sentence))
        start = match.end()
        if _SENTENCE.search(match.group()):
            sentence = start
    if start < len(text):
        found.append(Clause(start, len(text), sentence))
    return found
