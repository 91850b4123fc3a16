"""What a message tells of one child, kept with the words and the message it came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from actions.session import Child
from knowledge.errors import FactError
from knowledge.known import Possible, merge, parse, parse_partial, settled
from knowledge.library import Library


def part_of(library: Library, reading: Mapping[str, Any], shared: bool) -> dict[str, Any]:
    """The facts of a reading that the children share, or those that they do not."""
    kept = {}
    for kind in ("facts", "partial"):
        values = reading.get(kind) or {}
        known = {name: value for name, value in values.items() if name in library.facts}
        kept[kind] = {name: value for name, value in known.items() if library.facts[name].shared is shared}
    return {**reading, **kept}


def keep(
    library: Library, child: Child, reading: Mapping[str, Any], message: Mapping[str, Any], as_of: date
) -> tuple[list[str], list[str]]:
    """The names of new facts, and of those that replaced others. A value outside the vocabulary is left out."""
    new: list[str] = []
    replaced: list[str] = []
    for kind, read in (("facts", parse), ("partial", parse_partial)):
        for name, value in (reading.get(kind) or {}).items():
            possible = _possible(library, read, name, value, reading)
            if possible is not None:
                changed = _put(library, child, name, possible, bool(reading.get("corrects")))
                child.said_on[name] = as_of.isoformat()
                _note(child, name, reading, message)
                (replaced if changed else new).append(name)
    return new, replaced


def _possible(library: Library, read: Any, name: str, value: Any, reading: Mapping[str, Any]) -> Possible | None:
    try:
        return read(library.fact(name), value, name in (reading.get("complete") or []), library.regions)
    except FactError:
        return None


def _put(library: Library, child: Child, name: str, possible: Possible, corrects: bool) -> bool:
    """Whether the new words replaced older ones."""
    old = child.facts.get(name)
    merged, contradicts = merge(library.fact(name), old, possible)
    if corrects and old is not None and settled(possible) and possible != old:
        # A correction says what is, not one more thing that is.
        merged, contradicts = possible, True
    child.facts[name] = merged
    return contradicts


def _note(child: Child, name: str, reading: Mapping[str, Any], message: Mapping[str, Any]) -> None:
    words = (reading.get("evidence") or {}).get(name)
    if not words:
        return
    note = {"seq": _seq(words, message), "words": words}
    notes = child.evidence.setdefault(name, [])
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
