"""Build the tree of conditions out of a policy file: every leaf checked against the vocabulary and the sources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.errors import KnowledgeError
from knowledge.fact import PARENTS, Fact
from knowledge.files import Fields
from knowledge.rules import OPERATORS, OPERATORS_OF_KIND, Group, Judge, Leaf, Node, compile_test, walk
from knowledge.source import Source, check_cite

_GROUPS = ("all", "any", "not")
_LEAF_KEYS = {"fact", "says", "cite", "local", "presume", "id", *OPERATORS}


class Builder:
    """Knows the facts, sources and shared notions that conditions of one file may speak of."""

    def __init__(self, facts: Mapping[str, Fact], sources: Mapping[str, Source], concepts: Mapping[str, Any]) -> None:
        self.facts, self.sources, self.concepts = facts, sources, concepts

    def build(self, file: Path, field: str, record: Any) -> Node:
        """Raises KnowledgeError naming the file and the place in the tree."""
        if not isinstance(record, dict):
            raise KnowledgeError(file, field, "must be a mapping: all, any, not, fact, judge or concept")
        if "from" in record or "until" in record:
            return self._dated(file, field, dict(record))
        group = [kind for kind in _GROUPS if kind in record]
        if len(group) == 1:
            return self._group(file, field, group[0], record)
        if "concept" in record:
            return self._concept(file, field, record)
        if "judge" in record:
            return self._judge(file, field, record)
        return self._leaf(file, field, record)

    def _dated(self, file: Path, field: str, record: dict[str, Any]) -> Group:
        days = Fields(file, field, {key: record.pop(key) for key in ("from", "until") if key in record})
        since, until = days.take("from", date, None), days.take("until", date, None)
        if since and until and until < since:
            raise days.fault("until", f"{until} lies before {since}")
        node = self.build(file, field, record)
        return Group("all", (node,), cites=_cites_below((node,)), since=since, until=until)

    def _group(self, file: Path, field: str, kind: str, record: dict[str, Any]) -> Group:
        _only(file, field, record, {kind, "says", "cite"})
        children = [record[kind]] if kind == "not" else record[kind]
        if not isinstance(children, list) or not children:
            raise KnowledgeError(file, f"{field}.{kind}", "must be a list with at least one condition")
        nodes = tuple(self.build(file, f"{field}.{kind}[{index}]", child) for index, child in enumerate(children))
        says = str(record.get("says", ""))
        return Group(kind, nodes, says, self._cites(file, field, record) if "cite" in record else _cites_below(nodes))

    def _concept(self, file: Path, field: str, record: dict[str, Any]) -> Node:
        _only(file, field, record, {"concept", "of"})
        concept = self.concepts.get(record["concept"])
        if concept is None:
            raise KnowledgeError(file, field, f"no concept {record['concept']!r}", "add it to knowledge/concepts.yml")
        if record["concept"] in field.split("."):
            raise KnowledgeError(file, field, f"the concept {record['concept']!r} holds itself", "write what it means")
        filled = _fill(concept, str(record.get("of", "")))
        node = self.build(file, f"{field}.{record['concept']}", filled["conditions"])
        return Group("all", (node,), str(filled.get("says", "")), _cites_below((node,)))

    def _judge(self, file: Path, field: str, record: dict[str, Any]) -> Judge:
        _only(file, field, record, {"judge", "ask", "cite", "id"})
        if not record.get("ask"):
            raise KnowledgeError(file, f"{field}.ask", "is missing", "name who decides")
        cites = self._cites(file, field, record)
        return Judge(str(record["judge"]), str(record["ask"]), cites, str(record.get("id", "")))

    def _leaf(self, file: Path, field: str, record: dict[str, Any]) -> Leaf | Judge:
        _only(file, field, record, _LEAF_KEYS)
        fact = self.facts.get(str(record.get("fact")))
        if fact is None:
            raise KnowledgeError(file, f"{field}.fact", f"no fact {record.get('fact')!r}", "see knowledge/facts/")
        operators = [key for key in record if key in OPERATORS]
        if len(operators) != 1 or operators[0] not in OPERATORS_OF_KIND[fact.kind]:
            allowed = ", ".join(OPERATORS_OF_KIND[fact.kind])
            raise KnowledgeError(file, field, f"{fact.id} is a {fact.kind}", f"use exactly one of: {allowed}")
        want, cites = record[operators[0]], self._cites(file, field, record)
        self._check_want(file, field, fact, want)
        if not record.get("says"):
            raise KnowledgeError(file, f"{field}.says", "is missing", "the condition in plain words")
        says = str(record["says"])
        if all(self.sources[cite.partition("#")[0]].grade == "C" for cite in cites):
            # A clause known from memory only may suggest, never decide (docs/http.md, outcome 1 and 3).
            return Judge(says, str(record.get("local") or "主管部门"), cites, str(record.get("id", "")))
        return Leaf(
            fact=fact.id,
            operator=operators[0],
            want=tuple(want) if isinstance(want, list) else want,
            says=says,
            cites=cites,
            local=record.get("local"),
            presume=record.get("presume"),
            test=compile_test(operators[0], want),
            id=str(record.get("id", "")),
        )

    def _check_want(self, file: Path, field: str, fact: Fact, want: Any) -> None:
        values = want if isinstance(want, list) else [want]
        for value in values:
            wrong_number = fact.kind == "number" and (isinstance(value, bool) or not isinstance(value, int | float))
            wrong_value = fact.kind in ("enum", "set", "bool") and value != "none" and value not in fact.values
            if wrong_number or wrong_value:
                raise KnowledgeError(file, field, f"{value!r} is not a value of {fact.id}")

    def _cites(self, file: Path, field: str, record: dict[str, Any]) -> tuple[str, ...]:
        return check_cite(file, field, record.get("cite"), self.sources)


def _cites_below(nodes: tuple[Node, ...]) -> tuple[str, ...]:
    below = (each for node in nodes for each in walk(node) if not isinstance(each, Group))
    return tuple(dict.fromkeys(cite for each in below for cite in each.cites))


def _only(file: Path, field: str, record: dict[str, Any], keys: set[str]) -> None:
    for key in record:
        if key not in keys:
            raise KnowledgeError(file, f"{field}.{key}", "is not a known key", "see docs/adding-an-entitlement.md")


def _fill(thing: Any, parent: str) -> Any:
    if isinstance(thing, dict):
        return {key: _fill(value, parent) for key, value in thing.items()}
    if isinstance(thing, list):
        return [_fill(value, parent) for value in thing]
    if isinstance(thing, str):
        return thing.replace("{parent}.", f"{parent}.").replace("{parent}", PARENTS.get(parent, parent))
    return thing
