"""A plausible invented roll of families, always the same one, on which two knowledge bases can be compared.

`roll.yml` says how often each value occurs, and in which case; what it does not name occurs evenly. A fact that is
asked in some case only (`asked_if`) is told in that case only; everything else is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.bulk import ABSENT, Codes, Column, Roll, Rows
from knowledge.errors import FactError, KnowledgeError
from knowledge.fact import PARENTS, Fact
from knowledge.files import Fields, read_yaml
from knowledge.known import Possible
from knowledge.library import Library
from knowledge.rules import OPERATORS, Group, Leaf, Node, compile_test, leaves

PATH = Path(__file__).with_name("roll.yml")
_SEED = 20261122
_SPAN = 30.0  # a number that roll.yml does not name lies so far above its least value at most


def invented(library: Library, families: int, path: Path = PATH) -> Roll:
    """Raises KnowledgeError for a line of roll.yml that names no fact or no value of it."""
    plans = {fact.id: plan for fact, plan in _plans(library, path)}
    chance = np.random.default_rng(_SEED)
    columns: dict[str, Column] = {}
    for name in _in_order(library, plans):
        rows = Rows(Roll(families, columns))
        values: list[Possible] = []
        codes = np.full(families, ABSENT, np.int16)
        for when, weights in reversed(plans[name]):  # the first case that holds has the last word
            drawn = _drawn(chance, families, list(weights.values())) + len(values)
            values += weights
            codes = np.where(_holds(rows, when), drawn, codes).astype(np.int16)
        gate = library.gates.get(name)
        asked = _holds(rows, () if gate is None else (gate,))
        columns[name] = Column(tuple(values), np.where(asked, codes, ABSENT).astype(np.int16))
    return Roll(families, columns)


Case = tuple[tuple[Leaf, ...], dict[Possible, float]]  # when it applies, and how often each value occurs then


def _plans(library: Library, path: Path) -> Iterator[tuple[Fact, list[Case]]]:
    given: dict[str, Any] = {}
    for name, cases in read_yaml(path, dict).items():
        given.update({name.replace("{parent}", parent): cases for parent in PARENTS})
    for name in given:
        if name not in library.facts:
            raise KnowledgeError(path, name, "is no fact", "see knowledge/facts/")
    for fact in library.facts.values():
        parent = fact.id.partition(".")[0]
        cases = given.get(fact.id, [{"often": _evenly(fact)}])
        fields = (Fields(path, f"{fact.id}[{index}]", each) for index, each in enumerate(cases))
        yield fact, [_case(library, fact, each, parent) for each in fields]


def _case(library: Library, fact: Fact, fields: Fields, parent: str) -> Case:
    when = tuple(_leaf(fields, each, parent) for each in fields.take("when", list, []))
    often: dict[Possible, float] = {}
    for written, weight in fields.take("often", dict).items():
        try:
            values = [library.parse({fact.id: each})[fact.id] for each in _values(fact, written)]
        except (FactError, ValueError) as error:
            raise fields.fault("often", str(error)) from error
        for value in values:
            often[value] = often.get(value, 0) + weight / len(values)
    fields.done()
    return when, often


def _values(fact: Fact, written: Any) -> Iterator[Any]:
    """`a+b` is a set of two, `3..6` is 3, 4, 5 and 6, together as often as it says."""
    if fact.kind == "set":
        yield str(written).split("+")
    elif fact.kind == "number" and isinstance(written, str):
        low, high = map(float, written.split(".."))
        yield from (low + each for each in range(int(high - low) + 1))
    else:
        yield written


def _leaf(fields: Fields, record: dict[str, Any], parent: str) -> Leaf:
    operators = [key for key in record if key in OPERATORS]
    if "fact" not in record or len(operators) != 1:
        raise fields.fault("when", "must be a list of {fact: …, is: …}", "one operator each")
    want = record[operators[0]]
    fact = str(record["fact"]).replace("{parent}", parent)
    wanted = tuple(want) if isinstance(want, list) else want
    return Leaf(fact, operators[0], wanted, "", (), None, None, compile_test(operators[0], want))


def _evenly(fact: Fact) -> dict[Any, int]:
    if fact.kind == "number":
        low, high = fact.range
        return {f"{low}..{min(high, low + _SPAN)}": 1}
    if fact.kind in ("region", "date"):
        return {}
    return dict.fromkeys(fact.values, 1)


def _in_order(library: Library, plans: Mapping[str, list[Case]]) -> list[str]:
    """The facts, those that others hang on before them."""
    order: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in order or name in above:
            return
        nodes: list[Node] = [leaf for when, _ in plans[name] for leaf in when]
        nodes += [library.gates[name]] if name in library.gates else []
        for leaf in leaves(Group("all", tuple(nodes))):
            visit(leaf.fact, (*above, name))
        order[name] = None

    for name in plans:
        visit(name, ())
    return list(order)


def _drawn(chance: np.random.Generator, families: int, weights: list[float]) -> Codes:
    if not weights:
        return np.full(families, ABSENT, np.int16)
    shares = np.array(weights) / sum(weights)
    return chance.choice(len(weights), families, p=shares).astype(np.int16)


def _holds(rows: Rows, when: tuple[Node, ...]) -> npt.NDArray[np.bool_]:
    return rows.children(rows.bits(Group("all", when), True, False))
