"""Which child is meant is said in the family's own words, as soon as there is more than one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.session import FIRST, Child, Session
from knowledge.fact import Fact
from knowledge.known import to_json

if TYPE_CHECKING:
    from actions.base import Turn

_OF_THE_CHILD = ("child.", "safety.")


def introduce(now: Turn) -> None:
    """Say who is at hand now, and that the others are noted."""
    heard, reply, here = now.heard, now.reply, now.session.child
    for number in heard.apart:
        reply.say("utter_child_apart", name=name_of(now, number))
    if heard.came:
        shared = any(now.library.facts[name].shared and name != "asker.role" for name in now.session.facts)
        response = "utter_now_child_shared" if shared and not now.session.here.apart else "utter_now_child"
        reply.say(response, name=name_of(now, here, with_age=True))
    elif heard.is_first_count and heard.told_here:
        reply.say("utter_children", name=name_of(now, here, with_age=True))
    elif heard.others or heard.met:
        if thanks_child(now):
            reply.say("utter_heard_child")
        number = (*heard.others, *heard.met)[0]
        reply.say("utter_child_noted" if heard.others else "utter_child_met", name=name_of(now, number))


def thanks_child(now: Turn) -> bool:
    """Whether a child has just told how its parents are."""
    return now.session.is_child and any(name.endswith(".situation") for name in now.heard.new)


def name_of(now: Turn, number: str, with_age: bool = False, by_age: bool = True) -> str:
    """大的那个, 孙女, 弟弟, 9岁的那个; never a name that the family did not give."""
    words, session = now.library.words, now.session
    child = session.children.get(number, Child())
    if session.is_child and number == FIRST and not child.called.get("words"):
        return words["child_self"]
    called, age = str(child.called.get("words") or ""), _age(now, child)
    if called and [each.called.get("words") for each in session.children.values()].count(called) == 1:
        name = words["child_called"].format(words=called) if re.search(words["child_short"], called) else called
        return words["child_with_age"].format(name=name, age=age) if with_age and age else name
    if by_age and age and [_age(now, each) for each in session.children.values()].count(age) == 1:
        return words["child_of_age"].format(age=age)
    is_second = len(session.children) <= 2 and number != FIRST
    return words["child_other"] if is_second else words["child_by_number"].format(number=number)


def _age(now: Turn, child: Child) -> str:
    age = to_json(child.on(now.as_of))[0].get("child.age")
    if age is None:
        return ""
    return now.library.words["child_year" if age == int(age) else "child_half_year"].format(age=int(age))


def ask_of(now: Turn, fact: Fact, question: str) -> str:
    """The question with the child's own word in it, where more than one is known."""
    session, words = now.session, now.library.words
    if fact.shared or len(session.children) < 2:
        return question
    name, child = name_of(now, session.child), words["child_word"]
    if child in question:
        return question.replace(child, name, 1)
    return words["child_asked"].format(name=name, question=question)


def speaks_as_child(session: Session, fact: Fact) -> bool:
    """A child is asked of itself and of its parents as a child; of a little brother as anybody is."""
    return session.is_child and (session.is_about_asker or not fact.id.startswith(_OF_THE_CHILD))


def offer_next(now: Turn) -> list[str]:
    """The button for a child that is known or counted and was not looked at."""
    session = now.session
    waiting = [number for number, child in session.others.items() if not child.finished]
    if not waiting and session.count <= len(session.children):
        return []
    session.is_next_put = True
    now.reply.say("utter_next_child", name=name_of(now, waiting[0]) if waiting else now.library.words["child_other"])
    return [now.library.words["next_child"]]
