"""不对，是他妈: taking back what was said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from knowledge.reading.patterns import pattern
from knowledge.reading.story import Story

_CORRECTS = pattern("correction.corrects")
_PLAIN = pattern("correction.plain")
_OTHER = {"father": "mother", "mother": "father"}


def corrects(text: str) -> bool:
    """Whether the text takes back something said before."""
    return bool(_CORRECTS.search(text))


def about(facts: Mapping[str, Any], last: tuple[str, ...]) -> str | None:
    """The one parent whose situation was told, last or at all."""
    for known in (last, tuple(facts)):
        told = {fact.partition(".")[0] for fact in known if fact.endswith(".situation")}
        if len(told) == 1:
            return told.pop()
    return None


def moves(story: Story, facts: Mapping[str, Any], told: Mapping[str, Any]) -> tuple[str, str] | None:
    """From which parent to which the facts told last go: 不对，是他妈."""
    if not corrects(story.text):
        return None
    denied: set[str] = set()
    said: set[str] = set()
    for placed in story.placed:
        for person in placed.people:
            if person in _OTHER:
                before = story.text[: placed.mention.start]
                (denied if re.search(r"不是(?:说)?$", before) else said).add(person)
    if len(said) != 1 or said & denied:
        return None
    target = said.pop()
    source = _OTHER[target]
    told_of_source = any(fact.startswith(f"{source}.") for fact in facts)
    only_named = not _PLAIN.sub("", story.text)
    same = set(facts.get(f"{source}.situation", [])) & set(told.get(f"{target}.situation", []))
    if denied == {source} or (only_named and told_of_source) or same:
        return source, target
    return None


def meant(story: Story) -> tuple[str, ...]:
    """判了两年，不是他爸，是他妈: whom what stood before anybody was named is told of."""
    denied, said = set(), set()
    for placed in story.placed:
        before = story.text[: placed.mention.start]
        if before.endswith("不是"):
            denied.update({*placed.people} & {*_OTHER})
        elif before.endswith(("是", "是说")):
            said.update({*placed.people} & {*_OTHER})
    return (said.pop(),) if len(said) == 1 and len(denied) == 1 and not said & denied else ()


def numbers_known(facts: Mapping[str, Any], unit_facts: tuple[str, ...], last: tuple[str, ...]) -> str | None:
    """The one known number that a bare 说错了，是四年 can mean."""
    known = [fact for fact in unit_facts if fact in facts]
    recent = [fact for fact in known if fact in last] or known
    return recent[0] if len(recent) == 1 else None
