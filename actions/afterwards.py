"""After an alarm: what is said next is answered as somebody would who stays, until danger is no longer the matter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.cards import tell
from actions.clarify import is_doubtful, is_question
from actions.danger import COLD, count, next_step, offer_answers
from actions.interview import interview
from actions.lines import ANSWERS
from actions.plainly import beside, plainly
from actions.recall import asks_what_is_known
from actions.voice import act_now, voice_after
from actions.weighing import is_grave
from knowledge.assess import assess
from knowledge.safety.acts import Act, listening
from knowledge.safety.after import back_line, is_practical, kept_line, practical_line

if TYPE_CHECKING:
    from actions.base import Turn

# What leads out of it by itself, when it is sure.
_OUT = (*ANSWERS, "ask_eligibility", "show_results", "restart")
# Said in passing, these give way to whatever else is asked for.
_PASSING = ("more", "little", "what_now")
# Said here in other words, for it goes on from the alarm.
_HERE = ("utter_ask_discipline", "utter_ask_waiting", "utter_ask_my_fault")


def answered_afterwards(now: Turn, was_paused: bool) -> bool:
    """Answer what is said after an alarm; False when it asks for something else, which is answered as ever."""
    session = now.session
    if asks_what_is_known(now):
        return False
    if not session.alarmed:
        return _answered_after_check(now)
    text, act = str(now.message.get("text") or "").strip(), act_now(now)
    if "outright" not in act.comes and plainly(now) not in (None, *_HERE):
        return False
    kind = _kind(now)
    if not was_paused and not ({"back", "anytime"} & set(act.comes) or _would_be_cold(now)):
        return False
    gives_way, is_first = act.calm or act.id in _PASSING, "first" in act.comes
    if (act.id in _PASSING or is_practical(text)) and not is_first and beside(now):
        if was_paused:
            now.reply.say("utter_plain", words=practical_line(voice_after(now)))
        session.listened += 1  # who asks about the papers wants to go on with them
        return False
    if not is_first and re.search(now.library.words["tells_of_payment"], text):
        session.paused = False  # 补助还没到账: answered as ever
        now.reply.say("utter_plain", words=practical_line(voice_after(now)))
        return False
    if not is_first and is_practical(text):
        return _turn_to_it(now)
    is_asked = now.intent in _OUT and not is_doubtful(now) and (now.topics or now.intent in ("restart", "show_results"))
    if gives_way and (is_asked or _is_over(now, act)):
        session.paused = False
        return False
    if act.id in ("more", "little") and goes_on_telling(now):
        return False
    session.paused = was_paused or "back" in act.comes
    _answer(now, act, kind)
    now.reply.resumes = not session.paused and bool(session.asking)
    return True


def _answered_after_check(now: Turn) -> bool:
    """A child that was only asked whether it is safe is told what to do tonight, and of no money for it."""
    session, act = now.session, act_now(now)
    if not (session.checked_on and (session.is_child or session.young)) or not ("outright" in act.comes and act.only):
        return False
    lines = act.said(next(iter(session.safety["kinds"]), ""), voice_after(now))
    place = session.comforted[act.id] = session.comforted.get(act.id, -1) + 1
    session.asking, session.offered, now.reply.resumes = None, "asked", False
    now.reply.say("utter_plain", words=lines[place % len(lines)])
    words = now.library.words
    now.reply.buttons = [{"title": words["ask_person"], "payload": words["ask_person"]}]
    return True


def _is_over(now: Turn, act: Act) -> bool:
    """那她不想上学了咋整, of a grown-up whose child was found, is about school, and no longer about the search."""
    is_calm = bool(now.session.alarmed.get("calm")) and not now.session.is_child
    return is_calm and act.id in _PASSING and bool(now.topics) and is_question(now)


def goes_on_telling(now: Turn) -> bool:
    """A grown-up who tells of the child for the second time since the card wants to go on with that."""
    session = now.session
    if session.is_child or not _tells_of_family(now) or now.reply.safety["level"] != "none":
        return False
    session.listened += 1
    if session.listened < 2:
        return False
    session.paused, session.listened = False, 0
    now.reply.say("utter_plain", words=now.library.words["on_again"])
    return True


def _tells_of_family(now: Turn) -> bool:
    told = {name for name in (*now.heard.new, *now.heard.replaced) if not name.startswith("safety.")}
    return bool(now.heard.others or now.heard.met or told - {"asker.role"})


def _kind(now: Turn) -> str:
    """What the danger is; what this message names by its words comes first, where it is more than a concern."""
    seen = now.message.get("safety") or {}
    if seen.get("source") == "words" and seen.get("kinds") and is_grave(str(seen.get("level"))):
        now.session.alarmed["kind"] = seen["kinds"][0]
    return str(now.session.alarmed.get("kind", "self_harm"))


def _would_be_cold(now: Turn) -> bool:
    says_more = now.heard.anything or now.topics or now.session.asking
    says_more = says_more or (now.session.told and now.intent in ("tell", "deny"))  # 没领过钱, once results were told
    return not says_more and (now.intent in COLD or is_doubtful(now))


def _turn_to_it(now: Turn) -> bool:
    """Money, school and papers are answered too; where nothing is named, by the general road."""
    now.session.paused = False
    now.reply.say("utter_plain", words=practical_line(voice_after(now)))
    if now.topics and now.intent in _OUT and not is_doubtful(now):
        return False
    if _leans_on_money(now):
        policy = str(now.session.topic)
        tell(now, assess(now.library, policy, now.session.on(now.as_of), now.as_of))
        return True
    known = [name for name in now.topics[:1] if name in now.library.policies and not is_doubtful(now)]
    now.session.wanted.extend(name for name in known if name not in now.session.wanted)
    now.session.everything = now.session.everything or not known
    interview(now)
    return True


def _leans_on_money(now: Turn) -> bool:
    """那她能领那个补助不 is about the money that was spoken of before the danger."""
    session, words = now.session, now.library.words
    policy = now.library.policies.get(session.topic or "")
    is_known = policy is not None and policy.kind == "money" and not session.is_child
    return is_known and bool(re.search(words["that_money"], str(now.message.get("text") or "")))


def _answer(now: Turn, act: Act, kind: str) -> None:
    session, voice = now.session, voice_after(now)
    session.alarmed["kind"] = kind = act.kind or kind
    if now.is_back and act.id in _PASSING:
        lines = [back_line(voice)]
    elif act.id == "more" and _tells_of_family(now):
        lines = [kept_line(voice, count(now, "kept"))]
    else:
        lines = [_line(now, act, kind, voice)]
    is_calm = bool(session.alarmed.get("calm"))
    if (
        act.steps
        and not (now.is_back or (is_calm and act.id == "more"))
        and (step := next_step(now, voice, anew=act.id == "what_now"))
    ):
        lines.append(step)
    now.reply.say("utter_plain", words="\n".join(lines))
    session.alarmed["last"] = lines[0]
    session.alarmed["calm"] = act.calm or (is_calm and act.id in _PASSING)
    if act.person:
        now.reply.ask_person("counselor", "routine", "asked")
    if session.alarmed["calm"]:
        words = now.library.words
        titles = [words["ask_person"], words["start_everything"]]
        now.reply.buttons = [{"title": title, "payload": title} for title in titles]
    else:
        offer_answers(now, voice)


def _line(now: Turn, act: Act, kind: str, voice: str) -> str:
    """The next line of this act; used up, the next step, or that one listens; never the one that was said last."""
    lines = act.said(kind, voice)
    place = count(now, act.id)
    if place >= len(lines) and lines[place % len(lines)] == now.session.alarmed.get("last"):
        if act.id not in _PASSING and (step := next_step(now, voice)):
            return step
        lines = listening().said(kind, voice)
        place = count(now, "little")
    return lines[place % len(lines)]
