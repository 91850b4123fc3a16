"""A case as its events leave it: the child, the needs, what is recorded and by which evidence. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.applications import Application, applications
from casework.events import Event, newest, of_kind
from casework.evidence import Item, Standing, standing
from casework.followup import HERE, Matter, matters
from casework.referrals import Referral, referrals


@dataclass(frozen=True)
class Recorded:
    """A category somebody recorded of one person, and how it stands by the evidence of now."""

    category: str
    about: str
    on: date
    by: str | None
    standing: Standing


@dataclass(frozen=True)
class Linked:
    """Another conversation about the same child, with the case through which it is read; `voice` says whose it is."""

    conversation: str
    ref: str
    voice: str


@dataclass(frozen=True)
class CaseFile:
    """`child` are the fields of the newest entry; `needs` are open ones, the first named first."""

    child: Mapping[str, Any]
    needs: tuple[str, ...]
    needs_met: tuple[str, ...]
    evidence: tuple[Item, ...]
    recorded: tuple[Recorded, ...]
    coordinator: str
    linked: tuple[Linked, ...]
    applications: Mapping[str, Application]
    referrals: tuple[Referral, ...]
    matters: Mapping[str, Matter]
    visits: tuple[datetime, ...]


def casefile(events: Sequence[Event]) -> CaseFile:
    child, coordinator = newest(events, "child"), newest(events, "coordinator")
    met = [str(event.subject) for event in of_kind(events, "need_met")]
    items = tuple(to_item(event) for event in of_kind(events, "evidence"))
    return CaseFile(
        child=child.data if child else {},
        needs=tuple(need for need in needs(events) if need not in met),
        needs_met=tuple(dict.fromkeys(met)),
        evidence=items,
        recorded=_recorded(events, items),
        coordinator=coordinator.data["office"] if coordinator else "",
        linked=tuple(
            Linked(str(event.subject), event.data["ref"], event.data["voice"]) for event in of_kind(events, "linked")
        ),
        applications=applications(events),
        referrals=referrals(events),
        matters=matters(events),
        visits=tuple(event.at for event in of_kind(events, "visited")),
    )


def needs(events: Sequence[Event]) -> list[str]:
    """Every need that was named, in the order of naming."""
    return list(dict.fromkeys(str(event.subject) for event in of_kind(events, "need")))


def to_item(event: Event) -> Item:
    return Item(**{**event.data, "seen_on": date.fromisoformat(event.data["seen_on"])})


def _recorded(events: Sequence[Event], items: Sequence[Item]) -> tuple[Recorded, ...]:
    """What is recorded now, judged anew: evidence that came later may stop what stood."""
    now: dict[tuple[str, str], Event] = {}
    for event in of_kind(events, "category", "category_ended"):
        place = (str(event.subject), event.data["about"])
        if event.kind == "category":
            now[place] = event
        else:
            now.pop(place, None)
    found = []
    for (category, about), event in now.items():
        on = event.at.astimezone(HERE).date()
        found.append(Recorded(category, about, on, event.worker, standing(category, about, on, items)))
    return tuple(found)
