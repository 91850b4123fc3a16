"""Whether everything stands, on each day of the law, on documents of that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from knowledge.law import tree_on
from knowledge.library import Library
from knowledge.policy import Policy
from knowledge.rules import Leaf, walk
from knowledge.show import every_cite
from knowledge.source import replaced_on


def faults(library: Library, as_of: date) -> Iterator[str]:
    """One line for each citation of a document that was not law yet, or that another one had replaced."""
    days = [day for day in library.turning_days if day <= as_of]
    for policy in library.policies.values():
        for day in days:
            for where, cite in _decisive(library, policy, day):
                yield from _fault(library, f"{policy.id}.yml: conditions: {where}", cite, day)
        for cite in every_cite(policy):
            yield from _fault(library, f"{policy.id}.yml", cite, as_of)
    for file, record in (
        ("documents.yml", library.documents),
        ("glossary.yml", library.glossary),
        ("offices.yml", [{"cite": each.cites} for each in library.offices.by_id.values()]),
        ("routes.yml", [{"cite": each.cites} for each in library.offices.routes.values()]),
        ("words.yml", {key: {"cite": said} for key, said in library.words.items() if key.endswith("_cite")}),
    ):
        for cite in _cites(record):
            yield from _fault(library, file, cite, as_of)


def _decisive(library: Library, policy: Policy, day: date) -> Iterator[tuple[str, str]]:
    for node in walk(tree_on(policy, library.sources, library.words, day)):
        if isinstance(node, Leaf):
            for cite in node.cites:
                yield node.says, cite


def _fault(library: Library, where: str, cite: str, day: date) -> Iterator[str]:
    source = library.sources.get(cite.partition("#")[0])
    if source is None:
        yield f"{where}: cites {cite}, which is in no sources.yml"
        return
    if source.in_force and day < source.in_force:
        yield f"{where}: cites {cite} on {day}, in force since {source.in_force} only"
    newer = replaced_on(source.id, day, library.sources)
    if newer:
        yield f"{where}: cites {cite} on {day}, replaced by {newer.id} since {newer.in_force} (cite that)"


def _cites(record: Any) -> Iterator[str]:
    if isinstance(record, dict):
        given = record.get("cite")
        yield from ([given] if isinstance(given, str) else given or ())
        for each in record.values():
            yield from _cites(each)
    elif isinstance(record, list | tuple):
        for each in record:
            yield from _cites(each)
