"""Following through: asks families that agreed how it went, and hands overdue matters on.

Run every few minutes as a process of its own (bot/errands.py): `python -m bot.follow_up`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from bot.heard_back import questions
from bot.logs import configure
from bot.settings import load_settings
from casework.cases import case as find_case
from casework.errors import NotFound
from casework.follow import Task, catch_up, escalate, is_asked, know_dates, moved_lately, remind, tasks
from casework.followup import HERE, months_later
from casework.ledger import messages, remark
from casework.rules import rules
from casework.silence import note_silence
from casework.store import Message, Store, open_store

log = structlog.get_logger()

LOOKED_BACK = timedelta(days=30)
MOST = 100_000
PARENTS = ("father", "mother")


def main() -> None:
    settings = load_settings()
    configure(settings.log_level)
    store = open_store(settings.database_url, secret=settings.secret)
    try:
        follow(store)
    finally:
        store.close()


def follow(store: Store) -> None:
    """One round: put down what has become due, ask or leave it to the worker, hand on what is overdue."""
    for ref in moved_lately(store, LOOKED_BACK):
        conversation = find_case(store, ref).conversation
        know_dates(store, ref, dict(days(messages(store, conversation, limit=MOST))))
        catch_up(store, ref)
    note_silence(store)
    now = store.clock()
    for task in tasks(store, now):
        if task.matter.reminded_at is None and (how := ask(store, task)):
            remind(store, task.case.ref, task.matter.key, how)
    for ref, key in escalate(store, now):
        log.warning("follow_up.escalated", case=ref, what=key.partition(":")[0])


def ask(store: Store, task: Task) -> str | None:
    """Into the family's conversation where it agreed and no worker is there; how it was done, None: not yet.

    A telephone does not ring at night, and who has not answered one question is not asked another.
    """
    what, ref = task.matter.what, task.case.ref
    if not (is_asked(what) and task.agreed):
        return "task"
    known = rules("followup")
    begin, end = known["asked_between"]
    said = messages(store, task.case.conversation, limit=MOST)
    if not begin <= store.clock().astimezone(HERE).hour < end or questions(said, is_answered=False):
        return None
    reports = [known["reports"][name] for name in known["answers"][what]]
    buttons = [{"title": report["title"], "payload": report["payload"]} for report in reports]
    try:
        said = remark(store, task.case.conversation, known["ask"][what], f"follow-{ref}-{task.matter.key}", buttons)
    except NotFound:
        return "task"  # erased: only the worker can ask, elsewhere
    return "message" if said else "task"


def days(said: Sequence[Message]) -> Iterator[tuple[str, date]]:
    """The days that the newest facts name, of every child; a fact without the message it came from names none."""
    turns = [message.turn for message in said if message.sender == "bot" and message.turn]
    said_at = {message.seq: message.at for message in said}
    for turn in (turns[-1], *turns[-1].get("others", ())) if turns else ():
        number, facts = turn.get("child", 1), turn.get("facts", {})
        if "child.born" in facts:
            yield f"{number}.born", date.fromisoformat(facts["child.born"])
        elif (age := _years(turn)) is not None and (on := _said_on(turn, "child.age", said_at)):
            # The birthday may be tomorrow: rather told too early than too late.
            yield f"{number}.born", months_later(on, -12 * (age + 1)) + timedelta(days=1)
        for parent in PARENTS:
            months, on = facts.get(f"{parent}.lost_contact_months"), None
            if months is not None:
                on = _said_on(turn, f"{parent}.lost_contact_months", said_at)
            if on:
                yield f"{number}.{parent}.lost_since", months_later(on, -int(months))


def _years(turn: Mapping[str, Any]) -> int | None:
    """The greatest age that is possible."""
    narrowed = turn.get("partial", {}).get("child.age", {})
    age = turn.get("facts", {}).get("child.age", narrowed.get("max"))
    return None if age is None else int(age)


def _said_on(turn: Mapping[str, Any], fact: str, said_at: Mapping[int, datetime]) -> date | None:
    told = [piece["seq"] for piece in turn.get("evidence", {}).get(fact, ()) if piece.get("seq") in said_at]
    return said_at[told[-1]].astimezone(HERE).date() if told else None


if __name__ == "__main__":
    main()
