"""Which length of time is told of what: 判了三年 is a sentence, 走了大半年 an absence."""

from __future__ import annotations

import re
from typing import Any

from knowledge.reading.clauses import Segment
from knowledge.reading.cues import Hit
from knowledge.reading.durations import Stretch
from knowledge.reading.patterns import pattern
from knowledge.reading.story import Story

PARENTS = ("father", "mother")
FLED = ("lost_contact", "left", "gone_for_good")
_BETWEEN = pattern("parents.between")
_TERM_AFTER = pattern("parents.term_after")
_SENTENCED = re.compile(r"判|刑|强戒|强制|戒毒")
_TERM_BEFORE = pattern("parents.term_before")
_FOR_LIFE = re.compile(r"无期|死缓")
# 刑法第八十一条: nobody sentenced to life leaves before thirteen years.
_LIFE_MONTHS = 156
_SITS = re.compile("坐|蹲|服刑")
_WILL_SIT = re.compile("(?<!还)(?:要|得)$")
_SAT = re.compile("(?:了|有|都|已经|快|整整|差不多|大概)*")
_BACK = re.compile(r"就|才|后(?!来)|没多久")
_WRITTEN_TERM = re.compile("(?:刑期|期限|判决书上写的?)(?:是|为)?$")
_JUDGED = re.compile("(?:判(?:的|了|刑)|服刑|戒毒|强戒)[^。！？!?]{0,12}$")
_LENGTH_ALONE = re.compile("(?:说是|说|也是|都是|是|一共|要|得|期限)*")
_BEGAN = re.compile("(?:(?:送|判|强制戒毒|强戒)(?:进去|去|的|了|下来)+|(?:坐牢|服刑)[^，。,]{0,4})[，,]$")
_FAR = 14
_TAKEN = ("detained", "caught", "imprisoned", "not_judged")
_OUT = re.compile("[^，。,]{0,8}(?:出来|出狱|释放|离婚|离了|离异)")
_SCHOOL = re.compile("(?:刚|就|才|也|正|已经|在)*(?:[读上念考升]|[0-9一二三四五六七八九十]+周?岁)")


def term(story: Story, hit: Hit) -> tuple[Any, tuple[int, int]] | None:
    """The length of a sentence next to its word; time already served is none."""
    if _FOR_LIFE.search(story.text[hit.start : hit.end]):
        return {"min": _LIFE_MONTHS}, (hit.start, hit.end)
    words = story.text[hit.start : hit.end]
    if words.endswith("所"):
        return None  # 在戒毒所两年 says how long already
    for stretch in story.stretches:
        if stretch.since or not _SENTENCED.search(words + story.text[stretch.end : stretch.end + 4]):
            continue
        after = hit.end <= stretch.start and _TERM_AFTER.fullmatch(story.text[hit.end : stretch.start])
        inside = hit.start <= stretch.start < hit.end
        before = (
            "判" not in words
            and stretch.end <= hit.start
            and _TERM_BEFORE.fullmatch(story.text[stretch.end : hit.start])
        )
        served = "判" not in words and re.match(r"了", story.text[stretch.end :])
        if (after or inside or before) and not served:
            return stretch.json(), (min(hit.start, stretch.start), max(hit.end, stretch.end))
    return None


def served(story: Story, hit: Hit) -> tuple[Any, tuple[int, int]] | None:
    """坐牢三年: no sentence is shorter than what was served of it."""
    for stretch in story.stretches:
        if stretch.since or stretch.low is None or not _SITS.search(story.text[hit.start : hit.end]):
            continue
        if hit.end <= stretch.start and _SAT.fullmatch(story.text[hit.end : stretch.start]):
            ahead = _WILL_SIT.search(story.text[: hit.start])  # 要坐十一年牢 is all of it
            return stretch.json() if ahead else {"min": stretch.low}, (hit.start, stretch.end)
    return None


def written_term(story: Story, parent: str) -> tuple[Any, tuple[int, int]] | None:
    """刑期四年, told of this parent."""
    for stretch in story.stretches:
        match = _WRITTEN_TERM.search(story.text[: stretch.start])
        if match and parent in story.segment(stretch.start).people:
            return stretch.json(), (match.start(), stretch.end)
        # 都是去年判的，我哥七年我嫂子三年
        segment = story.segment(stretch.start)
        if segment.people == (parent,) and (span := _next_to_when(story, stretch, segment)):
            return stretch.json(), span
        is_bare = segment.named and segment.people == (parent,) and segment.body == stretch.start
        if is_bare and stretch.end == segment.end and not stretch.since and _JUDGED.search(story.text[: segment.start]):
            return stretch.json(), (segment.start, stretch.end)
    return None


def _next_to_when(story: Story, stretch: Stretch, segment: Segment) -> tuple[int, int] | None:
    """去年十一月送的，两年: a length alone right behind when it began."""
    said = story.text[segment.start : stretch.start]
    if segment.named or stretch.since or stretch.end != segment.end or not _LENGTH_ALONE.fullmatch(said):
        return None
    before = _BEGAN.search(story.text[: segment.start])
    return (before.start(), segment.end) if before else None


def gone_for(story: Story, parent: str, hits: list[Hit]) -> Stretch | None:
    """The length of time told of these hits: 走了大半年, 大半年没音信, 前年走的."""
    hits = sorted(hits, key=lambda hit: hit.cue.value != "lost_contact")
    for hit in hits:
        for stretch in story.stretches:
            people = story.segment(stretch.start).people
            if (parent in people or not {*people} & {*PARENTS}) and _belongs(story, stretch, hit):
                return stretch
    births = [range(age.start, age.end) for age in story.ages if not _is_told_of(story, parent, age.start)]
    points = [
        each
        for each in story.stretches
        if each.since
        and parent in story.segment(each.start).people
        and not any(each.start in age for age in births)
        and not _OUT.match(story.text, each.end)
        and not _SCHOOL.match(story.text, each.end)
    ]
    # 前年秋天说出去打工，就再也没有消息了: the only point in time that is told of this parent
    near = [
        each
        for each in points
        for hit in hits
        if hit.cue.value in _TAKEN and 0 <= hit.start - each.end <= _FAR and hit.end <= story.segment(each.start).end
    ]
    if len(near) == 1:
        return near[0]  # 2026年1月因故意伤害被刑事拘留
    return points[0] if len(points) == 1 and any(hit.cue.value == "lost_contact" for hit in hits) else None


def _is_told_of(story: Story, parent: str, place: int) -> bool:
    segment = story.segment(place)
    return segment.named and parent in segment.people


def _belongs(story: Story, stretch: Stretch, hit: Hit) -> bool:
    if stretch.since and _SCHOOL.match(story.text, stretch.end):
        return False  # 再没消息，今年读六年级
    if hit.end <= stretch.start:
        return bool(_BETWEEN.fullmatch(story.text[hit.end : stretch.start]))
    if stretch.end <= hit.start:
        between = story.text[stretch.end : hit.start]
        event = hit.cue.value == "left" or re.search(r"跑|走", story.text[hit.start : hit.end])
        if event and not stretch.since:
            return False
        named = re.sub("|".join(re.escape(each.said) for each in story.mentions) or r"\0", "", between)
        return bool(_BETWEEN.fullmatch(named)) and not (_BACK.search(between) and not stretch.since)
    return hit.start <= stretch.start and stretch.end <= hit.end


def around(story: Story, stretch: Stretch) -> tuple[int, int]:
    segment = story.segment(stretch.start)
    return (segment.start, segment.end) if segment.end - segment.start <= 24 else (stretch.start, stretch.end)
