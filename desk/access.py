"""Who may see and do what at the desk, read off one table (permissions.yml)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from casework.bucket import Rate
from casework.staff import ROLES, SENIOR
from casework.store import Case, Worker

FILE = Path(__file__).with_name("permissions.yml")
# What a way may ask of the case; everything else it names is a role.
OF_CASE: Mapping[str, Callable[[Worker, Case], bool]] = {
    "waiting": lambda worker, case: case.state == "waiting",
    "active": lambda worker, case: case.state == "active",
    "mine": lambda worker, case: case.worker_id == worker.id,
    "free": lambda worker, case: case.worker_id is None,
    "offered": lambda worker, case: case.offered_to == worker.id,
    "unlocked": lambda worker, case: case.locked_at is None,
}


@dataclass(frozen=True)
class Table:
    """`ways` by permission: any of them, all of each; `routes` by method and path; `rates` of a session, an address.

    `second_factor`: the roles that must have one.
    """

    ways: Mapping[str, tuple[tuple[str, ...], ...]]
    routes: Mapping[str, str]
    rates: Mapping[str, Rate]
    second_factor: frozenset[str]


@cache
def table() -> Table:
    """Raises: ValueError for a word that nothing is meant by."""
    given = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    ways = {name: tuple(tuple(way) for way in listed) for name, listed in given["permissions"].items()}
    known = {*OF_CASE, *ROLES, "staff"}
    unknown = {word for listed in ways.values() for way in listed for word in way} - known
    unknown |= set(given["routes"].values()) - set(ways)
    must = frozenset(given["second_factor"])
    unknown |= must - {*ROLES}
    if unknown:
        raise ValueError(f"{FILE.name} speaks of {', '.join(sorted(unknown))}, which is nothing")
    rates = {name: Rate(**given["rates"][name]) for name in ("session", "address")}
    if any(rate.at_once < 1 or rate.a_second <= 0 for rate in rates.values()):
        raise ValueError(f"{FILE.name}: rates: a burst of 1 or more, and more than 0 a second")
    return Table(ways, given["routes"], rates, must)


def may(worker: Worker | None, permission: str, case: Case | None = None) -> bool:
    """Whether any way is open; without a case, whether one might be."""
    return any(all(_holds(word, worker, case) for word in way) for way in table().ways.get(permission, ()))


def _holds(word: str, worker: Worker | None, case: Case | None) -> bool:
    if worker is None:
        return False
    if word in OF_CASE:
        return case is None or OF_CASE[word](worker, case)
    return word in ("staff", worker.role)


def lacks_second(worker: Worker) -> bool:
    """Whether the table asks a second factor of this role and it is not set up."""
    return worker.role in table().second_factor and not worker.has_second


def is_senior(worker: Worker) -> bool:
    return worker.role in SENIOR


def holds(worker: Worker, case: Case) -> bool:
    return case.state == "active" and case.worker_id == worker.id


def may_read(worker: Worker, case: Case) -> bool:
    """Whether the words of the family are open to this worker: a colleague's case is not, a locked one to nobody."""
    return may(worker, "read_case", case)


def may_reveal(worker: Worker, case: Case) -> bool:
    """Whether numbers of people are open to this worker: to whoever has or had the case in hand, and to supervisors."""
    return may(worker, "reveal_number", case)


def may_move(worker: Worker, case: Case) -> bool:
    """Whether this worker may give the case back or hand it on; casework asks the same again."""
    return may(worker, "move_case", case)


def in_order(worker: Worker, cases: Sequence[Case]) -> list[Case]:
    """The store's order (urgency, then waiting time); a counselor sees the counselor queue first."""
    if worker.role != "counselor":
        return list(cases)
    return sorted(cases, key=lambda case: case.queue != "counselor")
