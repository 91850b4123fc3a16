"""When a question about a fact makes sense, and what a stated fact contains; both are said in the vocabulary itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.conditions import Builder
from knowledge.errors import FactError, KnowledgeError
from knowledge.fact import Fact
from knowledge.files import read_yaml
from knowledge.known import Facts, parse
from knowledge.rules import Node
from knowledge.source import Source

# A gate decides only whether a question makes sense; its "clause" is the vocabulary itself.
_VOCABULARY = Source("vocabulary", "facts.yml", "", "", None, None, "full_text", "A", date.min, "")

Implied = tuple[tuple[Node, Facts], ...]


def load_gates(folder: Path, facts: Mapping[str, Fact]) -> tuple[dict[str, Node], Implied]:
    """Each fact's condition for being asked, and the facts that follow from others. Raises KnowledgeError."""
    builder = Builder(facts, {"vocabulary": _VOCABULARY}, {})
    gates = {
        fact.id: builder.build(
            folder / f"{fact.topic}.yml", f"{fact.id}.asked_if", _with_clause(dict(fact.asked_if or {}))
        )
        for fact in facts.values()
        if fact.asked_if
    }
    return gates, _implied(folder / "implied.yml", facts, builder)


def _implied(path: Path, facts: Mapping[str, Fact], builder: Builder) -> Implied:
    rules = []
    for index, record in enumerate(read_yaml(path, list) if path.exists() else []):
        try:
            then = {name: parse(facts[name], value) for name, value in record["then"].items()}
        except (KeyError, FactError) as error:
            raise KnowledgeError(path, f"[{index}].then", f"is not a fact with a value: {error}") from error
        rules.append((builder.build(path, f"[{index}].when", _with_clause(dict(record["when"]))), then))
    return tuple(rules)


def _with_clause(record: dict[str, Any]) -> dict[str, Any]:
    for key in ("all", "any"):
        if key in record:
            return {key: [_with_clause(dict(child)) for child in record[key]]}
    if "not" in record:
        return {"not": _with_clause(dict(record["not"]))}
    return {**record, "says": "asked_if", "cite": "vocabulary#asked_if"}
