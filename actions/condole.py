"""A death that was just told, or weeping, is answered before anything else is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.clarify import is_question
from knowledge.known import to_json

if TYPE_CHECKING:
    from actions.base import Turn

# Who tells of somebody else's family by office has lost nobody.
_BY_OFFICE = ("teacher", "child_director", "professional", "neighbour", "child")
_SITUATIONS = ("father.situation", "mother.situation")


def condole(now: Turn) -> bool:
    """One warm sentence, once of each kind, and whether it was said; a child hears its own words elsewhere."""
    if now.session.asker in _BY_OFFICE:
        return False
    kind = "death" if tells_of_death(now) or _says(now, "loses") else "tears" if _says(now, "weeps") else None
    kind = kind or ("illness" if _says(now, "falls_ill") else None)
    if not kind or kind in now.session.consoled:
        return False
    now.session.consoled.append(kind)
    now.reply.say("utter_plain", words=now.library.words[f"condole_{kind}"])
    return True


def mourn(now: Turn) -> bool:
    """The child itself is dead: condoled with, and no question, no card; whoever asks something is answered after it.

    What was heard of its harm opens nothing for it.
    """
    session, words, text = now.session, now.library.words, str(now.message.get("text") or "")
    if session.asker in _BY_OFFICE or session.is_child or not re.search(words["child_died"], text):
        return False
    for name in [each for each in now.heard.new if each.startswith("safety.")]:
        session.here.forget(name)
    if "death" in session.consoled or is_question(now) or now.heard.met or now.heard.others:
        return False
    session.consoled.append("death")
    was_killed = bool(re.search(words["child_was_killed"], text))
    now.reply.say("utter_plain", words=words["condole_child_killed" if was_killed else "condole_child"])
    session.asking, session.checked_on, session.offered, now.reply.resumes = None, True, "asked", False
    now.reply.buttons = [{"title": words["ask_person"], "payload": words["ask_person"]}]
    return True


def grieves(now: Turn) -> bool:
    """Whether this message tells of a death near to the one who writes."""
    return tells_of_death(now) or (now.session.asker not in _BY_OFFICE and _says(now, "loses"))


def tells_of_death(now: Turn) -> bool:
    told = to_json(now.session.facts)[0]
    new = (name for name in (*now.heard.new, *now.heard.replaced) if name in _SITUATIONS)
    return any("dead" in (told.get(name) or ()) for name in new)


def _says(now: Turn, name: str) -> bool:
    return bool(re.search(now.library.words[name], str(now.message.get("text") or "")))
