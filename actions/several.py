"""Several children kept apart: who is met, what is told of all, and which child is at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from actions.session import Session
from knowledge.known import to_json
from knowledge.library import Library

# Told of another child, these ask nothing that has to be about that child now.
_ONLY_TELLS = ("tell", "correct", "affirm", "deny", "unsure", "refuse", "greet", "thanks")


def numbers(reading: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The children that a reading names under a key."""
    return tuple(str(number) for number in (reading.get("siblings") or {}).get(key) or {})


def without_asker(library: Library, reading: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The siblings of a reading without the sister who writes, and without a number that nobody said."""
    siblings, words = dict(reading.get("siblings") or {}), library.words
    called = dict(siblings.get("called") or {})
    herself = re.search(words["is_sibling"], text)
    own = [number for number, each in called.items() if herself and each.get("words") == herself["who"]]
    for key in ("called", "told", "apart"):
        if own and siblings.get(key):
            siblings[key] = {number: each for number, each in siblings[key].items() if number not in own}
    count = int(siblings.get("count") or 1) - len(own)
    if len(called) < 2 and not re.search(words["tells_number"], text):
        count = 1  # 我们家 is no number of children
    return {**siblings, "count": max(count, 1)} if siblings else siblings


def known_again(session: Session, reading: Mapping[str, Any]) -> dict[str, Any]:
    """The siblings of a reading without a child too many.

    外孙女, as the first word of a conversation, is the child at hand; 大的, where two ages are known, is the older one.
    """
    siblings = dict(reading.get("siblings") or {})
    called = {str(number): each for number, each in (siblings.get("called") or {}).items()}
    names = _first_of_all(session, siblings, called)
    if reading.get("corrects") and len(session.children) == len(called) == 1 and not names:
        names = {number: session.child for number in called if number not in session.children}  # 说错了，孙子九岁
    for number, words in called.items():
        if number not in session.children and number not in names and not words.get("more"):
            meant = _alone(session, siblings) or _by_rank(session, str(words.get("rank") or ""))
            if meant and meant not in names.values() and meant not in called:
                names[number] = meant
    for key in ("told", "called", "apart"):
        if siblings.get(key):
            siblings[key] = {names.get(str(number), str(number)): each for number, each in siblings[key].items()}
    if siblings.get("turn_to"):
        siblings["turn_to"] = names.get(str(siblings["turn_to"]), str(siblings["turn_to"]))
    return siblings


def _first_of_all(session: Session, siblings: Mapping[str, Any], called: Mapping[str, Any]) -> dict[str, str]:
    """两个娃，大的九岁小的四岁: the first of them is the child that was spoken of without a name so far."""
    here, fresh = session.here, sorted((number for number in called if number not in session.children), key=int)
    is_nameless = len(session.children) == 1 and not here.called and "child.age" not in here.facts
    is_all = len(fresh) > 1 and len(fresh) == int(siblings.get("count") or 1) and session.child not in called
    if not (is_nameless and is_all):
        return {}
    numbers = [session.child, *(str(int(session.child) + place) for place in range(1, len(fresh)))]
    return dict(zip(fresh, numbers, strict=True))


def _alone(session: Session, siblings: Mapping[str, Any]) -> str:
    """The one child of a conversation, while nothing is known of it and only one is spoken of."""
    here = session.here
    is_new = not here.called and not any(name.startswith("child.") for name in here.facts)
    is_one = len(siblings.get("called") or {}) == 1 and int(siblings.get("count") or 1) == 1
    return session.child if len(session.children) == 1 and is_new and is_one else ""


def _by_rank(session: Session, rank: str) -> str:
    """The older or the younger of two whose ages are known and who are not called anything yet."""
    if len(session.children) != 2 or rank not in ("elder", "younger", "second"):
        return ""
    told = {number: to_json(child.facts)[0].get("child.age") for number, child in session.children.items()}
    ages = {number: float(age) for number, age in told.items() if age is not None}
    if len(set(ages.values())) < 2:
        return ""
    number = (max if rank == "elder" else min)(ages, key=lambda each: ages[each])
    return number if not session.children[number].called.get("words") else ""


def meet(library: Library, session: Session, siblings: Mapping[str, Any]) -> dict[str, Any]:
    """Note the children of a message and what they are called; what is told of each, by number."""
    told = {str(number): each for number, each in (siblings.get("told") or {}).items()}
    called = {str(number): each for number, each in (siblings.get("called") or {}).items()}
    turn_to = str(siblings.get("turn_to") or "")
    apart = {str(number): prefixes for number, prefixes in (siblings.get("apart") or {}).items()}
    for number, words in called.items():
        if number in session.children or number in told or number == turn_to or number in apart or words.get("more"):
            child = session.meet(library, number)
            child.called |= {key: value for key, value in words.items() if key != "more" and not child.called.get(key)}
    for number, prefixes in apart.items():
        _part(library, session, number, prefixes)
    known = len([child for child in session.children.values() if child.facts or child.called])
    session.count = max(session.count, int(siblings.get("count") or 1), known)
    return {number: each for number, each in told.items() if number in session.children}


def _part(library: Library, session: Session, number: str, prefixes: Iterable[str]) -> None:
    """The child has parents of its own: what it was given of the others' is taken back."""
    child = session.children.get(number)
    fresh = [each for each in prefixes if child is not None and each not in child.apart]
    if child is None or not fresh:
        return
    child.apart += fresh
    for name in [name for name in child.facts if library.facts[name].shared and name.partition(".")[0] in fresh]:
        child.forget(name)
    child.closed = [name for name in child.closed if name.partition(".")[0] not in fresh]


def spread(session: Session, siblings: Mapping[str, Any], changed: Iterable[str]) -> None:
    """都没上户口: what was told of all children is known of each; told of one again, it is that one's alone."""
    here, of_all = session.here, set(siblings.get("for_all") or ())
    for name in changed:
        if name in of_all:
            for other in session.others.values():
                other.copy(here, name)
            here.spread = [*(each for each in here.spread if each != name), name]
        elif name in here.spread:
            here.spread.remove(name)


def asked_for(session: Session, message: Mapping[str, Any], library: Library) -> str:
    """The number of the other child that a message asks for by name or by the button; empty when it asks for none."""
    siblings = (message.get("reading") or {}).get("siblings") or {}
    asked = _back(library, session, message) or str(siblings.get("turn_to") or "")
    wanted = _next_child(library, session, message) or asked
    return wanted if wanted != session.child else ""


def _back(library: Library, session: Session, message: Mapping[str, Any]) -> str:
    """先说哥哥的, while the little sister is at hand: of two the other one, whatever it was called before."""
    match = re.search(library.words["back_to_other"], str(message.get("text") or ""))
    if match is None or len(session.children) != 2 or match["who"] == session.here.called.get("words"):
        return ""
    return next(iter(session.others))


def told_alone(session: Session, message: Mapping[str, Any], told: Mapping[str, Any], answered: bool) -> str:
    """The one other child that a message tells of, when it says nothing of the child at hand."""
    called = {
        str(number): each
        for number, each in (((message.get("reading") or {}).get("siblings") or {}).get("called") or {}).items()
    }
    others = [number for number in told if number != session.child]
    if not told and session.here.finished:
        # 小的残疾: what follows is of that one
        others = [number for number, words in called.items() if number in session.others and not words.get("more")]
    if len(others) != 1 or answered or session.child in {*told, *called}:
        return ""
    asks = str((message.get("intent") or {}).get("name") or "") not in _ONLY_TELLS
    is_new = bool((called.get(others[0]) or {}).get("more"))
    return others[0] if asks or not is_new or session.here.finished else ""


def turn(library: Library, session: Session, wanted: str) -> str | None:
    """Put another child at hand; its number, or None when there is nothing to do."""
    if not wanted or wanted == session.child:
        return None
    session.meet(library, wanted)
    session.count = max(session.count, len(session.children))
    session.child, session.asking, session.tries, session.amount_of = wanted, None, 0, None
    session.here.finished = False
    return wanted


def _next_child(library: Library, session: Session, message: Mapping[str, Any]) -> str:
    """The child meant by the button that offers the next one, or by 好 to the question whether to look at it now."""
    text, words = re.sub(r"\W", "", str(message.get("text") or "")), library.words
    is_taken = session.is_next_put and re.fullmatch(words["takes_next"], text)
    one_more = bool(session.here.finished and re.fullmatch(library.words["has_one_more"], text))
    if text != words["next_child"] and not one_more and not is_taken:
        return ""
    if one_more:
        session.count = max(session.count, len(session.children) + 1)
    waiting = (number for number, child in session.others.items() if not child.finished)
    return next(waiting, str(max(map(int, session.children)) + 1) if session.count > len(session.children) else "")
