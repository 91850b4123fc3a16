"""What a message seems to say and, by what was said before, cannot mean: it is left out before it is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.session import Session
from knowledge.known import to_json
from knowledge.library import Library

# A parent held elsewhere than in prison also 进去了; only words of a prison or a sentence tell of another place.
_HELD = {"compulsory_rehab", "detained", "liberty_restricted"}
ROLE = "asker.role"


def doubted(library: Library, session: Session, reading: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    """The reading without what only sounds so."""
    words, facts = library.words, dict(reading.get("facts") or {})
    known, _ = to_json(session.facts)
    for name in ("father.situation", "mother.situation"):
        is_held = _HELD & set(known.get(name) or ()) and facts.get(name) == ["imprisoned"]
        if is_held and not re.search(words["says_prison"], text):
            del facts[name]
        # 没有了, to how long she has been gone, ends a list and is no death of whom something else was told.
        if (
            facts.get(name) == ["dead"]
            and known.get(name)
            and session.asking != name
            and re.search(words["only_ends"], text)
        ):
            del facts[name]
    # 我妈领的那个钱, of a mother who has told of her daughter, makes no child of her.
    is_grown = session.grown and session.asking != ROLE and not re.search(words["says_child"], text)
    if is_grown and facts.get(ROLE) == "child":
        del facts[ROLE]
    return {**reading, "facts": facts}
