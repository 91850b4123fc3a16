"""Documents that clauses come from, with how well each was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.errors import KnowledgeError
from knowledge.files import Fields, read_yaml

GRADES = ("A", "B", "C")


@dataclass(frozen=True)
class Source:
    """One document; grade A = full text read, B = excerpt or report, C = memory, which may never refuse."""

    id: str
    title: str
    number: str
    issuer: str
    in_force: date | None
    ended: date | None
    read: str
    grade: str
    checked: date
    note: str


def load_sources(path: Path) -> dict[str, Source]:
    """Raises KnowledgeError."""
    return {name: _source(path, name, record) for name, record in read_yaml(path, dict).items()}


def _source(path: Path, name: str, record: Any) -> Source:
    fields = Fields(path, str(name), record)
    source = Source(
        id=name,
        title=fields.take("title", str),
        number=fields.take("number", str, ""),
        issuer=fields.take("issuer", str, ""),
        in_force=fields.take("in_force", date, None),
        ended=fields.take("ended", date, None),
        read=fields.take("read", str),
        grade=fields.take("grade", str),
        checked=fields.take("checked", date),
        note=fields.take("note", str, ""),
    )
    fields.done()
    if source.grade not in GRADES:
        raise fields.fault("grade", "must be A, B or C")
    if source.read not in ("full_text", "excerpt", "memory"):
        raise fields.fault("read", "must be full_text, excerpt or memory")
    if (source.read == "memory") != (source.grade == "C"):
        raise fields.fault("grade", "memory is C and only memory is C")
    return source


def check_cite(file: Path, field: str, cite: Any, sources: Mapping[str, Source]) -> tuple[str, ...]:
    """The citations as a tuple. Raises KnowledgeError for a missing one or an unknown source."""
    cites = tuple(map(str, cite)) if isinstance(cite, list) else (str(cite),) if cite else ()
    if not cites:
        raise KnowledgeError(file, f"{field}.cite", "is missing", "source id, #, article")
    for one in cites:
        name, mark, place = one.partition("#")
        if name not in sources:
            raise KnowledgeError(file, f"{field}.cite", f"no source {name!r}", "add it to knowledge/sources.yml")
        if not mark or not place:
            raise KnowledgeError(file, f"{field}.cite", f"{one!r} names no place", "write source#article")
    return cites
