"""Who is at the door: a signed session cookie or a staff token."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from casework.sessions import LONGEST, end, has_ended
from casework.staff import by_staff_token, worker
from casework.store import Worker
from desk.office import Office

COOKIE = "desk"
SESSION_SECONDS = round(LONGEST.total_seconds())
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Visitor:
    """A member of staff; `csrf` is what every form of this session carries, None for a token."""

    worker: Worker
    csrf: str | None


def seal(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="desk-session")


def recognise(office: Office, request: Request, tokens: bool) -> Visitor | None:
    """With `tokens` a bearer token counts, and a wrong one is not made good by a session."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if tokens and scheme.lower() == "bearer":
        found = by_staff_token(office.store, token.strip())
        return Visitor(found, None) if found else None
    try:
        known = office.seal.loads(request.cookies.get(COOKIE, ""), max_age=SESSION_SECONDS)
    except BadSignature:
        return None
    found = worker(office.store, known["worker"])
    if found is None or found.session_epoch != known.get("epoch") or has_ended(office.store, known["csrf"]):
        return None
    return Visitor(found, known["csrf"])


def begin(office: Office, request: Request, member: Worker) -> None:
    """A fresh session, so that what was known before signing in is worth nothing; the one before is over."""
    _end(office, request)
    request.state.visitor = Visitor(member, secrets.token_urlsafe(16))


def remember(office: Office, request: Request, answer: Response) -> None:
    """Give the browser the session that has begun; pages drawn since carry its token."""
    visitor = request.state.visitor
    known = {"worker": visitor.worker.id, "epoch": visitor.worker.session_epoch, "csrf": visitor.csrf}
    answer.set_cookie(
        COOKIE,
        office.seal.dumps(known),
        max_age=SESSION_SECONDS,
        path=request.scope.get("root_path") or "/",
        httponly=True,
        samesite="strict",
        secure=office.secure or _came_by_tls(request),
    )


def _came_by_tls(request: Request) -> bool:
    """Believed of any proxy: whoever lies here only keeps their own cookie from travelling in the clear."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", "").split(",")[0].strip().lower())


def forget(office: Office, request: Request, answer: Response) -> None:
    """Over for every copy of the cookie, not only for this browser."""
    _end(office, request)
    answer.delete_cookie(COOKIE, path=request.scope.get("root_path") or "/", httponly=True, samesite="strict")


def _end(office: Office, request: Request) -> None:
    visitor = recognise(office, request, False)
    if visitor is not None and visitor.csrf is not None:
        end(office.store, visitor.csrf)


def came_from(request: Request) -> str | None:
    """The address that guesses, None where a proxy on this machine hides all of them behind its own."""
    host = request.client.host if request.client else ""
    return None if host in ("", "127.0.0.1", "::1") else host


def is_own_page(request: Request) -> bool:
    """Whether a change was asked for by a page of ours; a program that names no origin is not a browser."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def carries(visitor: Visitor, token: str | None) -> bool:
    """Whether the form or request has the token of this session."""
    return visitor.csrf is not None and hmac.compare_digest(visitor.csrf.encode(), (token or "").encode())
