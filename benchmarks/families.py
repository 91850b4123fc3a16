"""Invented families, drawn from benchmarks/families.yml: all that is so of each, and the story it opens with."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.files import read_yaml
from knowledge.known import Facts, Possible, parse
from knowledge.library import Library

DATA = Path(__file__).with_suffix(".yml")
ORDINARY = 0.1  # how often what is ordinary is told, by what is not


@dataclass(frozen=True)
class Family:
    """What is so, each fact settled, and the part of it that is told unasked; a set that is told may still grow."""

    truth: Facts
    story: Facts


def families(library: Library, count: int, seed: int, on: date) -> Iterator[Family]:
    """Raises ValueError for a value that contradicts another of its fact."""
    data, chance = read_yaml(DATA, dict), random.Random(seed)
    for _ in range(count):
        plain: dict[str, Any] = {}
        for entry in data["draws"]:
            _draw(library, plain, entry, chance, on)
        yield Family(library.completed(library.parse(plain), on), _story(library, plain, data["story"], chance))


def _draw(library: Library, plain: dict[str, Any], entry: Mapping[str, Any], chance: random.Random, on: date) -> None:
    name = entry["fact"]
    if not all(_is_one_of(plain.get(other), values) for other, values in entry.get("if", {}).items()):
        return
    now = library.situation(library.parse(plain), on)
    gate = library.gates.get(name)
    if name in now.known or (gate is not None and not now.law.rules.truth(gate, now.judged, False)):
        return
    value = chance.choices(list(entry["weights"]), list(entry["weights"].values()))[0]
    plain[name] = plain[value] if value in plain else _value(library, name, value, chance)


def _is_one_of(have: Any, values: Any) -> bool:
    if isinstance(values, str):
        low, high = map(float, values.split(".."))
        return have is not None and low <= have <= high
    return any(each in values for each in (have if isinstance(have, list) else [have]))


def _value(library: Library, name: str, drawn: Any, chance: random.Random) -> Any:
    fact = library.facts[name]
    if fact.kind == "number":
        low, high = map(float, drawn.split(".."))
        step = fact.step if fact.step and high < 7 else 1
        return low + step * chance.randint(0, int((high - low) / step))
    if fact.kind != "set":
        return drawn
    values = drawn.split("+")
    for each in values:
        choice = fact.choice(each)
        if choice is not None and choice.excludes & set(values):
            raise ValueError(f"{name}: {drawn} contradicts itself")
    return values


def _story(library: Library, plain: Mapping[str, Any], data: Mapping[str, Any], chance: random.Random) -> Facts:
    weights = {
        name: weight * (ORDINARY if _is_one_of(plain[name], data["ordinary"].get(name, [])) else 1)
        for name, weight in data["told"].items()
        if name in plain
    }
    told: dict[str, Possible] = {}
    for _ in range(chance.randint(3, 5)):
        name = chance.choices(list(weights), list(weights.values()))[0]
        del weights[name]
        told[name] = parse(library.facts[name], plain[name], False, library.regions)
    return told
