"""Taking what a family answers to a question of ours, by a button or in its own words, and saying that we have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.dialogue import Answer
from bot.heard_back import questions, read, wants_peace
from bot.hearing import hear
from bot.packet import packet
from bot.protect import recent
from casework.agree import has_agreed, reply_to, take_answer
from casework.cases import open_case
from casework.ledger import append_turn, mark_harm
from casework.rules import rules
from casework.store import Conversation, Draft, Message, Store
from knowledge.alarm import HIGH, LEVELS

log = structlog.get_logger()


def take(store: Store, message: Message, answer: str | None = None) -> str | None:
    """Record it and ask for whom it calls for, before anybody says so; the answer, None for other words."""
    taken = take_answer(store, message, answer)
    if taken and (wanted := rules("followup")["reports"].get(taken, {}).get("opens")):
        mark_harm(store, message.conversation)
        open_case(store, message.conversation, **wanted, packet=packet(recent(store, message.conversation)))
        log.info("case.asked", reason=wanted["reason"], urgency=wanted["urgency"])
    return taken


def say_heard(store: Store, held: Conversation, waiting: Sequence[Message]) -> bool | None:
    """Answer what waits where it is nothing but answers to our questions; None when it is for the assistant.

    False when the conversation changed hands or was erased meanwhile.
    """
    answers = [take(store, message) for message in waiting]
    if not any(answers):
        answers = [_in_words(store, waiting)]
    if None in answers:
        return None
    drafts = [Draft(reply_to(answer), sender="system") for answer in dict.fromkeys(answers) if answer]
    return append_turn(store, held.id, held.epoch, drafts, waiting[-1].seq) is not None


def _in_words(store: Store, waiting: Sequence[Message]) -> str | None:
    """What they answer, recorded; None also where they say more, which the assistant answers."""
    text = "，".join(message.text for message in waiting)
    level, last = hear(text).level, waiting[-1]
    if level in HIGH:
        return None
    asked = questions(_before(store, waiting))
    if wants_peace(text) and has_agreed(store, last.conversation):
        return take(store, last, "disagree")
    found = read(text, asked) if asked else None
    if found is None:
        return None
    taken = take(store, last, found.name)
    # Who is low is spoken with, whatever else was answered.
    is_low = LEVELS.index(level) > 0 and "distress_call" in asked
    return taken if found.is_all and not is_low else None


def stand_in(store: Store, waiting: Sequence[Message], answer: Answer) -> Answer:
    """The assistant's turn; where it understood nothing and a question of ours stands, what we say of that answer.

    No word is lost by it: what nobody could read is a matter for a worker.
    """
    if answer.turn.get("offered") != "unreadable" or answer.turn.get("handoff"):
        return answer
    asked = questions(_before(store, waiting))
    if not asked:
        return answer
    found = read("，".join(message.text for message in waiting), asked)
    if found is None and asked == ["agree"]:
        return answer
    taken = take(store, waiting[-1], found.name if found else "unclear")
    if taken is None:
        return answer
    draft = replace(answer.drafts[-1], text=reply_to(taken), buttons=())
    return Answer((draft,), answer.turn)


def _before(store: Store, waiting: Sequence[Message]) -> list[Message]:
    first = waiting[0]
    return [message for message in recent(store, first.conversation) if message.seq < first.seq]
