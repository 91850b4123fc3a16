"""Every path of the desk is closed but for what permissions.yml says of it; the door has said who is there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from desk import verbs
from desk.access import FILE, may, table
from desk.errors import LONGEST, Refused
from desk.office import Office

# What a program that names no purpose is written down with.
BY_PROGRAM = "api"


def guarded(routes: Sequence[BaseRoute], office: Office) -> list[BaseRoute]:
    """The same routes behind the table. Raises: ValueError for a path that nobody named."""
    for route in routes:
        assert isinstance(route, (Mount, Route))
        unknown = [name for name in names(route) if name not in table().routes]
        if unknown:
            raise ValueError(f"{FILE.name} gives no permission for {', '.join(unknown)}")
        route.app = Gate(route.app, {name.split()[0]: table().routes[name] for name in names(route)}, office)
    return list(routes)


def names(route: Mount | Route) -> list[str]:
    # A route without methods answers to all of them, which no line of the table grants.
    methods = ["GET"] if isinstance(route, Mount) else sorted({*(route.methods or ("ANY",))} - {"HEAD"})
    return [f"{method} {route.path}" for method in methods]


def open_paths() -> set[str]:
    return {name.split()[1] for name, permission in table().routes.items() if permission == "open"}


class Gate:
    """Refuses whoever could do this with no case at all; which case it is, `verbs` asks of the same table."""

    def __init__(self, app: ASGIApp, needs: Mapping[str, str], office: Office) -> None:
        self._app, self._needs, self._office = app, needs, office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        permission = self._needs.get("GET" if request.method == "HEAD" else request.method, "")
        visitor: Any = request.state.visitor
        if permission != "open" and not may(visitor and visitor.worker, permission):
            raise Refused(403, "not_allowed")
        if permission == "read_case" and visitor.csrf is None:
            ref, purpose = request.path_params["ref"], _purpose(request)
            await asyncio.to_thread(verbs.state_once, self._office, visitor.worker, ref, purpose)
        await self._app(scope, receive, send)


def _purpose(request: Request) -> str:
    """Why a program reads; percent-encoded where it is not ASCII, as headers are."""
    return unquote(request.headers.get("x-purpose", "")).strip()[: LONGEST["purpose"]] or BY_PROGRAM
