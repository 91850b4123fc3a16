"""One text taken apart: words, people, who speaks, stretches, cues and times; what every reader works on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge.reading import ages, clauses, durations, friends, kinship, siblings
from knowledge.reading.breaks import Clause
from knowledge.reading.clauses import Placed, Segment
from knowledge.reading.cues import Cues, Hit
from knowledge.reading.patterns import pattern
from knowledge.reading.people import People, meant
from knowledge.reading.polarity import Stance, stance
from knowledge.reading.speaker import Speaker, infer
from knowledge.reading.words import words


@dataclass(frozen=True)
class Story:
    """Everything seen in a text before it is judged."""

    text: str
    unclassed: str
    as_of: date
    speaker: Speaker
    mentions: list[kinship.Mention]
    placed: list[Placed]
    segments: list[Segment]
    hits: list[Hit]
    stretches: list[durations.Stretch]
    ages: list[ages.Age]
    cast: siblings.Cast

    def segment(self, place: int) -> Segment:
        """The stretch that holds a place of the text."""
        found = next((each for each in self.segments if each.start <= place < each.end), None)
        return found or _NOWHERE

    def stance(self, hit: Hit) -> Stance:
        """How the writer stands to a hit."""
        return self.stance_of(hit.start, hit.end)

    def stance_of(self, start: int, end: int) -> Stance:
        """How the writer stands to the words between two places."""
        clause = self.segment(start).clause
        before, after = self.text[clause.start : start], self.text[end : clause.end]
        return stance(before, after, self.text[clause.sentence : clause.start], self.text[clause.end : clause.end + 8])

    def people(self, hit: Hit) -> People:
        """Whom a hit is told of: the person named inside it, else those of its stretch."""
        inside = clauses.person_at(self.placed, hit.start, hit.end) if hit.cue.inner else None
        return inside or self.segment(hit.start).people


_NOWHERE = Segment(0, 0, (), False, 0, 0, Clause(0, 0, 0))


@dataclass
class Findings:
    """What has been read so far; `spans` are the words behind each fact."""

    facts: dict[str, Any] = field(default_factory=dict)
    partial: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    uncertain: set[str] = field(default_factory=set)
    children: dict[int, Findings] = field(default_factory=dict)
    for_all: set[str] = field(default_factory=set)
    numbers: Mapping[int, int] = field(default_factory=dict)

    def of(self, label: int) -> Findings:
        """What is told of one of several children; of the child at hand, or of all, it stands here."""
        number = self.numbers.get(label, label)
        return self if number <= 0 else self.children.setdefault(number, Findings())

    def tell(self, fact: str, value: Any, span: tuple[int, int], doubted: bool = False) -> None:
        """A value, or a partial one when it is a dict; the first telling keeps its words."""
        target, other = (self.partial, self.facts) if isinstance(value, dict) else (self.facts, self.partial)
        other.pop(fact, None)
        target[fact] = value
        self.spans[fact] = span
        (self.uncertain.add if doubted else self.uncertain.discard)(fact)

    def drop(self, fact: str) -> None:
        """Take a reading back."""
        self.facts.pop(fact, None)
        self.partial.pop(fact, None)
        self.spans.pop(fact, None)
        self.uncertain.discard(fact)

    def clear(self) -> None:
        """Take everything back."""
        for fact in [*self.facts, *self.partial]:
            self.drop(fact)

    def add(self, fact: str, value: str, span: tuple[int, int], doubted: bool = False) -> None:
        """One more member of a set."""
        held = self.facts.get(fact, [])
        if value not in held:
            self.tell(fact, [*held, value], self.spans.get(fact, span), doubted)


def take_apart(
    text: str,
    as_of: date,
    cues: Cues,
    known_role: str | None,
    about: People,
    children: Sequence[siblings.Sibling] = (),
    present: int = 1,
) -> Story:
    """`about` are the people of the pending question, until somebody is named; `children` are those known."""
    edges = _boundaries(text)
    mentions = kinship.find(text, edges)
    mentions = friends.befriended(text, mentions)
    speaker = infer(text, mentions, known_role)
    mentions = siblings.recast(text, mentions, speaker.seen_from, children)
    mentions = sorted([*mentions, *siblings.pseudo(text, mentions, children)], key=lambda each: each.start)
    hits = cues.find(text, _masked(text, mentions), edges | {each.start for each in mentions})
    unread = _without_classes(text, hits, mentions)
    about = about or _named_last(text, mentions, speaker)
    told_ages = ages.find(unread, as_of)
    cast = siblings.cast(text, mentions, speaker.seen_from, told_ages, children, present)
    pieces, placed = clauses.segments(text, mentions, speaker.seen_from, about, cast.labels, cast.many)
    return Story(
        text, unread, as_of, speaker, mentions, placed, pieces, hits, durations.find(text, as_of), told_ages, cast
    )


def _named_last(text: str, mentions: list[kinship.Mention], speaker: Speaker) -> People:
    """一分钱没寄过 他爸: nobody is named but a parent, behind all that is told."""
    if len(mentions) != 1 or mentions[0].kind not in kinship.PARENTS:
        return ()
    alone = not text[mentions[0].end :].strip("，。,! ") and text[: mentions[0].start].endswith((" ", "，", ","))
    return meant(mentions[0], speaker.seen_from, ()) if alone else ()


def _boundaries(text: str) -> frozenset[int]:
    document = words().make_doc(text)
    return frozenset(place for token in document for place in (token.idx, token.idx + len(token)))


def _masked(text: str, mentions: list[kinship.Mention]) -> str:
    letters = list(text)
    for mention in mentions:
        if mention.kind not in ("me", "strangers"):
            letters[mention.start : mention.end] = "@" * (mention.end - mention.start)
    return "".join(letters)


def _without_classes(text: str, hits: list[Hit], mentions: list[kinship.Mention]) -> str:
    """The text without school years and 老二, so that 初二十三岁 and 老二十三岁 are not twenty-three."""
    letters = list(text)
    for mention in mentions:
        if mention.kind in ("elder_child", "younger_child"):
            letters[mention.start : mention.end] = "@" * (mention.end - mention.start)
    for hit in hits:
        if hit.cue.fact == "child.schooling":
            letters[hit.start : hit.end] = "#" * (hit.end - hit.start)
    return "".join(letters)


_FAR = 24
_LIGHT = pattern("story.light")
_TOLD_BY = re.compile("^[^，。,]{1,4}?(?:都|也|总)?(?:说|讲)(?!是)")


def is_right_behind(story: Story, hit: Hit) -> bool:
    """Whether only light words stand between the person and the hit."""
    segment = story.segment(hit.start)
    between = _TOLD_BY.sub("", story.text[segment.body : hit.start])
    return len(between) <= _FAR and bool(_LIGHT.fullmatch(between))
