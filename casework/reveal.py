"""Who reads a message as it was written: the family the worker's words, a worker the family's for a stated purpose."""

from dataclasses import replace

from sqlalchemy import select

from casework.audit import write
from casework.errors import Missing, NotFound
from casework.pii import mask
from casework.rows import MESSAGES, read_messages
from casework.seal import place
from casework.store import Message, Store
from casework.tables import message


def for_family(store: Store, conversation_id: str, after: int = 0, limit: int = 500) -> list[Message]:
    """As the family reads it: what a worker tells it (an office's telephone) whole, its own numbers as dots.

    Its own stay dots because a telephone in a house passes through many hands.
    """
    query = MESSAGES.where(message.c.conversation_id == conversation_id, message.c.seq > after).limit(limit)
    told = select(message.c.seq, message.c.sealed).where(
        message.c.conversation_id == conversation_id,
        message.c.seq > after,
        message.c.sender == "worker",
        message.c.sealed.is_not(None),
    )
    with store.reading() as connection:
        found = read_messages(connection, query)
        if not any(each.is_masked and each.sender == "worker" for each in found):
            return found
        sealed = {row.seq: row.sealed for row in connection.execute(told)}
    whole = {seq: store.seal.open(text, place(conversation_id, seq)) for seq, text in sealed.items()}
    return [replace(each, text=whole.get(each.seq, each.text)) for each in found]


def reveal(store: Store, worker_id: int, conversation_id: str, seq: int, purpose: str) -> str:
    """The message as it was written; who looked and why is written down first.

    Whether this worker may look is for the desk to say. Raises: Missing without a purpose; NotFound.
    """
    if not purpose.strip():
        raise Missing("purpose")
    here = (message.c.conversation_id == conversation_id) & (message.c.seq == seq)
    with store.writing() as connection:
        found = connection.execute(select(message.c.text, message.c.sealed).where(here)).first()
        if found is None:
            raise NotFound("message")
        write(store, connection, worker_id, "number.revealed", place(conversation_id, seq), mask(purpose.strip()))
    return found.text if found.sealed is None else store.seal.open(found.sealed, place(conversation_id, seq))
