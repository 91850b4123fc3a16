"""One text taken apart: words, people, who speaks, stretches, cues and times; what every reader works on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge.reading import ages, clauses, durations, kinship, speaker
from knowledge.reading.clauses import Clause, Placed, Segment
from knowledge.reading.cues import Cues, Hit
from knowledge.reading.people import People
from knowledge.reading.polarity import Stance, stance
from knowledge.reading.words import words


@dataclass(frozen=True)
class Story:
    """Everything seen in a text before it is judged."""

    text: str
    unclassed: str
    as_of: date
    roles: tuple[str, ...]
    likely: bool
    mentions: list[kinship.Mention]
    placed: list[Placed]
    segments: list[Segment]
    hits: list[Hit]
    stretches: list[durations.Stretch]
    ages: list[ages.Age]

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
        return stance(before, after, self.text[clause.sentence : clause.start])

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

    def tell(self, fact: str, value: Any, span: tuple[int, int], doubted: bool = False) -> None:
        """A value, or a partial one when it is a dict; the first telling keeps its words."""
        target, other = (self.partial, self.facts) if isinstance(value, dict) else (self.facts, self.partial)
        other.pop(fact, None)
        target[fact] = value
        self.spans[fact] = span
        (self.uncertain.add if doubted else self.uncertain.discard)(fact)

    def add(self, fact: str, value: str, span: tuple[int, int], doubted: bool = False) -> None:
        """One more member of a set."""
        held = self.facts.get(fact, [])
        if value not in held:
            self.tell(fact, [*held, value], self.spans.get(fact, span), doubted)


def take_apart(text: str, as_of: date, cues: Cues, known_role: str | None, about: People) -> Story:
    """`about` are the people of the pending question, until somebody is named."""
    edges = _boundaries(text)
    mentions = kinship.find(text, edges)
    roles, likely = speaker.infer(text, mentions, known_role)
    pieces, placed = clauses.segments(text, mentions, roles, about)
    hits = cues.find(text, _masked(text, mentions), edges)
    unread = _without_classes(text, hits)
    return Story(
        text, unread, as_of, roles, likely, mentions, placed, pieces, hits,
        durations.find(text, as_of), ages.find(unread, as_of),
    )  # fmt: skip


def _boundaries(text: str) -> frozenset[int]:
    document = words().make_doc(text)
    return frozenset({0, len(text), *(token.idx for token in document)})


def _masked(text: str, mentions: list[kinship.Mention]) -> str:
    letters = list(text)
    for mention in mentions:
        if mention.kind not in ("me", "strangers"):
            letters[mention.start : mention.end] = "@" * (mention.end - mention.start)
    return "".join(letters)


def _without_classes(text: str, hits: list[Hit]) -> str:
    """The text without school years, so that 初二十三岁 is not twenty-three."""
    letters = list(text)
    for hit in hits:
        if hit.cue.fact == "child.schooling":
            letters[hit.start : hit.end] = "#" * (hit.end - hit.start)
    return "".join(letters)


_LIGHT = re.compile(
    r"(?:早早就|早就|老早|早年|早|也|都|就|又|已经|现在|后来|今年|去年|前年|大前年|前几年|前些年|前几天|上个?月|这个?月|一直|人|刚刚?|才|突然|忽然|是|还|在|去|"
    r"因病|因为[^，。,]{1,6}|生病|得了?[^，。,]{1,4}病|得病|病|出了?车祸|车祸|得了?癌症?|癌症?|喝药|干活|意外|工伤|全|全部|先|先后|双双|她|他|自己|好像|听说|据说|可能|应该|估计|真的?|给|被|"
    r"一样|同样|难产|那会儿?|那阵|生孩子|生他|生她|生我|跟他|跟她|在?(?:我|他|她|孩子|娃)?[0-9一二三四五六七八九十]+岁(?:那年|的?时候|时|上)?|"
    r"[0-9零〇一二两三四五六七八九十几多半大小好快整]+个?[年月天]+(?:多|前|底|初|份)?|有|了|俩|两个人?|他们|一下|时候|的|我?小|一?生下来?|生下?@?|娃|刚出生|出生|不久|没多久|没几[天年]|结果|全都|均|已|因|其|说是|说|其实|确实|那年|当年|总|老是)*"
)


def is_right_behind(story: Story, hit: Hit) -> bool:
    """Whether only light words stand between the person and the hit."""
    segment = story.segment(hit.start)
    between = story.text[segment.body : hit.start]
    return bool(_LIGHT.fullmatch(between))
