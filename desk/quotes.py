"""The family's own words, as they stand in the ledger."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.words import words

SHOWN = 60  # characters of a message quoted whole


@dataclass(frozen=True)
class Quote:
    """Words of the family, and the message they stand in."""

    seq: int
    words: str


def quotes(turn: Mapping[str, Any], fact: str, family: Mapping[int, str]) -> tuple[Quote, ...]:
    """The words as the message has them; where reading changed them (numerals, script), the message itself."""
    found = []
    for piece in turn.get("evidence", {}).get(fact, ()):
        text = family.get(piece.get("seq"))
        if text is not None:
            stands_there = piece.get("words") and _plain(piece["words"]) in _plain(text)
            found.append(Quote(piece["seq"], piece["words"] if stands_there else short(text)))
    return tuple(dict.fromkeys(found))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[:SHOWN] + words()["more"]
