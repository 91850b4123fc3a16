"""Everything the dialogue remembers, in the one slot `session`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.minded import minded
from knowledge.errors import FactError
from knowledge.follow import aged
from knowledge.known import Facts, Members, Possible, complete, parse, parse_partial, to_json
from knowledge.library import Library

FIRST = "1"


@dataclass
class Child:
    """One child: `closed` facts are not asked again, `told` holds outcomes said, `called` the family's words for it.

    `apart` are the prefixes of shared facts that are its own, `spread` its facts that were told of every child.
    """

    facts: dict[str, Possible] = field(default_factory=dict)
    said_on: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    finished: bool = False
    is_read_back: bool = False
    called: dict[str, Any] = field(default_factory=dict)
    apart: list[str] = field(default_factory=list)
    spread: list[str] = field(default_factory=list)

    def on(self, as_of: date) -> Facts:
        """The facts as they stand on a day: what grows has grown since it was said."""
        grown = aged(self.facts, {name: date.fromisoformat(day) for name, day in self.said_on.items()}, as_of)
        return minded(grown)

    def forget(self, name: str) -> None:
        """One fact as if never said."""
        for store in (self.facts, self.said_on, self.evidence):
            store.pop(name, None)

    def copy(self, other: Child, name: str) -> None:
        """One fact as the other child has it, or has it not."""
        self.forget(name)
        if name in other.facts:
            self.facts[name] = other.facts[name]
            self.said_on[name] = other.said_on.get(name, "")
            self.evidence[name] = list(other.evidence.get(name, []))


@dataclass
class Session:
    """One conversation; what is asked and answered is about the child at hand."""

    child: str = FIRST
    children: dict[str, Child] = field(default_factory=lambda: {FIRST: Child()})
    count: int = 1
    last_heard: list[str] = field(default_factory=list)
    asking: str | None = None
    tries: int = 0
    asked: int = 0
    is_put: bool = False
    listened: int = 0
    everything: bool = False
    topic: str | None = None
    beside: str | None = None  # the matter beside an entitlement that was answered last
    safety: dict[str, Any] = field(default_factory=lambda: {"level": "none", "kinds": []})
    course: list[int] = field(default_factory=list)
    paused: bool = False
    alarmed: dict[str, Any] = field(default_factory=dict)  # of the last card, and what was said since
    comforted: dict[str, int] = field(default_factory=dict)
    seen_on: str | None = None
    called: bool = False  # a person was asked for
    young: bool = False
    grown: bool = False  # has told of a child as only an adult does
    friend: bool = False
    ward: bool = False
    checked_on: bool = False
    is_invited: bool = False
    asked_of_parent: bool = False  # a child asked how or where its parent is
    offered: str | None = None
    is_offer_put: bool = False  # the last reply asked whether a person should come
    is_next_put: bool = False  # the last reply asked whether to look at the next child
    amount_of: str | None = None
    amending: str | None = None
    unread: list[dict[str, Any]] = field(default_factory=list)
    misses: int = 0
    kind: str | None = None
    is_unnamed: bool = False
    consoled: list[str] = field(default_factory=list)
    invited: int = 0
    is_led_in: bool = False
    has_asked_carer: bool = False
    complained: bool = False
    last_said: str = ""  # a mark of what was answered last, so that it is not said again word for word
    was_noted: bool = False  # told once that what was said can be changed

    @property
    def here(self) -> Child:
        """The child at hand."""
        return self.children[self.child]

    @property
    def facts(self) -> dict[str, Possible]:
        return self.here.facts

    @property
    def closed(self) -> list[str]:
        return self.here.closed

    @property
    def wanted(self) -> list[str]:
        return self.here.wanted

    @property
    def told(self) -> dict[str, str]:
        return self.here.told

    @property
    def asker(self) -> str | None:
        """Who writes, once that is certain."""
        role = to_json({"r": self.facts["asker.role"]})[0].get("r") if "asker.role" in self.facts else None
        return str(role) if role else None

    @property
    def is_child(self) -> bool:
        """Also whoever sounds like one, until it is known: what a child may not hear is not said meanwhile."""
        return self.asker == "child" or (self.asker is None and self.young)

    @property
    def is_about_asker(self) -> bool:
        """Whether the child at hand is the one who writes."""
        return self.is_child and self.child == FIRST and not self.here.called.get("words")

    @property
    def others(self) -> dict[str, Child]:
        """The children that are not at hand; those not looked at yet come first."""
        rest = [(number, child) for number, child in self.children.items() if number != self.child]
        return dict(sorted(rest, key=lambda each: (each[1].finished, int(each[0]))))

    def on(self, as_of: date) -> Facts:
        return self.here.on(as_of)

    def meet(self, library: Library, number: str) -> Child:
        """A child spoken of for the first time knows what is told of its brothers and sisters alike."""
        if number not in self.children:
            first = self.here
            child = self.children[number] = Child(wanted=list(first.wanted))
            for name in first.spread:
                child.copy(first, name)
            self.share(library)
        return self.children[number]

    def share(self, library: Library, number: str | None = None) -> None:
        """What a child shares, the one at hand when none is named, is the same for all that have these parents."""
        here = self.children[number or self.child]
        for other in (child for child in self.children.values() if child is not here):
            own = (*here.apart, *other.apart)
            names = {*here.facts, *other.facts, *here.closed, *other.closed}
            for name in (name for name in names if library.facts[name].shared and name.partition(".")[0] not in own):
                other.copy(here, name)
                other.closed = [each for each in other.closed if each != name]
                other.closed += [name] if name in here.closed else []


_PLAIN = (
    *(
        "asking",
        "tries",
        "everything",
        "topic",
        "beside",
        "safety",
        "course",
        "paused",
        "alarmed",
        "comforted",
        "seen_on",
        "called",
        "young",
        "grown",
        "friend",
        "ward",
        "checked_on",
        "is_invited",
        "asked_of_parent",
        "offered",
        "is_offer_put",
        "is_next_put",
        "amount_of",
        "amending",
    ),
    *("unread", "misses", "last_heard", "count", "asked", "listened", "kind", "consoled", "invited"),
    *("is_led_in", "is_unnamed", "is_put", "has_asked_carer", "complained", "was_noted", "last_said"),
)
_OF_CHILD = ("said_on", "evidence", "closed", "wanted", "told", "finished", "is_read_back", "called", "apart", "spread")


def load(library: Library, slot: Any) -> Session:
    """The session of a slot's value; what no longer fits the vocabulary is dropped, never guessed."""
    if not isinstance(slot, Mapping):
        return Session()
    session = Session(**{name: slot[name] for name in _PLAIN if slot.get(name) is not None})
    for number, kept in (slot.get("children") or {}).items():
        session.children[str(number)] = _child(library, kept)
    child = str(slot.get("child") or FIRST)
    session.child = child if child in session.children else FIRST
    return session


def _child(library: Library, kept: Mapping[str, Any]) -> Child:
    child = Child(**{name: kept[name] for name in _OF_CHILD if kept.get(name) is not None})
    whole = set(kept.get("complete") or [])
    for source, read in ((kept.get("facts"), parse), (kept.get("partial"), parse_partial)):
        for name, value in (source or {}).items():
            try:
                child.facts[name] = read(library.fact(name), value, name in whole)
            except FactError:
                child.forget(name)
    return child


def save(session: Session) -> dict[str, Any]:
    """The slot's value: JSON all through."""
    return {
        "child": session.child,
        "children": {number: _saved(child) for number, child in session.children.items()},
        "asker": session.asker,
        **{name: getattr(session, name) for name in _PLAIN},
    }


def _saved(child: Child) -> dict[str, Any]:
    facts, partial = to_json(child.facts)
    return {
        "facts": facts,
        "partial": partial,
        "complete": [name for name, each in child.facts.items() if isinstance(each, Members) and complete(each)],
        **{name: getattr(child, name) for name in _OF_CHILD},
    }
