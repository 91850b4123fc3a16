"""Whether the people a text names are the writer's own, and told of as grown up or as children."""

from __future__ import annotations

import re

from knowledge.reading.kinship import Mention
from knowledge.reading.patterns import pattern

_ADULT = pattern("speaker.adult")
_MINOR = pattern("speaker.minor")
_LONG_GONE = re.compile("年|一直|没(?:消息|音信|信)|联系不")
_LEFT_HOME = re.compile("出走|离家")
# 我女儿才十九岁，未婚生子
_OF_AGE = re.compile("(?<![0-9一二三四五六七八九十])(?:19|[2-5][0-9]|十九|[二三四五]十[一二三四五六七八九]?)[多几]?岁")
LEFT_WITH_ME = pattern("speaker.left_with_me")


def own(mentions: list[Mention], *kinds: str) -> list[Mention]:
    return [
        each
        for each in mentions
        if each.kind in kinds and each.owner in (None, "me") and not each.word.startswith("其")
    ]


def grown(text: str, mentions: list[Mention], kind: str) -> bool:
    """Whether the speaker's son or daughter is told of as an adult."""
    led = ("带着", "带", "抱着", "领着", "抱走", "带走")  # 前妻带着女儿走了: who leads goes
    theirs = [each for each in own(mentions, kind) if not text[: each.start].endswith(led)]
    told = [told_of(text, each, mentions) for each in theirs]
    has_child = LEFT_WITH_ME.search(text)  # 闺女离家出走，孩子丢给我了: no runaway child
    is_adult = any(_ADULT.search(words) or (has_child and _LEFT_HOME.search(words)) for words in told)
    return is_adult and not any(is_minor(words) for words in told)


def told_of(text: str, mention: Mention, mentions: list[Mention]) -> str:
    others = [
        each.start for each in mentions if each.start >= mention.end and each.kind not in ("strangers", "offices")
    ]
    following = min(others, default=len(text))
    return re.split(r"[。！？!?\n]", text[mention.end : min(following, mention.end + 16)])[0]


def is_young(told: str) -> bool:
    """我闺女离家出走三天了: a child, unless it has been for years."""
    return bool(is_minor(told) or (_LEFT_HOME.search(told) and not _LONG_GONE.search(told)))


def not_ill(told: str) -> str:
    return re.sub("残疾|自闭", "", told)


def is_minor(words: str) -> bool:
    return bool(_MINOR.search(_OF_AGE.sub("", words)))
