"""A database is sealed with one secret from its first day on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, text, update
from sqlalchemy.engine import Connection

from casework.errors import WrongSecret
from casework.pii import mask
from casework.seal import Seal, address_of, found_by, place
from casework.tables import BY_PEOPLE, conversation, message, sealed_with

if TYPE_CHECKING:
    from casework.store import Store


def agree(store: Store) -> None:
    """Remember by which key this database is sealed; on the first day seal the numbers that stand there openly.

    Raises: WrongSecret.
    """
    seal = store.seal
    with store.reading() as connection:
        known = connection.execute(select(sealed_with.c.key_id)).scalar()
    if known is None:
        with store.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("LOCK TABLE sealed_with IN EXCLUSIVE MODE"))
            known = connection.execute(select(sealed_with.c.key_id)).scalar()
            if known is None:
                known = seal.key_id
                connection.execute(insert(sealed_with), [{"key_id": known}])
                _seal_old(connection, seal)
    if known != seal.key_id:
        raise WrongSecret
    _seal_addresses(store)


def _seal_addresses(store: Store) -> None:
    """Those that an older version wrote down openly."""
    stands_openly = conversation.c.address.is_not(None) & conversation.c.sealed_address.is_(None)
    columns = select(conversation.c.id, conversation.c.channel, conversation.c.address)
    with store.reading() as connection:
        if connection.execute(columns.where(stands_openly)).first() is None:
            return
    with store.writing() as connection:
        for row in connection.execute(columns.where(stands_openly).with_for_update()).all():
            sealed = store.seal.close(row.address, address_of(row.id))
            values = {"address": found_by(store.seal, row.channel, row.address), "sealed_address": sealed}
            connection.execute(update(conversation).where(conversation.c.id == row.id).values(**values))


def _seal_old(connection: Connection, seal: Seal) -> None:
    columns = (message.c.conversation_id, message.c.seq, message.c.text)
    spoken = select(*columns).where(message.c.sender.in_(BY_PEOPLE), message.c.sealed.is_(None))
    for row in connection.execute(spoken).all():
        masked = mask(row.text)
        if masked != row.text:
            here = (message.c.conversation_id == row.conversation_id) & (message.c.seq == row.seq)
            sealed = seal.close(row.text, place(row.conversation_id, row.seq))
            connection.execute(update(message).where(here).values(text=masked, sealed=sealed))
