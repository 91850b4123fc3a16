"""Chinese text to facts: a story or an answer, in one path."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from knowledge.errors import FactError
from knowledge.known import parse, parse_partial
from knowledge.library import Library
from knowledge.reading import (
    answer,
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
    places,
    replies,
    same,
    several,
    since,
    speaker,
    spelling,
)
from knowledge.reading.amended import amended
from knowledge.reading.cues import Cues
from knowledge.reading.given import Answer
from knowledge.reading.kinship import PARENTS
from knowledge.reading.learned import Sense
from knowledge.reading.normal import normalise
from knowledge.reading.patterns import pattern
from knowledge.reading.people import People
from knowledge.reading.several import Siblings
from knowledge.reading.siblings import Sibling
from knowledge.reading.story import Findings, Story, take_apart
from knowledge.reading.talk import listener
from knowledge.reading.told import label

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_HEDGED = re.compile(r"好像|可能|应该|估计|听说|大概是|说不定|也许|八成|似乎")
_NOT_SO = re.compile(r"不是(?:判|关|走)?了?$")
_PRISON = re.compile("牢|监|服刑|狱")
_TAKES_BACK = pattern("correction.takes_back")
_ROLE = "asker.role"
_SCHOOLING = "child.schooling"
_NOT_AT_SCHOOL = re.compile("没(?:有)?(?:在)?(?:上|读|念)(?:过)?(?:学|书)(?!了)")
_SCHOOL_AGE = 7  # years; 义务教育法第11条 lets a child begin at six, or at seven where that is not possible
_BOTH: People = ("father", "mother")
# said of nobody, these are said of both that were told of before
_BOTH_AWAY = pattern("clauses.both_away")
_STAYS_HELD = re.compile("(?:一直|就|还)*(?:关)?在看守所")


@dataclass(frozen=True)
class Context:
    """What the conversation knows: the pending fact, who asks, the facts so far (JSON), and those told last.

    The facts are those of the child at hand, `child`; `children` are all that were spoken of.
    """

    as_of: date
    asking: str | None = None
    asker: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    last: tuple[str, ...] = ()
    child: int = 1
    children: tuple[Sibling, ...] = ()


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
        of_whom = PARENTS if stands_alone else _about(context, said)
        learned.add(story, findings, heard, context.facts, of_whom)
        lengths.read(story, findings)
        _keep_to_whom_is_asked(story, context, findings)
        if _only_closes(story, context):
            findings.clear()  # 没有了, to a list or tapped once too often, tells of no death
        reply = self._answer(story, context, findings)
        others.read(self.library.facts.get(context.asking or ""), story, context.facts, findings)
        _not_at_school_yet(story, context, findings)
        corrects = correction.corrects(heard_as.text)
        if reply.answered and self._takes_back(story, context, findings, corrects):
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
        about = _about(context, said)
        return take_apart(said, context.as_of, self.cues, asker, about, context.children, context.child)

    def _answer(self, story: Story, context: Context, findings: Findings) -> Answer:
        fact = self.library.facts.get(context.asking or "")
        if fact is None:
            return Answer()
        if not fact.shared and story.cast.called and context.child not in story.cast.called:
            # 没有，小的有: the answer stands before the other child is named
            story = replace(story, text=story.text[: min(story.cast.begins.values())])
        elif any(fact.id in {*each.facts, *each.partial} for each in findings.children.values()):
            at_hand = findings.children.get(context.child, Findings())
            return Answer(answered=fact.id in {*at_hand.facts, *at_hand.partial})
        tapped = answer.tapped(fact, story.text)
        if tapped.answered:
            findings.clear()
            findings.tell(fact.id, tapped.value, (0, len(story.text)))
            return tapped
        held = context.facts.get(fact.id)
        if fact.kind == "set" and held and replies.nothing_more(story.text):
            findings.tell(fact.id, held, (0, len(story.text)))
            return Answer(held, complete=True, answered=True)
        alike = same.as_with_the_other(fact.id, story.text, context.facts)
        if alike and fact.id not in findings.facts:
            findings.tell(fact.id, alike, (0, len(story.text)))
        if fact.id == _ROLE and (role := speaker.answered(story.text)):
            findings.tell(_ROLE, role, (0, len(story.text)))
        if fact.id in findings.facts:
            return Answer(answered=True, complete=fact.kind == "set")
        if fact.id in findings.partial:
            return Answer(answered=fact.kind != "region")
        reply = answer.read(self.library, fact, story, held)
        if reply.value is not None:
            findings.tell(fact.id, reply.value, (0, len(story.text)), bool(_HEDGED.search(story.text)))
        elif not reply.answered and fact.id in ("child.age", "child.born"):
            told = {"child.age", "child.born"} & {*findings.facts, *findings.partial}
            return Answer(answered=bool(told))
        return reply

    def _takes_back(self, story: Story, context: Context, findings: Findings, corrects: bool) -> bool:
        fact = self.library.facts.get(context.asking or "")
        if fact is None or fact.kind != "bool":
            return False
        tells_how_long = corrects and bool(durations.find(story.text, story.as_of))
        told = _TAKES_BACK.match(story.text)  # 不是，有的 and 不是，没有 deny the question, not what they say
        return tells_how_long or (told is not None and findings.facts.get(fact.id) is bool(told["none"]))

    def _drop_impossible(self, findings: Findings) -> None:
        """A reading outside the vocabulary is no reading."""
        for store, check in ((findings.facts, parse), (findings.partial, parse_partial)):
            for fact in list(store):
                try:
                    check(self.library.facts[fact], store[fact], False, self.library.regions)
                except (FactError, KeyError):
                    findings.drop(fact)


def _only_closes(story: Story, context: Context) -> bool:
    """Whether nothing is said but 没有了, or 没了 where it answers no open question of how a parent is."""
    if not replies.nothing_more(story.text) or story.mentions:
        return False
    asks_how = (context.asking or "").endswith(".situation") and not context.facts.get(context.asking or "")
    return not asks_how or replies.says_no_more(story.text)


def _keep_to_whom_is_asked(story: Story, context: Context, findings: Findings) -> None:
    """腿脚不行, of the mother who is asked about, is not the child's; 判了两年 makes no prison of a rehabilitation."""
    whose, _, what = (context.asking or "").partition(".")
    if whose not in PARENTS:
        return
    if what.startswith(("disability", "situation")) and not any("child" in placed.people for placed in story.placed):
        for fact in ("child.disability_kind", "child.disability_grade"):
            findings.drop(fact)
    fact = f"{whose}.situation"
    known = context.facts.get(fact, ())
    is_sentence = findings.facts.get(fact) == ["imprisoned"] and not _PRISON.search(story.text)
    if what == "term_months" and is_sentence and "compulsory_rehab" in known and "imprisoned" not in known:
        findings.drop(fact)
    if what == "term_months" and "detained" not in {*known, *findings.facts.get(fact, ())}:
        findings.drop(f"{whose}.detained_months")  # 关了一年，还有两年


