"""The cookies of the web chat, and what a request proves with them."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot.errors import Refused
from casework.ledger import by_token
from casework.store import Conversation, Store

KEY = "key"
# As long as an idle conversation is kept: whoever comes back in a week should find the caseworker's answer.
KEY_SECONDS = 30 * 24 * 3600
# This browser has its conversation before it. Pages with words are shown only while it has: not out of the history
# after 快速离开, and not to whoever picks the telephone up an hour later.
OPEN = "open"
OPEN_SECONDS = 30 * 60
LARGE = "large"


async def held_by_cookie(store: Store, request: Request) -> Conversation | None:
    token = request.cookies.get(KEY, "")
    return await asyncio.to_thread(by_token, store, token) if token else None


async def held(store: Store, request: Request) -> Conversation:
    """By header or cookie. Raises: Refused 401 without a known token."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = bearer.strip() if scheme.lower() == "bearer" else request.cookies.get(KEY, "")
    found = await asyncio.to_thread(by_token, store, token) if token else None
    if found is None:
        raise Refused(401, "no_key")
    return found


def is_open(request: Request) -> bool:
    """Whether words may be shown: a program that brings its token asks for them each time."""
    return "authorization" in request.headers or OPEN in request.cookies


def give_key(answer: Response, request: Request, token: str) -> None:
    _set(answer, request, KEY, token, KEY_SECONDS)
    keep_open(answer, request)


def keep_open(answer: Response, request: Request) -> None:
    if "authorization" not in request.headers:
        _set(answer, request, OPEN, "1", OPEN_SECONDS)


def take_key(answer: Response) -> None:
    for name in (KEY, OPEN):
        answer.delete_cookie(name, httponly=True, samesite="lax")


def close(answer: Response) -> None:
    """Nothing is shown any more until it is asked for; the key stays, for the answer that may come."""
    for name in (OPEN, LARGE):
        answer.delete_cookie(name, httponly=True, samesite="lax")


def is_large(request: Request) -> bool:
    return request.query_params.get(LARGE, request.cookies.get(LARGE)) == "1"


def remember_size(answer: Response, request: Request) -> None:
    """Large print is asked for in the address, and kept until the browser is closed."""
    if LARGE in request.query_params:
        _set(answer, request, LARGE, "1" if is_large(request) else "0", None)


def is_own_page(request: Request) -> bool:
    """Whether a form of ours was sent. Every browser that is still in use names one of the two with a POST."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "")
    if site is not None:
        return site == "same-origin"
    return urlsplit(origin).netloc == request.headers.get("host")


def is_foreign(request: Request) -> bool:
    """Whether a page of another site sent this; a program that names no origin is no browser."""
    names_one = "sec-fetch-site" in request.headers or "origin" in request.headers
    return names_one and not is_own_page(request)


def _set(answer: Response, request: Request, name: str, value: str, seconds: int | None) -> None:
    secure = request.url.scheme == "https"
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure)
