"""Nobody falls through: whoever is promised something has it within reach, or a row of cells.yml says why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import z3

from knowledge.fact import PARENTS
from knowledge.files import read_yaml
from knowledge.known import Facts
from knowledge.proofs.sense import condition, of_parent
from knowledge.proofs.setting import Setting
from knowledge.proofs.terms import Formula
from knowledge.rules import Node

PATH = Path(__file__).with_name("cells.yml")
_SHOWN = 5  # families of one promise that are printed


@dataclass(frozen=True)
class Row:
    """Families that have none of it, with the clause that says so."""

    says: str
    cite: str
    when: Node


@dataclass(frozen=True)
class Promise:
    """Something of which every child has at least one within reach: eligible, or for the place to decide."""

    says: str
    to: Node
    one_of: tuple[str, ...]
    unless: tuple[Row, ...]


class Cells:
    """The promises and the named cells of cells.yml, as formulas over families of which everything is known."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._worth = setting.worths[0]
        self._record: dict[str, Any] = read_yaml(PATH, dict)
        parents = self._record["parents"]
        self._axes = {parent: of_parent(parents, parent) for parent in PARENTS} | self._record["axes"]
        self.known = setting.encoding.everything_known()
        self.promises = tuple(self._promise(each) for each in self._record["promises"])

    def _promise(self, record: dict[str, Any]) -> Promise:
        rows = tuple(Row(row["says"], row["cite"], self._condition(row["when"])) for row in record["unless"])
        for row in rows:
            self.setting.library.cite(row.cite)  # raises KeyError for a document that is not there
        return Promise(record["says"], self._condition(record["to"]), tuple(record["one_of"]), rows)

    def _condition(self, record: dict[str, Any]) -> Node:
        return condition(self.setting.library, PATH, "when", record)

    def holds(self, node: Node) -> Formula:
        return self._worth.of(node, False)[0]

    def without(self, promise: Promise) -> Formula:
        """Families to whom it is promised and who have none of it."""
        reached = [formula for name in promise.one_of for formula in self.setting.outcome(name)[1:]]
        return z3.And(self.holds(promise.to), z3.Not(z3.Or(*reached)))

    @cached_property
    def axes(self) -> dict[str, list[tuple[str, Formula]]]:
        """Named cells of each axis; a family lies in the first that holds of it."""
        found: dict[str, list[tuple[str, Formula]]] = {}
        for axis, cells in self._axes.items():
            earlier: list[Formula] = []
            found[axis] = []
            for cell in cells:
                here = self.holds(self._condition(cell["when"])) if "when" in cell else z3.BoolVal(True)
                found[axis].append((cell["says"], z3.And(here, *(z3.Not(each) for each in earlier))))
                earlier.append(here)
        return found


def unexplained(cells: Cells, promise: Promise) -> Iterator[tuple[tuple[str, ...], Facts]]:
    """Cells in which some family has nothing and no row says why, each with such a family."""
    solver = cells.setting.solver
    solver.push()
    solver.add(*cells.known, cells.without(promise), *(z3.Not(cells.holds(row.when)) for row in promise.unless))
    while solver.check() == z3.sat:
        model = solver.model()
        chosen = [next(cell for cell in axis if z3.is_true(model.eval(cell[1], True))) for axis in cells.axes.values()]
        yield tuple(says for says, _ in chosen), cells.setting.encoding.facts_of(model)
        solver.add(z3.Not(z3.And(*(formula for _, formula in chosen))))
    solver.pop()


def idle_rows(cells: Cells, promise: Promise) -> list[Row]:
    """Rows that explain nobody: whoever they name has what is promised."""
    return [
        row
        for row in promise.unless
        if cells.setting.solution(*cells.known, cells.without(promise), cells.holds(row.when)) is None
    ]


def projected(cells: Cells, promise: Promise, *axes: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Each cell of these axes, and whether every family in it has what is promised."""
    solver = cells.setting.solver
    solver.push()
    solver.add(*cells.known, cells.without(promise))
    for chosen in product(*(cells.axes[axis] for axis in axes)):
        yield tuple(says for says, _ in chosen), solver.check(*(formula for _, formula in chosen)) == z3.unsat
    solver.pop()
