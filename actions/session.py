"""Everything the dialogue remembers, in the one slot `session`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge.errors import FactError
from knowledge.known import Facts, Members, Possible, aged, complete, parse, parse_partial, to_json
from knowledge.library import Library

CHILD = "1"


@dataclass
class Session:
    """One conversation about one child: `closed` facts are not asked again, `told` holds the outcomes said."""

    facts: dict[str, Possible] = field(default_factory=dict)
    said_on: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    last_heard: list[str] = field(default_factory=list)
    asking: str | None = None
    tries: int = 0
    wanted: list[str] = field(default_factory=list)
    everything: bool = False
    topic: str | None = None
    told: dict[str, str] = field(default_factory=dict)
    safety: dict[str, Any] = field(default_factory=lambda: {"level": "none", "kinds": []})
    paused: bool = False
    checked_on: bool = False
    offered: str | None = None
    finished: bool = False
    amount_of: str | None = None
    unread: list[dict[str, Any]] = field(default_factory=list)
    misses: int = 0

    @property
    def asker(self) -> str | None:
        """Who writes, once that is certain."""
        role = to_json({"r": self.facts["asker.role"]})[0].get("r") if "asker.role" in self.facts else None
        return str(role) if role else None

    @property
    def is_child(self) -> bool:
        return self.asker == "child"

    def on(self, as_of: date) -> Facts:
        """The facts as they stand on a day: what grows has grown since it was said."""
        return aged(self.facts, {name: date.fromisoformat(day) for name, day in self.said_on.items()}, as_of)

    def forget(self, name: str) -> None:
        """One fact as if never said."""
        for store in (self.facts, self.said_on, self.evidence):
            store.pop(name, None)


_PLAIN = (
    *("asking", "tries", "wanted", "everything", "topic", "told", "safety", "paused"),
    *("checked_on", "offered", "finished", "amount_of", "unread", "misses", "last_heard"),
)


def load(library: Library, slot: Any) -> Session:
    """The session of a slot's value; what no longer fits the vocabulary is dropped, never guessed."""
    if not isinstance(slot, Mapping):
        return Session()
    child = (slot.get("children") or {}).get(CHILD) or {}
    session = Session(**{name: slot[name] for name in _PLAIN if slot.get(name) is not None})
    for name in ("said_on", "evidence", "closed"):
        setattr(session, name, child.get(name) or getattr(session, name))
    whole = set(child.get("complete") or [])
    for source, read in ((child.get("facts"), parse), (child.get("partial"), parse_partial)):
        for name, value in (source or {}).items():
            try:
                session.facts[name] = read(library.fact(name), value, name in whole)
            except FactError:
                session.forget(name)
    return session


def save(session: Session) -> dict[str, Any]:
    """The slot's value: JSON all through."""
    facts, partial = to_json(session.facts)
    child = {
        "facts": facts,
        "partial": partial,
        "complete": [name for name, each in session.facts.items() if isinstance(each, Members) and complete(each)],
        "said_on": session.said_on,
        "evidence": session.evidence,
        "closed": session.closed,
    }
    return {
        "child": CHILD,
        "children": {CHILD: child},
        "asker": session.asker,
        **{name: getattr(session, name) for name in _PLAIN},
    }
