"""Danger comes before everything: policy talk stops, help is shown, a counsellor is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from actions.voice import act_now, remember_doers, voice_after, voice_now
from actions.weighing import LEVELS, alarm_shown, is_grave
from knowledge.alarm import safety_words, worse
from knowledge.safety.acts import Act
from knowledge.safety.after import again, graver_line, steps_of
from knowledge.safety.words import kind_words

if TYPE_CHECKING:
    from actions.base import Turn

# As long as at the front door (bot/protect.py): a card is not repeated with every sentence of one story.
SHOWN_FOR = timedelta(minutes=30)


def speak(now: Turn) -> None:
    """The safety words once; only the question when the card is on the screen; other words when it is said again."""
    level, kinds = now.reply.safety["level"], now.reply.safety["kinds"]
    session, act, is_first = now.session, act_now(now), not now.session.alarmed
    is_graver, is_new = _is_new(now, level, kinds)
    voice = voice_now(now) if is_new else voice_after(now)
    # 手上有刀口子, of somebody who wants to die: what it was about before comes first.
    kinds = sorted(kinds, key=lambda kind: kind != session.alarmed.get("kind"))
    session.asking, session.paused, session.checked_on = None, True, True
    now.reply.ask_person("counselor", level, "danger")
    _remember(now, level, kinds, is_new, voice)
    # What was asked is answered, also where the same words ring anew.
    is_told = bool(act.level) or (act.again == "whole" and not is_first)
    if not is_new:
        _say_again(now, voice)
    elif is_grave(alarm_shown(now)):
        if is_told:
            now.reply.say("utter_plain", words=_line_of(now, act, voice))
        else:
            now.reply.say("utter_safe_now", ask=kind_words(kinds, voice)["ask"])
    else:
        first, ask, *rest = safety_words(kinds, level, voice, clock())
        # Who has just said that it is not safe is told what to do, and not asked it again.
        said = [first, _line_of(now, act, voice)] if is_told else [graver_line(voice) if is_graver else first, ask]
        for text in (*said, *rest):
            now.reply.say("utter_plain", words=text)
    session.alarmed["kind"] = act.kind or session.alarmed.get("kind", "self_harm")
    offer_answers(now, voice)


def _is_new(now: Turn, level: str, kinds: Sequence[str]) -> tuple[bool, bool]:
    """Whether this is graver than the card of this half hour, and whether that card does not cover it.

    Of what the model alone heard only the level counts: its kinds waver.
    """
    shown = now.session.alarmed
    if not shown or clock() - datetime.fromisoformat(shown["at"]) > SHOWN_FOR:
        return False, True
    is_graver = LEVELS.index(level) > LEVELS.index(shown["level"])
    by_words = (now.message.get("safety") or {}).get("source") == "words"
    return is_graver, is_graver or (by_words and not set(kinds) <= set(shown["kinds"]))


def _remember(now: Turn, level: str, kinds: Sequence[str], is_new: bool, voice: str) -> None:
    shown = now.session.alarmed
    if is_new:
        shown.update(at=clock().isoformat(), level=worse(level, shown.get("level", "none")))
        shown["kinds"] = list(dict.fromkeys([*kinds, *shown.get("kinds", ())]))
    by_words = (now.message.get("safety") or {}).get("source") == "words"
    if kinds and (by_words or "kind" not in shown or kinds[0] in shown["kinds"]):
        shown["kind"] = kinds[0]
    remember_doers(now)
    shown.update(calm=False, voice=voice)


_GENERAL = ("more", "little", "what_now", "light", "thanks", "bye", "annoyed", "identity", "greets")


def _say_again(now: Turn, voice: str) -> None:
    """Never the same card twice: what was heard, one step, the numbers, one question.

    What is done about some matters is told in their own words, also while danger is said again.
    """
    says, numbers, asks = again(voice, count(now, "again"))
    kind, act = str(now.session.alarmed.get("kind", "self_harm")), act_now(now)
    if act.again == "whole":
        now.reply.say("utter_plain", words=_line_of(now, act, voice))
        return
    # Words that have an answer of their own get it, and not only that they were heard.
    says = says if act.again == "step" or act.calm or act.id in _GENERAL else _line_of(now, act, voice)
    step = _line_of(now, act, voice) if act.again == "step" else next_step(now, voice)
    now.reply.say("utter_plain", words="\n".join(each for each in (says, step, numbers) if each))
    # 醒着, 叫不醒 are offered to tap: the question is the one they answer.
    own = kind_words([kind], voice)
    now.reply.say("utter_plain", words=own["ask"] if "answers" in own else asks)


def _line_of(now: Turn, act: Act, voice: str) -> str:
    lines = act.said(str(now.session.alarmed.get("kind", "")), voice)
    return lines[count(now, act.id) % len(lines)]


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


# Said to somebody who is near the edge, the usual answers to these would be cold.
COLD = ("out_of_scope", "complain", "refuse", "thanks", "goodbye", "tell")


def clock() -> datetime:
    return datetime.now(ZoneInfo("Asia/Shanghai"))
