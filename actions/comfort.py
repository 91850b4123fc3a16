"""Comfort before information: to somebody who is low, one warm line; at level concern one gentle check."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.clarify import is_doubtful
from actions.condole import grieves
from actions.danger import COLD, clock
from actions.plainly import OFFICE, beside, plainly
from actions.voice import voice_now
from actions.weighing import told_alone
from knowledge.alarm import safety_words
from knowledge.safety.acts import act_of
from knowledge.safety.after import comfort_line
from knowledge.safety.course import CONCERN

if TYPE_CHECKING:
    from actions.base import Turn

RECENT = 3  # messages after which a mild sigh no longer colours what is said next
# Acts whose lines say nothing of a card (knowledge/safety/after/acts/).
_PLAIN = (
    *("thanks", "bye", "safe", "light", "blame", "little", "tired", "sleepless", "hungry", "sick", "annoyed"),
    *("where_to_stay", "alone", "help", "stranger", "who", "crying", "no_meaning"),
)


def wants_comfort(now: Turn, level: str) -> bool:
    """A message that asks nothing we answer, from somebody in whose words, now or before, there was distress."""
    feels_low = bool(re.search(now.library.words["feels_low"], str(now.message.get("text") or "")))
    # A hint alone is a sigh of which one in five is none: it weighs with others, and is no reason to leave a question.
    is_low = feels_low or int((now.message.get("safety") or {}).get("weight") or 0) >= CONCERN
    if now.session.asker in OFFICE and not feels_low:
        return False  # who tells of a pupil by office is answered, not comforted
    # A sigh of long ago makes no plain word one of distress.
    distressed = is_low or level != "none" or max(now.session.course[-RECENT:], default=0) >= CONCERN
    # Once results were told after the card, 没领过钱 goes on with them.
    goes_on = bool(now.session.told) and now.intent in ("tell", "deny")
    distressed = distressed or bool(now.session.alarmed and not goes_on)
    heard = now.heard
    told = [name for name in (*heard.new, *heard.replaced) if name != "asker.role"]
    asks = now.topics if now.intent.startswith("ask_") else []  # 不想上学 lies near an entitlement and asks for nothing
    is_answer = bool(heard.answered or heard.declined or heard.others or heard.came)
    if now.session.is_child and not asks and told_alone(now) != "none":
        return not now.session.paused  # a child that is alone is first asked whether it is safe
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
        warm, *check = safety_words((), "concern", voice_now(now), clock())
        is_grief = grieves(now)
        if now.session.asker not in OFFICE and not is_grief:
            now.reply.says.insert(0, ("utter_plain", {"words": warm}))
        said = check[1].partition("\n")[0] if _is_story(now) else "\n".join(check)
        said = str(now.library.words["grief_check"]) if is_grief and not now.session.is_child else said
        now.reply.say("utter_plain", words=said)


def _is_story(now: Turn) -> bool:
    kinds = set((now.message.get("safety") or {}).get("kinds") or ())
    by_words = (now.message.get("safety") or {}).get("source") == "words"
    told = now.heard.new + now.heard.replaced
    # 一直要人照看, to the question that was asked, is an answer, whatever it sounds like alone.
    is_plain = now.heard.answered or len(told) > 1 or kinds <= {"neglect", "abandonment", "hunger", "missing"}
    return bool(told) and is_plain and not now.session.is_child and not by_words
