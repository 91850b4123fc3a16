"""Nobody is given the same long answer twice running: it is said that it was said, with another way on."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from actions.clarify import is_question
from actions.lines import ANSWERS
from actions.plainly import AGAIN, plainly

if TYPE_CHECKING:
    from actions.base import Turn

LONG = 30  # signs; 记下了 may be said as often as something is told
_LONG_BY_NATURE = (
    *("utter_ask_privacy", "utter_ask_identity", "utter_out_of_scope"),
    *("utter_no_basis"),
)


def not_again(now: Turn) -> None:
    """What would be said a second time gives way to one line and a person; who asks for it again gets it."""
    session, words = now.session, now.library.words
    text = str(now.message.get("text") or "")
    place = next((place for place, each in enumerate(now.reply.says) if _is_long(*each)), None)
    if place is None or str(plainly(now)).removeprefix("utter_") in AGAIN:
        return
    response, values = now.reply.says[place]
    mark = sha256(repr((response, sorted(values.items()))).encode()).hexdigest()[:12]
    is_same = mark == session.last_said
    session.last_said = mark
    if not is_same or now.reply.results or now.reply.handoff or re.search(words["wants_again"], text):
        return
    if session.amount_of:  # 我们县一个月多少, and no county was named
        now.reply.says[place] = ("utter_plain", {"words": words["which_place_again"]})
        return
    again = "said_again" if is_question(now) else "heard_again"
    again = f"{again}_child" if session.is_child else again
    now.reply.says[place] = ("utter_plain", {"words": words[again]})
    if not session.asking or not now.reply.resumes:
        session.offered = "asked"
        now.reply.buttons = [{"title": words["ask_person"], "payload": words["ask_person"]}]


def _is_long(response: str, values: dict[str, object]) -> bool:
    if response == "utter_any" or response in _LONG_BY_NATURE or response.removeprefix("utter_") in ANSWERS:
        return True
    return response == "utter_plain" and len(str(values.get("words", ""))) > LONG
