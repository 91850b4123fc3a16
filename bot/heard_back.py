"""What a family writes instead of tapping an answer to a question of ours, while that question stands.

The words are data (casework/heard.yml); what they lead to is said in casework/followup.yml.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from casework.rules import rules
from casework.store import Message

PAUSES = re.compile(r"[\s，。！、,.!~～…；;：:“”\"（）()—-]+")


@dataclass(frozen=True)
class Answer:
    """`name` is that of a report, or agree, disagree; `is_all` when the words say nothing else that wants an answer."""

    name: str
    is_all: bool


def questions(said: Sequence[Message], is_answered: bool = True) -> list[str]:
    """Which of our questions stand before words that come now, the newest first.

    Those since the family's last words; where these were an answer of which we said that we have it, those before too,
    for the next words may belong to it (`is_answered`).
    """
    found: list[str] = []
    since: list[Message] = []
    for message in reversed(said):
        if message.sender == "worker":
            break
        if message.sender == "family":
            if not is_answered or not since or not all(_is_receipt(one) for one in since):
                break
            since = []
            continue
        since.append(message)
        if name := _question(message):
            found.append(name)
            # What stands between a question and the words before it is of no matter.
            since = [message]
    return found


def read(text: str, asked: Collection[str]) -> Answer | None:
    """What the words answer of these questions; None where they answer none of them. Pure."""
    known, plain = rules("heard"), PAUSES.sub("，", text.lower()).strip("，")
    if not plain or len(plain) > known["longest"]:
        return None
    is_question = bool(re.search(known["asks"], plain))
    for question in asked:
        for name, words in _patterns()[question]:
            match = words.search(plain)
            if match and not (is_question and name not in _troubles()):
                rest = plain[: match.start()] + plain[match.end() :]
                left = re.sub(known["filler"], "", rest)
                is_plain = not is_question and not re.search(known["kin"], plain)
                return Answer(name, is_plain and len(left) <= known["beside"])
    return None


def wants_peace(text: str) -> bool:
    """Whether a family says that it wants to be asked no more, in whatever words. Pure."""
    plain = PAUSES.sub("，", text).strip("，")
    return len(plain) <= rules("heard")["longest"] and any(
        re.search(words, plain) for words in rules("heard")["never_again"]
    )


def _question(message: Message) -> str | None:
    known = rules("followup")
    if message.sender != "system":
        return None
    if message.text == known["agree"]["text"]:
        return "agree"
    return next((what for what, text in known["ask"].items() if message.text == text), None)


def _is_receipt(message: Message) -> bool:
    known = rules("followup")
    says = {*known["agree"]["heard"].values(), *(report["says"] for report in known["reports"].values())}
    return message.text in says


@cache
def _troubles() -> frozenset[str]:
    return frozenset(name for name, report in rules("followup")["reports"].items() if report.get("trouble"))


@cache
def _patterns() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    known: dict[str, Any] = rules("heard")

    def made(words: str) -> re.Pattern[str]:
        for name in ("absent", "pay", "kin"):
            words = words.replace(f"{{{name}}}", known[name])
        return re.compile(words)

    return {what: [(name, made(words)) for name, words in listed] for what, listed in known["questions"].items()}
