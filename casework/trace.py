"""What a ledger must still be after bad days: reads one conversation back and names every promise that was broken.

Lost, doubled, out of order, bot after claim, two holders; and a safety card that was torn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from casework.rows import PUSHED
from casework.store import Store
from casework.tables import case, case_event, conversation, message, outbox, worker

KINDS = ("lost", "doubled", "out of order", "bot after claim", "two holders", "safety card", "not erased")
# What may stand there whoever holds the conversation, besides safety words: that the front door could not read
# something, and the question that a worker has put.
NOTICES = ("unread-", "refused-", "agree-")


@dataclass(frozen=True)
class Fault:
    """One promise broken in one conversation."""

    kind: str
    conversation: str
    what: str


@dataclass(frozen=True)
class Line:
    """One row of a ledger; `client_id` of others than the family and `worker` are known inside only."""

    seq: int
    sender: str
    text: str
    at: datetime
    client_id: str = ""
    worker: str | None = None
    is_card: bool = False


@dataclass(frozen=True)
class Step:
    """A row of case_event: opened, raised, claimed, released, transferred, closed, and others that move nothing."""

    kind: str
    worker: str | None
    to: str | None
    at: datetime


@dataclass(frozen=True)
class Carried:
    """A row of the outbox; `at` is when it was delivered, `is_open` while it is still owed."""

    seq: int
    at: datetime | None
    is_open: bool


@dataclass(frozen=True)
class Trace:
    """One conversation as the database holds it; `carried` None where nothing is pushed."""

    conversation: str
    said: Sequence[Line]
    steps: Sequence[Step]
    holder: str
    waits: bool = False
    carried: Sequence[Carried] | None = None


Found = Iterator[tuple[str, str]]


def faults(trace: Trace, at_rest: bool = False) -> list[Fault]:
    """`at_rest`: everything had time to be answered and carried, so whatever still waits is lost.

    Message and step are dated under the same lock, so their times are in their order.
    """
    steps = sorted(trace.steps, key=lambda step: step.at)
    found = [
        *gaps(trace.said),
        *_repeats(trace.said),
        *_turns(trace.said),
        *_torn(trace.said),
        *_held(trace.said, steps, trace.holder),
        *_carried(trace.said, trace.carried),
    ]
    if at_rest and trace.waits:
        found.append(("lost", "the family's last words have no answer"))
    if at_rest and any(each.is_open for each in trace.carried or ()):
        found.append(("lost", "words were never carried"))
    return [Fault(kind, trace.conversation, what) for kind, what in found]


def gaps(said: Sequence[Line]) -> Found:
    seqs = [line.seq for line in said]
    if seqs != list(range(1, len(seqs) + 1)):
        wrong = next((place for place, seq in enumerate(seqs, 1) if place != seq), len(seqs))
        yield "lost", f"seq {seqs[wrong - 1]} stands in place {wrong}"


def speaks_for_the_bot(line: Line) -> bool:
    """While a worker holds it the system may say safety words and its notices, and nothing else."""
    is_let = line.is_card or line.client_id.startswith(NOTICES)
    return line.sender == "bot" or (line.sender == "system" and not is_let)


def _repeats(said: Sequence[Line]) -> Found:
    """The same author gives each message a client id of its own."""
    times = Counter((line.sender, line.worker, line.client_id) for line in said if line.client_id)
    yield from (("doubled", f"{sender} {key} stands {n} times") for (sender, _, key), n in times.items() if n > 1)


def _turns(said: Sequence[Line]) -> Found:
    """A turn `turn-N-place` answers the family's messages up to N: each N once, rising, its lines side by side."""
    family = {line.seq for line in said if line.sender == "family"}
    turns: dict[int, list[tuple[int, int]]] = {}
    for line in said:
        if line.client_id.startswith("turn-"):
            answers, place = map(int, line.client_id.split("-")[1:])
            turns.setdefault(answers, []).append((place, line.seq))
    if list(turns) != sorted(turns) or not set(turns) <= family:
        yield "out of order", "the bot's turns"
    for answers, placed in turns.items():
        places, seqs = [place for place, _ in placed], [seq for _, seq in placed]
        if places != list(range(len(places))) or seqs != list(range(seqs[0], seqs[0] + len(seqs))):
            yield "doubled", f"the turn that answers {answers}"
        if answers >= seqs[0]:
            yield "out of order", f"the turn that answers {answers} stands before it"


