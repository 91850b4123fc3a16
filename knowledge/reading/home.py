"""With whom the child lives: 跟我过, 奶奶带着, 在福利院."""

from __future__ import annotations

import re

from knowledge.library import Library
from knowledge.reading.clauses import Placed
from knowledge.reading.kinship import CHILDREN
from knowledge.reading.patterns import pattern
from knowledge.reading.people import OTHER
from knowledge.reading.polarity import Stance
from knowledge.reading.story import Findings, Story

LIVES_WITH = "child.lives_with"
_WITH = pattern("home.with")
_TOGETHER = pattern("home.together")
_RAISES = pattern("home.raises")
_ON_PAPER = pattern("home.on_paper")
_AFTER_DIVORCE = pattern("home.after_divorce")
_OPENS_WITH = pattern("home.opens_with")
_MOVES_ON = pattern("home.moves_on")
_MINE = {
    "mother": "mother",
    "father": "father",
    "step_parent": "step_parent",
    "neighbour": "friends",
    **dict.fromkeys(("grandparent_paternal", "grandparent_maternal"), "grandparents"),
    **dict.fromkeys(("uncle_aunt_paternal", "uncle_aunt_maternal", "sibling", "other_relative"), "other_relatives"),
}
_RELATED = ("relatives", "brother", "sister", "brother_wife", "sister_husband")
_KINDS = {
    "step_parent": "step_parent",
    **dict.fromkeys(("grandparents", "in_laws", "old_spouse"), "grandparents"),
    **dict.fromkeys(_RELATED, "other_relatives"),
}
_PLACES = ("institution", "foster_family", "street", "alone")


def read(story: Story, library: Library, findings: Findings) -> None:
    """child.lives_with into `findings`, when all that is told agrees."""
    found = [*_with(story), *_places(story, library)]
    if len({value for value, _ in found}) == 1:
        value, span = found[0]
        findings.tell(LIVES_WITH, value, span)
        if value not in _PLACES and "一个人" not in story.text:
            findings.facts.pop("safety.unattended", None)


def _with(story: Story) -> list[tuple[str, tuple[int, int]]]:
    found = []
    for placed in story.placed:
        mention = placed.mention
        value = _household(story, placed)
        if value is None or story.stance_of(mention.start, mention.end) not in (Stance.SAID, Stance.DOUBTED):
            continue
        before, after = story.text[: mention.start], story.text[mention.end :]
        clause = story.segment(mention.start).clause
        together = (
            (_WITH.search(before) or (mention.kind == "me" and before.endswith("归")))
            and _TOGETHER.match(after)
            and _of_child(story, placed)
        )
        raises = _RAISES.match(after) and not _MOVES_ON.match(after[len(_RAISES.match(after)[0]) :])  # type: ignore[index]
        denied = re.match(r"(?:也|都|又|从来|一直)*(?:不|没)", after)
        elsewhere = _ON_PAPER.search(before)
        if (together or raises) and not denied and not elsewhere:
            start = max(clause.start, mention.start - 6)
            found.append((value, (start, min(clause.end, mention.end + 6))))
    return found


def _household(story: Story, placed: Placed) -> str | None:
    if placed.mention.kind == "me" or placed.people == ("asker",):
        values = {_MINE.get(role) for role in story.roles}
        return values.pop() if len(values) == 1 else None
    if placed.people == ("father", "mother"):
        return "both_parents"
    if placed.people in (("father",), ("mother",)):
        return placed.people[0]
    if placed.mention.kind in ("brother", "sister") and not re.search("哥|姐", placed.mention.word):
        return None  # whoever lives with a younger brother is not looked after by him
    return _KINDS.get(placed.mention.kind)


def _of_child(story: Story, placed: Placed) -> bool:
    segment = story.segment(placed.mention.start)
    if _AFTER_DIVORCE.search(story.text[: placed.mention.start]):
        return True
    nearest = [each for each in story.placed if segment.clause.start <= each.mention.start < placed.mention.start]
    if nearest:
        return nearest[-1].people == ("child",) or nearest[-1].mention.kind in CHILDREN
    before = story.text[segment.clause.start : placed.mention.start]
    if not segment.named and _OPENS_WITH.fullmatch(before) and placed.people == OTHER:
        return True  # 母亲失联，跟爷爷住: who is gone lives with nobody here
    return segment.people in (("child",), ()) or "给" in story.text[placed.mention.start - 2 : placed.mention.start]


def _places(story: Story, library: Library) -> list[tuple[str, tuple[int, int]]]:
    found = []
    for choice in library.facts[LIVES_WITH].choices:
        if choice.value not in _PLACES:
            continue
        for word in choice.says:
            place = story.text.find(word)
            span = place, place + len(word)
            if len(word) < 3 or place < 0 or story.segment(place).people not in (("child",), ()):
                continue
            if story.stance_of(*span) is Stance.SAID:
                found.append((str(choice.value), span))
    return found
