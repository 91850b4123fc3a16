"""What a request carries, read with suspicion."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from desk.errors import LONGEST, Refused
from desk.session import carries

LARGEST_BODY = 64 * 1024
MOST_FIELDS = 20


async def fields(request: Request) -> dict[str, str]:
    """The fields of a form of this session. Raises: Refused 403 without the session's token."""
    given = await open_fields(request)
    request.state.given = given
    if not carries(request.state.visitor, given.get("csrf")):
        raise Refused(403, "foreign")
    return given


async def open_fields(request: Request) -> dict[str, str]:
    """The fields of a form that belongs to no session: the sign-in page's."""
    body = await _body(request)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise Refused(400, "malformed_form") from None


async def members(request: Request) -> dict[str, Any]:
    """The members of a JSON object."""
    try:
        given = json.loads(await _body(request))
    except (ValueError, RecursionError):
        raise Refused(400, "malformed") from None
    if not isinstance(given, dict):
        raise Refused(422, "not_object")
    return given


def text(given: dict[str, Any], field: str) -> str:
    """Raises: Refused 422 when it is missing, no text, blank or too long."""
    value = given.get(field)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST[field]:
        raise Refused(422, "wrong_text", field=field, longest=LONGEST[field])
    # Half a surrogate pair is no text that a database could keep.
    return value.encode("utf-8", "replace").decode()


def whole_number(given: dict[str, Any], field: str) -> int:
    """Raises: Refused 422 when it is missing or no number of a message."""
    value = given.get(field)
    if type(value) is not int or not 0 < value < 10**12:
        raise Refused(422, "wrong_number", field=field)
    return value


def number(value: str | None) -> int:
    """A seq after which to begin. Raises: Refused 422."""
    if not value:
        return 0
    if not value.isascii() or not value.isdigit() or len(value) > 12:
        raise Refused(422, "wrong_after")
    return int(value)


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Refused(413, "too_big")
    return body
