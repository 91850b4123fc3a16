"""Every word of every conversation, in order, and who holds it."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from casework.alarms import owe_alarm
from casework.erasure import erase
from casework.errors import NotFound
from casework.protocol import Answered, Heard, No, Remarked, Shown, step
from casework.rows import (
    CONVERSATIONS,
    MESSAGES,
    add,
    change,
    line,
    read_messages,
    said_before,
    standing,
    take,
    to_conversation,
)
from casework.seal import address_of, found_by
from casework.secret import digest
from casework.store import Conversation, Draft, Message, Store
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
    "remark",
    "start",
    "unanswered",
    "waiting_for_bot",
]


def start(store: Store, channel: str = "web", address: str | None = None) -> tuple[Conversation, str]:
    """A new conversation and the token that is its only key; `address` is where a push channel sends."""
    token = secrets.token_urlsafe(32)
    conversation_id = secrets.token_urlsafe(16)
    values = {
        "id": conversation_id,
        "channel": channel,
        "address": address and found_by(store.seal, channel, address),
        "sealed_address": address and store.seal.close(address, address_of(conversation_id)),
        "token_hash": digest(token),
        "holder": "bot",
        "epoch": 1,
        "last_seq": 0,
        "family_seq": 0,
        "answered_seq": 0,
        "harm": False,
        "created_at": store.clock(),
    }
    with store.writing() as connection:
        connection.execute(insert(conversation), [values])
        return take(connection, conversation_id), token


def find(store: Store, conversation_id: str) -> Conversation | None:
    """Erased ones that had to be kept are found too: see `erased_at`."""
    with store.reading() as connection:
        row = connection.execute(CONVERSATIONS.where(conversation.c.id == conversation_id)).first()
    return row and to_conversation(row)


def by_token(store: Store, token: str) -> Conversation | None:
    hashed = digest(token)
    query = CONVERSATIONS.where(conversation.c.token_hash == hashed, conversation.c.erased_at.is_(None))
    with store.reading() as connection:
        row = connection.execute(query).first()
    if row is None or not hmac.compare_digest(row.token_hash, hashed):
        return None
    return to_conversation(row)


def by_address(store: Store, channel: str, address: str) -> Conversation | None:
    """The open conversation of a push channel's address; an erased one has no address any more."""
    query = CONVERSATIONS.where(
        conversation.c.channel == channel, conversation.c.address == found_by(store.seal, channel, address)
    )
    with store.reading() as connection:
        row = connection.execute(query).first()
    return row and to_conversation(row)


def at_address(store: Store, channel: str, address: str) -> Conversation:
    """The same, begun when there is none; two that begin it at once get one.

    Raises: NotFound when it was erased in that very moment.
    """
    if held := by_address(store, channel, address):
        return held
    try:
        return start(store, channel, address)[0]
    except IntegrityError:
        if held := by_address(store, channel, address):
            return held
    raise NotFound("conversation")


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


def _say(
    store: Store,
    conversation_id: str,
    event: type[Heard | Shown | Remarked],
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
