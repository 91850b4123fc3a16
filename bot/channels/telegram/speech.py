"""What a chat shows: plain text in pieces that Telegram takes, and the keys under it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.logs import short_hash
from bot.words import words
from casework.store import Delivery

FILE = Path(__file__).parents[1] / "telegram.yml"
# Telegram says characters; in UTF-16 units, as it counts everything else, a text is never too long either way.
LONGEST = 4096
ENDS = ("\n", "。！？；!?;", "，、, ")
PRESSED = re.compile(r"([0-9a-f]{10}):([0-9]{1,9}):([0-9]{1,3})")
# Two titles of this length fit side by side on a narrow screen.
SHORT_TITLE = 6


@cache
def telegram_words() -> dict[str, Any]:
    """The sentences of this channel (`telegram.yml`)."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def first_words() -> tuple[str, list[dict[str, str]]]:
    """What the first screen of the web chat says, what Telegram cannot hide, and its starters as buttons."""
    page, own = words()["page"], telegram_words()
    first, numbers = page["first"], page["numbers"]
    calls = [own["numbers"].format(**item) for item in numbers["items"]]
    blocks = [[first["hello"], *first["promise"]], own["privacy"], [numbers["title"], *calls], [first["welcome"]]]
    buttons = [{"title": line, "payload": line} for line in first["starters"]]
    return "\n\n".join("\n".join(block) for block in blocks), buttons


def shown(delivery: Delivery) -> list[str]:
    """The texts of one message in order; what is asked stands last, where the buttons are."""
    text = delivery.text
    said = pieces(telegram_words()["worker"].format(text=text) if delivery.sender == "worker" else text)
    results = (delivery.turn or {}).get("cards") or ()
    cards = pieces("\n\n".join(card_text(card) for card in results))
    return [*cards, *said] if delivery.buttons else [*said, *cards]


def card_text(card: Mapping[str, Any]) -> str:
    """One result with its reasons, its next step and its sources."""
    form = telegram_words()["card"]
    lines = [form["head"].format(title=card["title"], outcome=card["outcome_text"])]
    lines += [form["line"].format(says=line) for line in card.get("lines") or ()]
    if card.get("next"):
        lines.append(form["next"].format(says=card["next"]))
    if sources := [source["text"] for source in card.get("sources") or ()]:
        lines.append(form["sources"].format(says="；".join(sources)))
    return "\n".join(lines)


def pieces(text: str, longest: int = LONGEST) -> list[str]:
    """The text cut after a line, else a sentence, else a comma, else anywhere; only blanks at a cut are left out."""
    found, left = [], text.strip()
    while _units(left) > longest:
        head = _cut(left, longest)
        found.append(head.rstrip())
        left = left[len(head) :].lstrip()
    return [*found, left] if left else found


def _cut(text: str, longest: int) -> str:
    head = text.encode("utf-16-le")[: longest * 2].decode("utf-16-le", "ignore")
    for signs in ENDS:
        place = max(head.rfind(sign) for sign in signs)
        # A cut near the start would send a message of a few words.
        if place > len(head) // 4:
            return head[: place + 1]
    return head


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def keyboard(delivery: Delivery) -> InlineKeyboardMarkup | None:
    """The buttons as keys; a key says only which button it was, the words stay in the ledger."""
    if not delivery.buttons:
        return None
    mark = f"{short_hash(delivery.conversation)}:{delivery.seq}"
    titles = [button["title"] for button in delivery.buttons]
    keys = [InlineKeyboardButton(title, callback_data=f"{mark}:{place}") for place, title in enumerate(titles)]
    abreast = 2 if all(len(title) <= SHORT_TITLE for title in titles) else 1
    return InlineKeyboardMarkup(_rows(keys, abreast))


def _rows(keys: Sequence[InlineKeyboardButton], abreast: int) -> list[list[InlineKeyboardButton]]:
    return [list(keys[first : first + abreast]) for first in range(0, len(keys), abreast)]


def pressed(data: str) -> tuple[str, int, int] | None:
    """Mark of the conversation, seq of its message and place of the button; None for what no key of ours carries."""
    found = PRESSED.fullmatch(data)
    return (found[1], int(found[2]), int(found[3])) if found else None
