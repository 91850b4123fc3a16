"""Every word of every conversation, in order, and who holds it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select

from casework.alarms import owe_alarm
from casework.conversations import at_address, by_address, by_token, find, start
from casework.erasure import erase
from casework.errors import NotFound
from casework.protocol import Answered, Heard, No, Put, Remarked, Shown, step
from casework.rows import MESSAGES, add, change, line, read_messages, said_before, standing, take
from casework.store import Draft, Message, Store
from casework.tables import conversation, message

__all__ = [
    "Draft",
    "append",
    "append_turn",
    "at_address",
    "by_address",
    "by_token",
    "erase",
    "find",
    "mark_harm",
    "messages",
    "put",
    "remark",
    "start",
    "unanswered",
    "waiting_for_bot",
]


def append(
    store: Store,
    conversation_id: str,
    sender: str,
    text: str,
    client_id: str,
    buttons: Sequence[Mapping[str, str]] = (),
    turn: Mapping[str, Any] | None = None,
    is_alarm: bool = False,
) -> Message:
    """Record a message of the family, a worker or the system; the same sender and client id again is the same row.

    `is_alarm`: with it is recorded that it must be heeded (`casework.alarms`).
    Raises: NotFound also when the family has erased the conversation. The bot speaks through `append_turn` only.
    """
    if sender == "bot":
        raise ValueError("the bot speaks through append_turn, which checks who holds the conversation")
    new = line(sender, text, client_id, buttons=list(buttons), turn=turn)
    said = _say(store, conversation_id, Heard if sender == "family" else Shown, new, is_alarm)
    assert said is not None  # the protocol refuses these two for an erased conversation only
    return said


def remark(
    store: Store, conversation_id: str, text: str, client_id: str, buttons: Sequence[Mapping[str, str]] = ()
) -> Message | None:
    """A line of the system about the assistant; None while a worker holds the conversation, whom it must not join.

    Raises: NotFound also when the family has erased the conversation.
    """
    return _say(store, conversation_id, Remarked, line("system", text, client_id, buttons=list(buttons)))


def put(
    store: Store,
    conversation_id: str,
    worker_id: int,
    text: str,
    client_id: str,
    buttons: Sequence[Mapping[str, str]] = (),
) -> Message | None:
    """A fixed question in a worker's name; None while another worker holds the conversation.

    Raises: NotFound also when the family has erased the conversation.
    """
    new = line("system", text, client_id, buttons=list(buttons))
    return _say(store, conversation_id, partial(Put, worker_id), new)


def _say(
    store: Store,
    conversation_id: str,
    event: Callable[..., Heard | Shown | Put | Remarked],
    new: dict[str, Any],
    is_alarm: bool = False,
) -> Message | None:
    with store.writing() as connection:
        held = take(connection, conversation_id)
        before = said_before(connection, conversation_id, new)
        now = step(standing(held), event(is_repeat=before is not None))
        if now is No.GONE:
            raise NotFound("conversation")
        if isinstance(now, No):
            return before
        said = add(store, connection, held, now, [new])[0]
        if is_alarm:
            owe_alarm(connection, said)
        return said


def append_turn(
    store: Store, conversation_id: str, epoch: int, drafts: Sequence[Draft], answers: int
) -> list[Message] | None:
    """All words of one bot turn or, when it comes too late, none.

    `answers` is the last family seq that the turn answers. None when the conversation changed hands since `epoch`,
    was erased, or that message was answered already.
    """
    with store.writing() as connection:
        try:
            held = take(connection, conversation_id)
        except NotFound:
            return None
        now = step(standing(held), Answered(epoch, answers, len(drafts)))
        if isinstance(now, No):
            return None
        lines = [
            line(draft.sender, draft.text, f"turn-{answers}-{place}", buttons=list(draft.buttons), turn=draft.turn)
            for place, draft in enumerate(drafts)
        ]
        return add(store, connection, held, now, lines)


def messages(store: Store, conversation_id: str, after: int = 0, limit: int = 500) -> list[Message]:
    """Numbers of people as dots, like everywhere but in casework.reveal."""
    query = MESSAGES.where(message.c.conversation_id == conversation_id, message.c.seq > after).limit(limit)
    with store.reading() as connection:
        return read_messages(connection, query)


def waiting_for_bot(store: Store) -> list[str]:
    """Conversations whose family waits for the bot's answer, the longest waiting conversation first."""
    query = (
        select(conversation.c.id)
        .where(
            conversation.c.holder == "bot",
            conversation.c.erased_at.is_(None),
            conversation.c.family_seq > conversation.c.answered_seq,
        )
        .order_by(conversation.c.created_at)
    )
    with store.reading() as connection:
        return list(connection.execute(query).scalars())


def unanswered(store: Store, conversation_id: str) -> list[Message]:
    """Family messages that the bot has yet to answer; none while a worker holds the conversation."""
    query = MESSAGES.join(conversation, conversation.c.id == message.c.conversation_id).where(
        conversation.c.id == conversation_id,
        conversation.c.holder == "bot",
        conversation.c.erased_at.is_(None),
        message.c.sender == "family",
        message.c.seq > conversation.c.answered_seq,
    )
    with store.reading() as connection:
        return read_messages(connection, query)


def mark_harm(store: Store, conversation_id: str) -> None:
    """From now on the words are kept and locked, even when the family erases them."""
    with store.writing() as connection:
        take(connection, conversation_id)
        change(connection, conversation_id, harm=True)
