"""The log that figures are computed from: what happened in talks and cases, without a word of anybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from casework.events import EVENTS, TAKEN_BACK, to_event
from casework.store import Store
from casework.tables import case as cases_table
from casework.tables import case_event, message

BY_BOT = ("child", "done", "offered")


@dataclass(frozen=True)
class Entry:
    """One thing that happened: a message (`family`, `bot`, `worker`, `system`) or an event of a case, by its kind."""

    at: datetime
    kind: str
    talk: str
    case: str = ""
    subject: str = ""
    detail: str = ""
    worker: str = ""
    due_at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Log:
    """Entries in the order of time, all before `until`; a figure counts what began at `since` or later."""

    since: datetime
    until: datetime
    entries: tuple[Entry, ...]

    def of(self, *kinds: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind in kinds]

    def begun(self, *kinds: str) -> list[Entry]:
        return [entry for entry in self.of(*kinds) if entry.at >= self.since]


def read(store: Store, since: datetime, until: datetime) -> Log:
    """Messages of the time itself, and everything that ever happened to a case until then."""
    said = (
        select(message.c.at, message.c.sender, message.c.conversation_id, message.c.turn)
        .where(message.c.at >= since, message.c.at < until)
        .order_by(message.c.at, message.c.seq)
    )
    happened = EVENTS.add_columns(cases_table.c.conversation_id).where(case_event.c.at < until)
    with store.reading() as connection:
        talked = [
            Entry(row.at, row.sender, row.conversation_id, data=_of_turn(row.turn)) for row in connection.execute(said)
        ]
        rows = connection.execute(happened).all()
    gone = {row.subject for row in rows if row.kind == TAKEN_BACK}
    worked = []
    for row in rows:
        if str(row.id) in gone:
            continue
        event = to_event(store, row)
        texts = {name: getattr(event, name) or "" for name in ("subject", "detail", "worker")}
        worked.append(
            Entry(event.at, event.kind, row.conversation_id, row.ref, due_at=event.due_at, data=event.data, **texts)
        )
    return Log(since, until, tuple(sorted([*talked, *worked], key=lambda entry: entry.at)))


def _of_turn(turn: Mapping[str, Any] | None) -> dict[str, Any]:
    if not turn:
        return {}
    outcomes = {result["id"]: result["outcome"] for result in turn.get("results") or ()}
    return {name: turn[name] for name in BY_BOT if name in turn} | {"outcomes": outcomes}
