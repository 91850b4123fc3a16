"""Danger comes before everything: policy talk stops, help is shown, a counsellor is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from knowledge.alarm import safety_words, worse
from knowledge.safety.after import again, graver_line, steps_of
from knowledge.safety.course import REMEMBERED, together
from knowledge.safety.voice import speaks_as_child, tells_of_friend, voice_of
from knowledge.safety.words import kind_words

if TYPE_CHECKING:
    from actions.base import Turn

LEVELS = ("none", "concern", "urgent", "emergency")
# As long as at the front door (bot/protect.py): a card is not repeated with every sentence of one story.
SHOWN_FOR = timedelta(minutes=30)


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
    """The safety words once; only the question when the card is on the screen; other words when it is said again."""
    level, kinds = now.reply.safety["level"], now.reply.safety["kinds"]
    session, voice = now.session, voice_now(now)
    is_graver, is_new = _is_new(now, level, kinds)
    session.asking, session.paused, session.checked_on = None, True, True
    now.reply.ask_person("counselor", level, "danger")
    if not is_new:
        _say_again(now, voice)
    elif is_grave(alarm_shown(now)):
        now.reply.say("utter_safe_now", ask=kind_words(kinds, voice)["ask"])
    else:
        first, *rest = safety_words(kinds, level, voice, _clock())
        for text in (graver_line(voice) if is_graver else first, *rest):
            now.reply.say("utter_plain", words=text)
    _remember(now, level, kinds, is_new)
    offer_answers(now, voice)


def _is_new(now: Turn, level: str, kinds: Sequence[str]) -> tuple[bool, bool]:
    """Whether this is graver than the card of this half hour, and whether that card does not cover it.

    Of what the model alone heard only the level counts: its kinds waver.
    """
    shown = now.session.alarmed
    if not shown or _clock() - datetime.fromisoformat(shown["at"]) > SHOWN_FOR:
        return False, True
    is_graver = LEVELS.index(level) > LEVELS.index(shown["level"])
    by_words = (now.message.get("safety") or {}).get("source") == "words"
    return is_graver, is_graver or (by_words and not set(kinds) <= set(shown["kinds"]))


def _remember(now: Turn, level: str, kinds: Sequence[str], is_new: bool) -> None:
    shown = now.session.alarmed
    said = {name: shown[name] for name in ("said", "last") if name in shown}
    if is_new:
        shown.update(at=_clock().isoformat(), level=worse(level, shown.get("level", "none")))
        shown["kinds"] = list(dict.fromkeys([*kinds, *shown.get("kinds", ())]))
        shown["kind"] = kinds[0] if kinds else shown.get("kind", "self_harm")
    shown.update(said, calm=False)


def _say_again(now: Turn, voice: str) -> None:
    """Never the same card twice: what was heard, one step, the numbers, one question."""
    says, numbers, asks = again(voice, count(now, "again"))
    now.reply.say("utter_plain", words="\n".join(each for each in (says, next_step(now, voice), numbers) if each))
    now.reply.say("utter_plain", words=asks)


def next_step(now: Turn, voice: str, anew: bool = False) -> str | None:
    """The next thing to do of this kind of danger, each once; `anew` begins over when all were said."""
    kind = now.session.alarmed.get("kind", "other")
    steps = steps_of(kind, voice)
    place = count(now, f"step_{kind}")
    return steps[place % len(steps)] if anew or place < len(steps) else None


def count(now: Turn, name: str) -> int:
    """How often something was said since the first alarm; this time is counted."""
    said = now.session.alarmed.setdefault("said", {})
    said[name] = said.get(name, 0) + 1
    return int(said[name]) - 1


def offer_answers(now: Turn, voice: str) -> None:
    """Two words to tap, and a person."""
    words = now.library.words
    own = kind_words([now.session.alarmed.get("kind", "self_harm")], voice).get("answers")
    titles = [*(own or (words["safe"], words["not_safe"])), words["ask_person"]]
    now.reply.buttons = [{"title": title, "payload": title} for title in titles]


def listen_to_voice(now: Turn) -> None:
    """Remember that somebody sounds like a child or tells of a friend; the words themselves are not kept."""
    text = str(now.message.get("text") or "")
    now.session.young = now.session.young or speaks_as_child(text)
    now.session.friend = now.session.friend or tells_of_friend(text)


def voice_now(now: Turn) -> str:
    session = now.session
    return voice_of([str(now.message.get("text") or "")], session.asker, session.young, session.friend)


# Said to somebody who is near the edge, the usual answers to these would be cold.
COLD = ("out_of_scope", "complain", "refuse", "thanks", "goodbye", "tell")


def wants_comfort(now: Turn, level: str) -> bool:
    """A message that asks nothing we answer, from somebody in whose words, now or before, there was distress."""
    distressed = level != "none" or now.session.safety["level"] != "none"
    says_more = now.heard.anything or now.topics or now.session.asking
    return distressed and now.intent in COLD and not says_more and not now.session.paused


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
        texts = safety_words((), "concern", voice_now(now), _clock())
        now.reply.say("utter_plain", words="\n".join(texts))


def _clock() -> datetime:
    return datetime.now(ZoneInfo("Asia/Shanghai"))
