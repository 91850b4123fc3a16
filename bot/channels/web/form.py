"""What the page's form sends, read with suspicion."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.channels.web import keys
from bot.channels.web.doorway import body
from bot.errors import Refused

MOST_FIELDS = 20


def text(given: Mapping[str, str]) -> str:
    """A choice that was tapped, or what is in the box. Browsers send lines of a form with \\r\\n."""
    return (given.get("choice") or given.get("text", "")).replace("\r\n", "\n")


def client_id(token: str, once: str, said: str) -> str:
    """The same form sent again is the same message; the same form with other words (a page gone back to) is not.

    Keyed by the token, which the ledger does not know: the words cannot be guessed from it.
    """
    words_hash = hmac.new(token.encode(), said.encode(), "sha256").hexdigest()
    return f"form-{once[:40] or secrets.token_urlsafe(12)}-{words_hash[:16]}"


async def fields(request: Request) -> dict[str, str]:
    """Raises: Refused 403 when another site sent the form, 413, 400."""
    if not keys.is_own_page(request):
        raise Refused(403, "foreign")
    try:
        return dict(parse_qsl((await body(request)).decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise Refused(400, "malformed_form") from None
