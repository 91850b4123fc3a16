"""Danger comes before everything: policy talk stops, help is shown, a counsellor is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from actions.clarify import is_doubtful
from actions.plainly import OFFICE, beside, plainly
from knowledge.alarm import safety_words, worse
from knowledge.safety.after import act_of, again, comfort_line, graver_line, steps_of
from knowledge.safety.course import CONCERN, REMEMBERED, together
from knowledge.safety.voice import speaks_as_child, tells_of_friend, tells_of_ward, voice_of
from knowledge.safety.words import kind_words

if TYPE_CHECKING:
    from actions.base import Turn

LEVELS = ("none", "concern", "urgent", "emergency")
# As long as at the front door (bot/protect.py): a card is not repeated with every sentence of one story.
SHOWN_FOR = timedelta(minutes=30)
RECENT = 3  # messages after which a mild sigh no longer colours what is said next


def note(now: Turn) -> str:
    """The level of this message: the highest of what the pipeline saw, the front door, and the last messages together.

    What made the last messages grave together has been answered; it does not ring a second time.
    """
    seen = now.message.get("safety") or {}
    course = [*now.session.course, int(seen.get("weight") or 0)][-REMEMBERED:]
    level = worse(worse(str(seen.get("level") or "none"), alarm_shown(now)), _with_those_before(course))
    now.session.course = [] if is_grave(level) else course
    kinds = list(seen.get("kinds") or [])
    if is_grave(level) and not kinds:  # what several messages tell together is of the kind they were
        kinds = list(now.session.safety["kinds"])
    now.reply.safety = {"level": level, "kinds": kinds}
    if LEVELS.index(level) >= LEVELS.index(now.session.safety["level"]):
        now.session.safety = now.reply.safety
    return level


def _with_those_before(course: Sequence[int]) -> str:
    """It rings with the words that weigh, not with the plain age that is told after them."""
    level = together(course)
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
    session, voice = now.session, voice_now(now)
    is_graver, is_new = _is_new(now, level, kinds)
    # 手上有刀口子, of somebody who wants to die: what it was about before comes first.
    kinds = sorted(kinds, key=lambda kind: kind != session.alarmed.get("kind"))
    session.asking, session.paused, session.checked_on = None, True, True
    now.reply.ask_person("counselor", level, "danger")
    _remember(now, level, kinds, is_new)
    if not is_new:
        _say_again(now, voice)
    elif is_grave(alarm_shown(now)):
        now.reply.say("utter_safe_now", ask=kind_words(kinds, voice)["ask"])
    else:
        first, *rest = safety_words(kinds, level, voice, _clock())
        for text in (graver_line(voice) if is_graver else first, *rest):
            now.reply.say("utter_plain", words=text)
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
    if is_new:
        shown.update(at=_clock().isoformat(), level=worse(level, shown.get("level", "none")))
        shown["kinds"] = list(dict.fromkeys([*kinds, *shown.get("kinds", ())]))
    by_words = (now.message.get("safety") or {}).get("source") == "words"
    if kinds and (by_words or "kind" not in shown or kinds[0] in shown["kinds"]):
        shown["kind"] = kinds[0]
    shown.update(calm=False, voice=voice_now(now))


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
    now.session.ward = now.session.ward or tells_of_ward(text)


def voice_now(now: Turn) -> str:
    session = now.session
    voice = voice_of([str(now.message.get("text") or "")], session.asker, session.young, session.friend)
    return "adult" if voice == "anyone" and session.ward else voice


def voice_after(now: Turn) -> str:
    """Once the card is shown, whoever it was said to is spoken to alike until a message tells that it is a child."""
    voice, before = voice_now(now), now.session.alarmed.get("voice")
    if voice in ("adult", "anyone") and before in ("self", "anyone", "doer"):
        return str(before)
    if voice in ("child", "self"):
        now.session.alarmed["voice"] = voice  # 好吧是我, after it was a friend
    return voice


# Acts whose lines say nothing of a card (knowledge/safety/after.yml).
_PLAIN = (
    *("thanks", "bye", "safe", "light", "blame", "little", "tired", "sleepless", "hungry", "sick", "annoyed"),
    *("where_to_stay", "alone", "help", "stranger", "who", "crying"),
)


# Said to somebody who is near the edge, the usual answers to these would be cold.
COLD = ("out_of_scope", "complain", "refuse", "thanks", "goodbye", "tell")


def wants_comfort(now: Turn, level: str) -> bool:
    """A message that asks nothing we answer, from somebody in whose words, now or before, there was distress."""
    feels_low = bool(re.search(now.library.words["feels_low"], str(now.message.get("text") or "")))
    # A hint alone is a sigh of which one in five is none: it weighs with others, and is no reason to leave a question.
    is_low = feels_low or int((now.message.get("safety") or {}).get("weight") or 0) >= CONCERN
    if now.session.asker in OFFICE and not feels_low:
        return False  # who tells of a pupil by office is answered, not comforted
    # A sigh of long ago makes no plain word one of distress.
    distressed = is_low or level != "none" or max(now.session.course[-RECENT:], default=0) >= CONCERN
    distressed = distressed or bool(now.session.alarmed)
    heard = now.heard
    told = [name for name in (*heard.new, *heard.replaced) if name != "asker.role"]
    asks = now.topics if now.intent.startswith("ask_") else []  # 不想上学 lies near an entitlement and asks for nothing
    is_answer = bool(heard.answered or heard.declined or heard.others or heard.came)
    says_more = told or is_answer or asks or (now.session.asking and level == "none" and not feels_low)
    return (
        not (plainly(now) or beside(now))
        and distressed
        and (is_low or now.intent in COLD or is_doubtful(now))
        and not says_more
        and not now.session.paused
    )


def comfort(now: Turn, level: str) -> None:
    """Stay, say where one can talk, offer a person; no policy, no question about facts, nothing beside the check."""
    words, session = now.library.words, now.session
    # In the middle of an interview a grown-up who does not say outright that it is hard is led on.
    feels_low = re.search(words["feels_low"], str(now.message.get("text") or ""))
    goes_on = bool(session.asking) and session.checked_on and not session.is_child and not feels_low
    session.offered, now.reply.resumes = "asked", goes_on
    if level != "concern" or session.checked_on:
        now.reply.say("utter_plain", words=_comfort(now, voice_now(now)))
    now.reply.buttons = [{"title": words["ask_person"], "payload": words["ask_person"]}]


def _comfort(now: Turn, voice: str) -> str:
    """What fits the words where they are plain, else that one is heard; another line each time."""
    act, told = act_of(str(now.message.get("text") or "").strip(), (), voice), now.session.comforted
    name = act.id if act.id in _PLAIN else ""
    place = told[name] = told.get(name, -1 if name or not now.session.checked_on else 0) + 1
    lines = act.said("", voice)
    return lines[place % len(lines)] if name else comfort_line(voice, place)


def will_check(now: Turn, level: str) -> bool:
    """Whether this reply ends with the gentle check: then nothing else is asked in it."""
    return level == "concern" and not now.session.checked_on and not _is_story(now)


def check_gently(now: Turn, level: str) -> None:
    """At level concern: the answer stands between a warm word and one gentle check, once.

    A grown-up's story that only sounds of neglect hears the numbers for danger, and goes on with its question.
    """
    if level == "concern" and not now.session.checked_on:
        now.session.checked_on = True
        warm, *check = safety_words((), "concern", voice_now(now), _clock())
        if now.session.asker not in OFFICE:
            now.reply.says.insert(0, ("utter_plain", {"words": warm}))
        said = check[1].partition("\n")[0] if _is_story(now) else "\n".join(check)
        now.reply.say("utter_plain", words=said)


def _is_story(now: Turn) -> bool:
    kinds = set((now.message.get("safety") or {}).get("kinds") or ())
    by_words = (now.message.get("safety") or {}).get("source") == "words"
    told = now.heard.new + now.heard.replaced
    # 一直要人照看, to the question that was asked, is an answer, whatever it sounds like alone.
    is_plain = now.heard.answered or len(told) > 1 or kinds <= {"neglect", "abandonment", "hunger", "missing"}
    return bool(told) and is_plain and not now.session.is_child and not by_words


def _clock() -> datetime:
    return datetime.now(ZoneInfo("Asia/Shanghai"))
