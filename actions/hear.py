"""Merge what a message said into what is known, with the words and the message it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from actions import several
from actions.doubt import doubted
from actions.keep import keep, part_of
from actions.plainly import is_hearsay
from actions.session import Session
from actions.unsaid import Unsaid, forget_behind, take_back, unsaid
from knowledge.known import Members
from knowledge.library import Library

# A refusal that is no more than that.
REFUSES, SHORT, LONGEST_DECLINED = 0.8, 10, 14


@dataclass(frozen=True)
class Heard:
    """What a message changed: new facts, facts that replaced another, and whether the question was answered.

    `others` are children told of beside the one at hand, `apart` those that have parents of their own, `came` is the
    child at hand when it was another before, `met` are those spoken of for the first time, `told_here` whether the
    message tells of the child at hand by its own word. `deleted` were asked to be (None: nothing was), `gone` were
    denied; both are among the replaced.
    """

    new: tuple[str, ...]
    replaced: tuple[str, ...]
    answered: bool
    declined: str | None
    others: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    came: str | None = None
    met: tuple[str, ...] = ()
    is_first_count: bool = False
    told_here: bool = False
    deleted: tuple[str, ...] | None = None
    gone: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        return bool(self.new or self.replaced or self.answered or self.declined or self.others or self.came)

    @property
    def tells_more(self) -> bool:
        """Whether there is more in it than who is writing: 我孙子的钱扣了."""
        only_who = {*self.new} == {"asker.role"} and not (self.replaced or self.answered or self.others or self.came)
        return self.anything and not only_who


_NOTHING: Mapping[str, Any] = {"facts": {}, "partial": {}, "complete": [], "answered": False, "declined": None}


def hear(library: Library, session: Session, message: Mapping[str, Any], as_of: date) -> Heard:
    """Changes the session. Raises nothing: a value outside the vocabulary is left out."""
    reading = message.get("reading") or {}
    if is_hearsay(library, session, message):
        reading = _NOTHING
    text = str(message.get("text") or "")
    reading = {**reading, "siblings": several.without_asker(library, reading, text)}
    reading = {**reading, "siblings": several.known_again(session, reading)}
    is_stale = bool(session.asking) and not session.is_put
    if is_stale and re.search(library.words["nods"], str(message.get("text") or "").strip()):
        reading = {**reading, **_NOTHING}  # 行, after something else was said, answers no question of before
    if re.search(library.words["takes_leave"], str(message.get("text") or "").strip()):
        reading = {**reading, **_NOTHING}
    if reading.get("declined") and _intent(message) == "ask_why":
        reading = {**reading, "declined": None, "answered": False}  # 你问这个干啥 wants a reason and may yet answer
    reading = doubted(library, session, reading, str(message.get("text") or ""), as_of)
    undone = unsaid(library, session, reading, str(message.get("text") or ""), as_of)
    reading = undone.reading
    session.is_put = False
    message = {**message, "reading": reading}
    if session.amending in {*(reading.get("facts") or {}), *(reading.get("partial") or {})}:
        reading = {**reading, "corrects": True}
    session.amending = None
    before, last = set(session.children), session.last_heard
    were_apart = {number for number, child in session.children.items() if child.apart}
    moved = [*_moved(session, reading.get("moves")), *_undo(library, session, undone)]
    told = several.meet(library, session, reading.get("siblings") or {})
    wanted = several.asked_for(session, message, library)
    session.is_next_put = False
    session.share(library)  # what was declined or left open since
    # 那我孙女呢, said of the child next door: what all children share is told of the one that is asked for.
    parts = [
        (session.child, part_of(library, reading, False)),
        (wanted or session.child, part_of(library, reading, True)),
    ]
    parts += [(number, {**reading, **each}) for number, each in told.items()]
    changed: dict[str, tuple[list[str], list[str]]] = {session.child: ([], moved)}
    for number, part in parts:
        found = keep(library, session.meet(library, number), part, message, as_of)
        kept = changed.get(number, ([], []))
        changed[number] = (kept[0] + found[0], kept[1] + found[1])
    for name in changed[session.child][1]:
        forget_behind(library, session.here, name)
    several.spread(session, reading.get("siblings") or {}, [name for names in changed[session.child] for name in names])
    session.share(library, wanted or session.child)
    answered = _answered(library, session, reading, [name for names in changed[session.child] for name in names])
    if session.is_child and answered and session.asking in (reading.get("partial") or {}):
        session.closed.append(str(session.asking))  # 在外地，暂时不能回家: a child is not asked a second time
    declined = _declines(library, message, reading, [name for names in changed[session.child] for name in names])
    declined = declined or _shrugs(library, message) or (None if answered else _refuses(message))
    declined = declined if session.asking else None
    if declined and session.asking:
        session.closed.append(session.asking)
    wanted = wanted or several.told_alone(
        session, message, told, bool(answered or declined or any(changed[session.child]))
    )
    came = several.turn(library, session, wanted)
    new, replaced = changed.get(session.child, ([], []))
    # Whoever turns to another child goes on about it.
    only_closes = reading.get("answered") and new == [session.asking] and not replaced and _said_no_more(message)
    session.last_heard = last if only_closes else new + replaced or (["child.age"] if came else last)
    return Heard(
        tuple(new),
        tuple(replaced),
        answered,
        declined,
        others=tuple(number for number in changed if number != session.child and number in told),
        apart=tuple(
            number
            for number in several.numbers(reading, "apart")
            if number in session.children and number not in were_apart
        ),
        came=came,
        met=tuple(number for number in session.children if number not in before),
        is_first_count=len(before) == 1 < len(session.children),
        told_here=session.child in told,
        deleted=undone.deleted,
        gone=tuple(undone.gone),
    )


def _undo(library: Library, session: Session, undone: Unsaid) -> list[str]:
    """What was taken back is forgotten and may be asked again; what was deleted is not asked for."""
    for name, gone in undone.gone.items():
        take_back(library, session.here, name, gone)
    for name in undone.deleted or ():
        session.here.forget(name)
        session.closed.append(name)
    return [*undone.gone, *(undone.deleted or ())]


def _said_no_more(message: Mapping[str, Any]) -> bool:
    """没有了 tells nothing that a later 不对 could mean."""
    return _intent(message) == "deny"


def _intent(message: Mapping[str, Any]) -> str:
    return str((message.get("intent") or {}).get("name") or "")


def _declines(
    library: Library, message: Mapping[str, Any], reading: Mapping[str, Any], changed: Sequence[str]
) -> str | None:
    """不清楚 declines what was asked; 她自己不知道，我该怎么跟她说 does not."""
    text = re.sub(r"\s", "", str(message.get("text") or ""))
    is_short = len(text) <= LONGEST_DECLINED and not changed
    return reading.get("declined") if is_short or re.match(library.words["declines_at_once"], text) else None


def _shrugs(library: Library, message: Mapping[str, Any]) -> str | None:
    """随便 answers nothing and wants no more of the question."""
    return "refused" if re.search(library.words["shrugs"], str(message.get("text") or "").strip()) else None


def take_in(library: Library, session: Session, message: Mapping[str, Any], heard: Heard, as_of: date) -> Heard:
    """Facts of earlier words that are understood only now, added to what this message changed."""
    new, replaced = keep(library, session.here, message.get("reading") or {}, message, as_of)
    session.share(library)
    session.last_heard = [*session.last_heard, *new, *replaced]
    return replace(heard, new=(*heard.new, *new), replaced=(*heard.replaced, *replaced))


def _refuses(message: Mapping[str, Any]) -> str | None:
    """我不想说, short and sure, declines whatever was asked, also where the reader takes it for something else."""
    intent, text = message.get("intent") or {}, str(message.get("text") or "")
    is_sure = float(intent.get("confidence") or 0.0) >= REFUSES and len(text) <= SHORT
    return "refused" if is_sure and intent.get("name") == "refuse" else None


def _moved(session: Session, moves: Sequence[str] | None) -> list[str]:
    """ "不对，是他妈": what was just said about one parent belongs to the other."""
    if not moves:
        return []
    wrong, right = moves
    moved = []
    latest = [name for name in session.last_heard if name.startswith(f"{wrong}.")]
    for name in latest or [name for name in session.facts if name.startswith(f"{wrong}.")]:
        if name.startswith(f"{wrong}.") and name in session.facts:
            target, here = f"{right}.{name.partition('.')[2]}", session.here
            here.facts[target] = here.facts[name]
            here.said_on[target] = here.said_on.get(name, "")
            here.evidence[target] = here.evidence.get(name, [])
            here.forget(name)
            moved.append(target)
    return moved


def _answered(library: Library, session: Session, reading: Mapping[str, Any], changed: Sequence[str]) -> bool:
    if not session.asking:
        return False
    if session.asking in changed or reading.get("answered"):
        _complete(session, reading)
        is_open = session.asking in (reading.get("partial") or {})  # 鼓楼区: of which city?
        if library.facts[session.asking].kind == "region" and not is_open:
            session.closed.append(session.asking)  # asked once: who names a province is not pressed for the county
        return True
    return False


def _complete(session: Session, reading: Mapping[str, Any]) -> None:
    """ "没有了" to the closing question: what was heard of the set is all there is."""
    name = session.asking or ""
    known = session.facts.get(name)
    if isinstance(known, Members) and name in (reading.get("complete") or []):
        parts = tuple(type(part)(part.has, part.lacks, True) for part in known.alternatives)
        session.facts[name] = Members(parts)
