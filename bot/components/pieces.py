"""A message as it is judged: the whole, and where it is long also its pieces."""

import re
from collections.abc import Iterator

from bot.components.meaning import has_letters

CLAUSE = re.compile(r"[，。！？；：,.!?;:\n]+")
# A long story is judged piece by piece; each costs 5 ms, and of what is shorter the whole says as much.
PIECES, SHORTEST = 6, 12
# A piece alone is torn from what it belongs to.
OF_A_PIECE = 0.8


def parts(text: str) -> Iterator[str]:
    """The whole and its pieces; nothing of a text without a letter, for the encoder knows no other signs."""
    found = _pieces(text)[:PIECES]
    for part in (text, *(found if len(found) > 1 else ())):
        if has_letters(part):
            yield part


def _pieces(text: str) -> list[str]:
    """Clauses, the short ones together with those that follow; what is short at the end belongs to what was before."""
    pieces = [""]
    for clause in CLAUSE.split(text):
        if len(pieces[-1]) < SHORTEST:
            pieces[-1] += clause
        else:
            pieces.append(clause)
    if len(pieces) > 1 and len(pieces[-1]) < SHORTEST:
        pieces[-2:] = ["".join(pieces[-2:])]
    return pieces
