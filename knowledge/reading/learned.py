"""What a model that has read many stories hears where the words on our lists say nothing.

The rules of this package come first. A sense counts from the likelihood on that was right often enough in stories which
the model had not seen (learned.yml); where it stands in the text is where the model looked, so that a caseworker sees
the words behind it. In a story that stands by itself a rule's reading which the model is sure is none is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.reading import ascribed, household
from knowledge.reading.cues import Hit
from knowledge.reading.household import PLACES
from knowledge.reading.kinship import PARENTS
from knowledge.reading.patterns import pattern
from knowledge.reading.ruled_out import LIVES_WITH, RELIEF, Sense, place_of, ruled_out
from knowledge.reading.story import Findings, Story

__all__ = ["Sense", "add", "doubted", "leave_out", "role", "sure_enough"]
ROLE = "asker.role"
# Shorter messages are answers, which only the pending question makes clear.
SHORTEST = 8
# What the stories left open between any two values: which, the model was not taught.
OPEN = "?"
_QUOTED = 24
_SHARED_OUT = pattern("learned.shared_out")
_TIME = pattern("learned.time")
_KILLED = pattern("learned.killed")
_LENGTHS = ("term_months", "detained_months", "lost_contact_months")


Label = tuple[str, str]


def _is_story(text: str) -> bool:
    return sum(letter.isalnum() for letter in text) >= SHORTEST


@cache
def _table() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("learned.yml").read_text(encoding="utf-8"))
    return content


def sure_enough(senses: Iterable[Sense], text: str) -> list[Sense]:
    """Those that count in this text, surest first."""
    if not _is_story(text):
        return []
    bars: Mapping[str, float] = _table()["sure"]
    counted = [each for each in senses if each.value != OPEN and each.sure >= bars.get(each.fact, 2)]
    return sorted(counted, key=lambda each: -each.sure)


def role(
    read: Sequence[str], heard: Sequence[Sense], doubted: Collection[Label], cannot_be: Collection[str] = ()
) -> str | None:
    """Who writes, when one role is heard and no other, and none was `read` or only a doubted one.

    Somebody who says that they are a child is spoken to as one, whatever the model thinks.
    """
    roles = {each.value for each in heard if each.fact == ROLE} - {*cannot_be}
    is_open = not read or (len(read) == 1 and (ROLE, read[0]) in doubted and read[0] != "child")
    return roles.pop() if is_open and len(roles) == 1 else None


def doubted(senses: Iterable[Sense], text: str) -> frozenset[Label]:
    """What a rule may read in this text and the model is sure is not told."""
    told, likely = _table()["doubted"], _table()["unlikely"]
    if not _is_story(text):
        return frozenset()
    return frozenset((each.fact, each.value) for each in senses if each.fact in told and each.sure <= likely)


def leave_out(story: Story, findings: Findings, unlikely: Collection[Label]) -> None:
    """Take back what a rule read and the model is sure is not told."""
    unlikely = {label for label in unlikely if not _is_plain(story, *label)}
    for fact in {fact for fact, _ in unlikely if fact != ROLE} & {*findings.facts}:
        held, span = findings.facts[fact], findings.spans[fact]
        if not isinstance(held, list):
            if (fact, str(held)) in unlikely and not _is_with_a_carer(findings, fact):
                findings.drop(fact)
            continue
        kept = [value for value in held if (fact, value) not in unlikely]
        if kept != held:
            findings.drop(fact)
            for length in _LENGTHS:
                findings.drop(f"{fact.partition('.')[0]}.{length}")  # of what is not so
        if kept and kept != held:
            findings.tell(fact, kept, span)


def _is_with_a_carer(findings: Findings, fact: str) -> bool:
    """爸爸在家养着: with whom the child lives follows from who looks after it."""
    return fact == LIVES_WITH and "caring" in findings.facts.get(f"{findings.facts[fact]}.situation", ())


def _is_plain(story: Story, fact: str, value: str) -> bool:
    """Whether it stands right behind the parent it is told of (母亲失联, 儿子今年进去了): no doubt weighs more.

    Not so for work: 妈妈在饭店端盘子 may come home every evening. Who is lost and still calls is read from both.
    """
    if value == "working_away":
        return False
    if value == "contactable_not_caring":
        return True
    if value == "alone":
        return bool(household.by_themselves(story))
    whose, _, what = fact.partition(".")
    ends = {placed.mention.end for placed in story.placed if placed.people == (whose,)}
    said = [hit for hit in story.hits if (hit.cue.fact, hit.cue.value) == (f"{{parent}}.{what}", value)]
    if value == "dead" and any(_is_killed(story, hit, whose) for hit in said):
        return True
    return any(_TIME.fullmatch(story.text, end, hit.start) for hit in said for end in ends)


def _is_killed(story: Story, hit: Hit, whose: str) -> bool:
    """我儿子让人捅死了: what he died of stands between, where the stories had an illness or an accident."""
    segment = story.segment(hit.start)
    return segment.named and segment.people == (whose,) and bool(_KILLED.search(story.text, segment.start, hit.end))


def add(
    story: Story,
    findings: Findings,
    senses: Sequence[Sense],
    known: Mapping[str, Any],
    of_whom: Collection[str] = PARENTS,
) -> None:
    """Tell what nothing else told, of one child; of several, what they share.

    `of_whom`: the parents that a message which names neither may be about.
    """
    read = {*findings.facts, *findings.partial, *known}
    named = {person for placed in story.placed for person in placed.people}
    for each in senses:
        whose = each.fact.partition(".")[0]
        if each.fact == ROLE or (whose == "child" and story.cast.many and not _is_of_all(story, findings, each)):
            continue
        may_be = story.speaker.roles and whose in of_whom and each.value not in _table()["only_named"]
        if whose in PARENTS and whose not in named and not may_be:
            continue  # 我儿子坐牢了, by nobody knows whom: he may be the child
        if each.fact == LIVES_WITH and household.is_with_another(story, each.value):
            continue
        if each.value in ascribed.HELD and ascribed.is_free(story, whose):
            continue  # 上个月出狱了
        if ruled_out(story, findings, each):
            continue
        span = _span(story, each.letter)
        if each.fact.endswith(".situation"):
            held = findings.facts.get(each.fact, [])
            if (held and _stands_beside(held, each.value)) or each.fact not in read:
                findings.add(each.fact, each.value, span)
                read.add(each.fact)
        elif each.fact not in read:
            findings.tell(each.fact, _value(each), span)
            findings.for_all |= {each.fact} if whose == "child" and story.cast.many else set()
            read.add(each.fact)


def _is_of_all(story: Story, findings: Findings, sense: Sense) -> bool:
    """Whether brothers and sisters are heard to live together; not so 大的跟姥爷，小的跟我."""
    if sense.fact != LIVES_WITH or sense.value in PLACES or sense.sure < _table()["of_all"]:
        return False
    told_apart = any(LIVES_WITH in {**each.facts, **each.partial} for each in findings.children.values())
    return not told_apart and not _SHARED_OUT.search(story.text)


def _stands_beside(held: Sequence[str], value: str) -> bool:
    """Whether both can be so at once: somebody who is disabled may look after the child, somebody gone does not."""
    beside: Mapping[str, Sequence[str]] = _table()["beside"]
    return value not in held and all(value in beside.get(other, ()) or other in beside.get(value, ()) for other in held)


def _value(sense: Sense) -> Any:
    if sense.fact == RELIEF:
        return [sense.value]
    return {"True": True, "False": False}.get(sense.value, sense.value)


def _span(story: Story, letter: int) -> tuple[int, int]:
    """The stretch around the letter when it is short enough to quote."""
    place = place_of(story, letter)
    segment = story.segment(place)
    if 0 < segment.end - segment.start <= _QUOTED:
        return segment.start, segment.end
    return max(segment.start, place - _QUOTED // 2), min(segment.end, place + _QUOTED // 2) or len(story.text)
