"""Chinese text to facts: a story or an answer, in one path."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from knowledge.errors import FactError
from knowledge.known import parse, parse_partial
from knowledge.library import Library
from knowledge.reading import (
    child_ages,
    children,
    correction,
    durations,
    home,
    household,
    learned,
    lengths,
    next_door,
    others,
    parents,
    pending,
    places,
    several,
    since,
    speaker,
    spelling,
)
from knowledge.reading.amended import amended
from knowledge.reading.context import Context, about
from knowledge.reading.cues import Cues
from knowledge.reading.given import Answer
from knowledge.reading.kinship import PARENTS
from knowledge.reading.learned import Sense
from knowledge.reading.normal import normalise
from knowledge.reading.several import Siblings
from knowledge.reading.story import Findings, Story, take_apart
from knowledge.reading.talk import listener
from knowledge.reading.told import label

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_NOT_SO = re.compile(r"不是(?:判|关|走)?了?$")
_ROLE = "asker.role"
_MAY_BE_AGE = {"child.age", "child.born"}


@dataclass(frozen=True)
class Reading:
    """What one message says; JSON values as in docs/http.md."""

    facts: Mapping[str, Any] = _NOTHING
    partial: Mapping[str, Any] = _NOTHING
    evidence: Mapping[str, str] = _NOTHING
    uncertain: frozenset[str] = frozenset()
    answered: bool = False
    declined: str | None = None
    corrects: bool = False
    complete: frozenset[str] = frozenset()
    normal: str = ""
    moves: tuple[str, str] | None = None
    siblings: Siblings = field(default_factory=Siblings)


class Reader:
    """Reads messages by one knowledge base; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.cues = Cues(library)
        self.ear = listener(library)

    def read(self, text: str, context: Context, senses: Sequence[Sense] = ()) -> Reading:
        """A story or an answer; facts that cannot be told apart are left out, never guessed.

        `senses` are what a model hears in the same text: they count where no rule reads anything (learned.py).
        """
        typed = normalise(text)
        heard_as = self.ear.hear(spelling.in_common_words(typed))
        normal = amended(heard_as)
        said = next_door.without(normal.text, context.asker, context.asking)
        if role := correction.grandparent(said, context.asker):
            words = {_ROLE: normal.words(0, len(said))}
            return Reading(facts={_ROLE: role}, evidence=words, corrects=True, normal=typed.text)
        heard = learned.sure_enough(senses, said)
        story = self._take_apart(said, context, context.asker)
        stands_alone = not (context.asking or context.facts or context.asker)
        doubted = learned.doubted(senses, said) if stands_alone else frozenset()
        no_role = speaker.cannot_be(said)
        if context.asker is None and (role := learned.role(story.speaker.roles, heard, doubted, no_role)):
            story = self._take_apart(said, context, role)
        findings = Findings()
        parents.read(story, findings, context.asking, context.facts)
        keepers = home.find(story, self.library)
        children.read(story, self.library, findings, {label(story, keeper.span[0]) for keeper in keepers})
        since.read(story, findings)
        home.read(story, findings, keepers, context.asking, context.facts.get(household.LIVES_WITH))
        places.read(story, self.library.regions, findings, context.asking)
        _tell_role(story, context, findings)
        learned.leave_out(story, findings, doubted)
        of_whom = PARENTS if stands_alone else about(context, said)
        learned.add(story, findings, heard, context.facts, of_whom)
        lengths.read(story, findings)
        pending.keep_to_whom_is_asked(story, context, findings)
        if pending.only_closes(story, context):
            findings.clear()  # 没有了, to a list or tapped once too often, tells of no death
        reply = pending.answered(self.library, story, context, findings)
        if not (reply.answered or findings.facts or findings.partial) and _MAY_BE_AGE.isdisjoint(context.facts):
            child_ages.tell_alone(self.library.facts.get(context.asking or ""), story, findings)
        others.read(self.library.facts.get(context.asking or ""), story, context.facts, findings)
        pending.not_at_school_yet(story, context, findings)
        corrects = correction.corrects(heard_as.text)
        if reply.answered and pending.takes_back(self.library, story, context, findings, corrects):
            findings.drop(context.asking or "")  # 不对，判了四年 answers no question of yes or no
            reply = Answer()
        if corrects and not reply.answered:
            _correct_number(story, context, findings)
        apart = several.part(story, findings)
        for each in (findings, *findings.children.values()):
            self._drop_impossible(each)
        return Reading(
            facts=findings.facts,
            partial=findings.partial,
            evidence={fact: normal.words(*span) for fact, span in findings.spans.items()},
            uncertain=frozenset(findings.uncertain),
            answered=reply.answered,
            declined=reply.declined,
            corrects=corrects,
            complete=frozenset([context.asking] if reply.complete and context.asking else []),
            normal=typed.text,
            moves=correction.moves(story, context.facts, findings.facts),
            siblings=several.tell(story, findings, normal, apart),
        )

    def _take_apart(self, said: str, context: Context, asker: str | None) -> Story:
        whom = about(context, said)
        return take_apart(said, context.as_of, self.cues, asker, whom, context.children, context.child)

    def _drop_impossible(self, findings: Findings) -> None:
        """A reading outside the vocabulary is no reading."""
        for store, check in ((findings.facts, parse), (findings.partial, parse_partial)):
            for fact in list(store):
                try:
                    check(self.library.facts[fact], store[fact], False, self.library.regions)
                except (FactError, KeyError):
                    findings.drop(fact)


def _tell_role(story: Story, context: Context, findings: Findings) -> None:
    roles = story.speaker.roles
    if not roles or roles == (context.asker,):
        return
    span = next(((each.start, each.end) for each in story.mentions), (0, min(len(story.text), 12)))
    value = roles[0] if len(roles) == 1 else {"one_of": sorted(roles)}
    findings.tell(_ROLE, value, span, story.speaker.likely)


def _correct_number(story: Story, context: Context, findings: Findings) -> None:
    """说错了，是四年, 不是五年，是三年: the one length that is known is meant."""
    if findings.facts.keys() - {_ROLE} or findings.partial:
        return
    known = tuple(fact for fact in context.facts if fact.endswith("_months"))
    fact = correction.numbers_known(context.facts, known, context.last)
    found = [each for each in durations.find(story.text, story.as_of) if not _NOT_SO.search(story.text[: each.start])]
    if fact and fact.endswith("term_months"):
        found = [each for each in found if not each.since]  # 是前年判的 tells when, not how long
    if fact and len(found) == 1:
        findings.tell(fact, found[0].json(), (found[0].start, found[0].end))
