"""One page for the caseworker, read off the ledger; nothing stands in it that no message supports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from casework.store import Message
from desk.quotes import Quote, quotes, short
from desk.risks import Risk, Turns, risks
from desk.values import value_text
from desk.words import words
from knowledge.fact import Fact
from knowledge.library import Library


@dataclass(frozen=True)
class Known:
    """A fact, settled or narrowed; `before` are the values it had earlier and has no longer."""

    fact: str
    title: str
    value: str
    said: tuple[Quote, ...]
    before: tuple[str, ...]


@dataclass(frozen=True)
class Open:
    """A fact that could still change an outcome; `asked` are the messages in which the assistant asked for it."""

    fact: str
    title: str
    question: str
    asked: tuple[int, ...]


@dataclass(frozen=True)
class Asked:
    """A question the assistant has put."""

    fact: str
    title: str
    seqs: tuple[int, ...]
    answered: bool


@dataclass(frozen=True)
class Outcome:
    """What the family was told of one entitlement, last in message `seq`."""

    id: str
    name: str
    outcome: str
    because: tuple[str, ...]
    sources: tuple[str, ...]
    missing: tuple[str, ...]
    seq: int


@dataclass(frozen=True)
class Explained:
    """An entitlement whose rules the assistant has told, with its sources, in these messages."""

    id: str
    name: str
    seqs: tuple[int, ...]


@dataclass(frozen=True)
class Child:
    """`unquoted` facts are held by the assistant without any words of the family: to be checked, not believed."""

    number: int
    known: tuple[Known, ...]
    partly: tuple[Known, ...]
    unquoted: tuple[Known, ...]
    open: tuple[Open, ...]
    outcomes: tuple[Outcome, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Packet:
    """`needs` is what they want in the family's words; `ends` how they began and what they said last.

    `explained` need not be told again; the outcomes told stand with each child.
    """

    needs: tuple[Quote, ...]
    ends: tuple[Quote, ...]
    children: tuple[Child, ...]
    risks: tuple[Risk, ...]
    safety_shown: tuple[int, ...]
    explained: tuple[Explained, ...]


def packet(library: Library, messages: Sequence[Message]) -> Packet:
    """Of the whole conversation, in order."""
    family = {message.seq: message.text for message in messages if message.sender == "family"}
    turns = [(message.seq, message.turn) for message in messages if message.sender == "bot" and message.turn]
    # A turn is about the child at hand and tells what is known of the others.
    of_children = [(seq, each) for seq, turn in turns for each in (turn, *turn.get("others", ()))]
    numbers = sorted({turn.get("child", 1) for _, turn in of_children})
    own = {number: [each for each in of_children if each[1].get("child", 1) == number] for number in numbers}
    return Packet(
        needs=_needs(family, own),
        ends=tuple(Quote(seq, short(family[seq])) for seq in sorted({*list(family)[:1], *list(family)[-1:]})),
        children=tuple(_child(library, number, own[number], family) for number in numbers),
        risks=tuple(risks(family, turns)),
        safety_shown=tuple(
            message.seq
            for message in messages
            if message.sender == "system" and message.turn and message.turn.get("safety")
        ),
        explained=_explained(library, turns),
    )


def _explained(library: Library, turns: Turns) -> tuple[Explained, ...]:
    """Only what was told with its sources counts as told."""
    seqs: dict[str, list[int]] = {}
    for seq, turn in turns:
        for topic in turn.get("topics") or () if turn.get("sources") else ():
            if topic in library.policies:
                seqs.setdefault(topic, []).append(seq)
    return tuple(Explained(topic, library.policies[topic].short, tuple(told)) for topic, told in seqs.items())


def _needs(family: Mapping[int, str], own: Mapping[int, Turns]) -> tuple[Quote, ...]:
    wanted = (
        quote
        for turns in own.values()
        for fact, value in turns[-1][1].get("facts", {}).items()
        if fact.startswith("need.") and value is True
        for quote in quotes(turns[-1][1], fact, family)
    )
    return tuple(dict.fromkeys(wanted))


def _child(library: Library, number: int, turns: Turns, family: Mapping[int, str]) -> Child:
    latest = turns[-1][1]
    known = [_known(library, turns, fact, family) for fact in latest.get("facts", {}) if fact in library.facts]
    partly = [_known(library, turns, fact, family) for fact in latest.get("partial", {}) if fact in library.facts]
    told = {result["id"]: (seq, result) for seq, turn in turns for result in turn.get("results", [])}
    questions = dict.fromkeys(turn["asking"] for _, turn in turns if turn.get("asking") in library.facts)
    asked = {fact: tuple(seq for seq, turn in turns if turn.get("asking") == fact) for fact in questions}
    heard = {*latest.get("facts", {}), *latest.get("partial", {})}
    missing = {fact for _, result in told.values() for fact in result.get("missing") or ()}
    missing -= set(latest.get("facts", {}))
    return Child(
        number=number,
        known=tuple(fact for fact in known if fact.said),
        partly=tuple(fact for fact in partly if fact.said),
        unquoted=tuple(fact for fact in [*known, *partly] if not fact.said),
        open=tuple(
            Open(fact.id, _title(fact), fact.question, asked.get(fact.id, ()))
            for fact in library.facts.values()
            if fact.id in missing
        ),
        outcomes=tuple(outcome for seq, result in told.values() if (outcome := _outcome(library, seq, result))),
        asked=tuple(Asked(fact, _title(library.facts[fact]), seqs, fact in heard) for fact, seqs in asked.items()),
    )


def _title(fact: Fact) -> str:
    """As a worker reads it, whom no title calls 您."""
    return str(words()["titles"].get(fact.id, fact.title))


def _known(library: Library, turns: Turns, name: str, family: Mapping[int, str]) -> Known:
    fact, latest = library.facts[name], turns[-1][1]
    values = [value for _, turn in turns if (value := turn.get("facts", {}).get(name)) is not None]
    left = [old for old, new in pairwise(values) if old != new and not _grew(old, new)]
    value = latest["facts"][name] if name in latest.get("facts", {}) else latest["partial"][name]
    return Known(
        fact=name,
        title=_title(fact),
        value=value_text(library, fact, value),
        said=quotes(latest, name, family),
        before=tuple(dict.fromkeys(value_text(library, fact, old) for old in left)),
    )


def _grew(old: Any, new: Any) -> bool:
    """Whether a set only heard more."""
    return isinstance(old, list) and isinstance(new, list) and set(old) <= set(new)


def _outcome(library: Library, seq: int, result: Mapping[str, Any]) -> Outcome | None:
    named = library.policies.get(result["id"]) or library.pointers.get(result["id"])
    if named is None:
        return None
    missing = (library.facts[fact].title for fact in result.get("missing") or () if fact in library.facts)
    because, sources = tuple(result.get("because") or ()), tuple(result.get("sources") or ())
    return Outcome(result["id"], named.name, result["outcome"], because, sources, tuple(missing), seq)
