"""The figures of the desk as a page with charts, and as CSV; nothing that stands on fewer than ten is shown."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casework.eventlog import Log, read
from casework.figures import FIGURES, opened, unmet_needs
from casework.followup import HERE
from casework.rules import rules
from casework.suppress import rows_shown, shown
from desk.charts import bars
from desk.errors import Refused
from desk.office import Office
from desk.render import page

SPAN = timedelta(days=90)
LONGEST_SPAN = timedelta(days=800)


@dataclass(frozen=True)
class Row:
    """One figure as people read it; `value` is None where the group is too small or there is nothing to count."""

    name: str
    title: str
    value: float | None
    text: str
    group: int | None
    aim: str
    how: str


class FigurePages:
    """Everybody at the desk may see them: they are about nobody."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        return [
            Route("/figures", self.shown, methods=["GET"], name="figures"),
            Route("/figures.csv", self.exported, methods=["GET"], name="figures_csv"),
        ]

    async def shown(self, request: Request) -> Response:
        since, until = self._span(request)
        log = await asyncio.to_thread(self._log, since, until)
        span = f"since={since.isoformat()}&until={until.isoformat()}"
        return page(
            request,
            "figures.html",
            rows=figure_rows(log),
            charts=charts(log),
            since=since,
            until=until,
            span=span,
            smallest=rules("figures")["smallest"],
        )

    async def exported(self, request: Request) -> Response:
        since, until = self._span(request)
        log = await asyncio.to_thread(self._log, since, until)
        name = f"figures-{since.isoformat()}-{until.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        # The mark at the start tells spreadsheet programs that it is UTF-8.
        return Response("\ufeff" + as_csv(log, since, until), media_type="text/csv; charset=utf-8", headers=headers)

    def _log(self, since: date, until: date) -> Log:
        """Until the end of the last day, or until now: a day that is not over yet has had no time for its answers."""
        end = min(_midnight(until + timedelta(days=1)), self._office.store.clock())
        return read(self._office.store, _midnight(since), end)

    def _span(self, request: Request) -> tuple[date, date]:
        today = self._office.store.clock().astimezone(HERE).date()
        try:
            until = date.fromisoformat(request.query_params.get("until") or today.isoformat())
            since = date.fromisoformat(request.query_params.get("since") or (until - SPAN).isoformat())
        except (ValueError, OverflowError):
            raise Refused(422, "wrong_span") from None
        if not timedelta() <= until - since <= LONGEST_SPAN or until > today:
            raise Refused(422, "wrong_span")
        return since, until


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), HERE)


def figure_rows(log: Log) -> list[Row]:
    known = rules("figures")
    found = []
    for name, figure in FIGURES.items():
        said, made = known["figures"][name], figure(log)
        value = shown(name, made)
        text = known["units"][said["unit"]].format(value=f"{value:g}") if value is not None else known["small"]
        if made.value is None:
            text = known["none"]
        group = made.group if value is not None else None
        found.append(Row(name, said["name"], value, text, group, said.get("aim", ""), said["how"]))
    return found


def groups(log: Log) -> Iterator[tuple[str, dict[str, int | None]]]:
    """The counts behind the charts, by names that people read."""
    needs = rules("child")["needs"]
    yield "unmet_needs", {needs.get(name, name): count for name, count in rows_shown(unmet_needs(log)).items()}
    yield "opened", rows_shown(opened(log))


def charts(log: Log) -> list[tuple[str, Markup]]:
    known = rules("figures")
    return [
        (known["charts"][name], bars(known["charts"][name], counts, known["small"]))
        if counts
        else (known["charts"][name], Markup(""))
        for name, counts in groups(log)
    ]


def as_csv(log: Log, since: date, until: date) -> str:
    known, out = rules("figures"), io.StringIO()
    said = known["csv"]
    write = csv.writer(out).writerow
    write([said[name] for name in ("figure", "row", "value", "unit", "group", "since", "until", "how")])
    for row in figure_rows(log):
        unit = known["unit_names"][known["figures"][row.name]["unit"]]
        number = row.text if row.value is None else f"{row.value:g}"
        group = row.group if row.group is not None else "" if row.text == known["none"] else known["small"]
        write([row.title, "", number, unit, group, since, until, row.how])
    for name, counts in groups(log):
        for label, count in counts.items():
            write(
                [
                    known["charts"][name],
                    label,
                    known["small"] if count is None else count,
                    known["unit_names"]["count"],
                    "",
                    since,
                    until,
                    "",
                ]
            )
    return out.getvalue()
