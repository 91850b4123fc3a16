"""Pages and fragments from the templates, everything escaped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from desk.access import may
from desk.errors import Refused
from desk.paths import is_api, link, root, where
from desk.words import words

HERE = Path(__file__).parent
ASKS = ("purpose_first", "locked")
SHANGHAI = ZoneInfo("Asia/Shanghai")
# Of what a form carries: the words that somebody wrote, and nothing secret.
TYPED = ("text", "note", "words", "place", "household", "contact", "more", "how", "why")
# Who is turned away so cannot go back to where they were.
CLOSED_TO = (403, 404)


def clock(at: datetime, now: datetime | None = None) -> str:
    """Local time: the hour only for today, the day as well for other days, everything without `now`."""
    local = at.astimezone(SHANGHAI)
    if now is None:
        return local.strftime(words()["clock"]["full"])
    is_today = local.date() == now.astimezone(SHANGHAI).date()
    return local.strftime(words()["clock"]["today" if is_today else "other"])


def day(at: datetime) -> str:
    """The local day."""
    return at.astimezone(SHANGHAI).strftime(words()["clock"]["day"])


def day_name(name: str) -> str:
    """What a day is called that facts or a worker named (`1.father.lost_since`)."""
    *of, what = name.split(".")
    people = [word(one, "people") for one in of if not one.isdigit()]
    children = [str(words()["child_number"]).format(number=one) for one in of if one.isdigit() and one != "1"]
    return "".join([*children, *people, str(words()["days"][what])])


def since(at: datetime, now: datetime) -> str:
    """How long ago, in whole minutes."""
    minutes = max(timedelta(), now - at) // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    form = "just" if minutes == 0 else "minutes" if hours == 0 else "hours" if hours < 24 else "days"
    return str(words()["since"][form]).format(minutes=rest, hours=hours % 24, days=hours // 24)


def word(key: str, section: str) -> str:
    """What people call a reason, kind or outcome; one that we have no word for must not break a page."""
    return str(words()[section].get(key, words()["other"]))


_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {"clock": clock, "day": day, "day_name": day_name, "since": since, "word": word}


def render(request: Request, template: str, **context: Any) -> str:
    visitor = getattr(request.state, "visitor", None)
    here = request.scope.get("path")
    context = {"w": words(), "link": partial(link, request), "visitor": visitor, "here": here, **context}
    return _templates.get_template(template).render(context)


def page(
    request: Request, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
) -> Response:
    return HTMLResponse(render(request, template, **context), status_code=status, headers=headers)


def refused(request: Request, error: Refused) -> Response:
    """One clear line: as JSON to programs, on a page to people."""
    headers = {"Retry-After": str(error.values["seconds"])} if error.status == 429 else None
    if is_api(request):
        holder = {name: value for name, value in error.values.items() if name == "holder"}
        return JSONResponse({"error": error.line, **holder}, status_code=error.status, headers=headers)
    if error.word in ASKS:
        return _ask_why(request, error)
    return page(request, "problem.html", error.status, headers, line=error.said, **_way_back(request, error))


def _way_back(request: Request, error: Refused) -> dict[str, Any]:
    """What somebody needs who filled in a form in vain: the page it stood on, and the words they wrote."""
    given = getattr(request.state, "given", {})
    typed = [given[name] for name in TYPED if given.get(name, "").strip()]
    ref, was_done = request.path_params.get("ref"), request.method == "POST"
    if ref is None or not was_done or error.status in CLOSED_TO:
        return {"was_done": was_done, "typed": typed, "back": None}
    name = "file" if where(request).endswith("/file") else "case"
    return {"was_done": was_done, "typed": typed, "back": link(request, name, ref=ref)}


def _ask_why(request: Request, error: Refused) -> Response:
    """Not a refusal but a question: what was asked for comes after the answer."""
    ref = error.values["ref"]
    then = where(request) if request.method == "GET" else link(request, "case", ref=ref).removeprefix(root(request))
    worker = request.state.visitor.worker
    opens = error.word == "purpose_first" or may(worker, "open_lock")
    return page(request, "purpose.html", error.status, ref=ref, then=then, lock=error.word == "locked", opens=opens)
