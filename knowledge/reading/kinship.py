"""The people named in a text, before it is known who speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.reading.patterns import pattern

CHILDREN = frozenset(
    ["child", "pupil", "elder_child", "younger_child", "grandchild_paternal", "grandchild_maternal",
     "nephew_paternal", "nephew_maternal", "sibling_child", "cousin_child", "one_child", "step_child", "grand_nephew",
     "great_grandchild"]
)  # fmt: skip
_RANKED = ("elder_child", "younger_child")
_YOUNG = (
    "child",
    "son",
    "daughter",
    "grandchild_paternal",
    "grandchild_maternal",
    "nephew_paternal",
    "nephew_maternal",
)
_COUPLES = ("son", "daughter", "brother", "sister")
PARENTS = frozenset(["father", "mother", "both"])


@dataclass(frozen=True)
class Mention:
    """A word for a person; `owner` is "me", "them", "child" or the kind of the person it belongs to."""

    start: int
    end: int
    kind: str
    word: str
    said: str
    owner: str | None = None


@cache
def kin() -> dict[str, Any]:
    """The tables of kin.yml."""
    tables: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("kin.yml").read_text(encoding="utf-8"))
    return tables


@cache
def _kinds() -> dict[str, str]:
    return {word: kind for kind, words in kin()["words"].items() for word in words}


# 你妈死了: an insult, or said of whoever reads; but 告诉你爸爸坐牢了 is told to them
_YOURS = re.compile("(?<![问诉谢求劳烦帮跟和给对])(?:你们?家?|您家?)的?$")
_FIRST = "阮家|阮|我们家|我们|俺们|咱们|我家|俺家|咱家|我|俺|咱"
_THIRD = "他们家|她们家|他们|她们|他家|她家|他|她|它"


@cache
def _pattern() -> re.Pattern[str]:
    words = "|".join(sorted((re.escape(word) for word in _kinds()), key=len, reverse=True))
    return re.compile(
        rf"(?P<of>的)?(?:(?P<mine>{_FIRST})|(?P<theirs>{_THIRD}))?(?:的|那个?|这个?|亲生|亲(?![爸妈爹娘])|那两|这两|那俩|这俩|俩|两个|仨|[一两二三四五]个)*(?P<word>{words})"
    )


def find(text: str, boundaries: frozenset[int]) -> list[Mention]:
    """People in the order they are named; `boundaries` are the places where words begin or end."""
    found: list[Mention] = []
    place = 0
    while match := _pattern().search(text, place):
        mention = _mention(match, text, boundaries)
        place = match.end() if mention else match.start() + 1
        if mention is None:
            continue
        place = mention.end
        if found and (joined := _joined(found[-1], mention, match)):
            found[-1] = joined
        else:
            found.append(mention)
    return _who_adopted(_by_great_grandparents(_of_the_husband(found)), text)


_ADOPTIVE = {"养父母": "both", "养父": "father", "养母": "mother"}
_REGISTERED = re.compile("收养(?:登记|证|手续)|(?:办|有)(?:了|过)?(?:收养)?(?:登记|手续)")
_NOT_REGISTERED = re.compile("没(?:有)?(?:去)?(?:办|登记|手续|收养证)|未(?:办|登记)|事实收养")


def _who_adopted(mentions: list[Mention], text: str) -> list[Mention]:
    """养父母都没了, of a child whose adoption was registered: they are its parents (民法典第1111条)."""
    if not _REGISTERED.search(text) or _NOT_REGISTERED.search(text):
        return mentions
    if any(each.kind in PARENTS for each in mentions):
        return mentions  # 亲生父母 are told of as well
    return [replace(each, kind=_ADOPTIVE.get(each.word, each.kind)) for each in mentions]


def _of_the_husband(mentions: list[Mention]) -> list[Mention]:
    """Beside 其妻, 其母 is his mother."""
    if not any(each.word in ("其妻", "其夫") for each in mentions):
        return mentions
    return [replace(each, kind="grandparents") if each.word in ("其母", "其父") else each for each in mentions]


def _by_great_grandparents(mentions: list[Mention]) -> list[Mention]:
    """Beside 重孙, 孙子 is a grown man."""
    if not any(each.kind == "great_grandchild" for each in mentions):
        return mentions
    return [
        replace(each, kind="granddaughter" if "女" in each.word else "grandson")
        if each.kind in ("grandchild_paternal", "grandchild_maternal")
        else each
        for each in mentions
    ]


def _mention(match: re.Match[str], text: str, boundaries: frozenset[int]) -> Mention | None:
    word, kind = match["word"], _kinds()[match["word"]]
    start, end = match.start("word"), match.end()
    owner = "me" if match["mine"] else "them" if match["theirs"] else None
    if kind == "me":
        owner = None
    elif word in kin()["terse"]["words"]:
        if not text.startswith(tuple(kin()["terse"]["before"]), end):
            return None
    elif (word in kin()["owned"] and owner is None and not match["of"] and not _opens(text, start, word)) or (
        len(word) == 1 and owner is None and not _stands_alone(start, end, boundaries, text)
    ):
        return None
    if word == "男人" and text[:start].endswith(("个", "大")):
        return None  # 我一个大男人 is the writer
    if _belongs_to_another_word(text, start, end, word):
        return None
    if kind in ("husband", "wife", "young_wife") and _NOW.search(text[: match.start()]) and _BEFORE.search(text):
        return Mention(start, end, "step_parent", word, text[start:end])
    if kind in ("man", "woman") and re.search(_SOME + word, text[:end]):
        return Mention(start, end, "outsiders", word, text[start:end])
    if word in ("儿子媳妇", "儿子老婆") and not _LEAVES.match(text, end):
        kind = "son_couple" if word == "儿子媳妇" else kind  # 儿子媳妇在打工: the two of them
    if word.startswith("儿子") and kind == "son_wife" and text.startswith(("都", "俩", "两", "全", "均", "双双"), end):
        kind = "son_couple"
    if kind in PARENTS and owner is None and _YOURS.search(text[: match.start()]):
        return Mention(match.start(), end, "outsiders", word, text[match.start() : end])
    head = re.match(rf"的?(?:那个|个)?(?:{'|'.join(kin()['heads'])})", text[end:])
    if head and kind != "me":
        return Mention(match.start(), end + head.end(), "outsiders", word, text[match.start() : end + head.end()])
    begin = match.start() + (1 if match["of"] else 0)
    return Mention(begin, end, kind, word, text[begin:end], owner)


def _opens(text: str, start: int, word: str) -> bool:
    """Whether a weak word stands at the head of a clause: 大的九岁."""
    if word in ("大的", "小的") and pattern("siblings.weak_after").search(text[:start]):
        return True
    if len(word) == 1 and text[:start].endswith(("跟", "跟着", "随")):
        return True  # 跟奶住
    if len(word) == 1 and (start == 0 or not text[start - 1].isalnum()) and re.search(f"[我俺]{word}", text[:start]):
        return True  # 我妹九岁，妹现在跟爷爷
    if word in ("二的", "中的"):
        return start == 0 or not text[start - 1].isalnum() or text[start - 1] in "岁了"  # but 我高二的, 初中的
    return word in ("大的", "小的", "男人") and (
        start == 0 or not text[start - 1].isalnum() or text[start - 1] in _BEFORE_THE_ONE
    )


def _stands_alone(start: int, end: int, boundaries: frozenset[int], text: str) -> bool:
    before = text[start - 1] if start else ""
    if before and before in "大小姑姨舅干后奶伯岳婆老叔婶二三新姑亲阿依表":
        return False
    return start in boundaries or end in boundaries


# 找了个男的: anybody, not the father
_SOME = "(?:(?:了|跟|着|又|另)(?:一|外)?个|别的|外[面头地]的?|新的?)"
# 前夫坐牢，现在老公在工地: the one of now is not the child's father
_NOW = re.compile("(?:现在|如今|现任|后来|这个)的?$")
_BEFORE = re.compile("前夫|前妻|前老公|前老婆|前一个(?:老公|老婆)")
_SCHOOL_SAYS = (*"说让叫要不给拒也都还就老会劝问已跟把", "通知", "的人", "里的人")
# behind these 大的 and 小的 are children: 大的十五小的十一
_BEFORE_THE_ONE = "岁级学了园校班初高一二三四五六七八九十半0123456789"
_LEAVES = re.compile("[^，。,]{0,4}(?:跑|走|改嫁|嫁|跟|离|不在|没了|死|人|也|是|她)")
_LONGER = {
    "娘": ("家", "俩", "仨", "们"),
    "妈": ("祖",),
    "娃": ("哈",),
    "孩子": ("气",),
    "社区": ("戒毒", "矫正", "康复"),
}


def _belongs_to_another_word(text: str, start: int, end: int, word: str) -> bool:
    if word == "学校" and not text.startswith(_SCHOOL_SAYS, end):
        return True  # 旗里的学校六年级住校: where, not who
    return text.startswith(_LONGER.get(word, ()), end) or (word == "我" and text.startswith(("国", "校"), end))


def _joined(before: Mention, mention: Mention, match: re.Match[str]) -> Mention | None:
    """孩子 + 他爸 is one person; so is 儿子 + 的 + 老婆, but not 儿子 + 孙子."""
    if before.end != match.start() or mention.kind == "me":
        return None
    possessive = match["of"] or match["theirs"]
    if not match["of"] and {before.kind, mention.kind} == {"father", "mother"} and before.owner:
        return None  # 他爸他妈: the two of them
    if before.word.endswith(("的", "个")) and before.kind in _RANKED and mention.kind in _YOUNG and not match["theirs"]:
        word = before.word + mention.word  # 大的女儿, 小的那个孙子: one child
        return replace(before, end=mention.end, word=word, said=before.said + mention.said)
    if mention.kind == "couple" and before.kind in _COUPLES and not match["mine"]:
        return replace(_belonging(before, mention, ""), kind=f"{before.kind}_couple", owner=before.owner)
    if before.kind in CHILDREN and (mention.kind not in CHILDREN or possessive) and mention.owner != "me":
        if mention.kind == "strangers" and not possessive:
            return None
        return _belonging(before, mention, "child")
    if possessive and before.kind not in ("me", "strangers") and mention.owner != "me":
        return _belonging(before, mention, before.kind)
    if before.kind == "outsiders" and mention.kind in PARENTS and mention.owner is None:
        return _belonging(before, mention, before.kind)
    if before.kind == "me" and match["of"]:
        return _belonging(before, mention, "me")
    return None


def _belonging(before: Mention, mention: Mention, owner: str) -> Mention:
    return replace(mention, start=before.start, said=before.said + mention.said, owner=owner)
