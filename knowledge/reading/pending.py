"""What a message means to the question that is pending, once the whole of it was read."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.library import Library
from knowledge.reading import answer, durations, replies, same, speaker
from knowledge.reading.context import Context
from knowledge.reading.given import Answer
from knowledge.reading.kinship import PARENTS
from knowledge.reading.patterns import pattern
from knowledge.reading.story import Findings, Story

_HEDGED = re.compile(r"好像|可能|应该|估计|听说|大概是|说不定|也许|八成|似乎")
_PRISON = re.compile("牢|监|服刑|狱")
_TAKES_BACK = pattern("correction.takes_back")
_ROLE = "asker.role"
_SCHOOLING = "child.schooling"
_NOT_AT_SCHOOL = re.compile("没(?:有)?(?:在)?(?:上|读|念)(?:过)?(?:学|书)(?!了)")
_SCHOOL_AGE = 7  # years; 义务教育法第11条 lets a child begin at six, or at seven where that is not possible


def answered(library: Library, story: Story, context: Context, findings: Findings) -> Answer:
    """What a message answers to the pending question; its value goes into `findings`."""
    fact = library.facts.get(context.asking or "")
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
    reply = answer.read(library, fact, story, held)
    if reply.value is not None:
        findings.tell(fact.id, reply.value, (0, len(story.text)), bool(_HEDGED.search(story.text)))
    elif not reply.answered and fact.id in ("child.age", "child.born"):
        told = {"child.age", "child.born"} & {*findings.facts, *findings.partial}
        return Answer(answered=bool(told))
    return reply


def takes_back(library: Library, story: Story, context: Context, findings: Findings, corrects: bool) -> bool:
    """Whether what sounds like an answer of yes or no takes the question back: 不对，判了四年."""
    fact = library.facts.get(context.asking or "")
    if fact is None or fact.kind != "bool":
        return False
    tells_how_long = corrects and bool(durations.find(story.text, story.as_of))
    told = _TAKES_BACK.match(story.text)  # 不是，有的 and 不是，没有 deny the question, not what they say
    return tells_how_long or (told is not None and findings.facts.get(fact.id) is bool(told["none"]))


def only_closes(story: Story, context: Context) -> bool:
    """Whether nothing is said but 没有了, or 没了 where it answers no open question of how a parent is."""
    if not replies.nothing_more(story.text) or story.mentions:
        return False
    asks_how = (context.asking or "").endswith(".situation") and not context.facts.get(context.asking or "")
    return not asks_how or replies.says_no_more(story.text)


def keep_to_whom_is_asked(story: Story, context: Context, findings: Findings) -> None:
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


def not_at_school_yet(story: Story, context: Context, findings: Findings) -> None:
    """没上学, of a child of five, is no schooling given up; of a child of unknown age it may be either."""
    if findings.facts.get(_SCHOOLING) != "dropped_out" or not _NOT_AT_SCHOOL.search(story.text):
        return
    age, span = findings.facts.get("child.age", context.facts.get("child.age")), findings.spans[_SCHOOLING]
    if isinstance(age, int | float) and age < _SCHOOL_AGE:
        findings.tell(_SCHOOLING, "not_in_school_yet", span)
    elif age is None and context.asking == _SCHOOLING:
        findings.tell(_SCHOOLING, {"one_of": ["dropped_out", "not_in_school_yet"]}, span)
