"""How grave a message is: what the pipeline heard, the front door, the last messages, and the answer to a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from actions.voice import act_now, remember_doers
from knowledge.alarm import worse
from knowledge.known import to_json
from knowledge.safety.course import CONCERN, REMEMBERED, together

if TYPE_CHECKING:
    from actions.base import Turn

# Years, 未成年人保护法第21条.
_NEVER_ALONE, _LIVES_ALONE = 8, 16
LEVELS = ("none", "concern", "urgent", "emergency")


def note(now: Turn) -> str:
    """The level of this message: the highest of what the pipeline saw, the front door, and the last messages together.

    What made the last messages grave together has been answered; it does not ring a second time.
    """
    seen = now.message.get("safety") or {}
    heard = "none" if _only_declines(now) or _only_weeps(now) else str(seen.get("level") or "none")
    weight = (
        int(seen.get("weight", CONCERN if heard == "concern" else 0)) if heard != "none" or not seen.get("kinds") else 0
    )
    course = [*now.session.course, weight][-REMEMBERED:]
    level = worse(worse(heard, alarm_shown(now)), _with_those_before(now, course))
    level, alone = _as_said_after(now, level), told_alone(now)
    is_alone = LEVELS.index(alone) > LEVELS.index(level)
    level = worse(level, alone)
    now.session.course = [] if is_grave(level) else course
    kinds = list(seen.get("kinds") or []) or (["neglect"] if is_alone else [])
    if is_grave(level) and not kinds:  # what several messages tell together is of the kind they were
        kinds = list(now.session.safety["kinds"])
    now.reply.safety = {"level": level, "kinds": kinds}
    if LEVELS.index(level) >= LEVELS.index(now.session.safety["level"]):
        now.session.safety = now.reply.safety
    return level


def told_alone(now: Turn) -> str:
    """孩子自己过, whichever question it answers: no child lives alone under sixteen, and under eight it is urgent.

    未成年人保护法第21条. Told once; what was told before has been answered.
    """
    told, partial = to_json(now.session.facts)
    news = {*now.heard.new, *now.heard.replaced}
    is_alone = "child.lives_with" in news and told.get("child.lives_with") in ("alone", "street")
    if not is_alone and not ("safety.unattended" in news and told.get("safety.unattended") is True):
        return "none"
    age = told.get("child.age", (partial.get("child.age") or {}).get("max"))
    if is_alone and age is not None and age < _NEVER_ALONE:
        return "urgent"
    return "concern" if age is None or age < _LIVES_ALONE else "none"


def _as_said_after(now: Turn, level: str) -> str:
    """不安全, to the question whether people are safe, is danger whatever the words are worth alone; 没打了 is none.

    Only what the model alone heard is taken back.
    """
    session = now.session
    if not (session.alarmed or session.checked_on):
        return level
    if session.alarmed:
        remember_doers(now)
    act = act_now(now)
    if act.level == "none":
        seen = now.message.get("safety") or {}
        return level if seen.get("source") == "words" and is_grave(level) else "none"
    return worse(level, act.level) if act.level else level


def _only_declines(now: Turn) -> bool:
    """不想说, to a question that allows it, is an answer, where only the model hears a concern in it."""
    return _is_mild(now) and bool(now.session.asking) and _says(now, "plain_refusal")


def _only_weeps(now: Turn) -> bool:
    """我一想起来就哭, of a grown-up who has told of a death, is condoled with: where only the model hears a concern."""
    session = now.session
    mourns = any("dead" in str(value) for name, value in session.facts.items() if name.endswith(".situation"))
    return _is_mild(now) and mourns and not (session.is_child or session.young) and _says(now, "weeps")


def _is_mild(now: Turn) -> bool:
    seen = now.message.get("safety") or {}
    return seen.get("level") == "concern" and seen.get("source") != "words"


def _says(now: Turn, words: str) -> bool:
    return bool(re.search(now.library.words[words], str(now.message.get("text") or "").strip()))


def _with_those_before(now: Turn, course: Sequence[int]) -> str:
    """It rings with the words that weigh, not with the plain age that is told after them."""
    level = together(course)
    if level == "concern" and now.intent.startswith("ask_") and (now.topics or now.session.topic):
        return "none"  # 带什么去, after three sighs, asks for the papers
    return level if course[-1] >= (CONCERN if is_grave(level) else 1) else "none"


def alarm_shown(now: Turn) -> str:
    """The level at which the front door has already put the help card on the screen."""
    level = (now.message.get("metadata") or {}).get("alarm")
    return level if level in LEVELS else "none"


def is_grave(level: str) -> bool:
    return LEVELS.index(level) >= LEVELS.index("urgent")
