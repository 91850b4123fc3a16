"""不对，是他妈: taking back what was said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from knowledge.reading.patterns import pattern
from knowledge.reading.story import Story

_CORRECTS = pattern("correction.corrects")
_PLAIN = pattern("correction.plain")
_LINE = pattern("correction.line")
_PARENT = "(?:孩子|娃)?(?:他|她|我)?(?:的)?"
_WHO = "(?:爸爸?|妈妈?|爹|娘|父亲|母亲)"
_NOT = re.compile(f"不是{_PARENT}{_WHO}[^，。,]{{0,4}}$")
_NOT_BUT = re.compile(f"(?<!不)是{_PARENT}(?P<said>{_WHO})[，,]?(?:并|而)?不是{_PARENT}{_WHO}[^，。,]{{0,4}}$")
_BUT = re.compile(f"(?:了|的)?[，,]?(?:而)?是{_PARENT}(?P<said>{_WHO})")
_IT_IS = re.compile(f"的(?:人)?(?:应该|其实)?是{_PARENT}(?P<said>{_WHO})[，, ]*(?:并|而)?不是{_PARENT}{_WHO}")
_OTHER = {"father": "mother", "mother": "father"}


def corrects(text: str) -> bool:
    """Whether the text takes back something said before."""
    return bool(_CORRECTS.search(text))


def grandparent(text: str, asker: str | None) -> str | None:
    """Which grandparent writes, when all that a message says is whose child the grandchild is, and it was not so."""
    match = _LINE.fullmatch(text) if asker in ("grandparent_paternal", "grandparent_maternal") else None
    role = f"grandparent_{match.lastgroup}" if match else None
    return role if role != asker else None


def named(text: str) -> str | None:
    """看守所的是他爸 不是他妈: whom it names after all."""
    match = _IT_IS.search(text)
    return ("mother" if match["said"][0] in "妈母娘" else "father") if match else None


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
    held, now = set(facts.get(f"{source}.situation", [])), set(told.get(f"{target}.situation", []))
    same = held & now
    if held and now and not same:
        return None  # 看守所的是他爸 不是他妈, of a mother who is lost
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


def instead(text: str, start: int, end: int) -> str | None:
    """是他妈不是他爸坐牢, 不是他爸坐牢是他妈: the parent the denied words are told of."""
    match = _NOT_BUT.search(text[:start]) or (_NOT.search(text[:start]) and _BUT.match(text, end))
    if not match:
        return None
    return "mother" if match["said"][0] in "妈母娘" else "father"


def numbers_known(facts: Mapping[str, Any], unit_facts: tuple[str, ...], last: tuple[str, ...]) -> str | None:
    """The one known number that a bare 说错了，是四年 can mean."""
    known = [fact for fact in unit_facts if fact in facts]
    recent = [fact for fact in known if fact in last] or known
    return recent[0] if len(recent) == 1 else None
