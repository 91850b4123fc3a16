"""Who is spoken of where: the text cut into stretches, each told of the same people."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from knowledge.reading.kinship import Mention
from knowledge.reading.patterns import pattern
from knowledge.reading.people import OTHER, People, meant

_BREAK = re.compile(
    r"[。！？!?；;\n]+|[，,：:…~()（）“”\"'—|/]+|(?<!\d)\.(?!\d)|(?<![0-9A-Za-z])[ \t]+|[ \t]+(?![0-9A-Za-z])"
)
_SENTENCE = re.compile(r"[。！？!?；;\n]")
# A person right behind these is not who the clause is about.
_OBJECT = pattern("clauses.object")
_NO_OBJECT = pattern("clauses.no_object")
_PATIENT = pattern("clauses.patient")
_AND = re.compile(r"(?:和|跟|与|同|、|还有|以及|及)?$")
_NEAR = 30  # how far back a preposition can stand
_WHEN = pattern("clauses.when")
_ALL = pattern("clauses.all")


@dataclass(frozen=True)
class Clause:
    """A stretch between breaks; `sentence` is where its sentence began."""

    start: int
    end: int
    sentence: int


@dataclass(frozen=True)
class Segment:
    """A stretch of one clause told of the same people; `label` tells the elder (1) from the younger child (2)."""

    start: int
    end: int
    people: People
    named: bool
    body: int
    label: int
    clause: Clause


@dataclass(frozen=True)
class Placed:
    """A mention with the people it means and whether its clause is about them."""

    mention: Mention
    people: People
    subject: bool


def clauses(text: str) -> list[Clause]:
    """The text cut at every break; 、 is none, it joins people."""
    found: list[Clause] = []
    start = sentence = 0
    for match in _BREAK.finditer(text):
        if match.start() > start:
            found.append(Clause(start, match.start(), sentence))
        start = match.end()
        if _SENTENCE.search(match.group()):
            sentence = start
    if start < len(text):
        found.append(Clause(start, len(text), sentence))
    return found


def segments(
    text: str, mentions: list[Mention], roles: Collection[str], about: People
) -> tuple[list[Segment], list[Placed]]:
    """The text told of whom; `about` are the people of the pending question, until somebody is named."""
    found: list[Segment] = []
    placed: list[Placed] = []
    last, label = about, 0
    for clause in clauses(text):
        inside = [each for each in mentions if clause.start <= each.start < clause.end]
        pieces, last, label = _clause(text, clause, inside, roles, last, label, placed)
        found.extend(pieces)
    return found, placed


def _clause(
    text: str,
    clause: Clause,
    mentions: list[Mention],
    roles: Collection[str],
    last: People,
    label: int,
    placed: list[Placed],
) -> tuple[list[Segment], People, int]:
    pieces: list[Segment] = []
    start = body = clause.start
    people, named, carried = last, False, last
    before: Mention | None = None
    for mention in mentions:
        whom = meant(mention, roles, people)
        joined = before is not None and _is_and(text, clause, before, mention, people, whom)
        subject = joined or not _is_object(text[max(clause.start, mention.start - _NEAR) : mention.start])
        placed.append(Placed(mention, whom, subject))
        if joined:
            people = tuple(dict.fromkeys([*people, *whom]))
            body = mention.end
        elif subject:
            if (named or text[start : mention.start].strip()) and not _only_when(text, start, mention, named):
                pieces.append(Segment(start, mention.start, people, named, body, label, clause))
                start = mention.start
            body, people, named = mention.end, whom, True
            label = _label(mention, label, whom)
        before = mention if subject else None
        if subject and mention.kind != "strangers":
            carried = people
    pieces.append(Segment(start, clause.end, people, named, body, label, clause))
    if named and people == OTHER and mentions and all(each.kind == "strangers" for each in mentions):
        carried = last
    return pieces, carried, label


def _only_when(text: str, start: int, mention: Mention, named: bool) -> bool:
    """Whether only words of time stand before the first person of a clause: 去年他爸跑了."""
    return not named and bool(_WHEN.fullmatch(text[start : mention.start]))


def _is_and(text: str, clause: Clause, before: Mention, mention: Mention, people: People, whom: People) -> bool:
    gap = text[before.end : mention.start]
    if mention.kind == "me" or not _AND.fullmatch(gap):
        return False
    parents = {"father", "mother"}
    if set(people) <= parents and set(whom) <= parents and people != whom:
        # 跟 between two parents joins them unless it is 跟他妈过
        return gap != "跟" or not re.match(r"过|住|生活|离|结|跑|走", text[mention.end : mention.end + 2])
    return bool(_ALL.match(text[mention.end :])) and gap != ""


def _is_object(before: str) -> bool:
    if _PATIENT.search(before):
        return False
    if not _OBJECT.search(before):
        return False
    # 在 + person is an object, but 儿子现在 is not a preposition
    return not _NO_OBJECT.search(before)


def _label(mention: Mention, label: int, whom: People) -> int:
    if mention.kind == "elder_child":
        return 1
    if mention.kind == "younger_child":
        return 2
    return 0 if whom == ("child",) else label


def person_at(placed: Iterable[Placed], start: int, end: int) -> People | None:
    """The people of the mention inside a stretch of text."""
    return next((each.people for each in placed if start <= each.mention.start and each.mention.end <= end), None)
