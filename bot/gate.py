"""Every path of the front door is closed but for what bot/permissions.yml says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.web import keys
from bot.errors import Refused
from casework.store import Store
from knowledge.files import read_yaml

FILE = Path(__file__).with_name("permissions.yml")
PERMISSIONS = ("anybody", "page", "conversation", "staff", "telegram")
SAFE = ("GET", "HEAD", "OPTIONS")


@cache
def table() -> Mapping[str, str]:
    """By method and path."""
    given: Mapping[str, str] = read_yaml(FILE)
    return given


def guarded(routes: Sequence[BaseRoute], store: Store) -> list[BaseRoute]:
    """The same routes behind the table. Raises: ValueError for a path or a permission that nobody named."""
    for route in routes:
        assert isinstance(route, (Mount, Route))
        needs = {name: table().get(name, "") for name in names(route)}
        unknown = [name for name, permission in needs.items() if permission not in PERMISSIONS]
        if unknown:
            raise ValueError(f"{FILE.name} gives no permission for {', '.join(unknown)}")
        route.app = Gate(route.app, needs, store)
    return list(routes)


def names(route: Mount | Route) -> list[str]:
    """How the table calls it: a mount by its path alone, whoever is mounted asks for more."""
    if isinstance(route, Mount):
        return [route.path]
    # A route without methods answers to all of them, which no line of the table grants.
    return [f"{method} {route.path}" for method in sorted(route.methods or ("ANY",)) if method != "HEAD"]


class Gate:
    """Asks before the endpoint is called; whose conversation it is stands in `request.state.held` then."""

    def __init__(self, app: ASGIApp, needs: Mapping[str, str], store: Store) -> None:
        self._app, self._needs, self._store = app, needs, store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if self._permission(request) == "conversation":
            held = await keys.held(self._store, request)
            if held.id != request.path_params["conversation"]:
                raise Refused(404, "not_found")
            request.state.held = held
        await self._app(scope, receive, send)

    def _permission(self, request: Request) -> str:
        """Raises: Refused 403 when another site asks for a change; what comes by a form is looked at there."""
        method = "GET" if request.method == "HEAD" else request.method
        # A mount has one permission for all methods; a route of two methods has two.
        [permission] = {named for name, named in self._needs.items() if name.split(" ")[0] in (method, name)}
        if request.method not in SAFE and permission in ("anybody", "conversation") and keys.is_foreign(request):
            raise Refused(403, "foreign")
        return permission
