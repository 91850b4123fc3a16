"""What of the queue a worker sees, in which groups, and who is on duty for each case; pure but for the clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from casework.queue import Queued
from casework.rota import QUEUES, rota
from casework.routing import Wants, lie, names, on_duty, wants
from casework.store import Worker
from desk.access import holds, in_order, is_senior
from desk.words import words

COUNTY = 6
HIGH = ("urgent", "emergency")


@dataclass(frozen=True)
class Filter:
    """Empty: all. A place stands for all that lies in it; what is not known of a case is never filtered out by it."""

    queue: str = ""
    region: str = ""
    language: str = ""
    label: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


def asked(given: Mapping[str, str]) -> Filter:
    """From the address of the page; what is on no list counts as all."""
    known = {"queue": QUEUES, "language": words()["languages"], "label": words()["labels"]}
    kept = {name: given[name] for name, listed in known.items() if given.get(name) in listed}
    region = given.get("region", "")
    return Filter(**kept, region=region if region.isdecimal() and len(region) <= COUNTY else "")


def fits(row: Queued, chosen: Filter) -> bool:
    wanted = wanted_by(row)
    by_region = not (chosen.region and wanted.region) or lie(wanted.region, chosen.region)
    by_language = not (chosen.language and wanted.language) or wanted.language == chosen.language
    by_label = not chosen.label or chosen.label in row.case.labels
    return chosen.queue in ("", row.case.queue) and by_region and by_language and by_label


def wanted_by(row: Queued) -> Wants:
    return wants(row.case, row.last_line)


def grouped(worker: Worker, rows: Iterable[Queued], chosen: Filter, now: datetime) -> dict[str, list[Queued]]:
    """What is asked of this worker before everything, then danger; what the rota gives them before what others get."""
    all_rows = {row.case.ref: row for row in rows}
    ordered = [all_rows[case.ref] for case in in_order(worker, [row.case for row in all_rows.values()])]
    offered = [row for row in ordered if row.case.offered_to == worker.id]
    shown = [row for row in ordered if fits(row, chosen)]
    waiting = [row for row in shown if row.case.state == "waiting"]
    called = [row for row in waiting if row.case.called_at and is_senior(worker)]
    pressing = [row for row in waiting if row not in called and row.case.urgency in HIGH]
    calm = [row for row in waiting if row not in called and row not in pressing]
    routed = [row for row in calm if worker.name in duty(row, now)]
    mine = [row for row in shown if holds(worker, row.case)]
    groups = {"offered": offered, "called": called, "pressing": pressing}
    # Families who talk with this worker are not looked for below all who wait.
    groups |= {"mine": mine} if mine else {}
    groups |= {"routed": routed, "waiting": [row for row in calm if row not in routed], "mine": mine}
    if is_senior(worker):
        groups["others"] = [row for row in shown if row.case.state == "active" and not holds(worker, row.case)]
    return {name: found for name, found in groups.items() if found or name in ("waiting", "mine", "others")}


def duty(row: Queued, now: datetime) -> list[str]:
    """Who is named on the rota for such a case at this moment, the nearest first."""
    return names(on_duty(rota(), wanted_by(row), now))


def places(rows: Sequence[Queued]) -> list[str]:
    """The counties and cities that the open cases are in, to choose from."""
    regions = {region for row in rows if (region := wanted_by(row).region)}
    return sorted({region[:4] for region in regions} | {region[:COUNTY] for region in regions})
