"""Young people who ask for a friend: 我同桌五年级, 帮我闺蜜问的."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.reading.kinship import Mention

_FOR_A_FRIEND = re.compile(
    "(?:你好|您好)?[，, ]?(?:(?:想)?(?:帮|替))?我(?:的|有个|一个)?(?:好)?(?:朋友|同桌|同学|闺蜜|室友)"
    "(?=问|[，, ]|[初高][一二三]|[一二三四五六七八九]年级|今年|他|她|[0-9])"
)


def befriended(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """我同桌五年级，帮我闺蜜问的: the friend whom the young ask for is the child."""
    opening = _FOR_A_FRIEND.match(text)
    if opening is None:
        return list(mentions)
    return [replace(each, kind="child", owner=None) if each.end == opening.end() else each for each in mentions]
