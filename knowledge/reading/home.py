"""With whom the child lives: 跟我过, 奶奶带着, 在福利院."""

from __future__ import annotations

import re

from knowledge.library import Library
from knowledge.reading.clauses import Placed
from knowledge.reading.kinship import CHILDREN
from knowledge.reading.people import OTHER
from knowledge.reading.polarity import Stance
from knowledge.reading.story import Findings, Story

LIVES_WITH = "child.lives_with"
_WITH = re.compile(r"(?:跟|跟着|随|随着|和|与|靠|由|丢给|留给|扔给|甩给|撂给|交给|养在|住在|放在|寄养在|寄养给|搁|住)(?:[0-9一二三四五六七八九十]+多?岁的?|年迈的?|年老的?)?$")
_TOGETHER = re.compile(
    r"(?:一起|一块儿?|两个人?|俩|三个|身边|家里?|这里|这边|这儿|他们|现在|来|一个人)*(?:过|住|生活|睡|长大|相依|在一起|吃住|带|养|照顾|抚养|照看|监护|日子|(?=$|[，。,.\s！!？?了]))"
)
_RAISES = re.compile(
    r"(?:一个人|自己|独自|在家|在|这儿|这里|这边|家|一直|来|帮着|帮忙|帮|现在|辛苦|给|还|都|就|是|们|年纪大了|老两口|两个|俩|又|只能|一手)*(?:带|养|抚养|照顾|照看|拉扯|看)(?:着|大的?|了)?"
    r"(?:(?=$|[，。,.\s！!？?])|他|她|[两俩三几一]个?|(?:[0-9一二三四五六七八九十]+岁半?的?)?(?:这|那)?个?(?:孩子|儿子|女儿|闺女|丫头|娃|小孩|孙|外孙|侄|外甥|@))"
)
_MOVES_ON = re.compile(r"(?:孩子|娃|他|她|两个|俩)?(?:走|跑|改嫁|嫁|离|去|回)")
_MINE = {
    "grandparent_paternal": "grandparents", "grandparent_maternal": "grandparents", "mother": "mother", "father": "father",
    "step_parent": "step_parent", "uncle_aunt_paternal": "other_relatives", "uncle_aunt_maternal": "other_relatives",
    "sibling": "other_relatives", "other_relative": "other_relatives", "neighbour": "friends",
}  # fmt: skip
_KINDS = {
    "grandparents": "grandparents", "in_laws": "grandparents", "old_spouse": "grandparents", "relatives": "other_relatives", "step_parent": "step_parent", "brother": "other_relatives",
    "sister": "other_relatives", "brother_wife": "other_relatives", "sister_husband": "other_relatives",
}  # fmt: skip
_PLACES = ("institution", "foster_family", "street", "alone")


def read(story: Story, library: Library, findings: Findings) -> None:
    """child.lives_with into `findings`, when all that is told agrees."""
    found = [*_with(story), *_places(story, library)]
    if len({value for value, _ in found}) == 1:
        value, span = found[0]
        findings.tell(LIVES_WITH, value, span)
        if value not in _PLACES and "一个人" not in story.text:
            findings.facts.pop("safety.unattended", None)


def _with(story: Story) -> list[tuple[str, tuple[int, int]]]:
    found = []
    for placed in story.placed:
        mention = placed.mention
        value = _household(story, placed)
        if value is None or story.stance_of(mention.start, mention.end) not in (Stance.SAID, Stance.DOUBTED):
            continue
        before, after = story.text[: mention.start], story.text[mention.end :]
        clause = story.segment(mention.start).clause
        together = (_WITH.search(before) or (mention.kind == "me" and before.endswith("归"))) and _TOGETHER.match(after) and _of_child(story, placed)
        raises = _RAISES.match(after) and not _MOVES_ON.match(after[len(_RAISES.match(after)[0]) :])  # type: ignore[index]
        denied = re.match(r"(?:也|都|又|从来|一直)*(?:不|没)", after)
        elsewhere = re.search(r"(?:户口|姓|户|名字|卡)\S?(?:是|还|都|也|在)*(?:跟|跟着|随|随着|在)$", before)
        if (together or raises) and not denied and not elsewhere:
            start = max(clause.start, mention.start - 6)
            found.append((value, (start, min(clause.end, mention.end + 6))))
    return found


def _household(story: Story, placed: Placed) -> str | None:
    if placed.mention.kind == "me" or placed.people == ("asker",):
        values = {_MINE.get(role) for role in story.roles}
        return values.pop() if len(values) == 1 else None
    if placed.people == ("father", "mother"):
        return "both_parents"
    if placed.people in (("father",), ("mother",)):
        return placed.people[0]
    if placed.mention.kind in ("brother", "sister") and not re.search("哥|姐", placed.mention.word):
        return None  # whoever lives with a younger brother is not looked after by him
    return _KINDS.get(placed.mention.kind)


def _of_child(story: Story, placed: Placed) -> bool:
    segment = story.segment(placed.mention.start)
    if re.search(r"离(?:婚|异)了?(?:后|以后|之后)?(?:就)?(?:跟|跟着|随|由)$", story.text[: placed.mention.start]):
        return True
    nearest = [each for each in story.placed if segment.clause.start <= each.mention.start < placed.mention.start]
    if nearest:
        return nearest[-1].people == ("child",) or nearest[-1].mention.kind in CHILDREN
    before = story.text[segment.clause.start : placed.mention.start]
    if not segment.named and re.fullmatch(r"(?:现在|一直|就|都|只能|目前)*(?:跟|跟着|随|由)\S{0,6}", before) and placed.people == OTHER:
        return True  # 母亲失联，跟爷爷住: who is gone lives with nobody here
    return segment.people in (("child",), ()) or "给" in story.text[placed.mention.start - 2 : placed.mention.start]


def _places(story: Story, library: Library) -> list[tuple[str, tuple[int, int]]]:
    found = []
    for choice in library.facts[LIVES_WITH].choices:
        if choice.value not in _PLACES:
            continue
        for word in choice.says:
            place = story.text.find(word)
            if len(word) > 2 and place >= 0 and story.segment(place).people in (("child",), ()):
                if story.stance_of(place, place + len(word)) is Stance.SAID:
                    found.append((str(choice.value), (place, place + len(word))))
    return found
