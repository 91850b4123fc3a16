"""What a message seems to say and, by what was said before, cannot mean: it is left out before it is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from actions.reread import in_answer_to
from actions.session import Session
from knowledge.fact import Fact
from knowledge.known import to_json, value_json
from knowledge.library import Library
from knowledge.reading import replies

# A parent held elsewhere than in prison also 进去了; only words of a prison or a sentence tell of another place.
_HELD = {"compulsory_rehab", "detained", "liberty_restricted"}
ROLE = "asker.role"
_SITUATIONS = ("father.situation", "mother.situation")


def doubted(
    library: Library, session: Session, reading: Mapping[str, Any], text: str, as_of: date
) -> Mapping[str, Any]:
    """The reading without what only sounds so, and with what it says of whom it does not name."""
    words, facts = library.words, dict(reading.get("facts") or {})
    known, _ = to_json(session.facts)
    for name in _SITUATIONS:
        is_held = _HELD & set(known.get(name) or ()) and facts.get(name) == ["imprisoned"]
        if is_held and not re.search(words["says_prison"], text):
            del facts[name]
    # 我妈领的那个钱, of a mother who has told of her daughter, makes no child of her.
    is_grown = session.grown and session.asking != ROLE and not re.search(words["says_child"], text)
    if is_grown and facts.get(ROLE) == "child":
        del facts[ROLE]
    if facts.get("child.adoption") == "registered" and not re.search(words["adoptive_parents"], text):
        # 我们登记收养了他, whose parents died: those were the birth parents, and they no longer count.
        for name in _SITUATIONS:
            facts.pop(name, None)
            session.here.forget(name)
    reading = _of_the_other(library, session, {**reading, "facts": facts}, text)
    reading = _gone_for(library, session, reading, text, as_of)
    asked = library.facts.get(session.asking or "")
    return _closing(library, asked, known.get(asked.id), reading, text) if asked else reading


def _of_the_other(library: Library, session: Session, reading: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    """是死了, to how a father is who is alive and does not care: it says of the mother, who 走了, what that meant."""
    asked = session.asking or ""
    other = next((name for name in _SITUATIONS if asked in _SITUATIONS and name != asked), "")
    said = dict(reading["facts"]).get(asked)
    ways = {name: value_json(session.facts[name]) for name in (asked, other) if name in session.facts}
    is_open = {name: {*value["one_of"]} for name, value in ways.items() if isinstance(value, dict)}
    if not said or {*is_open} != {asked, other} or re.search(library.words["names_parent"][asked.split(".")[0]], text):
        return reading
    if {*said} & is_open[asked] or not {*said} <= is_open[other]:
        return reading
    moved = {name: value for name, value in reading["facts"].items() if name != asked} | {other: said}
    evidence = {**(reading.get("evidence") or {}), other: text}
    return {**reading, "facts": moved, "evidence": evidence, "answered": False, "complete": []}


def _gone_for(
    library: Library, session: Session, reading: Mapping[str, Any], text: str, as_of: date
) -> Mapping[str, Any]:
    """三年没见了, after one parent was told to be lost: how long that one is gone."""
    lost = [name for name in _SITUATIONS if "lost_contact" in (to_json(session.facts)[0].get(name) or ())]
    if len(lost) != 1 or reading["facts"] or not re.search(library.words["only_gone_for"], text.strip()):
        return reading
    name = lost[0].replace("situation", "lost_contact_months")
    found = in_answer_to(library, session, name, text, as_of)
    if name in session.facts or name not in found.facts:
        return reading
    return {**reading, "facts": {name: found.facts[name]}, "evidence": {name: text}}


def _closing(library: Library, asked: Fact, held: Any, reading: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    """The answer to 还有别的情况吗: 没有，就这个 tells of nothing more, and 有精神病 is added to what is known."""
    words, facts = library.words, dict(reading["facts"])
    if asked.kind != "set" or not isinstance(held, list) or not held or reading.get("corrects"):
        return reading
    value = facts.get(asked.id)
    if value is None and (re.search(words["no_and_more"], text) or _tells_no_more(library, asked, text)):
        complete = [*(reading.get("complete") or []), asked.id]
        return {**reading, "facts": {**facts, asked.id: held}, "answered": True, "complete": complete, "declined": None}
    never = {each for value in held if (choice := asked.choice(value)) for each in choice.excludes}
    if isinstance(value, list) and not never & {*value} and "none" not in (*value, *held):
        facts[asked.id] = list(dict.fromkeys([*held, *value]))
    return {**reading, "facts": facts}


def _tells_no_more(library: Library, asked: Fact, text: str) -> bool:
    """就是腿，别的没毛病, and 在家种菜带他 of a father who was told to be at home: an answer, and nothing new."""
    words = library.words
    if replies.declined(text) or replies.is_question(text):
        return False
    rest = re.sub(words["names_no_more"], "", text)
    is_said = rest != text or (asked.id in _SITUATIONS and re.search(words["does_as_usual"], text))
    return bool(is_said) and not re.search(words["of_trouble"], rest)
