"""Offices: who does what at which level, who leads and who helps, and what a place calls them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.errors import KnowledgeError
from knowledge.files import Fields, read_yaml
from knowledge.region import Regions
from knowledge.source import Source, check_cite


@dataclass(frozen=True)
class Office:
    """One office. A telephone stands only in the file of a place, with the day on which it was tried.

    `before` answered for its matters until the day `since`.
    """

    id: str
    level: str
    name: str
    also: tuple[str, ...]
    person: str
    does: str
    says: str
    owns: tuple[str, ...]
    cites: tuple[str, ...]
    since: date | None
    before: str
    phone: str = ""
    hours: str = ""
    checked: date | None = None


@dataclass(frozen=True)
class Route:
    """Who answers for a matter: one office leads, others help. `within` is for the desk and never promised."""

    id: str
    when: str
    leads: str
    helps: tuple[str, ...]
    within: str
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Offices:
    """Every office and route of the country, and by region code what places call theirs."""

    by_id: Mapping[str, Office]
    routes: Mapping[str, Route]
    local: Mapping[str, Mapping[str, Mapping[str, Any]]]

    def at(self, code: str | None) -> dict[str, Office]:
        """The offices as the place names them, the nearest file last."""
        offices = dict(self.by_id)
        for area in sorted(self.local, key=len):
            if (code or "").startswith(area):
                offices |= {name: replace(offices[name], **given) for name, given in self.local[area].items()}
        return offices

    def of_owner(self, owner: str, code: str | None) -> Office | None:
        """The office of a place that answers for what a department owns."""
        return next((office for office in self.at(code).values() if owner in office.owns), None)


def load_offices(root: Path, sources: Mapping[str, Source], regions: Regions) -> Offices:
    """Raises KnowledgeError naming the file and the office."""
    path = root / "offices.yml"
    offices = {str(name): _office(path, str(name), each, sources) for name, each in read_yaml(path, dict).items()}
    path = root / "routes.yml"
    routes = {
        str(name): _route(path, str(name), each, sources, offices) for name, each in read_yaml(path, dict).items()
    }
    local = {}
    for path in sorted((root / "offices").glob("*.yml")):
        if not regions.knows(path.stem):
            raise KnowledgeError(path, "file name", f"{path.stem!r} is not a known region code")
        local[path.stem] = {name: _given(path, name, each, offices) for name, each in read_yaml(path, dict).items()}
    return Offices(offices, routes, local)


def _office(path: Path, name: str, record: Any, sources: Mapping[str, Source]) -> Office:
    fields = Fields(path, name, record)
    office = Office(
        id=name,
        level=fields.take("level", str),
        name=fields.take("name", str),
        also=tuple(map(str, fields.take("also", list, []))),
        person=fields.take("person", str),
        does=fields.take("does", str),
        says=fields.take("says", str),
        owns=tuple(map(str, fields.take("owns", list, []))),
        cites=check_cite(path, name, fields.take("cite", (str, list)), sources),
        since=fields.take("since", date, None),
        before=fields.take("before", str, ""),
    )
    fields.done()
    return office


def _route(path: Path, name: str, record: Any, sources: Mapping[str, Source], offices: Mapping[str, Office]) -> Route:
    fields = Fields(path, name, record)
    route = Route(
        id=name,
        when=fields.take("when", str),
        leads=fields.take("leads", str),
        helps=tuple(map(str, fields.take("helps", list, []))),
        within=fields.take("within", str),
        cites=check_cite(path, name, fields.take("cite", (str, list)), sources),
    )
    fields.done()
    for each in (route.leads, *route.helps):
        if each not in offices:
            raise fields.fault("leads", f"no office {each!r}", "see knowledge/offices.yml")
    if route.leads in route.helps:
        raise fields.fault("helps", f"{route.leads!r} leads already")
    return route


def _given(path: Path, name: str, record: Any, offices: Mapping[str, Office]) -> dict[str, Any]:
    fields = Fields(path, name, record)
    if name not in offices:
        raise KnowledgeError(path, name, "is no office", "see knowledge/offices.yml")
    given = {key: value for key in ("name", "person", "says", "phone", "hours") if (value := fields.take(key, str, ""))}
    checked = fields.take("checked", date, None)
    fields.done()
    if "phone" in given and (checked is None or "hours" not in given):
        raise fields.fault("checked", "and hours must stand beside a phone", "the day on which somebody tried it")
    return {**given, **({"checked": checked} if checked else {})}
