"""Danger comes before everything: policy talk stops, help is shown, a counsellor is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from knowledge.alarm import safety_words, worse
from knowledge.safety.course import REMEMBERED, together
from knowledge.safety.voice import speaks_as_child

if TYPE_CHECKING:
    from actions.base import Turn

LEVELS = ("none", "concern", "urgent", "emergency")


def note(now: Turn) -> str:
    """The level of this message: the highest of what the pipeline saw, the front door, and the last messages together.

    What made the last messages grave together has been answered; it does not ring a second time.
    """
    seen = now.message.get("safety") or {}
    course = [*now.session.course, int(seen.get("weight") or 0)][-REMEMBERED:]
    level = worse(worse(str(seen.get("level") or "none"), alarm_shown(now)), together(course))
    now.session.course = [] if is_grave(level) else course
    now.reply.safety = {"level": level, "kinds": list(seen.get("kinds") or [])}
    if LEVELS.index(level) >= LEVELS.index(now.session.safety["level"]):
        now.session.safety = now.reply.safety
    return level


def alarm_shown(now: Turn) -> str:
    """The level at which the front door has already put the help card on the screen."""
    level = (now.message.get("metadata") or {}).get("alarm")
    return level if level in LEVELS else "none"


def is_grave(level: str) -> bool:
    return LEVELS.index(level) >= LEVELS.index("urgent")


def speak(now: Turn) -> None:
    """All of the safety words when called alone, one answerable question when the card is on the screen."""
    level, kinds = now.reply.safety["level"], now.reply.safety["kinds"]
    now.session.asking, now.session.paused, now.session.checked_on = None, True, True
    now.reply.ask_person("counselor", level, "danger")
    if is_grave(alarm_shown(now)):
        now.reply.say("utter_safe_now")
    else:
        for text in safety_words(kinds, level, _is_child(now), _clock()):
            now.reply.say("utter_plain", words=text)
    words = now.library.words
    now.reply.buttons = [{"title": words[key], "payload": words[key]} for key in ("safe", "not_safe", "ask_person")]


# Said to somebody who is near the edge, the usual answers to these would be cold.
_COLD = ("out_of_scope", "complain", "refuse", "thanks", "goodbye", "tell")


def wants_comfort(now: Turn, level: str) -> bool:
    """A message that asks nothing we answer, from somebody in whose words, now or before, there was distress."""
    distressed = level != "none" or now.session.safety["level"] != "none"
    says_more = now.heard.anything or now.topics or now.session.asking
    return distressed and now.intent in _COLD and not says_more and not now.session.paused


def comfort(now: Turn) -> None:
    """Stay, say where one can talk, offer a person; no policy, no question about facts."""
    words = now.library.words
    now.session.offered, now.reply.resumes = "asked", False
    now.reply.say("utter_comfort")
    now.reply.buttons = [{"title": words["ask_person"], "payload": words["ask_person"]}]


def check_gently(now: Turn, level: str) -> None:
    """At level concern: the answer stands, and one gentle check is added, once."""
    if level == "concern" and not now.session.checked_on:
        now.session.checked_on = True
        texts = safety_words((), "concern", _is_child(now), _clock())
        now.reply.say("utter_plain", words="\n".join(texts))


def _is_child(now: Turn) -> bool:
    if now.session.asker is None:
        return speaks_as_child(str(now.message.get("text") or ""))
    return now.session.is_child


def _clock() -> datetime:
    return datetime.now(ZoneInfo("Asia/Shanghai"))
