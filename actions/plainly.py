"""What is asked in words that leave no doubt: its answer must not hang on the score of a classifier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from knowledge.beside import Beside, asked_beside
from knowledge.known import to_json

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.session import Session
    from knowledge.library import Library

OFFICE = ("teacher", "child_director", "professional", "neighbour")
# Longer words tell a story, and a story is heard first.
LONGEST, MOST_TOLD = 45, 2
SHORT = 18

# How likely what was said must be a matter for its answer to be given (docs/understanding.md): surer where a question
# of ours waits, surer still where an entitlement is asked about by its name, or a few words lean on what was before;
# a guess is made only where the message would else go unanswered.
GUESS, LIKELY, SURELY, CERTAIN = 0.03, 0.05, 0.15, 0.6
NAMED, FEW, STORY = 0.9, 9, 20  # signs of a message

# Said to a child only: whoever else asks where a parent is has told it.
_OF_A_CHILD = (
    *("ask_about_parent", "hear_gossip", "ask_my_fault", "miss_parent", "fear_shame", "press_about_parent"),
    "tell_killing",
)
# 你说实话 presses on only where a parent was asked about.
_PRESSES = "press_about_parent"
# After an alarm, and to a teacher who asks whom to tell, other words are said of it.
_SECRET = "ask_secret"
# 没法带 咋整 is asked by whoever has the children.
_OF_A_CARER = "nobody_minds"
# 我叫某某 in a story tells more than a name.
_ALONE, _WITH_NAME = "give_name", ("asker.role", "child.schooling", "child.hukou_region", "child.residence_region")
# Not said once the child itself has told how a parent is: then it asks what it may do.
_UNTOLD = "miss_parent"
# 要等多久 is about a person only once one was asked for.
_CALLED = ("ask_waiting", "ask_on_duty")
# The front door adds the hours of the desk to whatever asks for a person.
_ASKS_PERSON = "ask_on_duty"
# A child that asks where a parent is, or hears it from others, is not asked it back.
_NOT_KNOWN_TO_IT = ("ask_about_parent", "hear_gossip", "press_about_parent")
PARENTS = ("father.situation", "mother.situation")
# Asked in fear, these are answered again in full.
AGAIN = ("ask_secret", "ask_traced", "press_about_parent", "ask_about_parent", "ask_my_fault")
# After these nobody is asked for a fact.
_NO_QUESTION = (*_OF_A_CHILD, "ask_discipline", "ask_role_play")


def plainly(now: Turn) -> str | None:
    """The response to a request to fake something, to promise, or to say where a child's parent is; None mostly."""
    written = str(now.message.get("text") or "")
    # 我爸是不是坐牢了 我12: the age that is told with it leaves the question as it is.
    asked = re.sub(now.library.words["own_age"], "", written) if now.session.is_child else written
    text = re.sub(r"\s", "", asked)
    for name, form in now.library.words["plainly"].items():
        if name == _UNTOLD and any(fact.endswith(".situation") for fact in now.session.facts):
            continue
        if name == _PRESSES and not now.session.asked_of_parent:
            continue
        if name == _SECRET and (now.session.alarmed or now.session.asker in OFFICE):
            continue
        if name == _OF_A_CARER and not (_has_children(now) and not now.session.is_child):
            continue
        if name == _ALONE and {*now.heard.new} - {*_WITH_NAME}:
            continue
        if name in _CALLED and (not now.session.called or _asks_on(now, text)):
            continue
        if (name not in _OF_A_CHILD or now.session.is_child) and re.search(form, text):
            return f"utter_{name}"
    return None


def _asks_on(now: Turn, text: str) -> bool:
    """要多久, after a sum was asked for, is about that money and not about the person who was called."""
    session = now.session
    return bool(session.kind and not session.paused and re.search(now.library.words["how_long_alone"], text))


def _has_children(now: Turn) -> bool:
    """Whether something was told of a child; 没人带 alone may be of anything."""
    return any(name.startswith(("child.", "father.", "mother.")) for name in now.session.facts)


def answer_plainly(now: Turn, response: str) -> None:
    """The pending question follows where one was pending; none is begun."""
    name, words = response.removeprefix("utter_"), now.library.words
    cite, own = words.get(f"{name}_cite"), words["plainly_says"].get(name)
    basis = now.library.cite(cite) if cite else ""
    now.reply.cite([basis] if basis else [])
    if name == _ASKS_PERSON:
        now.reply.ask_person("counselor" if now.session.paused else "caseworker", "routine", "asked")
        now.reply.say("utter_plain", words=words["on_duty"])
    elif own is None:
        now.reply.say(response, basis=basis)
    else:
        said = own.get("child" if voice(now) == "child" else "adult") or own["adult"]
        now.reply.say("utter_any" if basis else "utter_plain", words=said, **({"basis": basis} if basis else {}))
    if name in _NO_QUESTION:
        now.session.asking = None
    if name in _NOT_KNOWN_TO_IT:
        now.session.asked_of_parent = True
        now.session.closed.extend(each for each in PARENTS if each not in now.session.closed)
    now.reply.resumes = bool(now.session.asking)


