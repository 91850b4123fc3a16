"""Words for children and what they say of which child is meant: its rank, its sex, whose it is, how old."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.reading.ages import Age
from knowledge.reading.kinship import CHILDREN, Mention
from knowledge.reading.numerals import spread
from knowledge.reading.patterns import pattern
from knowledge.reading.people import OTHER, STRANGER, meant

_RANKS = ("elder", "second", "third", "younger")
_LINES = ("grandchild_paternal", "grandchild_maternal", "nephew_paternal", "nephew_maternal", "cousin_child")
_LINE_OF = {
    **{f"grandparent_{side}": f"grandchild_{side}" for side in ("paternal", "maternal")},
    **{f"uncle_aunt_{side}": f"nephew_{side}" for side in ("paternal", "maternal")},
}
_ALL_OF_THEM = ("我们", "俺们", "咱们", "我俩", "我们俩")
_OUTSIDE = ("neighbour", "teacher", "child_director", "professional")
_OF_OTHERS = ("strangers", "outsiders", "relatives", "brother", "sister", "uncle")
_NEAR = 6
_FIGURES = "0123456789一二两三四五六七八九十"
_NOT_FIGURES = "周岁的那一个这孩子娃"
_STRETCH = 16
_ADULT = pattern("speaker.adult")
_MINOR = pattern("speaker.minor")
_AN_AGE = re.compile("[0-9一二三四五六七八九十两]{1,3}")
_OFTEN_A_SIBLING = re.compile("弟|妹")


@dataclass(frozen=True)
class Sibling:
    """A child the conversation knows of; `told` when something of its own was said, `apart` what it does not share."""

    number: int
    words: str = ""
    rank: str | None = None
    sex: str | None = None
    line: str | None = None
    age: tuple[float | None, float | None] | None = None
    told: bool = False
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Handle:
    """One mention of a child; a `peer` is told on a par with others, the rest hang on the child at hand."""

    mention: Mention
    rank: str | None = None
    sex: str | None = None
    line: str | None = None
    age: tuple[float | None, float | None] | None = None
    is_self: bool = False
    is_new: bool = False
    is_other: bool = False
    is_sibling: bool = False
    is_foreign: bool = False
    words: str = ""


def pseudo(text: str, mentions: Sequence[Mention], known: Sequence[Sibling]) -> list[Mention]:
    """Children named by nothing but 一个, 另一个 or, where several are known, their age."""
    ones = list(pattern("siblings.one").finditer(text))
    if len(ones) < 2:
        ones = [match for match in ones if match["more"]]
    found = [Mention(each.start(), each.end(), "one_child", "", each.group()) for each in ones]
    for match in pattern("siblings.other").finditer(text):
        if not any(each.start < match.end() and match.start() < each.end for each in found):
            found.append(Mention(match.start(), match.end(), "one_child", "", match.group()))
    found = [each for each in found if not any(other.start < each.end and each.start < other.end for other in mentions)]
    if not found and (listed := pattern("siblings.ages_listed").search(text)):
        places = [(listed.start("ages") + each.start(), each.group()) for each in _AN_AGE.finditer(listed["ages"])]
        found = [Mention(place, place, "one_child", "", said) for place, said in places]
    by_age = pattern("siblings.by_age").finditer(text) if len(known) > 1 else ()
    return [*found, *(Mention(each.start(), each.end(), "one_child", "", each.group()) for each in by_age)]


def recast(text: str, mentions: Sequence[Mention], roles: Sequence[str], known: Sequence[Sibling]) -> list[Mention]:
    """The child's own brothers and sisters, where they are told of as children; a brother in passing stays nobody."""
    found = []
    for index, each in enumerate(mentions):
        following = mentions[index + 1].start if index + 1 < len(mentions) else len(text)
        told = re.split(r"[。！？!?\n]", text[each.end : min(following, each.end + _STRETCH)])[0]
        is_one = each.kind in ("brother", "sister", "cousin") and _is_child_sibling(text, each, told, roles, known)
        found.append(
            replace(each, kind="sibling_child" if each.kind != "cousin" else "cousin_child") if is_one else each
        )
    return found


def _is_child_sibling(text: str, mention: Mention, told: str, roles: Sequence[str], known: Sequence[Sibling]) -> bool:
    whom = meant(mention, roles, ())
    if whom == ("child",) or (whom in (("father",), ("mother",)) and mention.owner not in ("them", "child")):
        return False
    if mention.owner == "me" and tuple(roles) != ("child",):
        return False
    if mention.kind == "cousin" and tuple(roles) != ("child",):
        return False
    if _ADULT.search(told.split("，")[0]) or re.search(r"(?:1[89]|[2-9]\d|二十|三十|十[八九])", told):
        return False
    rank, sex = _rank(mention.word), _sex(mention.word)
    if any(each.rank and rank == each.rank and (each.sex or sex) == sex for each in known):
        return True
    if _MINOR.search(told.replace("残疾", "")):
        return True
    young = bool(_OFTEN_A_SIBLING.search(mention.word))
    return young and bool(pattern("siblings.more").search(text[: mention.start]))


