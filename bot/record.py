"""What the front door writes: a turn of the bot, a request for a human, a line of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from bot.dialogue import Answer
from bot.metrics import Metrics
from bot.packet import packet
from bot.protect import call_counselor, is_new, recent, with_card
from bot.waiting import outlook_line, with_line
from bot.words import words
from casework.cases import open_case
from casework.ledger import append_turn, find, remark
from casework.store import Case, Conversation, Message, Store
from knowledge.alarm import HIGH

log = structlog.get_logger()


def record(store: Store, metrics: Metrics, held: Conversation, waiting: Sequence[Message], answer: Answer) -> bool:
    """Open what the turn asks for, then say it: nobody is told that a person was asked before one was.

    False when the conversation changed hands or was erased while the turn was made.
    """
    now = find(store, held.id)
    if now is None or now.erased_at or now.epoch != held.epoch:
        return False
    drafts = answer.drafts
    safety = answer.turn.get("safety") or {}
    level, kinds = safety.get("level", "none"), safety.get("kinds", [])
    # Looked up only then: reading back a long conversation takes 50 ms.
    if level in HIGH and is_new(store, said := recent(store, held.id), level):
        metrics.alarms.labels(level, "model").inc()
        call_counselor(store, held.id, said, level, answer.turn)
        drafts = tuple(with_card(store, said, level, kinds, drafts))
    if wanted := answer.turn.get("handoff"):
        names = (wanted["queue"], wanted["urgency"], wanted["reason"])
        case = ask_for_human(store, metrics, held.id, *names, answer.turn)
        # Beside a safety card hours and queues would only hold somebody up.
        drafts = drafts if level in HIGH else with_line(drafts, outlook_line(store, case))
    return append_turn(store, held.id, held.epoch, drafts, waiting[-1].seq) is not None


def ask_for_human(
    store: Store,
    metrics: Metrics,
    conversation_id: str,
    queue: str,
    urgency: str,
    reason: str,
    turn: Mapping[str, Any] | None = None,
) -> Case:
    """Open a case with its page, or raise the one that is open."""
    page = packet(recent(store, conversation_id), turn)
    case = open_case(store, conversation_id, queue, urgency, reason, page)
    metrics.cases.labels(reason).inc()
    log.info("case.asked", case=case.ref, reason=reason, urgency=urgency)
    return case


def say(store: Store, conversation_id: str, word: str, client_id: str) -> None:
    """One fixed line of the front door (`words.yml`, system), once whatever is repeated, never beside a worker."""
    line = words()["system"][word]
    text, buttons = (line, ()) if isinstance(line, str) else (line["text"], line["buttons"])
    remark(store, conversation_id, text, client_id, buttons)
