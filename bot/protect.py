"""When there is danger: the fixed safety words at once, the words kept, a counselor asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.hearing import hear
from bot.packet import packet
from casework.cases import open_case
from casework.ledger import append, find, mark_harm, messages
from casework.store import Draft, Message, Store
from knowledge.alarm import HIGH, LEVELS, safety_words
from knowledge.safety.voice import VOICES, voice_of

# The card is not repeated with every sentence of one story.
SHOWN_FOR = timedelta(minutes=30)
LOOKED_BACK = 300


def recent(store: Store, conversation_id: str) -> list[Message]:
    """The last messages, enough for a card shown half an hour ago and for the packet."""
    held = find(store, conversation_id)
    after = max(0, held.last_seq - LOOKED_BACK) if held else 0
    return messages(store, conversation_id, after=after)


def heed(store: Store, message: Message, is_owed: bool = False) -> str:
    """Look at one family message and, at urgent or above, do all that is due; the level that was heard.

    Safe to repeat: the same message never shows its words twice and opens no second case. What was heard once and is
    still owed is heeded, though another model hears less in it today.
    """
    danger = hear(message.text)
    if is_owed and danger.level not in HIGH:
        danger = replace(danger, level="urgent")
    if danger.level not in HIGH:
        return danger.level
    said, own = recent(store, message.conversation), f"safety-{message.seq}-"
    if any(line.client_id == f"{own}asked" for line in said):
        # Seen to the end before: the case it opened may be closed by now, and must not be opened again.
        return danger.level
    # Its own lines do not count: we may have died after the first of them.
    before = [line for line in said if not line.client_id.startswith(own)]
    if not is_new(store, before, danger.level, danger.kinds):
        call_counselor(store, message.conversation, said, danger.level)
        return danger.level
    *help_now, asked = card(store, said, danger.level, danger.kinds)
    for place, draft in enumerate(help_now):
        append(store, message.conversation, "system", draft.text, f"{own}{place}", turn=draft.turn)
    # The last line says that somebody was asked: it waits until somebody was.
    call_counselor(store, message.conversation, said, danger.level)
    append(store, message.conversation, "system", asked.text, f"{own}asked", turn=asked.turn)
    return danger.level


def card(store: Store, said: Sequence[Message], level: str, kinds: Sequence[str]) -> list[Draft]:
    """The fixed words, marked so that a channel can set them apart."""
    return _marked(safety_words(kinds, level, voice(said), store.clock()), level, kinds)


def with_card(
    store: Store, said: Sequence[Message], level: str, kinds: Sequence[str], bot: Sequence[Draft]
) -> list[Draft]:
    """The bot's turn with the card before it, for danger that the model alone saw.

    Rasa, not knowing who else listens, says the safety words itself: what it said of them becomes the card, and its
    question stays its own.
    """
    texts = {draft.text for draft in bot}
    for each in VOICES:
        warm, question, *rest = safety_words(kinds, level, each, store.clock())
        if warm in texts:
            left = [draft for draft in bot if draft.text not in (warm, question, *rest)]
            last = left.pop() if left else replace(bot[-1], text=question)
            return [
                *_marked((warm, *rest), level, kinds),
                *left,
                replace(last, buttons=bot[-1].buttons, turn=bot[-1].turn),
            ]
    return [*card(store, said, level, kinds), *bot]


def _marked(texts: Sequence[str], level: str, kinds: Sequence[str]) -> list[Draft]:
    safety = {"safety": {"level": level, "kinds": list(kinds)}}
    return [Draft(text, turn=safety, sender="system") for text in texts]


def is_new(store: Store, said: Sequence[Message], level: str, kinds: Iterable[str] = ()) -> bool:
    """Whether no card of this half hour covers this level and these kinds."""
    since = store.clock() - SHOWN_FOR
    shown = [shown for message in said if message.at > since and (shown := shown_safety(message))]
    covered = {kind for safety in shown for kind in safety["kinds"]}
    highest = max((LEVELS.index(safety["level"]) for safety in shown), default=-1)
    return highest < LEVELS.index(level) or not set(kinds) <= covered


def shown_safety(message: Message) -> dict[str, Any] | None:
    """The level and kinds of a safety card; None for every other message."""
    return message.turn.get("safety") if message.sender == "system" and message.turn else None


def call_counselor(
    store: Store, conversation_id: str, said: Sequence[Message], level: str, turn: Mapping[str, Any] | None = None
) -> None:
    mark_harm(store, conversation_id)
    open_case(store, conversation_id, "counselor", level, "danger", packet(said, turn))


def voice(said: Sequence[Message]) -> str:
    """Who is writing: as the assistant read it, else as its own words sound."""
    turns = [message.turn for message in said if message.sender == "bot" and message.turn]
    role = turns[-1].get("facts", {}).get("asker.role") if turns else None
    return voice_of([message.text for message in said if message.sender == "family"], role)
