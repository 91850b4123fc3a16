"""Matters that are known of but not decided here: one sentence, where to turn, and a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.wanted import NAMED

if TYPE_CHECKING:
    from actions.base import Turn

# What people do that is no question about a matter, whatever words are in it.
LIKELY = 0.6
NOT_ABOUT_IT = ("ask_human", "restart", "show_results", "correct", "affirm", "deny", "unsure", "refuse", "ask_why")


def points_elsewhere(now: Turn) -> bool:
    """Whether the message speaks first of all of a matter without conditions, and answers no pending question."""
    first = next(iter(now.message.get("topics") or []), None)
    if first is None or first["id"] not in now.library.pointers or now.intent in NOT_ABOUT_IT:
        return False
    if now.heard.answered or now.heard.declined:
        return False
    # Told how the parents are, or asked what one can get, the matter must be called by its name to come first.
    about_parents = any(name.endswith(".situation") for name in now.heard.new)
    return first["score"] >= (NAMED if about_parents or now.intent == "ask_eligibility" else LIKELY)


def point_to(now: Turn) -> None:
    """Say what is known and from where, and offer a person; a pending question returns after it."""
    pointer = now.library.pointers[now.topics[0]]
    sources = [now.library.cite(cite) for cite in pointer.cites]
    now.reply.cite(sources)
    response = "utter_pointer" if sources else "utter_pointer_unsourced"
    now.reply.say(response, title=pointer.name, says=pointer.says, basis="；".join(sources))
    offer(now)


def offer(now: Turn) -> None:
    """A person and the general road as buttons; the interview goes on only where it had begun."""
    now.session.offered = "ask_local"
    words = now.library.words
    now.reply.buttons = [{"title": words[key], "payload": words[key]} for key in ("ask_person", "start_everything")]
    now.reply.resumes = bool(now.session.asking)
