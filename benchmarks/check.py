"""What every ledger must still be after bad days, from what people saw outside; `casework/trace.py` looks inside.

Pure: evidence in, faults out; `tests/processes/test_check.py` plants each fault once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from casework.trace import Fault, Found, Line, gaps, speaks_for_the_bot

FOREVER = 1 << 60


@dataclass
class Sent:
    """Words as they left a phone or a desk: retried until `seq` came back, or given up after one try."""

    client_id: str
    text: str
    is_retried: bool = True
    seq: int | None = None
    # Texts of the safety card that these words must bring, if any.
    card: tuple[str, ...] = ()


@dataclass
class Held:
    """What one worker knows of being the holder: from the claim's seq to the last one seen before giving back."""

    worker: str
    since: int
    until: int = FOREVER


@dataclass
class Evidence:
    """All that people know of one conversation; `streams` are the seqs of each connection, after which it began."""

    conversation: str
    sent: list[Sent] = field(default_factory=list)
    streams: list[tuple[int, list[int]]] = field(default_factory=list)
    replies: list[Sent] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    # Replies that were refused although the worker held the case.
    refused: list[str] = field(default_factory=list)


def check_outside(seen: Evidence, said: Sequence[Line], holder: str) -> list[Fault]:
    """Against the ledger as the JSON API shows it."""
    found = [
        *gaps(said),
        *_family(seen.sent, said),
        *_replies(seen.replies, said),
        *_cards(seen.sent, said),
        *_streams(seen.streams, said),
        *_holders(seen.held),
        *(("refused", reply) for reply in seen.refused),
        *_silence_seen(seen.held, said),
        *_answered(said, holder),
    ]
    return [Fault(kind, seen.conversation, what) for kind, what in found]


def on_the_phone(conversation: str, owed: Sequence[str], shown: Sequence[str], allowed: int) -> list[Fault]:
    """What a push channel showed against what it owed: all of it, in order.

    A text may come again right after itself, `allowed` times: its sender was killed before it could write down that it
    had arrived, or never heard so.
    """
    place, repeats = 0, 0
    for text in shown:
        if place < len(owed) and text == owed[place]:
            place += 1
        elif place and text == owed[place - 1]:
            repeats += 1
        else:
            return [Fault("out of order", conversation, f"on the phone, after {place} texts")]
    kinds = [("lost", place < len(owed)), ("doubled", repeats > allowed)]
    return [Fault(kind, conversation, "on the phone") for kind, is_so in kinds if is_so]


def _family(sent: Sequence[Sent], said: Sequence[Line]) -> Found:
    own = [line for line in said if line.sender == "family"]
    times, by_id = Counter(line.client_id for line in own), {line.client_id: line for line in own}
    for each in sent:
        line = by_id.get(each.client_id)
        if line is None:
            if each.is_retried or each.seq is not None:
                yield "lost", f"client id {each.client_id}"
            continue
        if times[each.client_id] > 1:
            yield "doubled", f"client id {each.client_id} stands {times[each.client_id]} times"
        if line.text != each.text:
            yield "altered", f"seq {line.seq}"
        if each.seq not in (None, line.seq):
            yield "altered", f"client id {each.client_id} was acknowledged as {each.seq} and is {line.seq}"
    known = {each.client_id for each in sent}
    yield from (("foreign", f"seq {line.seq}") for line in own if line.client_id not in known)
    # A try that was given up may arrive late; what was retried one after the other may not change places.
    wanted = [each.client_id for each in sent if each.is_retried and each.client_id in by_id]
    retried = set(wanted)
    if wanted != [line.client_id for line in own if line.client_id in retried] and max(times.values()) == 1:
        yield "out of order", "the family's messages"


def _replies(replies: Sequence[Sent], said: Sequence[Line]) -> Found:
    times = Counter(line.text for line in said if line.sender == "worker")
    for each in replies:
        if times[each.text] > 1:
            yield "doubled", f"a worker's reply stands {times[each.text]} times"
        if times[each.text] == 0 and each.seq is not None:
            yield "lost", f"a worker's reply, acknowledged as {each.seq}"


def _cards(sent: Sequence[Sent], said: Sequence[Line]) -> Found:
    """After acknowledged words of danger every line of the card stands there, whichever message brought it."""
    shown = {line.text for line in said if line.is_card}
    for each in sent:
        missing = [text for text in each.card if text not in shown]
        if missing and each.seq is not None:
            yield "safety card", f"{len(missing)} of {len(each.card)} lines are missing after {each.seq}"
            return


def _streams(streams: Sequence[tuple[int, list[int]]], said: Sequence[Line]) -> Found:
    for after, seqs in streams:
        if seqs != list(range(after + 1, after + 1 + len(seqs))):
            yield "stream", f"after {after} came {seqs[:12]}"
        if seqs and seqs[-1] > len(said):
            yield "lost", f"seq {seqs[-1]} was shown and is gone"


def _holders(held: Sequence[Held]) -> Found:
    spans = sorted(held, key=lambda span: (span.since, span.until))
    for first, second in pairwise(spans):
        if second.since <= first.until and (first.worker != second.worker or second.since != first.since):
            yield "two holders", f"{first.worker} held until {first.until}, {second.worker} from {second.since}"


def _silence_seen(held: Sequence[Held], said: Sequence[Line]) -> Found:
    for span in held:
        for line in said:
            if span.since <= line.seq <= span.until and speaks_for_the_bot(line):
                yield "bot after claim", f"seq {line.seq}, claimed from {span.since}"


def _answered(said: Sequence[Line], holder: str) -> Found:
    """The last words of a family whom the bot holds; the run ends with words said after every worker was done."""
    last = max((line.seq for line in said if line.sender == "family"), default=0)
    if holder == "bot" and last and not any(line.sender == "bot" and line.seq > last for line in said):
        yield "unanswered", f"seq {last}"
