"""How a conversation is begun and found: by its token, by the address of a push channel, by its id."""

import hmac
import secrets

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from casework.errors import NotFound
from casework.rows import CONVERSATIONS, take, to_conversation
from casework.seal import address_of, found_by
from casework.secret import digest
from casework.store import Conversation, Store
from casework.tables import conversation


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
