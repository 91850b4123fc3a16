"""What no real family is, so that made-up families are plausible ones."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import z3

from knowledge.conditions import Builder
from knowledge.fact import PARENTS
from knowledge.files import read_yaml
from knowledge.library import Library
from knowledge.proofs.setting import Setting
from knowledge.proofs.terms import Formula
from knowledge.rules import Node
from knowledge.source import Source

PATH = Path(__file__).with_name("nonsense.yml")
_OURS = Source("proofs", "proofs", "", "", None, None, "full_text", "A", date.min, "")


def sensible(setting: Setting) -> list[Formula]:
    """Formulas of a family whose answers go together (nonsense.yml)."""
    worth = setting.worths[0]
    formulas = [z3.Not(worth.of(node, False)[0]) for node in nonsense(setting.library)]
    return formulas + setting.encoding.consistent


def asked_only(setting: Setting) -> list[Formula]:
    """Formulas of a family that says nothing which its other answers leave unasked (asked_if of the facts)."""
    worth, facts = setting.worths[0], setting.encoding.facts
    gates = setting.library.gates.items()
    return [z3.Or(z3.Not(facts[name].said), worth.of(gate, False)[0]) for name, gate in gates]


@cache
def _read() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_yaml(PATH, list)
    return found


def condition(library: Library, path: Path, field: str, record: dict[str, Any]) -> Node:
    """A condition about families that is no law and so has neither words nor clause; {parent} is either of the two.

    Raises KnowledgeError.
    """
    if "{parent}" in str(record):
        record = {"any": [of_parent(record, parent) for parent in PARENTS]}
    return Builder(library.facts, {"proofs": _OURS}, {}).build(path, field, _clothed(record))


def of_parent(thing: Any, parent: str) -> Any:
    """The same with {parent} filled in."""
    if isinstance(thing, dict):
        return {key: of_parent(value, parent) for key, value in thing.items()}
    if isinstance(thing, list):
        return [of_parent(each, parent) for each in thing]
    return thing.replace("{parent}", parent) if isinstance(thing, str) else thing


def _clothed(record: Any) -> Any:
    if isinstance(record, list):
        return [_clothed(each) for each in record]
    if "fact" in record:
        return {**record, "says": record["fact"], "cite": "proofs#-"}
    return {key: _clothed(value) for key, value in record.items()}


def nonsense(library: Library) -> tuple[Node, ...]:
    """Conditions of which none holds in a real family."""
    return tuple(condition(library, PATH, f"[{index}]", each) for index, each in enumerate(_read()))
