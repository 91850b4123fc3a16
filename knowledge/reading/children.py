"""What a story tells of the child itself, and of each child where it tells of several."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from knowledge.library import Library
from knowledge.reading import child_ages, child_signs, replies, siblings, zodiac
from knowledge.reading.clauses import Segment
from knowledge.reading.cues import Hit
from knowledge.reading.numerals import number
from knowledge.reading.patterns import pattern
from knowledge.reading.polarity import Stance
from knowledge.reading.story import Findings, Story
from knowledge.reading.told import Told, label

_GRADE = re.compile(r"([一二三四1-4])级(?!别)")
_ENDS_SCHOOL = ("dropped_out", "finished", "not_in_school_yet")
_SCHOOL_AGE = 7
_UNASSESSED = pattern("parents.unassessed")


def read(story: Story, library: Library, findings: Findings, elsewhere: Collection[int] = ()) -> None:
    """Facts of the child and of the home into `findings`; `elsewhere` are labels of children told of otherwise."""
    if _asks_in_general(story):
        findings.numbers = siblings.numbers(story.cast, {*elsewhere})
        return
    told = [*child_ages.read(story), *child_signs.told(story, library), *_grades(story)]
    findings.numbers = siblings.numbers(story.cast, {each.label for each in told} | {*elsewhere})
    for (child, fact), values in _grouped(findings, told).items():
        _settle(library, findings.of(child), fact, values)
    _by_animal(story, findings)
    for each in (findings, *findings.children.values()):
        _not_yet(story, each)
    _give_to_the_rest(story, findings, {each.fact for each in told if each.label == siblings.ALL})
    findings.for_all |= {each.fact for each in told if _of_all(story, each)} & {*findings.facts, *findings.partial}


def _by_animal(story: Story, findings: Findings) -> None:
    """属龙的, of one child whose age is told in no other way, and of nobody else."""
    found = zodiac.find(story.text, story.as_of, findings.facts.get("child.schooling"))
    told = {*findings.facts, *findings.partial} & {"child.age", "child.born"}
    if found is None or told or story.cast.many:
        return
    segment = story.segment(found.start)
    if segment.people in (("child",), ()) or not segment.named:
        findings.tell("child.age", found.json(), (found.start, found.end))


def _give_to_the_rest(story: Story, findings: Findings, told_of_all: set[str]) -> None:
    """老大初一，老二十岁，老三七岁，都在村小: all but who was told of otherwise."""
    for fact in told_of_all & findings.facts.keys():
        value, span = findings.facts[fact], findings.spans[fact]
        if any(fact in each.facts and each.facts[fact] != value for each in findings.children.values()):
            findings.drop(fact)
            for each in findings.children.values():
                if fact not in each.facts and fact not in each.partial:
                    each.tell(fact, value, span)


def _not_yet(story: Story, findings: Findings) -> None:
    """六岁没上学: too young to have left school."""
    age = findings.facts.get("child.age")
    if findings.facts.get("child.schooling") == "dropped_out" and age is not None and age < _SCHOOL_AGE:
        findings.tell("child.schooling", "not_in_school_yet", findings.spans["child.schooling"])


def _asks_in_general(story: Story) -> bool:
    """Whether the text asks about the policy and tells of nobody: 上大学还有吗."""
    return not any(each.kind != "strangers" for each in story.mentions) and replies.is_question(story.text)


def _grouped(findings: Findings, told: list[Told]) -> dict[tuple[int, str], list[Told]]:
    """By child and fact; what is told of all and of the child at hand goes together."""
    groups: dict[tuple[int, str], list[Told]] = defaultdict(list)
    for each in told:
        label = 0 if findings.of(each.label) is findings else each.label
        groups[label, each.fact].append(each)
    return groups


def _of_all(story: Story, told: Told) -> bool:
    return told.label == siblings.ALL or (story.cast.twins and told.fact in ("child.age", "child.born"))


def _settle(library: Library, findings: Findings, fact: str, told: list[Told]) -> None:
    """What the tellings of one child agree on."""
    if fact == "child.disability_kind" and any(each.value == "autism" for each in told):
        told = [each for each in told if each.value != "speech"]  # 自闭，还不会说话 is one thing
    if library.facts[fact].kind == "set":
        told = [each for each in told if each.value != "none"] or told
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


def _next_to(story: Story, hit: Hit) -> list[Segment]:
    """The stretch of a hit and those behind it that go on about the same child."""
    found: list[Segment] = []
    for each in story.segments:
        if each.end <= hit.start:
            continue
        if found and (each.named or each.people != ("child",) or len(found) > 2):
            break
        found.append(each)
    return found


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
        said = "，".join(story.text[each.start : each.end] for each in _next_to(story, hit))
        if hit.cue.fact == "child.disability_kind" and match is None and _UNASSESSED.search(said):
            span = (hit.start, hit.end)
            told.append(Told("child.disability_grade", "unassessed", span, label(story, hit.start), False))
        if match and (hit.cue.about == "child" or hit.cue.value == "disabled") and story.stance(hit) is Stance.SAID:
            grade = str(int(number(match[1]) or 0))
            told.append(Told("child.disability_grade", grade, match.span(), label(story, hit.start), False))
    return told