def handle(
    text: str,
    mention: Mention,
    mentions: Sequence[Mention],
    roles: Sequence[str],
    ages: Sequence[Age],
    at_hand: Sibling,
) -> Handle:
    before = text[: mention.start]
    line = mention.kind if mention.kind in _LINES else None
    owner = _of_others(text, mention, mentions, roles) if at_hand.told else None
    foreign = line == "cousin_child" or owner is not None
    at_hands = at_hand.line or (_LINE_OF.get(roles[0]) if len(roles) == 1 else None)
    is_added = bool(pattern("siblings.more").search(before)) and not pattern("siblings.listed").search(before)
    foreign = foreign or bool(at_hand.told and line and at_hands and line != at_hands)
    return Handle(
        mention,
        rank=_rank(mention.word),
        sex=_sex(mention.word),
        line=line,
        age=_age(
            text, mention, min((each.start for each in mentions if each.start >= mention.end), default=len(text)), ages
        ),
        is_self=mention.kind == "me",
        is_new=is_added or mention.said.startswith("还有"),
        is_other=bool(pattern("siblings.other_before").search(before))
        or mention.said.startswith(("另", "下", "剩", "第二")),
        is_sibling=mention.kind == "sibling_child",
        is_foreign=foreign,
        words=text[mention.start if owner is None else owner : mention.end] if foreign else mention.word,
    )


def is_child(mention: Mention, roles: Sequence[str]) -> bool:
    if mention.kind in ("sibling_child", "cousin_child", "one_child"):
        return True
    if mention.owner == "child" and mention.kind not in CHILDREN:
        return False
    return mention.kind != "outsiders" and meant(mention, roles, ()) == ("child",)


def is_group(text: str, mention: Mention) -> bool:
    if mention.kind == "me":
        return mention.word in _ALL_OF_THEM
    if mention.kind in ("elder_child", "younger_child", "one_child"):
        return False  # 小的两个没上学: not all of them
    before = text[max(0, mention.start - 4) : mention.start]
    said = mention.said[: len(mention.said) - len(mention.word)]
    return bool(
        pattern("siblings.group").search(said)
        or re.search(f"(?:{pattern('siblings.group').pattern})的?$", before)
        or pattern("siblings.both").search(mention.word)
        or pattern("siblings.group_after").match(text, mention.end)
    )


def count_of(text: str, mention: Mention) -> int:
    around = text[max(0, mention.start - 4) : mention.start] + mention.said + text[mention.end : mention.end + 2]
    match = re.search(rf"[三四五仨345](?![{_FIGURES}岁年月级天周])", around)
    return 2 if match is None else {"四": 4, "4": 4, "五": 5, "5": 5}.get(match.group(), 3)


def _of_others(text: str, mention: Mention, mentions: Sequence[Mention], roles: Sequence[str]) -> int | None:
    """Where 邻居家的孩子 begins, said by somebody who speaks of a child of the family."""
    if not roles or roles[0] in _OUTSIDE:
        return None
    if mention.owner == "outsiders":
        return mention.start
    before = [each for each in mentions if each.end <= mention.start]
    if not before or before[-1].kind not in _OF_OTHERS or meant(before[-1], roles, ()) not in (OTHER, STRANGER):
        return None
    return before[-1].start if pattern("siblings.owned_by").match(text[before[-1].end : mention.start]) else None


def _rank(word: str) -> str | None:
    return next((rank for rank in _RANKS if pattern(f"siblings.{rank}").search(word)), None)


def _sex(word: str) -> str | None:
    if pattern("siblings.both").search(word):
        return None
    if pattern("siblings.girl").search(word):
        return "girl"
    return "boy" if pattern("siblings.boy").search(word) else None


def _age(text: str, mention: Mention, end: int, ages: Sequence[Age]) -> tuple[float | None, float | None] | None:
    """The age right behind a mention, before somebody else is named at `end`."""
    if mention.said[:1] in _FIGURES:
        return spread(mention.said.rstrip(_NOT_FIGURES))
    near = next(
        (each for each in ages if 0 <= each.start - mention.end <= _NEAR and each.start < end and not each.born), None
    )
    if near is not None:
        return near.low, near.high
    match = re.match(r"(?:今年|都|才|刚|快|满)*([0-9一二三四五六七八九十]{1,3})(?=了|\W|$)", text[mention.end :])
    return spread(match[1]) if match else None


def says_which(handle: Handle) -> bool:
    return bool(
        handle.rank or handle.sex or handle.is_self or handle.is_new or handle.is_other or handle.is_foreign
        or handle.is_sibling or handle.mention.kind == "one_child"
    )  # fmt: skip


def is_peer(handle: Handle) -> bool:
    return not (handle.is_self or handle.is_new or handle.is_sibling or handle.is_foreign)