def _not_at_school_yet(story: Story, context: Context, findings: Findings) -> None:
    """没上学, of a child of five, is no schooling given up; of a child of unknown age it may be either."""
    if findings.facts.get(_SCHOOLING) != "dropped_out" or not _NOT_AT_SCHOOL.search(story.text):
        return
    age, span = findings.facts.get("child.age", context.facts.get("child.age")), findings.spans[_SCHOOLING]
    if isinstance(age, int | float) and age < _SCHOOL_AGE:
        findings.tell(_SCHOOLING, "not_in_school_yet", span)
    elif age is None and context.asking == _SCHOOLING:
        findings.tell(_SCHOOLING, {"one_of": ["dropped_out", "not_in_school_yet"]}, span)


def _about(context: Context, said: str) -> People:
    """Whom a message without a name is about: of the pending question, of what it corrects, of what was told last."""
    if _BOTH_AWAY.match(said) and all(f"{parent}.situation" in context.facts for parent in _BOTH):
        return _BOTH
    if one := correction.named(said) or _held_already(context, said):
        return (one,)
    if correction.corrects(said) and (corrected := correction.about(context.facts, context.last)):
        return (corrected,)
    told = [context.asking] if context.asking else context.last
    persons = {name.partition(".")[0] for name in told} & {"father", "mother", "child"}
    return (persons.pop(),) if len(persons) == 1 else ()


def _held_already(context: Context, said: str) -> str | None:
    """在看守所快八个月了, when the mother was asked about and the father is there: how long is still open of him."""
    whose, _, what = (context.asking or "").partition(".")
    other = {"father": "mother", "mother": "father"}.get(whose)
    is_there = "detained" in context.facts.get(f"{other}.situation", ())
    is_open = what == "situation" and is_there and f"{other}.detained_months" not in context.facts
    is_length = is_open and _STAYS_HELD.match(said) and durations.find(said, context.as_of)
    return other if is_length else None


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
