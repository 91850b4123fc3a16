"""JSON values of facts as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.words import words
from knowledge.fact import Fact
from knowledge.library import Library


def value_text(library: Library, fact: Fact, value: Any) -> str:
    """A settled or a partial value, with its unit; choices by their titles."""
    said = words()["value"]
    if isinstance(value, Mapping) and "one_of" in value:
        return str(said["or"]).join(_one(library, fact, each) for each in value["one_of"])
    if isinstance(value, Mapping):
        form = "between" if {"min", "max"} <= set(value) else "at_least" if "min" in value else "at_most"
        ends = {"low": _number(value.get("min")), "high": _number(value.get("max"))}
        return _with_unit(fact, said[form].format(**ends))
    if isinstance(value, list):
        return str(said["and"]).join(_one(library, fact, each) for each in value)
    return _one(library, fact, value)


def _one(library: Library, fact: Fact, value: Any) -> str:
    choice = fact.choice(value) if fact.kind in ("bool", "enum", "set") else None
    if choice:
        return choice.title
    if isinstance(value, bool):
        return str(words()["value"]["yes_word" if value else "no_word"])
    if isinstance(value, (int, float)):
        return _with_unit(fact, _number(value))
    if fact.kind == "region":
        return library.regions.name(str(value)) or str(value)
    return str(value)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _with_unit(fact: Fact, text: str) -> str:
    unit = words()["value"]["unit"].get(fact.unit, fact.unit)
    return f"{text} {unit}".rstrip()
