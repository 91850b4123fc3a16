"""The web chat: JSON for the page's script, plain form posts for browsers without one."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.channels.web.api import Api
from bot.channels.web.doorway import Doorway
from bot.channels.web.page import HERE
from bot.channels.web.plain import Plain
from bot.gateway import Gateway

__all__ = ["HERE", "WebChat"]


class WebChat:
    """The routes of the web channel."""

    def __init__(self, gateway: Gateway) -> None:
        self._doorway = Doorway(gateway)

    def routes(self) -> list[Route | Mount]:
        return [
            *Plain(self._doorway).routes(),
            *Api(self._doorway).routes(),
            Mount("/static", _Assets(directory=HERE / "static")),
        ]


class _Assets(StaticFiles):
    """They hold nothing of a conversation: a weak telephone asks whether they changed, and mostly they did not."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = "no-cache"
        return answer
