"""With whom the child lives, when all that is told of it agrees."""

from __future__ import annotations

import re
from typing import Any

from knowledge.library import Library
from knowledge.reading import household, keepers
from knowledge.reading.clauses import Segment
from knowledge.reading.household import LIVES_WITH, PLACES, Keeper
from knowledge.reading.kinship import PARENTS
from knowledge.reading.patterns import pattern
from knowledge.reading.siblings import ALL
from knowledge.reading.story import Findings, Story
from knowledge.reading.told import label

_NOW = re.compile("(?:现在|如今|目前|眼下|这会儿|现)")
_HOLIDAY = re.compile("暑假|寒假|放假|周末|节假日|星期天|礼拜天")
# 一个跟爸爸一个跟妈妈: which of them is not said
_SHARED_OUT = re.compile("一个(?:跟|随|归|判给|在)[^。]{1,12}?一个(?:跟|随|归|判给|在)")
_LIVES_ALONE = re.compile("独自|一个人(?:住|过|生活)")
_TOGETHER = pattern("home.children_together")
_FOSTERED = pattern("home.fostered")
_FOSTERS = ("foster_family", "friends", "other_relatives")


def find(story: Story, library: Library) -> list[Keeper]:
    """Whoever a child is said to be with."""
    told = [*household.pairs(story), *household.families(story), *household.carers(story)]
    return [*keepers.find(story), *told, *household.by_themselves(story), *household.places(story, library)]


def read(story: Story, findings: Findings, found: list[Keeper], asking: str | None = None, held: Any = None) -> None:
    """child.lives_with into `findings`, when all told of a child agrees; a parent who raises the child is caring.

    他妈在家带孩子, said when her situation was asked, is about her: it leaves what is `held` of where the child lives.
    """
    if _SHARED_OUT.search(story.text):
        return
    is_about_them = asking in ("father.situation", "mother.situation") and held is not None
    told = [keeper for keeper in found if not (is_about_them and keeper.inferred and keeper.value != held)]
    for each in {_of_whom(story, keeper) for keeper in told}:
        _tell(story, findings, each, [keeper for keeper in told if _of_whom(story, keeper) == each])
    _tell_fostered(story, findings, held)
    for keeper in found:
        for parent in PARENTS & {*keeper.people}:
            fact = f"{parent}.situation"
            is_open = {*findings.facts.get(fact, [])} <= {"disabled", "major_illness"}
            is_only = not keeper.awarded or len({each.value for each in found}) == 1  # 归爸爸，平时奶奶照顾
            if keeper.raises and is_only and is_open and fact not in findings.partial:
                findings.add(fact, "caring", keeper.span)


def _of_whom(story: Story, keeper: Keeper) -> int:
    """姐姐13岁，弟弟10岁，父亲去世，随祖母生活: behind somebody else no longer of the last child alone."""
    number = label(story, keeper.span[0])
    if story.cast.many and _TOGETHER.search(_clause(story, keeper)):
        return ALL  # 妈妈在家带我和妹妹
    segment = story.segment(keeper.span[0])
    children = {each.label for each in story.segments if each.start < segment.start and each.label > 0}
    if number > 0 and segment.people == ("child",) and not segment.named and _are_told_together(story, segment):
        return ALL  # 两个孩子一个初二一个五年级，跟着我爸妈
    told_on = number > 0 and len(children) > 1 and segment.people != ("child",)
    return ALL if told_on and not _names_a_child(story, segment) else number


def _are_told_together(story: Story, segment: Segment) -> bool:
    """Whether the clause just before tells of several children."""
    before = [each for each in story.segments if each.end <= segment.clause.start]
    beside = [each for each in before if each.clause == before[-1].clause]
    return len({each.label for each in beside if each.label > 0}) > 1


def _names_a_child(story: Story, segment: Segment) -> bool:
    inside = [each for each in story.placed if segment.clause.start <= each.mention.start < segment.clause.end]
    return any(each.people == ("child",) for each in inside)


def _clause(story: Story, keeper: Keeper) -> str:
    clause = story.segment(keeper.span[0]).clause
    return story.text[clause.start : clause.end]


def _tell_fostered(story: Story, findings: Findings, held: Any) -> None:
    """寄养着, but not with whom."""
    found = _FOSTERED.search(story.text)
    if found and held is None and LIVES_WITH not in findings.facts and LIVES_WITH not in findings.partial:
        findings.tell(LIVES_WITH, {"one_of": [*_FOSTERS]}, found.span())


def _tell(story: Story, findings: Findings, number: int, found: list[Keeper]) -> None:
    whose = findings.of(number)
    found = _now(story, found)
    agreed = len({keeper.value for keeper in found}) == 1 and whose.facts.get(LIVES_WITH, found[0].value)
    if agreed != found[0].value:
        whose.drop(LIVES_WITH)
        return
    whose.tell(LIVES_WITH, found[0].value, found[0].span)
    if number == ALL:
        findings.for_all.add(LIVES_WITH)
    if found[0].value not in PLACES and "一个人" not in story.text:
        whose.drop("safety.unattended")


def _now(story: Story, found: list[Keeper]) -> list[Keeper]:
    """一直是我妈带，现在轮到我家: what is said to be so now; 平时一个人在家 takes nobody's place."""
    if len({keeper.value for keeper in found}) > 1:
        found = [keeper for keeper in found if not keeper.awarded] or found  # 孙子归我儿子，人在我这
        named = [keeper for keeper in found if keeper.value != "alone" or _LIVES_ALONE.search(story.text)]
        found = named or found
    if len({keeper.value for keeper in found}) > 1:  # 暑假在外婆家，平时跟妈妈
        found = [keeper for keeper in found if not _HOLIDAY.search(_clause(story, keeper))] or found
    present = [each for each in found if _NOW.match(story.text, story.segment(each.span[0]).clause.start)]
    return present if len({each.value for each in present}) == 1 else found
