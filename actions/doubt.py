"""What a message seems to say and, by what was said before, cannot mean: it is left out before it is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.session import Session
from knowledge.fact import Fact
from knowledge.known import to_json
from knowledge.library import Library
from knowledge.reading import replies

# A parent held elsewhere than in prison also 进去了; only words of a prison or a sentence tell of another place.
_HELD = {"compulsory_rehab", "detained", "liberty_restricted"}
ROLE = "asker.role"
_SITUATIONS = ("father.situation", "mother.situation")


def doubted(library: Library, session: Session, reading: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    """The reading without what only sounds so."""
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
    reading = {**reading, "facts": facts}
    asked = library.facts.get(session.asking or "")
    return _closing(library, asked, known.get(asked.id), reading, text) if asked else reading


def _closing(library: Library, asked: Fact, held: Any, reading: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    """The answer to 还有别的情况吗: 身体好着呢 tells of nothing more, and 有精神病 is added to what is known."""
    words, facts = library.words, dict(reading["facts"])
    is_well = bool(re.search(words["is_well"], text)) or _tells_no_more(library, asked, text)
    if asked.kind != "set" or not isinstance(held, list) or not held or reading.get("corrects"):
        return reading
    value = facts.get(asked.id)
    if value is None and (is_well or re.search(words["no_and_more"], text)):
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
