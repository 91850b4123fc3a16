"""What is asked in words that leave no doubt: its answer must not hang on the score of a classifier."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actions.base import Turn

# Said to a child only: whoever else asks where a parent is has told it.
_OF_A_CHILD = ("ask_about_parent", "hear_gossip", "ask_my_fault", "miss_parent", "fear_shame")
# Not said once the child itself has told how a parent is: then it asks what it may do.
_UNTOLD = "miss_parent"
# 要等多久 is about a person only once one was asked for.
_CALLED = "ask_waiting"
# After these nobody is asked for a fact.
_NO_QUESTION = (*_OF_A_CHILD, "ask_discipline", "ask_role_play")


def plainly(now: Turn) -> str | None:
    """The response to a request to fake something, to promise, or to say where a child's parent is; None mostly."""
    text = re.sub(r"\s", "", str(now.message.get("text") or ""))
    for name, form in now.library.words["plainly"].items():
        if name == _UNTOLD and any(fact.endswith(".situation") for fact in now.session.facts):
            continue
        if name == _CALLED and not now.session.called:
            continue
        if (name not in _OF_A_CHILD or now.session.is_child) and re.search(form, text):
            return f"utter_{name}"
    return None


def answer_plainly(now: Turn, response: str) -> None:
    """The pending question follows where one was pending; none is begun."""
    name, words = response.removeprefix("utter_"), now.library.words
    cite = words.get(f"{name}_cite")
    basis = now.library.cite(cite) if cite else ""
    now.reply.cite([basis] if basis else [])
    now.reply.say(response, basis=basis)
    if name in _NO_QUESTION:
        now.session.asking = None
    now.reply.resumes = bool(now.session.asking)
