"""What families hear while a supervisor has turned the assistant off; `docs/turning-it-off.md`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue import Answer
from bot.metrics import Metrics
from bot.protect import SHOWN_FOR, recent
from bot.record import ask_for_human
from bot.waiting import outlook_line, with_line
from bot.words import words
from casework.ledger import append_turn
from casework.store import Conversation, Draft, Message, Store


def say_off(store: Store, metrics: Metrics, held: Conversation, waiting: Sequence[Message]) -> bool:
    """Answer what waits with the one honest line, once in half an hour; open a case for whoever asks for a person.

    False when the conversation changed hands or was erased meanwhile.
    """
    line = _line("all", "system")
    since = store.clock() - SHOWN_FOR
    was_said = any(message.text == line.text and message.at > since for message in recent(store, held.id))
    drafts = [] if was_said else [line]
    if any(message.text.strip() in words()["person_asked"] for message in waiting):
        case = ask_for_human(store, metrics, held.id, "caseworker", "routine", "asked")
        drafts.append(Draft(words()["system"]["asked"], sender="system"))
        drafts = list(with_line(drafts, outlook_line(store, case)))
    return append_turn(store, held.id, held.epoch, drafts, waiting[-1].seq) is not None


def cut(answer: Answer, off: Collection[str]) -> Answer:
    """The turn without what is off. Danger and requests for a person always pass.

    A turn that asks for a fact, or has results when nothing is left to ask, belongs to the interview: its question or
    result is its last message. Everything else answers a question of the family.
    """
    turn = answer.turn
    if not off or turn.get("handoff") or (turn.get("safety") or {}).get("level", "none") != "none":
        return answer
    *told, last = answer.drafts
    is_interview = bool(turn.get("asking") or (turn.get("done") and turn.get("results")))
    if is_interview and "interview" in off:
        kept, line = ([] if "answers" in off else told), _line("interview", "bot")
        return _with(answer, [*kept, replace(line, turn=_silenced(turn))])
    if is_interview and "answers" in off:
        return _with(answer, [last])
    if "answers" in off:
        return _with(answer, [replace(_line("answers", "bot"), turn=_silenced(turn))])
    return answer


def _silenced(turn: Mapping[str, Any]) -> dict[str, Any]:
    """What was understood without what would have been said: the caseworker's page needs the first."""
    return {**turn, "asking": None, "options": [], "results": [], "cards": [], "sources": []}


def _with(answer: Answer, drafts: Sequence[Draft]) -> Answer:
    return Answer(tuple(drafts), drafts[-1].turn or answer.turn)


def _line(word: str, sender: str) -> Draft:
    said: dict[str, Any] = words()["turned_off"][word]
    return Draft(said["text"], tuple(said["buttons"]), sender=sender)
