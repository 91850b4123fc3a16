"""What push channels owe to families: leased, retried with growing pauses, in order within a conversation."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.engine import Row
from sqlalchemy.sql.elements import ColumnElement

from casework.delivery import LEASE, after_failure
from casework.errors import NotFound
from casework.seal import address_of, place
from casework.store import Delivery, Store
from casework.tables import conversation, message, outbox

_open = (outbox.c.delivered_at.is_(None)) & (outbox.c.given_up_at.is_(None))


def due(store: Store, now: datetime, limit: int) -> list[Delivery]:
    """Lease what may be sent now: the oldest message of each conversation, so that the order holds; then ask again.

    `delivery.next_owed` in the database's words.
    """
    earlier = outbox.alias()
    is_first = ~(
        select(earlier.c.id)
        .where(
            earlier.c.conversation_id == outbox.c.conversation_id,
            earlier.c.seq < outbox.c.seq,
            earlier.c.delivered_at.is_(None),
            earlier.c.given_up_at.is_(None),
        )
        .exists()
    )
    ready = (
        select(outbox.c.id)
        .where(_open, outbox.c.not_before <= now, is_first)
        .order_by(outbox.c.not_before, outbox.c.id)
        .limit(limit)
    )
    # A sender asks often and mostly for nothing: that must not take the writers' turn.
    with store.reading() as connection:
        if connection.execute(ready).first() is None:
            return []
    with store.writing() as connection:
        ids = list(connection.execute(ready.with_for_update(skip_locked=True)).scalars())
        connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(not_before=now + LEASE))
        query = (
            select(outbox, conversation.c.channel, conversation.c.sealed_address, message.c.sender, message.c.text)
            .add_columns(message.c.buttons, message.c.turn, message.c.sealed)
            .select_from(outbox.join(message).join(conversation))
            .where(outbox.c.id.in_(ids))
            .order_by(outbox.c.id)
        )
        return [_delivery(store, row) for row in connection.execute(query)]


def is_owed(store: Store, owed: Delivery) -> bool:
    """Whether it is owed still: the family may have erased it while it was carried."""
    with store.reading() as connection:
        return connection.execute(select(outbox.c.id).where(*_this(owed), _open)).first() is not None


def delivered(store: Store, owed: Delivery) -> None:
    _change(store, owed, delivered_at=store.clock())


def failed(store: Store, owed: Delivery, why: str) -> None:
    """Try later; after a day of tries give up, so that the messages behind it get their turn.

    `why` is a short code, never an address or a token. Raises: NotFound.
    """
    with store.writing() as connection:
        tries = connection.execute(select(outbox.c.tries).where(*_this(owed)).with_for_update()).scalar()
        if tries is None:
            raise NotFound("delivery")
        now = store.clock()
        pause, is_last = after_failure(tries)
        given_up_at = now if is_last else None
        values = {"tries": tries + 1, "not_before": now + pause, "why": why[:200], "given_up_at": given_up_at}
        connection.execute(update(outbox).where(*_this(owed)).values(**values))


def postponed(store: Store, owed: Delivery, pause: timedelta, why: str) -> None:
    """The receiving side named the pause itself: that is no failed try."""
    _change(store, owed, not_before=store.clock() + pause, why=why[:200])


def given_up(store: Store, owed: Delivery, why: str) -> None:
    """No try can help: the messages behind it get their turn at once."""
    _change(store, owed, given_up_at=store.clock(), why=why[:200])


def _change(store: Store, owed: Delivery, **values: object) -> None:
    """A delivery that was erased meanwhile is nobody's any more."""
    with store.writing() as connection:
        connection.execute(update(outbox).where(*_this(owed)).values(**values))


def _this(owed: Delivery) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Never by the number of the row: after an erasing SQLite gives the same to another family's words."""
    return outbox.c.conversation_id == owed.conversation, outbox.c.seq == owed.seq


def _delivery(store: Store, row: Row) -> Delivery:
    """What goes to the family is whole: a worker may have told it the telephone of an office."""
    whole = row.text if row.sealed is None else store.seal.open(row.sealed, place(row.conversation_id, row.seq))
    return Delivery(
        row.conversation_id,
        row.seq,
        row.channel,
        store.seal.open(row.sealed_address, address_of(row.conversation_id)),
        row.sender,
        whole,
        tuple(row.buttons),
        row.turn,
        row.tries,
    )
