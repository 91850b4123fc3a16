"""Which child a word means when a family has more than one: 大的, 老二, 小孙女, 一个九岁一个十二, 还有一个妹妹."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from knowledge.reading.ages import Age
from knowledge.reading.casting import APART, Casting
from knowledge.reading.handles import (
    Handle,
    Sibling,
    count_of,
    handle,
    is_child,
    is_group,
    is_peer,
    pseudo,
    recast,
    says_which,
)
from knowledge.reading.kinship import Mention
from knowledge.reading.patterns import pattern

__all__ = ["ALL", "APART", "Cast", "Sibling", "apart", "cast", "numbers", "pseudo", "recast"]
ALL = -1  # told of every child: 俩孙子都没户口
_PARENTS = {"father": ("father",), "mother": ("mother",), "parents": ("father", "mother")}


@dataclass(frozen=True)
class Cast:
    """The children of one text: `labels` gives the number behind the word for a child at a place."""

    labels: Mapping[int, int] = field(default_factory=dict)
    called: Mapping[int, Sibling] = field(default_factory=dict)
    fresh: frozenset[int] = frozenset()
    peers: frozenset[int] = frozenset()
    groups: tuple[int, ...] = ()
    begins: Mapping[int, int] = field(default_factory=dict)
    turn_to: int | None = None
    count: int = 1
    twins: bool = False
    present: int = 1
    many: bool = False
    is_first: bool = True
    added: frozenset[int] = frozenset()


def cast(
    text: str,
    mentions: Sequence[Mention],
    roles: Sequence[str],
    ages: Sequence[Age],
    known: Sequence[Sibling],
    present: int,
) -> Cast:
    """Numbers for the children of a text; those known keep theirs, a new one gets the next."""
    people = {each.number: each for each in known} or {present: Sibling(present)}
    people.setdefault(present, Sibling(present))
    groups = tuple(each.start for each in mentions if is_child(each, roles) and is_group(text, each))
    count = max([count_of(text, each) for each in mentions if each.start in groups], default=1)
    handles = [
        handle(text, each, mentions, roles, ages, people[present])
        for each in mentions
        if each.start not in groups and is_child(each, roles) and not _is_born(text, each, mentions)
    ]
    speaking = [each for each in handles if says_which(each)]
    casting = Casting(people, present, max(count, len(people)))
    for each in speaking:
        casting.place(each)
    labels = casting.labels | dict.fromkeys(groups, ALL)
    twins = bool(pattern("siblings.twins").search(text))
    return Cast(
        labels=labels,
        called={number: each for number, each in casting.people.items() if number in labels.values()},
        fresh=frozenset(casting.fresh),
        peers=frozenset(casting.labels[each.mention.start] for each in speaking if is_peer(each)),
        groups=groups,
        begins=casting.begins,
        turn_to=_turn_to(text, speaking, casting),
        count=max(count, 2 if twins else 1),
        twins=twins,
        present=present,
        many=len(casting.people) > 1 or count > 1,
        is_first=len(known) < 2 and not people[present].told,
        added=frozenset(casting.labels[each.mention.start] for each in speaking if each.is_new or each.is_foreign),
    )


def _is_born(text: str, mention: Mention, mentions: Sequence[Mention]) -> bool:
    """妈妈生完老二大出血，姐姐十岁，弟弟七岁: 老二 only says when."""
    born = mention.kind == "younger_child" and text[: mention.start].endswith(
        ("生", "生完", "生下", "生了", "怀", "怀着")
    )
    return born and any(each.kind == "sibling_child" for each in mentions)


def numbers(cast: Cast, told: Set[int]) -> dict[int, int]:
    """From label to number, once it is seen which children something is told of; 0 is the child at hand alone.

    嫂子带走了小的，大的九岁: the one told of comes first. 大的九岁，小的六岁: neither is the child at hand alone.
    """
    told = {label for label in told if label > 0}
    found = {label: label for label in cast.called}
    if cast.is_first and cast.present not in told and (first := min(told - cast.added, default=None)):
        order = [first, *(label for label in sorted(cast.called) if label != first)]
        found = {label: cast.present + place for place, label in enumerate(order)}
        told = {found[label] for label in told}
    if told & (cast.peers | {cast.present}) <= {cast.present}:
        found = {label: 0 if number == cast.present else number for label, number in found.items()}
    return found


def halves(text: str, cast: Cast) -> tuple[str, ...]:
    """The parents that half-brothers and half-sisters do not share, by the beginnings of their facts."""
    return tuple(f"{parent}." for parent in ("father", "mother") if pattern(f"siblings.half_{parent}").search(text))


def apart(text: str, cast: Cast) -> dict[int, tuple[str, ...]]:
    """What a child of the text, or else the other one, does not share with the child at hand."""
    parts: tuple[str, ...] = ()
    for name, prefixes in _PARENTS.items():
        if pattern(f"siblings.other_{name}").search(text):
            parts = tuple(dict.fromkeys([*parts, *prefixes]))
    parts = tuple(dict.fromkeys([*parts, *(each.removesuffix(".") for each in halves(text, cast))]))
    found = {number: each.apart for number, each in cast.called.items() if each.apart}
    others = [number for number in cast.called if number != cast.present]
    if parts and not others and cast.is_first:
        others = [cast.present + 1]  # 老大的爸死了，老二的爸在打工: the second child is named by its father alone
    if parts and others:
        found[_nearest(text, cast, others)] = parts
    return found


def _nearest(text: str, cast: Cast, others: Sequence[int]) -> int:
    """小的五岁，大的不是一个爸: the one named last before these words."""
    places = [each.start() for name in _PARENTS if (each := pattern(f"siblings.other_{name}").search(text))]
    if not places:
        return others[-1]
    before = [(start, label) for start, label in cast.labels.items() if label in others and start < min(places)]
    return max(before)[1] if before else others[-1]


def _turn_to(text: str, handles: Sequence[Handle], casting: Casting) -> int | None:
    for each in handles:
        clause = re.split(r"[，。！？,!?;；\s]", text[: each.mention.start])[-1]
        number = casting.labels[each.mention.start]
        asks = pattern("siblings.turn_before").search(clause) or pattern("siblings.turn_after").match(
            text, each.mention.end
        )
        if asks and number != casting.present:
            return number
        # Nothing but the name, or 先说老大 while it is at hand
        if asks or not re.sub(r"\W", "", text.replace(each.mention.said, "")):
            return number
    return None