def _torn(said: Sequence[Line]) -> Found:
    """A card is `safety-N-0`, `safety-N-1` … and `safety-N-asked`."""
    places: dict[str, list[str]] = {}
    for line in said:
        if line.client_id.startswith("safety-"):
            _, seq, place = line.client_id.split("-")
            places.setdefault(seq, []).append(place)
    for seq, found in places.items():
        if found != ["0", *map(str, range(1, len(found) - 1)), "asked"]:
            yield "safety card", f"the card for {seq} has only {found}"


def _held(said: Sequence[Line], steps: Sequence[Step], holder: str) -> Found:
    now: str | None = None
    left = list(said)
    for step in steps:
        while left and left[0].at < step.at:
            yield from _spoken(left.pop(0), now)
        if step.kind == "claimed":
            if now is not None:
                yield "two holders", f"{step.worker} claimed what {now} held"
            now = step.worker
        elif step.kind == "transferred":
            now = step.to
        elif step.kind in ("released", "closed"):
            now = None
    for line in left:
        yield from _spoken(line, now)
    if (now is None) != (holder == "bot"):
        yield "two holders", f"the case says {'nobody' if now is None else now}, the conversation says {holder}"


def _spoken(line: Line, holder: str | None) -> Found:
    if holder is not None and speaks_for_the_bot(line):
        yield "bot after claim", f"seq {line.seq} while {holder} held it"
    if line.sender == "worker" and line.worker != holder:
        yield "two holders", f"seq {line.seq} by {line.worker} while {holder} held it"


def _carried(said: Sequence[Line], carried: Sequence[Carried] | None) -> Found:
    if carried is None:
        return
    owed, due = [each.seq for each in carried], [line.seq for line in said if line.sender != "family"]
    yield from (("lost", f"seq {seq} is owed to nobody") for seq in due if seq not in owed)
    yield from (("doubled", f"seq {seq} is owed {n} times") for seq, n in Counter(owed).items() if n > 1)
    times = [each.at for each in sorted(carried, key=lambda each: each.seq) if each.at is not None]
    if any(first > second for first, second in pairwise(times)):
        yield "out of order", "what was carried"


def read(store: Store, conversation_id: str) -> Trace:
    """In one transaction, so that message and step are of one moment."""
    lines = select(message, worker.c.name).select_from(message.outerjoin(worker))
    mine = lines.where(message.c.conversation_id == conversation_id)
    written_by = case_event.join(case).outerjoin(worker, worker.c.id == case_event.c.worker_id)
    steps = select(case_event, worker.c.name).select_from(written_by).where(case.c.conversation_id == conversation_id)
    owed = select(outbox).where(outbox.c.conversation_id == conversation_id).order_by(outbox.c.seq)
    with store.reading() as connection:
        held = connection.execute(select(conversation).where(conversation.c.id == conversation_id)).one()
        said = [_line(row) for row in connection.execute(mine.order_by(message.c.seq))]
        done = [Step(row.kind, row.name, row.detail, row.at) for row in connection.execute(steps)]
        carried = [
            Carried(row.seq, row.delivered_at, row.delivered_at is None and row.given_up_at is None)
            for row in connection.execute(owed)
        ]
    waits = held.holder == "bot" and held.erased_at is None and held.family_seq > held.answered_seq
    is_pushed = held.channel in PUSHED and held.address is not None
    return Trace(conversation_id, said, done, held.holder, waits, carried if is_pushed else None)


def _line(row: Any) -> Line:
    is_card = bool((row.turn or {}).get("safety"))
    return Line(row.seq, row.sender, row.text, row.at, row.client_id, row.name, is_card)


def every(store: Store) -> list[str]:
    """The ids of all conversations, for a look at the whole ledger."""
    with store.reading() as connection:
        return list(connection.execute(select(conversation.c.id)).scalars())
