"""What the page of a case reads off its log and its talk besides the file: what may be taken back, who moved it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.casefile import to_item
from casework.events import Event, of_kind
from casework.evidence import Item
from casework.store import Message
from desk.words import words


@dataclass(frozen=True)
class Undo:
    """The numbers of what may be taken back, by what the page calls it; `evidence` with its items, the best first."""

    evidence: tuple[tuple[int, Item], ...]
    visits: tuple[tuple[int, datetime], ...]
    steps: Mapping[str, int]
    met: Mapping[str, int]
    done: Mapping[str, int]


def undo(events: Sequence[Event]) -> Undo:
    def newest(kind: str) -> dict[str, int]:
        return {str(event.subject): event.id for event in of_kind(events, kind) if event.worker}

    items = [(event.id, to_item(event)) for event in of_kind(events, "evidence")]
    return Undo(
        evidence=tuple(sorted(items, key=lambda each: each[1].grade)),
        visits=tuple((event.id, event.at) for event in of_kind(events, "visited")),
        steps=newest("application"),
        met=newest("need_met"),
        done=newest("done"),
    )


def moves(events: Sequence[Event]) -> list[tuple[datetime, str, str]]:
    """When, what, and who did it; for whoever takes the case over. The newest first."""
    known = words()["moves"]
    return [
        (event.at, known[event.kind].format(whom=event.detail or event.subject or ""), event.worker or "")
        for event in reversed(events)
        if event.kind in known
    ]


def endless(said: Sequence[Message], known: Iterable[str]) -> list[str]:
    """Whose sentence the family spoke of, where nobody has put down the day on which it ends."""
    turns = [message.turn for message in said if message.turn and message.turn.get("facts")]
    facts: Mapping[str, object] = turns[-1]["facts"] if turns else {}
    ends = {name.rpartition(".sentence_ends")[0].rpartition(".")[2] for name in known if name.endswith("sentence_ends")}
    return [who for who in ("father", "mother") if _is_imprisoned(facts.get(f"{who}.situation")) and who not in ends]


def _is_imprisoned(situation: object) -> bool:
    return isinstance(situation, list) and "imprisoned" in situation
