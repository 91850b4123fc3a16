"""Merge what a message said into what is known, with the words and the message it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.session import Session
from knowledge.errors import FactError
from knowledge.known import Members, Possible, merge, parse, parse_partial, settled
from knowledge.library import Library


@dataclass(frozen=True)
class Heard:
    """What a message changed: new facts, facts that replaced another, and whether the question was answered."""

    new: tuple[str, ...]
    replaced: tuple[str, ...]
    answered: bool
    declined: str | None

    @property
    def anything(self) -> bool:
        return bool(self.new or self.replaced or self.answered or self.declined)


def hear(library: Library, session: Session, message: Mapping[str, Any], as_of: date) -> Heard:
    """Changes the session. Raises nothing: a value outside the vocabulary is left out."""
    reading = message.get("reading") or {}
    moved = _moved(session, reading.get("moves"))
    new, contradicted = _merged(library, session, message, as_of)
    replaced = moved + contradicted
    answered = _answered(library, session, reading, new + replaced)
    declined = reading.get("declined") if session.asking else None
    if declined and session.asking:
        session.closed.append(session.asking)
    session.last_heard = new + replaced or session.last_heard
    return Heard(tuple(new), tuple(replaced), answered, declined)


def take_in(library: Library, session: Session, message: Mapping[str, Any], heard: Heard, as_of: date) -> Heard:
    """Facts of earlier words that are understood only now, added to what this message changed."""
    new, replaced = _merged(library, session, message, as_of)
    session.last_heard = [*session.last_heard, *new, *replaced]
    return Heard((*heard.new, *new), (*heard.replaced, *replaced), heard.answered, heard.declined)


def _merged(library: Library, session: Session, message: Mapping[str, Any], as_of: date) -> tuple[list[str], list[str]]:
    reading = message.get("reading") or {}
    new: list[str] = []
    replaced: list[str] = []
    for kind, read in (("facts", parse), ("partial", parse_partial)):
        for name, value in (reading.get(kind) or {}).items():
            possible = _possible(library, read, name, value, reading)
            if possible is not None:
                changed = _put(library, session, name, possible, bool(reading.get("corrects")))
                session.said_on[name] = as_of.isoformat()
                _note(session, name, reading, message)
                (replaced if changed else new).append(name)
    return new, replaced


def _possible(library: Library, read: Any, name: str, value: Any, reading: Mapping[str, Any]) -> Possible | None:
    try:
        return read(library.fact(name), value, name in (reading.get("complete") or []), library.regions)
    except FactError:
        return None


def _put(library: Library, session: Session, name: str, possible: Possible, corrects: bool) -> bool:
    """Whether the new words replaced older ones."""
    old = session.facts.get(name)
    merged, contradicts = merge(library.fact(name), old, possible)
    if corrects and old is not None and settled(possible) and possible != old:
        # A correction says what is, not one more thing that is.
        merged, contradicts = possible, True
    session.facts[name] = merged
    return contradicts


def _moved(session: Session, moves: Sequence[str] | None) -> list[str]:
    """ "不对，是他妈": what was just said about one parent belongs to the other."""
    if not moves:
        return []
    wrong, right = moves
    moved = []
    latest = [name for name in session.last_heard if name.startswith(f"{wrong}.")]
    for name in latest or [name for name in session.facts if name.startswith(f"{wrong}.")]:
        if name.startswith(f"{wrong}.") and name in session.facts:
            target = f"{right}.{name.partition('.')[2]}"
            session.facts[target] = session.facts[name]
            session.said_on[target] = session.said_on.get(name, "")
            session.evidence[target] = session.evidence.get(name, [])
            session.forget(name)
            moved.append(target)
    return moved


def _note(session: Session, name: str, reading: Mapping[str, Any], message: Mapping[str, Any]) -> None:
    words = (reading.get("evidence") or {}).get(name)
    if not words:
        return
    note = {"seq": _seq(words, message), "words": words}
    notes = session.evidence.setdefault(name, [])
    if note not in notes:
        notes.append(note)


def _seq(words: str, message: Mapping[str, Any]) -> int | None:
    """The number of the message that holds the words; the last one of the burst when that is unclear."""
    seqs = (message.get("metadata") or {}).get("seqs") or []
    lines = str(message.get("text") or "").split("\n")
    for seq, line in zip(seqs, lines, strict=False):
        if words in line:
            return int(seq)
    return int(seqs[-1]) if seqs else None


def _answered(library: Library, session: Session, reading: Mapping[str, Any], changed: Sequence[str]) -> bool:
    if not session.asking:
        return False
    if session.asking in changed or reading.get("answered"):
        _complete(session, reading)
        if library.facts[session.asking].kind == "region":
            session.closed.append(session.asking)  # asked once: who names a province is not pressed for the county
        return True
    return False


def _complete(session: Session, reading: Mapping[str, Any]) -> None:
    """ "没有了" to the closing question: what was heard of the set is all there is."""
    name = session.asking or ""
    known = session.facts.get(name)
    if isinstance(known, Members) and name in (reading.get("complete") or []):
        parts = tuple(type(part)(part.has, part.lacks, True) for part in known.alternatives)
        session.facts[name] = Members(parts)
