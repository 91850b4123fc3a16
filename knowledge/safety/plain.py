"""A message as the danger patterns read it: simplified, lower case, one mark per pause, hidden spellings undone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

PAUSE = ","
# Words of one character that people set between pauses by themselves; any other lone character was split off to hide.
_INTERJECTIONS = frozenset("嗯哦噢喔啊唉哎诶呃额好是对不没有在喂我他她你唔嘿哈呵")
_UNSPOKEN = frozenset({"Cf", "Mn", "Me", "So", "Sk", "Cs", "Co", "Cn"})
_PAUSES = re.compile(r"[^a-z0-9\u3007\u4e00-\u9fff]+")


def plain(text: str, simple: Mapping[int, str], spellings: Sequence[tuple[re.Pattern[str], str]]) -> str:
    """`simple` maps code points of traditional characters; each of `spellings` is replaced by what it hides."""
    folded = unicodedata.normalize("NFKC", text).translate(simple).lower()
    spoken = "".join(character for character in folded if unicodedata.category(character) not in _UNSPOKEN)
    joined = _join([segment for segment in _PAUSES.split(spoken) if segment])
    for pattern, meant in spellings:
        joined = pattern.sub(meant, joined)
    return joined


def clauses(message: str) -> Iterator[tuple[int, int, str]]:
    """Of a plain message: where each begins, where it ends, and what it says."""
    start = 0
    for clause in message.split(PAUSE):
        if clause:
            yield start, start + len(clause), clause
        start += len(clause) + len(PAUSE)


def _join(segments: list[str]) -> str:
    """自 杀, 自.杀 and 我 想 死 become words again; 我饿，死了 keeps its pause."""
    text = ""
    for index, segment in enumerate(segments):
        if index and not _split(segments, index):
            text += PAUSE
        text += segment
    return text


def _split(segments: list[str], index: int) -> bool:
    left, right = segments[index - 1], segments[index]
    if len(left) == 1 and len(right) == 1:
        return True
    lone = left if len(left) == 1 else right
    if len(lone) != 1 or not "\u4e00" <= lone <= "\u9fff":
        return False
    in_a_row = (left == lone and index >= 2 and len(segments[index - 2]) == 1) or (
        right == lone and index + 1 < len(segments) and len(segments[index + 1]) == 1
    )
    return in_a_row or lone not in _INTERJECTIONS
