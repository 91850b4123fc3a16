"""Danger comes before everything: policy talk stops, help is shown, a counsellor is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from knowledge.alarm import safety_words, worse
from knowledge.known import to_json
from knowledge.safety.after import Act, act_of, again, doers_in, graver_line, steps_of
from knowledge.safety.course import CONCERN, REMEMBERED, together
from knowledge.safety.voice import speaks_as_adult, speaks_as_child, tells_of_friend, tells_of_ward, voice_of
from knowledge.safety.words import kind_words

if TYPE_CHECKING:
    from actions.base import Turn

# Years, 未成年人保护法第21条.
_NEVER_ALONE, _LIVES_ALONE = 8, 16
LEVELS = ("none", "concern", "urgent", "emergency")
# As long as at the front door (bot/protect.py): a card is not repeated with every sentence of one story.
SHOWN_FOR = timedelta(minutes=30)
# They tell of a child by office: to them the law says more (knowledge/safety/after.yml, `office`).
_OFFICE = ("teacher", "child_director", "professional")


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
        _remember_doers(now)
    act = act_now(now)
    if act.level == "none":
        seen = now.message.get("safety") or {}
        return level if seen.get("source") == "words" and is_grave(level) else "none"
    return worse(level, act.level) if act.level else level


def act_now(now: Turn) -> Act:
    """What this message does after an alarm; after the gentle check alone, of the kinds that were heard then."""
    session = now.session
    kinds = session.alarmed.get("kinds") or session.safety["kinds"]
    doers = session.alarmed.get("doers", ())
    return act_of(str(now.message.get("text") or "").strip(), kinds, voice_after(now), doers)


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


def speak(now: Turn) -> None:
    """The safety words once; only the question when the card is on the screen; other words when it is said again."""
    level, kinds = now.reply.safety["level"], now.reply.safety["kinds"]
    session, voice, act = now.session, voice_now(now), act_now(now)
    is_graver, is_new = _is_new(now, level, kinds)
    # 手上有刀口子, of somebody who wants to die: what it was about before comes first.
    kinds = sorted(kinds, key=lambda kind: kind != session.alarmed.get("kind"))
    session.asking, session.paused, session.checked_on = None, True, True
    now.reply.ask_person("counselor", level, "danger")
    _remember(now, level, kinds, is_new)
    if not is_new:
        _say_again(now, voice)
    elif is_grave(alarm_shown(now)):
        if act.level:
            now.reply.say("utter_plain", words=_line_of(now, act, voice))
        else:
            now.reply.say("utter_safe_now", ask=kind_words(kinds, voice)["ask"])
    else:
        first, ask, *rest = safety_words(kinds, level, voice, clock())
        # Who has just said that it is not safe is told what to do, and not asked it again.
        said = [first, _line_of(now, act, voice)] if act.level else [graver_line(voice) if is_graver else first, ask]
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


def _remember(now: Turn, level: str, kinds: Sequence[str], is_new: bool) -> None:
    shown = now.session.alarmed
    if is_new:
        shown.update(at=clock().isoformat(), level=worse(level, shown.get("level", "none")))
        shown["kinds"] = list(dict.fromkeys([*kinds, *shown.get("kinds", ())]))
    by_words = (now.message.get("safety") or {}).get("source") == "words"
    if kinds and (by_words or "kind" not in shown or kinds[0] in shown["kinds"]):
        shown["kind"] = kinds[0]
    _remember_doers(now)
    shown.update(calm=False, voice=voice_now(now))


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


def _remember_doers(now: Turn) -> None:
    """他爸烫的: only the word for who it was is kept."""
    shown, doers = now.session.alarmed, doers_in(str(now.message.get("text") or ""))
    shown["doers"] = list(dict.fromkeys([*shown.get("doers", ()), *doers]))


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
    now.session.grown = now.session.grown or (not now.session.young and speaks_as_adult(text))
    # 我妈领的那个钱, of a mother who told of her daughter, is no child's.
    now.session.young = now.session.young or (not now.session.grown and speaks_as_child(text))
    now.session.friend = now.session.friend or tells_of_friend(text)
    now.session.ward = now.session.ward or tells_of_ward(text)


def voice_now(now: Turn) -> str:
    session = now.session
    voice = voice_of([str(now.message.get("text") or "")], session.asker, session.young, session.friend)
    if voice == "anyone" and session.alarmed.get("voice") == "self":
        return "self"  # 我把药都买好了, of somebody who told of themselves
    return "adult" if voice == "anyone" and session.ward else voice


def voice_after(now: Turn) -> str:
    """Once the card is shown, whoever it was said to is spoken to alike until a message tells that it is a child."""
    voice, before = voice_now(now), now.session.alarmed.get("voice")
    if voice in ("adult", "anyone") and before in ("self", "anyone", "doer"):
        return str(before)
    if voice in ("child", "self") and now.session.alarmed:
        now.session.alarmed["voice"] = voice  # 好吧是我, after it was a friend
    return "office" if voice == "adult" and now.session.asker in _OFFICE else voice


# Said to somebody who is near the edge, the usual answers to these would be cold.
COLD = ("out_of_scope", "complain", "refuse", "thanks", "goodbye", "tell")


def clock() -> datetime:
    return datetime.now(ZoneInfo("Asia/Shanghai"))
