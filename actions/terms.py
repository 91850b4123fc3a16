"""渐退期是啥意思, 12356是干什么的: a word of the offices or one of the numbers, in plain Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actions.base import Turn


def term_asked(now: Turn) -> Mapping[str, Any] | None:
    """The word of the glossary that a question wants explained; an entitlement's own name is told elsewhere."""
    text, library = str(now.message.get("text") or ""), now.library
    if not re.search(library.words["asks_meaning"], text) or now.heard.new:
        return None
    names = {name for policy in library.policies.values() for name in policy.names}
    found = [each for each in library.glossary if each["term"] in text and each["term"] not in names]
    return max(found, key=lambda each: len(each["term"]), default=None)


def explain_term(now: Turn, term: Mapping[str, Any]) -> None:
    """One sentence; the pending question follows where there is one."""
    said = now.library.words["term_means"].format(term=term["term"], plain=term["plain"])
    if term["cite"]:
        source = now.library.cite(term["cite"])
        now.reply.cite([source])
        now.reply.say("utter_any", words=said, basis=source)
    else:
        now.reply.say("utter_plain", words=said)
    now.reply.resumes = bool(now.session.asking)


def number_asked(now: Turn) -> Mapping[str, Any] | None:
    """The one number of the list that a question wants explained."""
    text, library = str(now.message.get("text") or ""), now.library
    if not re.search(library.words["asks_number"], text):
        return None
    found = [each for each in library.hotlines if re.search(rf"(?<!\d){each['number']}(?!\d)", text)]
    return found[0] if len(found) == 1 else None


def tell_number(now: Turn, number: Mapping[str, Any]) -> None:
    """What it is for and when it is answered, as the list says it."""
    form = now.library.words["number_is" if number["grade"] == "A" else "number_is_reported"]
    now.reply.say("utter_plain", words=form.format(**number))
    now.reply.resumes = bool(now.session.asking)
