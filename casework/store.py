"""What casework keeps, as values; and the store that every function takes first."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy.engine import Connection, Engine

from casework.engine import make_engine, migrate
from casework.errors import NoSecret
from casework.journal import Journal
from casework.key import agree
from casework.seal import Seal

Buttons = tuple[Mapping[str, str], ...]


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Store:
    """A migrated database, the clock by which rows are dated, the turn that writing threads wait for, and the key.

    `journal` is where erasures are written down beside the database.
    """

    engine: Engine
    clock: Callable[[], datetime]
    turn: AbstractContextManager
    key: Seal | None = field(default=None, repr=False)
    journal: Journal | None = None

    @property
    def seal(self) -> Seal:
        """Raises: NoSecret."""
        if self.key is None:
            raise NoSecret
        return self.key

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that sees one moment and changes nothing."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that is kept whole or not at all."""
        with self.turn, self.engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        self.engine.dispose()


def open_store(
    url: str, clock: Callable[[], datetime] = utc_now, secret: str | None = None, journal: Path | None = None
) -> Store:
    """Open `sqlite:///file` (made private to its user), `sqlite://` (in memory) or `postgresql://…`, and migrate it.

    Without the secret nothing sealed is read or written: enough to add staff. Raises: WrongSecret.
    """
    engine = make_engine(url)
    migrate(engine)
    # SQLite lets waiting writers starve: of twenty busy threads some waited 1.6 s for what takes 2 ms.
    turn = Lock() if engine.dialect.name == "sqlite" else nullcontext()
    store = Store(engine, clock, turn, Seal(secret) if secret else None, Journal(journal) if journal else None)
    if secret:
        agree(store)
    return store


@dataclass(frozen=True)
class Conversation:
    """`epoch` rises with every change of hands; the bot need not answer family messages up to `answered_seq`.

    `address` is what it is found by where a channel pushes; where to send to is sealed.
    """

    id: str
    channel: str
    holder: str
    epoch: int
    worker_id: int | None
    last_seq: int
    answered_seq: int
    created_at: datetime
    erased_at: datetime | None
    harm: bool
    family_seq: int
    address: str | None


@dataclass(frozen=True)
class Message:
    """`worker` is the name of the worker who wrote it; `is_masked` when numbers in it were sealed."""

    conversation: str
    seq: int
    sender: str
    text: str
    client_id: str
    buttons: Buttons
    turn: Mapping[str, Any] | None
    worker: str | None
    at: datetime
    is_masked: bool = False


@dataclass(frozen=True)
class Draft:
    """One message of a bot turn before it has a seq; `sender` may be `system`."""

    text: str
    buttons: Buttons = ()
    turn: Mapping[str, Any] | None = None
    sender: str = "bot"


@dataclass(frozen=True)
class Erased:
    """`kept` says why something stays: `harm` or `case`; None when all is gone."""

    erased: bool
    kept: str | None


@dataclass(frozen=True)
class Case:
    """A conversation that wants or has a human; `waiting_since` starts anew when a case is released.

    `locked_at`: kept for harm, and shown no more but for a supervisor's reason.
    `child_ref` names the child where several cases are about the same one; None while this is the only one.
    `region` and `language` are what a worker set; `offered_to` is the worker asked to take it over.
    `called_at`: nobody claimed it in time, and supervisors are called.
    """

    ref: str
    conversation: str
    queue: str
    urgency: str
    reason: str
    state: str
    worker_id: int | None
    worker_name: str | None
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    packet: Mapping[str, Any]
    waiting_since: datetime
    child_ref: str | None = None
    locked_at: datetime | None = None
    region: str | None = None
    language: str | None = None
    labels: tuple[str, ...] = ()
    offered_to: int | None = None
    offered_at: datetime | None = None
    called_at: datetime | None = None


@dataclass(frozen=True)
class CaseEvent:
    """One step in the life of a case; `detail` is the urgency raised to, or the name transferred to."""

    kind: str
    worker: str | None
    detail: str | None
    at: datetime


@dataclass(frozen=True)
class Note:
    """What a worker wrote about a case for colleagues; never shown to the family."""

    worker: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Claim:
    """From `seq` on there is no bot message until the conversation is given back."""

    case: Case
    seq: int


@dataclass(frozen=True)
class Delivery:
    """One message that a push channel owes; `tries` counts the attempts that failed."""

    conversation: str
    seq: int
    channel: str
    address: str
    sender: str
    text: str
    buttons: Buttons
    turn: Mapping[str, Any] | None
    tries: int

    @property
    def place(self) -> tuple[str, int]:
        """What names it for good."""
        return self.conversation, self.seq


@dataclass(frozen=True)
class Worker:
    """Sessions begun under an older `session_epoch` are over; `has_second` asks for a code besides the password."""

    id: int
    name: str
    role: str
    must_change: bool
    session_epoch: int = 1
    has_second: bool = False
