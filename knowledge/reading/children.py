"""What a story tells of the child itself; where it tells of two children, only what cannot be the other's."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from knowledge.library import Library
from knowledge.reading import ages, replies
from knowledge.reading.clauses import Segment
from knowledge.reading.cues import Hit
from knowledge.reading.kinship import CHILDREN
from knowledge.reading.numerals import NUMBER, number
from knowledge.reading.patterns import pattern
from knowledge.reading.polarity import Stance
from knowledge.reading.polarity import stance as stance_of
from knowledge.reading.story import Findings, Story

_OLDEST = 25
_BARE = re.compile(
    rf"(?P<before>(?:今年|现在|都|也|已经|才|刚满?|快满?|虚岁|虚|满)*)(?P<years>{NUMBER})(?=了|多了|\W|$|男|女|[上读念最小大]|跟|没(?!个))"
)
_BEHIND = re.compile(r"(?:今年|现在|都|也|已经|才|刚|快|满|是|有|一个|个|了|的|女孩|男孩|孩子|娃|\W)*")
_ALONE = re.compile(rf"(?P<before>(?:今年|现在|才|刚满?|都|快满?|虚岁)+)(?P<years>{NUMBER})了?")
_LATER = re.compile(rf"[^，。,\s]{{0,4}}#+\W?(?P<before>今年|都|快|才|刚)?(?P<years>{NUMBER})(?=了|\W|$)")
_CHILD_AFTER = pattern("children.child_after")
_ONLY_AGE = pattern("children.only_age")
_FREE = (
    "child.schooling",
    "child.boarding",
    "child.has_hukou",
    "child.refused_by_school",
    "child.school_public",
    "child.adoption",
    "child.parents_untraceable",
)
_TO_COME = pattern("children.to_come")
_NOT_A_PUPIL = pattern("children.not_a_pupil")
_GRADE = re.compile(r"([一二三四1-4])级(?!别)")
_ENDS_SCHOOL = ("dropped_out", "finished", "not_in_school_yet")
_STOPPED = pattern("children.stopped")
_HOW = pattern("children.how")
_LONG_AGO = re.compile("去年|前年|前些年|以前|小时候|那年")
_NOT_YET = pattern("children.not_yet")


@dataclass(frozen=True)
class Told:
    """One value told of a child; `label` 1 and 2 are the elder and the younger."""

    fact: str
    value: Any
    span: tuple[int, int]
    label: int
    doubted: bool


def read(story: Story, library: Library, findings: Findings) -> None:
    """Facts of the child and of the home into `findings`."""
    if _asks_in_general(story):
        return
    told = [*_ages(story), *_cued(story, library), *_grades(story)]
    for fact, values in _grouped(told).items():
        _settle(library, findings, fact, values)


def _asks_in_general(story: Story) -> bool:
    """Whether the text asks about the policy and tells of nobody: 上大学还有吗."""
    return not any(each.kind != "strangers" for each in story.mentions) and replies.is_question(story.text)


def _grouped(told: list[Told]) -> dict[str, list[Told]]:
    groups: dict[str, list[Told]] = defaultdict(list)
    for each in told:
        groups[each.fact].append(each)
    return groups


def _settle(library: Library, findings: Findings, fact: str, told: list[Told]) -> None:
    """The values of the first child when the story labels two; nothing when they cannot be told apart."""
    labels = {each.label for each in told}
    told = [each for each in told if each.label != 2] if labels == {2} else told
    if {1, 2} <= labels:
        first, second = ({str(each.value) for each in told if each.label == label} for label in (1, 2))
        if first != second:
            return
    if fact == "child.disability_kind" and any(each.value == "autism" for each in told):
        told = [each for each in told if each.value != "speech"]  # 自闭，还不会说话 is one thing
    if library.facts[fact].kind == "set":
        for each in told:
            findings.add(fact, each.value, each.span, each.doubted)
        return
    if fact == "child.schooling" and any(each.value in _ENDS_SCHOOL for each in told):
        told = [each for each in told if each.value in _ENDS_SCHOOL]
    exact = [each for each in told if not isinstance(each.value, dict)] or told
    if len({str(each.value) for each in exact}) == 1 and all(_fits(exact[0].value, each.value) for each in told):
        findings.tell(fact, exact[0].value, exact[0].span, exact[0].doubted)


def _fits(value: Any, other: Any) -> bool:
    """Whether two tellings can both be true: 九岁 and 虚岁十岁."""
    if value == other or not isinstance(other, dict):
        return bool(value == other)
    if "one_of" in other:
        return value in other["one_of"]
    return isinstance(value, int | float) and other.get("min", value) <= value <= other.get("max", value)


def _ages(story: Story) -> list[Told]:
    found = [*story.ages, *_bare(story)]
    told = []
    for age in found:
        if (age.low or 0) > _OLDEST or not _is_childs_age(story, age):
            continue
        clause = story.segment(age.start).clause
        stance = stance_of(story.text[clause.start : age.start], "", story.text[clause.sentence : clause.start])
        if stance not in (Stance.SAID, Stance.DOUBTED):
            continue
        fact, value = ("child.born", age.born) if age.born else ("child.age", age.json())
        told.append(Told(fact, value, (age.start, age.end), _label(story, age.start), stance is Stance.DOUBTED))
    return told


def _label(story: Story, place: int) -> int:
    segment = story.segment(place)
    # 小的自闭: one child that is singled out is the one asked about
    return segment.label if len({each.label for each in story.segments} - {0}) > 1 else 0


def _bare(story: Story) -> list[ages.Age]:
    """孙女十三了: a number right behind the child."""
    found = [age for segment in story.segments if (age := _alone(story, segment))]
    for placed in story.placed:
        if placed.people != ("child",):
            continue
        match = _BARE.match(story.unclassed, placed.mention.end) or _later(story, placed.mention.end)
        if match is None or any(age.start < match.end() and match.start() < age.end for age in story.ages):
            continue
        ends = ages.read(match["years"], match["before"] or "")
        if ends is not None and (ends[1] or 0) <= _OLDEST and (ends[0] or 0) >= 1:
            found.append(ages.Age(match.start(), match.end(), *ends))
    return found


def _alone(story: Story, segment: Segment) -> ages.Age | None:
    """大的留给我们 今年十五: a clause that is only a number, told of the child."""
    match = _ALONE.fullmatch(story.unclassed, segment.start, segment.end)
    if match is None or segment.named or segment.people != ("child",):
        return None
    ends = ages.read(match["years"], match["before"])
    return ages.Age(match.start(), match.end(), *ends) if ends and (ends[1] or 0) <= _OLDEST else None


def _later(story: Story, place: int) -> re.Match[str] | None:
    """大的读高一十七了: a number with 了 behind the school year."""
    return _LATER.match(story.unclassed, place)


def _is_childs_age(story: Story, age: ages.Age) -> bool:
    if _CHILD_AFTER.match(story.text, age.end):
        return True
    before = [each for each in story.placed if each.mention.end <= age.start]
    segment = story.segment(age.start)
    if before and before[-1].mention.start >= segment.clause.start:
        nearest = before[-1]
        if nearest.people == ("child",):
            return True
        if nearest.subject or nearest.mention.kind != "me":
            return nearest.people == ("child",)
    if segment.people in (("child",), ()):
        return True
    if segment.named:
        return False
    around = story.text[segment.clause.start : age.start], story.text[age.end : segment.end]
    return all(_ONLY_AGE.fullmatch(part) for part in around) or (
        bool(_ONLY_AGE.fullmatch(around[0])) and bool(re.match(r"(?:了)?(?:上|读|念)", around[1]))
    )


def _cued(story: Story, library: Library) -> list[Told]:
    told = []
    for hit in story.hits:
        if hit.cue.about == "parent" or not _counts(story, hit):
            continue
        fact = library.facts[hit.cue.fact]
        stance = story.stance(hit)
        if stance is Stance.DENIED and hit.cue.fact == "child.boarding":
            told.append(Told(fact.id, False, _quote(story, hit), _label(story, hit.start), False))
        if stance is Stance.SUPPOSED and fact.id.startswith("need."):
            stance = Stance.SAID  # a wish is what these facts are about
        if stance not in (Stance.SAID, Stance.DOUBTED):
            continue
        value: Any = hit.cue.value == "true" if fact.kind == "bool" else hit.cue.value
        if value == "kindergarten":
            value = {"one_of": ["kindergarten_final_year", "kindergarten_lower"]}
        told.append(Told(fact.id, value, _quote(story, hit), _label(story, hit.start), stance is Stance.DOUBTED))
    return told


def _counts(story: Story, hit: Hit) -> bool:
    before, after = story.text[: hit.start], story.text[hit.end :]
    if hit.cue.fact == "child.schooling" and (_TO_COME.search(before) or _NOT_A_PUPIL.match(after)):
        return False
    if hit.cue.fact == "household.emergency" and _LONG_AGO.search(before[-12:]):
        return False
    if hit.cue.fact == "household.relief" and (_NOT_YET.search(before) or _STOPPED.match(after) or _HOW.search(before)):
        return False
    segment = story.segment(hit.start)
    if hit.cue.fact == "safety.harm":
        return True
    if hit.cue.about == "home" and hit.cue.fact != "safety.unattended":
        return not (
            segment.named and segment.people in (("other",), ("stranger",)) and _is_stranger(story, segment.start)
        )
    return _is_childs(story, hit)


def _is_stranger(story: Story, start: int) -> bool:
    return any(
        each.start == start and each.kind in ("strangers", "outsiders", "relatives", "uncle") for each in story.mentions
    )


def _is_childs(story: Story, hit: Hit) -> bool:
    if _CHILD_AFTER.match(story.text, hit.end):
        return True
    if hit.cue.fact == "child.parents_untraceable":
        return True
    segment = story.segment(hit.start)
    nearest = [
        each for each in story.placed if segment.clause.start <= each.mention.start and each.mention.end <= hit.start
    ]
    if nearest and nearest[-1].mention.kind in CHILDREN:
        return True
    if segment.people == ("child",):
        return True
    if segment.people == () or not segment.named:
        return hit.cue.fact in (*_FREE, "safety.unattended") and (
            segment.people == ()
            or bool(_ONLY_AGE.fullmatch(story.text[segment.clause.start : hit.start]))
            or hit.cue.fact == "child.has_hukou"
        )
    return False


def _quote(story: Story, hit: Hit) -> tuple[int, int]:
    return hit.start, hit.end


def _grades(story: Story) -> list[Told]:
    told = []
    for hit in story.hits:
        if hit.cue.fact not in ("child.disability_kind", "{parent}.situation") or story.segment(hit.start).people != (
            "child",
        ):
            continue
        match = next(
            (
                found
                for segment in story.segments
                if segment.people == ("child",) and segment.end > hit.start
                if (found := _GRADE.search(story.text, segment.start, segment.end))
            ),
            None,
        )
        if match and (hit.cue.about == "child" or hit.cue.value == "disabled") and story.stance(hit) is Stance.SAID:
            grade = str(int(number(match[1]) or 0))
            told.append(Told("child.disability_grade", grade, match.span(), _label(story, hit.start), False))
    return told
