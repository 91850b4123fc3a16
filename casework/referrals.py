"""Slips to other offices: the least they need, who has received and who has answered. Pure; lists in referrals.yml."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.errors import BadValue, TooTelling
from casework.events import Event, of_kind
from casework.pii import find
from casework.rules import rules

LONGEST = 120  # characters besides what is chosen from lists


@dataclass(frozen=True)
class Slip:
    """What another office is told: no name, no reason why a parent is away, the number of the case instead."""

    office: str
    asks: str
    place: str = ""
    contact: str = ""
    more: str = ""


@dataclass(frozen=True)
class Referral:
    """A slip on its way; `number` counts within the case."""

    number: str
    slip: Slip
    sent_at: datetime
    sent_by: str | None
    received_at: datetime | None = None
    answered_at: datetime | None = None
    answer: str = ""


def check_slip(slip: Slip) -> Slip:
    """Raises: BadValue; TooTelling with the word that must go."""
    known = rules("referrals")
    for field, among in (("office", known["offices"]), ("asks", known["asks"])):
        if getattr(slip, field) not in among:
            raise BadValue(field)
    for field in ("place", "contact", "more"):
        text = getattr(slip, field)
        if len(text) > LONGEST:
            raise BadValue(field)
        for word in known["never"]:
            if word in text:
                raise TooTelling(word)
        if find(text):
            raise TooTelling("…")
    return slip


def referrals(events: Sequence[Event]) -> tuple[Referral, ...]:
    """In the order in which they were sent."""
    received = {event.subject: event for event in reversed(of_kind(events, "received"))}
    answered = {event.subject: event for event in reversed(of_kind(events, "answered"))}
    found = []
    for event in of_kind(events, "referral"):
        got, answer = received.get(event.subject), answered.get(event.subject)
        first = got or answer
        found.append(
            Referral(
                number=str(event.subject),
                slip=Slip(**event.data),
                sent_at=event.at,
                sent_by=event.worker,
                # Who answers has received, whether or not somebody wrote that down first.
                received_at=first.at if first else None,
                answered_at=answer.at if answer else None,
                answer=answer.data.get("words", "") if answer else "",
            )
        )
    return tuple(found)


def next_number(events: Sequence[Event]) -> str:
    return str(len(of_kind(events, "referral")) + 1)
