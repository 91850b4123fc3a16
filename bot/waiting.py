"""What a family that asked for a person is told about waiting: only what is true now, and nothing is promised."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.protect import SHOWN_FOR, recent
from bot.words import words
from casework.errors import NotFound
from casework.ledger import remark
from casework.outlook import Outlook, call_supervisors, outlook_of
from casework.routing import HERE
from casework.store import Case, Draft, Store

if TYPE_CHECKING:
    from bot.gateway import Gateway

LOOK = 15.0  # seconds; the clock of danger runs in minutes

log = structlog.get_logger()


def line(outlook: Outlook, now: datetime) -> str | None:
    """None when there is nothing to say: nobody before, and no hours written down."""
    known = words()["waiting"]
    parts = []
    if outlook.is_open is not None:
        parts.append(known["open"] if outlook.is_open else _closed(outlook, now))
    if outlook.ahead:
        parts.append(known["ahead"].format(ahead=outlook.ahead))
    return "".join([*parts, known["leave"]]) if parts else None


def _closed(outlook: Outlook, now: datetime) -> str:
    known = words()["waiting"]
    if outlook.opens is None:
        return str(known["closed"])
    opens, today = outlook.opens.astimezone(HERE), now.astimezone(HERE).date()
    day = known["days"].get((opens.date() - today).days) or known["day"].format(
        month=opens.month, day=opens.day, weekday=known["weekdays"][opens.weekday()]
    )
    form = "opens" if outlook.is_confirmed else "opens_unconfirmed"
    return str(known[form]).format(day=day, clock=f"{opens.hour}:{opens.minute:02}")


def outlook_line(store: Store, case: Case) -> str | None:
    """The line for a case that was just asked for; None while somebody has it, or when this was said already."""
    if case.state != "waiting":
        return None
    now = store.clock()
    told = line(outlook_of(store, case), now)
    said = {message.text for message in recent(store, case.conversation) if message.at > now - SHOWN_FOR}
    return None if told in said else told


def with_line(drafts: Sequence[Draft], told: str | None) -> tuple[Draft, ...]:
    """The line last, but before what is to be tapped."""
    if told is None:
        return tuple(drafts)
    own = Draft(told, sender="system")
    return (*drafts[:-1], own, drafts[-1]) if drafts and drafts[-1].buttons else (*drafts, own)


def call(store: Store) -> list[str]:
    """Call the supervisors for whom nobody claimed in time, and tell those families; their conversations."""
    told = []
    for case in call_supervisors(store):
        log.warning("case.called", case=case.ref, urgency=case.urgency)
        try:
            remark(store, case.conversation, words()["waiting"]["called"], f"called-{case.ref}-{case.waiting_since}")
        except NotFound:
            continue  # erased: the desk sees it all the same
        told.append(case.conversation)
    return told


async def watch_the_clock(gateway: Gateway) -> None:
    """Until it is cancelled."""
    while True:
        try:
            for conversation_id in await asyncio.to_thread(call, gateway.store):
                gateway.notice(conversation_id)
        # The database may be away; the next look is soon.
        except Exception as error:
            log.error("clock.failed", problem=type(error).__name__)
        await asyncio.sleep(LOOK)
