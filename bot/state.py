"""One row per conversation: what the dialogue knows (slots) and the last replies; never a family's message.

The replies are kept because the gateway may die between asking for a turn and recording it: asked again, the same
words are answered instead of being thought up twice.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

# Each death of the gateway can leave one reply unrecorded; four deaths in a row are enough.
KEPT_REPLIES = 4
# The turns of a conversation that is gone.
ERASED = -1

metadata = MetaData()
tracker = Table(
    "tracker",
    metadata,
    Column("conversation", String(128), primary_key=True),
    Column("turns", Integer, nullable=False),
    Column("slots", JSON, nullable=False),
    Column("replies", JSON, nullable=False),
)


class StaleState(Exception):
    """The row changed, or was never read, since this turn began: writing would forget what a family said."""


@dataclass(frozen=True)
class Reply:
    """What was answered to the messages `seqs`."""

    seqs: tuple[int, ...] = ()
    messages: tuple[Mapping[str, Any], ...] = ()
    turn: Mapping[str, Any] | None = None

    @property
    def is_empty(self) -> bool:
        """Without words it is no reply: the front door asks again."""
        return not self.messages


@dataclass(frozen=True)
class State:
    """`turns` counts the turns that were stored, so that a late writer is noticed."""

    turns: int = 0
    slots: Mapping[str, Any] | None = None
    replies: tuple[Reply, ...] = ()

    def after(self, slots: Mapping[str, Any], reply: Reply) -> "State":
        return State(self.turns + 1, slots, (*self.replies, reply)[-KEPT_REPLIES:])


def open_state(url: str) -> Engine:
    """Open the database and create the table when it is missing. Raises: SQLAlchemyError."""
    engine = create_engine(url, json_serializer=partial(json.dumps, ensure_ascii=False), pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _share_sqlite)
    metadata.create_all(engine)
    return engine


def _share_sqlite(connection: Any, _: Any) -> None:
    # The ledger writes to the same file from other processes.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA secure_delete=ON")  # slots quote the family: overwritten, not only unlinked


def load(engine: Engine, conversation: str) -> State:
    """A conversation that was never stored, or was erased, has no turns. Raises: SQLAlchemyError."""
    with engine.connect() as connection:
        row = connection.execute(select(tracker).where(tracker.c.conversation == conversation)).mappings().first()
    if row is None or row["turns"] == ERASED:
        return State()
    replies = tuple(Reply(tuple(one["seqs"]), tuple(one["messages"]), one["turn"]) for one in row["replies"])
    return State(row["turns"], row["slots"], replies)


def save(engine: Engine, conversation: str, state: State) -> None:
    """Store the state one turn on. Raises: StaleState, SQLAlchemyError."""
    values = {
        "turns": state.turns,
        "slots": dict(state.slots or {}),
        "replies": [{"seqs": one.seqs, "messages": one.messages, "turn": one.turn} for one in state.replies],
    }
    with engine.begin() as connection:
        if state.turns == 1:
            try:
                connection.execute(insert(tracker).values(conversation=conversation, **values))
            except IntegrityError as error:
                raise StaleState("the conversation was stored or erased meanwhile") from error
            return
        done = connection.execute(
            update(tracker)
            .where(tracker.c.conversation == conversation, tracker.c.turns == state.turns - 1)
            .values(**values)
        )
        if done.rowcount != 1:
            raise StaleState("the conversation was stored or erased meanwhile")


def forget(engine: Engine, conversations: Iterable[str]) -> None:
    """Erase what the dialogue knew, when the family erases its conversation.

    Its id stays: a turn that began before may be stored after, when nobody looks again, and must find it.
    """
    bare = {"turns": ERASED, "slots": {}, "replies": []}
    insert_here = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    query = insert_here(tracker).on_conflict_do_update(
        index_elements=[tracker.c.conversation], set_=bare, where=tracker.c.turns != ERASED
    )
    with engine.begin() as connection:
        for conversation in conversations:
            connection.execute(query, {"conversation": conversation, **bare})


def forget_in(url: str, conversations: Iterable[str]) -> None:
    """The same in a database that nobody else has open."""
    engine = open_state(url)
    forget(engine, conversations)
    engine.dispose()
