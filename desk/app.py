"""The case desk as one Starlette app, to be mounted; no path in it is open but the sign-in page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from casework.errors import CaseworkError
from casework.store import Store
from casework.writing import Writing
from desk.api import Api
from desk.assistant import Assistant
from desk.board import Board
from desk.daily import Daily
from desk.door import Door
from desk.errors import Refused, refusal
from desk.figures import FigurePages
from desk.file import CaseFilePages
from desk.gate import guarded
from desk.office import Office, Pace
from desk.pages import Pages
from desk.papers import MakeSlip, Papers
from desk.reasons import Reasons
from desk.render import refused
from desk.second import SecondFactor
from desk.session import seal
from desk.signing import Signing
from desk.today import Today
from knowledge.library import Library

HERE = Path(__file__).parent


def create_app(
    store: Store,
    library: Library,
    notice: Callable[[str], None],
    secret: str,
    secure: bool = False,
    pace: Pace | None = None,
    make_slip: MakeSlip = lambda said: None,
    public_url: str = "",
    writing: Writing | None = None,
) -> Starlette:
    """`notice(conversation_id)` wakes whoever waits for the family's side; `secret` signs the sessions.

    `make_slip(messages)` is what of a conversation may be carried to an office (bot/slip.py).
    `writing` is shared with the front door, so that each side sees that the other writes.
    """
    office = Office(store, library, notice, seal(secret), secure, Board(store), pace or Pace(), writing or Writing())
    static = Mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    routes = [
        *Signing(office).routes(),
        *Pages(office).routes(),
        *Api(office).routes(),
        *Assistant(office).routes(),
        *Reasons(office).routes(),
        *SecondFactor(office).routes(),
        *CaseFilePages(office).routes(),
        *Daily(office).routes(),
        *Today(office).routes(),
        *FigurePages(office).routes(),
        *Papers(office, make_slip, public_url).routes(),
        static,
    ]
    return Starlette(
        routes=guarded(routes, office),
        middleware=[Middleware(Door, office=office)],
        exception_handlers={Refused: _refused, CaseworkError: _casework, HTTPException: _http, Exception: _broken},
    )


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return refused(request, error)


async def _casework(request: Request, error: Exception) -> Response:
    assert isinstance(error, CaseworkError)
    return refused(request, refusal(error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    word = {404: "not_found", 405: "wrong_method"}.get(error.status_code, "broken")
    return refused(request, Refused(error.status_code, word))


async def _broken(request: Request, error: Exception) -> Response:
    return refused(request, Refused(500, "broken"))
