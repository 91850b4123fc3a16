"""Paths below the mount point, and links that keep it."""

from __future__ import annotations

from starlette.requests import Request


def where(request: Request) -> str:
    """The path below the mount point."""
    return str(request.scope["path"]).removeprefix(root(request))


def root(request: Request) -> str:
    """The mount point."""
    return str(request.scope.get("root_path", ""))


def is_api(request: Request) -> bool:
    path = where(request)
    return path == "/api" or path.startswith("/api/")


def link(request: Request, name: str, **params: object) -> str:
    """The path of a page, mount point included."""
    return root(request) + str(request.app.url_path_for(name, **params))
