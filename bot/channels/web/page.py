"""The chat page as HTML: the same one that the script takes over where there is a script."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from bot.channels.web import keys
from bot.protect import shown_safety
from bot.slip import TO_CARRY
from bot.words import words
from casework.store import Conversation, Message

HERE = Path(__file__).parents[1]
# A long conversation is a long way over a weak line; earlier words are one link away.
SHOWN = 40
# Three digits may be an amount, so only safety cards make 110 a link; five digits from 12 are always a hotline.
NUMBER = re.compile(r"(?<![0-9])(110|119|120|12[0-9]{3})(?![0-9])")

templates = Jinja2Templates(directory=HERE / "templates")
# Half the size: an escaped Chinese character takes six bytes.
templates.env.policies["json.dumps_kwargs"] = {"ensure_ascii": False}


@dataclass(frozen=True)
class View:
    """What is on the page. `lines` None: nothing was asked for, and nothing of the conversation is shown.

    `asks`: whether the draft goes into the old conversation or a new one. `state` names a line of words.yml.
    """

    conversation: str = ""
    lines: tuple[dict[str, Any], ...] | None = None
    buttons: tuple[dict[str, str], ...] = ()
    is_cut: bool = False
    state: str = ""
    draft: str = ""
    problem: str = ""
    notice: str = ""
    asks: bool = False


def view(held: Conversation, said: Sequence[Message], whole: bool = False, **more: Any) -> View:
    """The conversation as its family may see it."""
    kept = said if whole else said[-SHOWN:]
    asked = max((message.seq for message in kept if message.sender == "family"), default=0)
    lines = tuple(_line(before, message, asked) for before, message in zip((None, *kept), kept, strict=False))
    last = said[-1] if said else None
    state = "with_worker" if held.holder == "worker" else "waiting" if last and last.sender == "family" else ""
    buttons = tuple({**button} for button in last.buttons) if last else ()
    return View(held.id, lines, buttons, len(kept) < len(said), state, **more)


def draw(request: Request, shown: View, status: int = 200) -> Response:
    """The page with a new one-time id for its form."""
    page = words()["page"]
    given = {"words": page, "conversation": shown.conversation, "here": shown.lines is not None}
    context = {"page": page, "view": shown, "given": given, "once": secrets.token_urlsafe(12)}
    return fill(request, "chat.html", context, status)


def fill(request: Request, name: str, context: dict[str, Any], status: int = 200) -> Response:
    # Not no-referrer as elsewhere: browsers then send `Origin: null` with forms, which tells nothing.
    headers = {"Referrer-Policy": "same-origin"}
    context = {**context, "large": keys.is_large(request)}
    answer = templates.TemplateResponse(request, name, context, status, headers)
    keys.remember_size(answer, request)
    return answer


def _line(before: Message | None, message: Message, asked: int) -> dict[str, Any]:
    card = shown_safety(message)
    cards = [] if card else (message.turn or {}).get("cards") or []
    return {
        "kind": "safety" if card else message.sender,
        "is_head": bool(card) and not (before and shown_safety(before)),
        # The page opens here: at the family's last words, with all that answers them below.
        "is_now": message.seq == asked,
        "pieces": [message.text] if message.sender == "family" else _pieces(message.text, bool(card)),
        "cards": cards,
        "to_carry": any(each.get("outcome") in TO_CARRY for each in cards),
    }


def _pieces(text: str, every: bool) -> list[str]:
    """Odd places hold what can be dialled."""
    pieces, start = [], 0
    for found in NUMBER.finditer(text):
        if every or len(found[0]) == 5:
            pieces += [text[start : found.start()], found[0]]
            start = found.end()
    return [*pieces, text[start:]]
