"""三年，不对，是三个月: what somebody takes back in the same breath is not read."""

from __future__ import annotations

from knowledge.reading.normal import Normal
from knowledge.reading.patterns import pattern

_TAKEN_BACK = pattern("amended.taken_back")
_NOT_BUT = pattern("amended.not_but")
_BETWEEN = pattern("amended.between")


def amended(normal: Normal) -> Normal:
    """The text without the values that are put right at once; what is left still knows its words.

    Only a length for a length and an age for an age: 他爸，不对，是他妈 is read elsewhere (correction.py).
    """
    for taken_back in (_TAKEN_BACK, _NOT_BUT, _BETWEEN):
        while found := taken_back.search(normal.text):
            start, end = found.span("old")
            normal = Normal(
                normal.text[:start] + normal.text[end:], normal.said, normal.origins[:start] + normal.origins[end:]
            )
    return normal