def beside(now: Turn) -> Beside | None:
    """What the message asks beside an entitlement; None where it tells more than it asks."""
    in_words, likely = _in_words(now), likely_beside(now)
    if in_words is None or likely is None or in_words.after:  # 怎么要, after child support, leans on that
        return in_words or likely
    return likely if _score(now, likely) >= SURELY else in_words


def _score(now: Turn, matter: Beside) -> float:
    return max(float(one["score"]) for one in now.message.get("matters") or () if one["id"] == matter.id)


def _in_words(now: Turn) -> Beside | None:
    text = str(now.message.get("text") or "")
    told = [name for name in (*now.heard.new, *now.heard.replaced) if name != "asker.role" and _is_news(now, name)]
    is_asked = bool(re.search(now.library.words["looks_asked"], text))
    most = MOST_TOLD + is_asked  # told, and asked at the end of it
    if is_asked and len(text) <= SHORT and len({name.partition(".")[0] for name in told}) == 1:
        most += len(told)  # 父亲智力四级算重残吗 is nothing but the question
    if len(text) > LONGEST or len(told) >= most or now.heard.came:
        return None
    return asked_beside(now.library.beside, text, voice(now), at_hand(now.session, now.was_topic))


def is_in_words(now: Turn, matter: Beside) -> bool:
    """Whether the words themselves ask about it."""
    return matter == _in_words(now)


def likely_beside(now: Turn, least: float = LIKELY) -> Beside | None:
    """What the message is like in meaning. An answer is an answer, and what is called by its name is meant."""
    text, matters = str(now.message.get("text") or ""), now.library.matters
    if now.heard.came or (now.heard.answered and not re.search(now.library.words["looks_asked"], text)):
        return None  # a child to be told of, or an answer
    bar = _bar(now, text, least)
    likely = [matters[str(one["id"])] for one in now.message.get("matters") or () if float(one["score"]) >= bar]
    new = [each for each in likely if each.id != now.session.beside and each.may_answer(text, voice(now))]
    return next((each for each in new if not _gives_away(now, each, text)), None)


def _gives_away(now: Turn, matter: Beside, text: str) -> bool:
    """爸爸不回信, of one who may be a child, is not answered with the name of a law that tells where he is."""
    form = now.library.words["gives_away"]
    if voice(now) != "unknown" or re.search(form, text):
        return False
    shown = "".join([matter.said_to("unknown"), *(now.library.cite(cite) for cite in matter.cites)])
    return bool(re.search(form, shown))


def _bar(now: Turn, text: str, least: float) -> float:
    """How likely a matter must be: 有什么政策, at the end of a story, or 抚养费怎么要 wants something else."""
    words, hotlines = now.library.words, now.library.hotlines
    names_one = any(float(one["score"]) >= NAMED for one in now.message.get("topics") or ())
    leans = len(text) < FEW or any(str(each["number"]) in text for each in hotlines)
    asks_of_it = names_one and now.intent.startswith("ask_") and len(text) < STORY
    if leans or asks_of_it or re.search(words["wishes_in_general"], text):
        return CERTAIN
    return SURELY if now.session.asking or names_one else least


def is_hearsay(library: Library, session: Session, message: Mapping[str, Any]) -> bool:
    """Whether the one thing that a question tells is of nobody: 村里叫我写她妈失联, 儿童主任是干什么的."""
    text, reading = str(message.get("text") or ""), message.get("reading") or {}
    told = {*(reading.get("facts") or ()), *(reading.get("partial") or ())} - {"asker.role"}
    is_alarming = (message.get("safety") or {}).get("level", "none") != "none"  # then all of it is kept
    if is_alarming or len(text) > LONGEST or len(told) >= MOST_TOLD:
        return False
    matter = asked_beside(library.beside, text, voice_of(session), at_hand(session, session.topic))
    return matter is not None and matter.hearsay


def at_hand(session: Session, topic: str | None) -> set[str]:
    """What a short question may lean on: what was spoken of last or found open, how a parent is, several children."""
    found = {f"found.{name}" for name, outcome in session.told.items() if outcome in ("eligible", "ask_local")}
    plain = to_json(session.facts)[0]
    parents = {each for name in PARENTS for each in plain.get(name, ())}
    children = {"children"} if max(len(session.children), session.count) > 1 else set()
    kinds = set(session.alarmed.get("kinds", ()))
    return {session.beside or "", topic or "", *found, *parents, *children, *kinds} - {""}


def _is_news(now: Turn, name: str) -> bool:
    """Not said before: 她不知道爸妈坐牢 asks how to tell her, once the story is known."""
    return len(now.session.here.evidence.get(name, ())) <= 1


def voice(now: Turn) -> str:
    """How the one who asks beside an entitlement is answered."""
    return voice_of(now.session)


def voice_of(session: Session) -> str:
    """The same, before the message is heard."""
    if session.is_child:
        return "child"
    if session.asker in OFFICE:
        return "office"
    return "adult" if session.asker or session.ward or session.facts else "unknown"
