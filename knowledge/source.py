"""Documents that clauses come from, with how well each was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.errors import KnowledgeError
from knowledge.files import Fields, read_yaml

GRADES = ("A", "B", "C")


@dataclass(frozen=True)
class Source:
    """One document; grade A = full text read, B = excerpt or report, C = memory, which may never refuse.

    `before` says where its clauses stood until it came into force (place, or `*` for all, to an older citation or
    document); `replaces` is the document that is not to be cited any more since then.
    """

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
    replaces: str = ""
    before: Mapping[str, str] = field(default_factory=dict)


def load_sources(path: Path) -> dict[str, Source]:
    """Raises KnowledgeError."""
    sources = {name: _source(path, name, record) for name, record in read_yaml(path, dict).items()}
    for source in sources.values():
        if source.replaces and source.replaces not in sources:
            raise KnowledgeError(path, f"{source.id}.replaces", f"no source {source.replaces!r}")
        for place, older in source.before.items():
            check_cite(path, f"{source.id}.before", older if place != "*" else f"{older}#*", sources)
    return sources


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
        replaces=fields.take("replaces", str, ""),
        before=fields.take("before", dict, {}),
    )
    fields.done()
    if (source.replaces or source.before) and source.in_force is None:
        raise fields.fault("in_force", "is missing", "the day from which it replaces what was cited before")
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


def cited_on(cite: str, day: date, sources: Mapping[str, Source]) -> str | None:
    """Where a clause stood on a day: an older citation until its document came into force; None when not checked."""
    name, _, place = cite.partition("#")
    source = sources.get(name)  # the vocabulary cites itself
    if source is None or source.in_force is None or source.in_force <= day:
        return cite
    older = source.before.get(place)
    if older is None and "*" in source.before:
        older = f"{source.before['*']}#{place}"
    return cited_on(older, day, sources) if older else None


def replaced_on(name: str, day: date, sources: Mapping[str, Source]) -> Source | None:
    """The document that stands in the place of this one on a day."""
    newer = (each for each in sources.values() if each.replaces == name)
    return next((each for each in newer if each.in_force and each.in_force <= day), None)
