"""Which child a word means when a family has more than one: 大的, 老二, 小孙女, 一个九岁一个十二, 还有一个妹妹."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from knowledge.reading.ages import Age
from knowledge.reading.kinship import CHILDREN, Mention
from knowledge.reading.numerals import spread
from knowledge.reading.patterns import pattern
from knowledge.reading.people import OTHER, STRANGER, meant

ALL = -1  # told of every child: 俩孙子都没户口
APART = ("father", "mother", "household", "asker")
_PARENTS = {"father": ("father",), "mother": ("mother",), "parents": ("father", "mother")}
_RANKS = ("elder", "second", "third", "younger")
_SAME_RANK = ({"second", "younger"}, {"third", "younger"})
_LINES = ("grandchild_paternal", "grandchild_maternal", "nephew_paternal", "nephew_maternal", "cousin_child")
_LINE_OF = {
    **{f"grandparent_{side}": f"grandchild_{side}" for side in ("paternal", "maternal")},
    **{f"uncle_aunt_{side}": f"nephew_{side}" for side in ("paternal", "maternal")},
}
_ALL_OF_THEM = ("我们", "俺们", "咱们", "我俩", "我们俩")
_OUTSIDE = ("neighbour", "teacher", "child_director", "professional")
_OF_OTHERS = ("strangers", "outsiders", "relatives", "brother", "sister", "uncle")
_NEAR = 6
_FIGURES = "0123456789一二三四五六七八九十"
_NOT_FIGURES = "周岁的那一个这孩子娃"
_STRETCH = 16
_GROWN = 18
_ADULT = pattern("speaker.adult")
_MINOR = pattern("speaker.minor")
_OFTEN_A_SIBLING = re.compile("弟|妹")


@dataclass(frozen=True)
class Sibling:
    """A child the conversation knows of; `told` when something of its own was said, `apart` what it does not share."""

    number: int
    words: str = ""
    rank: str | None = None
    sex: str | None = None
    line: str | None = None
    age: tuple[float | None, float | None] | None = None
    told: bool = False
    apart: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class _Handle:
    """One mention of a child; a `peer` is told on a par with others, the rest hang on the child at hand."""

    mention: Mention
    rank: str | None = None
    sex: str | None = None
    line: str | None = None
    age: tuple[float | None, float | None] | None = None
    is_self: bool = False
    is_new: bool = False
    is_other: bool = False
    is_sibling: bool = False
    is_foreign: bool = False
    words: str = ""


def pseudo(text: str, mentions: Sequence[Mention], known: Sequence[Sibling]) -> list[Mention]:
    """Children named by nothing but 一个, 另一个 or, where several are known, their age."""
    ones = list(pattern("siblings.one").finditer(text))
    if len(ones) < 2:
        ones = [match for match in ones if match["more"]]
    found = [Mention(each.start(), each.end(), "one_child", "", each.group()) for each in ones]
    for match in pattern("siblings.other").finditer(text):
        if not any(each.start < match.end() and match.start() < each.end for each in found):
            found.append(Mention(match.start(), match.end(), "one_child", "", match.group()))
    found = [each for each in found if not any(other.start < each.end and each.start < other.end for other in mentions)]
    by_age = pattern("siblings.by_age").finditer(text) if len(known) > 1 else ()
    return [*found, *(Mention(each.start(), each.end(), "one_child", "", each.group()) for each in by_age)]


def recast(text: str, mentions: Sequence[Mention], roles: Sequence[str], known: Sequence[Sibling]) -> list[Mention]:
    """The child's own brothers and sisters, where they are told of as children; a brother in passing stays nobody."""
    found = []
    for index, each in enumerate(mentions):
        following = mentions[index + 1].start if index + 1 < len(mentions) else len(text)
        told = re.split(r"[。！？!?\n]", text[each.end : min(following, each.end + _STRETCH)])[0]
        is_one = each.kind in ("brother", "sister", "cousin") and _is_child_sibling(text, each, told, roles, known)
        found.append(
            replace(each, kind="sibling_child" if each.kind != "cousin" else "cousin_child") if is_one else each
        )
    return found


def _is_child_sibling(text: str, mention: Mention, told: str, roles: Sequence[str], known: Sequence[Sibling]) -> bool:
    whom = meant(mention, roles, ())
    if whom == ("child",) or (whom in (("father",), ("mother",)) and mention.owner not in ("them", "child")):
        return False
    if mention.owner == "me" and tuple(roles) != ("child",):
        return False
    if mention.kind == "cousin" and tuple(roles) != ("child",):
        return False
    if _ADULT.search(told.split("，")[0]) or re.search(r"(?:1[89]|[2-9]\d|二十|三十|十[八九])", told):
        return False
    rank, sex = _rank(mention.word), _sex(mention.word)
    if any(each.rank and rank == each.rank and (each.sex or sex) == sex for each in known):
        return True
    if _MINOR.search(told.replace("残疾", "")):
        return True
    young = bool(_OFTEN_A_SIBLING.search(mention.word))
    return young and bool(pattern("siblings.more").search(text[: mention.start]))


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
    groups = tuple(each.start for each in mentions if _is_child(each, roles) and _is_group(text, each))
    count = max([_count(text, each) for each in mentions if each.start in groups], default=1)
    handles = [
        _handle(text, each, mentions, roles, ages, people[present])
        for each in mentions
        if each.start not in groups and _is_child(each, roles)
    ]
    speaking = [each for each in handles if _says_which(each)]
    casting = _Casting(people, present, max(count, len(people)))
    for each in speaking:
        casting.place(each)
    labels = casting.labels | dict.fromkeys(groups, ALL)
    twins = bool(pattern("siblings.twins").search(text))
    return Cast(
        labels=labels,
        called={number: each for number, each in casting.people.items() if number in labels.values()},
        fresh=frozenset(casting.fresh),
        peers=frozenset(casting.labels[each.mention.start] for each in speaking if _is_peer(each)),
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


def apart(text: str, cast: Cast) -> dict[int, tuple[str, ...]]:
    """What a child of the text, or else the other one, does not share with the child at hand."""
    parts: tuple[str, ...] = ()
    for name, prefixes in _PARENTS.items():
        if pattern(f"siblings.other_{name}").search(text):
            parts = tuple(dict.fromkeys([*parts, *prefixes]))
    found = {number: each.apart for number, each in cast.called.items() if each.apart}
    others = [number for number in cast.called if number != cast.present]
    if parts and others:
        found[_nearest(text, cast, others)] = parts
    return found


def _nearest(text: str, cast: Cast, others: Sequence[int]) -> int:
    """小的五岁，大的不是一个爸: the one named last before these words."""
    places = [each.start() for name in _PARENTS if (each := pattern(f"siblings.other_{name}").search(text))]
    before = [(start, label) for start, label in cast.labels.items() if label in others and start < min(places)]
    return max(before)[1] if before else others[-1]


def _is_child(mention: Mention, roles: Sequence[str]) -> bool:
    if mention.kind in ("sibling_child", "cousin_child", "one_child"):
        return True
    if mention.owner == "child" and mention.kind not in CHILDREN:
        return False
    return mention.kind != "outsiders" and meant(mention, roles, ()) == ("child",)


def _is_group(text: str, mention: Mention) -> bool:
    if mention.kind == "me":
        return mention.word in _ALL_OF_THEM
    before = text[max(0, mention.start - 4) : mention.start]
    said = mention.said[: len(mention.said) - len(mention.word)]
    return bool(
        pattern("siblings.group").search(said)
        or re.search(f"(?:{pattern('siblings.group').pattern})的?$", before)
        or pattern("siblings.both").search(mention.word)
        or pattern("siblings.group_after").match(text, mention.end)
    )


def _count(text: str, mention: Mention) -> int:
    around = text[max(0, mention.start - 4) : mention.start] + mention.said + text[mention.end : mention.end + 2]
    match = re.search(r"[三四五仨345]", around)
    return 2 if match is None else {"四": 4, "4": 4, "五": 5, "5": 5}.get(match.group(), 3)


def _handle(
    text: str,
    mention: Mention,
    mentions: Sequence[Mention],
    roles: Sequence[str],
    ages: Sequence[Age],
    at_hand: Sibling,
) -> _Handle:
    before = text[: mention.start]
    line = mention.kind if mention.kind in _LINES else None
    owner = _of_others(text, mention, mentions, roles) if at_hand.told else None
    foreign = line == "cousin_child" or owner is not None
    at_hands = at_hand.line or (_LINE_OF.get(roles[0]) if len(roles) == 1 else None)
    foreign = foreign or bool(at_hand.told and line and at_hands and line != at_hands)
    return _Handle(
        mention,
        rank=_rank(mention.word),
        sex=_sex(mention.word),
        line=line,
        age=_age(text, mention, ages),
        is_self=mention.kind == "me",
        is_new=bool(pattern("siblings.more").search(before)) or mention.said.startswith("还有"),
        is_other=bool(pattern("siblings.other_before").search(before))
        or mention.said.startswith(("另", "下", "剩", "第二")),
        is_sibling=mention.kind == "sibling_child",
        is_foreign=foreign,
        words=text[mention.start if owner is None else owner : mention.end] if foreign else mention.word,
    )


def _of_others(text: str, mention: Mention, mentions: Sequence[Mention], roles: Sequence[str]) -> int | None:
    """Where 邻居家的孩子 begins, said by somebody who speaks of a child of the family."""
    if not roles or roles[0] in _OUTSIDE:
        return None
    if mention.owner == "outsiders":
        return mention.start
    before = [each for each in mentions if each.end <= mention.start]
    if not before or before[-1].kind not in _OF_OTHERS or meant(before[-1], roles, ()) not in (OTHER, STRANGER):
        return None
    return before[-1].start if pattern("siblings.owned_by").match(text[before[-1].end : mention.start]) else None


def _rank(word: str) -> str | None:
    return next((rank for rank in _RANKS if pattern(f"siblings.{rank}").search(word)), None)


def _sex(word: str) -> str | None:
    if pattern("siblings.both").search(word):
        return None
    if pattern("siblings.girl").search(word):
        return "girl"
    return "boy" if pattern("siblings.boy").search(word) else None


def _age(text: str, mention: Mention, ages: Sequence[Age]) -> tuple[float | None, float | None] | None:
    if mention.said[:1] in _FIGURES:
        return spread(mention.said.rstrip(_NOT_FIGURES))
    near = next((each for each in ages if 0 <= each.start - mention.end <= _NEAR and each.born is None), None)
    if near is not None:
        return near.low, near.high
    match = re.match(r"(?:今年|都|才|刚|快|满)*([0-9一二三四五六七八九十]{1,3})(?=了|\W|$)", text[mention.end :])
    return spread(match[1]) if match else None


def _says_which(handle: _Handle) -> bool:
    return bool(
        handle.rank or handle.sex or handle.is_self or handle.is_new or handle.is_other or handle.is_foreign
        or handle.is_sibling or handle.mention.kind == "one_child"
    )  # fmt: skip


def _is_peer(handle: _Handle) -> bool:
    return not (handle.is_self or handle.is_new or handle.is_sibling or handle.is_foreign)


@dataclass
class _Casting:
    """Gives each mention its number; `people` grows by the children that are new."""

    people: dict[int, Sibling]
    present: int
    count: int
    labels: dict[int, int] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)
    begins: dict[int, int] = field(default_factory=dict)
    ones: int = 0

    def place(self, handle: _Handle) -> None:
        number = self._number(handle)
        is_new = number not in self.people
        if is_new:
            self.fresh.add(number)
        held = self.people.get(number, Sibling(number))
        foreign = handle.is_foreign and is_new
        words = handle.words if handle.rank or handle.sex or handle.line or foreign else ""
        self.people[number] = replace(
            held,
            words=held.words or words,
            rank=held.rank or handle.rank,
            sex=held.sex or handle.sex,
            line=held.line or handle.line,
            age=held.age or handle.age,
            apart=APART if foreign else held.apart,
        )
        self.labels[handle.mention.start] = number
        self.begins.setdefault(number, handle.mention.start)

    def _number(self, handle: _Handle) -> int:
        fresh = max(self.people) + 1
        taken = set(self.labels.values())
        others = [number for number in self.people if number != self.present]
        if handle.is_self:
            return min(self.people)
        if handle.is_other and handle.age is None:
            waiting = [number for number in others if number not in taken]
            return waiting[0] if waiting else fresh
        if handle.mention.kind == "one_child":
            free = [number for number in self.people if number not in taken]
            same = [number for number in free if handle.age and handle.age == self.people[number].age]
            open_ones = [number for number in free if self.people[number].age is None or handle.age is None]
            later = [number for number in open_ones if not (handle.is_new and number == self.present)]
            return (same or later or [fresh])[0]
        if handle.is_foreign:
            same = [number for number in others if self.people[number].apart == APART and self._fits(handle, number)]
            return same[0] if same else fresh
        candidates = [number for number in self.people if self._fits(handle, number)]
        if handle.is_new or handle.is_sibling:
            is_here = handle.rank is not None and self.people[self.present].rank == handle.rank
            candidates = [number for number in candidates if number != self.present or is_here]
        scored = sorted(candidates, key=lambda number: (-self._score(handle, number), number != self.present))
        if not scored:
            return fresh
        return scored[0] if self._score(handle, scored[0]) or self._may_be(handle, scored[0]) else fresh

    def _fits(self, handle: _Handle, number: int) -> bool:
        held = self.people[number]
        if handle.rank and held.rank and handle.rank != held.rank and {handle.rank, held.rank} not in _SAME_RANK:
            return False
        if (handle.sex and held.sex and handle.sex != held.sex) or (held.apart == APART and not handle.is_foreign):
            return False
        if handle.line and held.line and handle.line != held.line:
            return False
        is_same = handle.rank and handle.rank == held.rank
        return bool(is_same or handle.age is None or held.age is None or _overlap(handle.age, held.age))

    def _score(self, handle: _Handle, number: int) -> int:
        held = self.people[number]
        return (
            4 * bool(handle.rank and handle.rank == held.rank)
            + 3 * bool(handle.age and held.age and _overlap(handle.age, held.age))
            + 2 * bool(handle.sex and handle.sex == held.sex and not (handle.rank and held.told and not held.rank))
        )

    def _may_be(self, handle: _Handle, number: int) -> bool:
        """Whether a child without a name so far may be the one that is now called so."""
        held = self.people[number]
        if not handle.rank or not held.told or held.rank:
            return True
        return self.count < 2 and bool(pattern("siblings.fond").search(handle.mention.word))


def _overlap(one: tuple[float | None, float | None], other: tuple[float | None, float | None]) -> bool:
    low = max(end for end in (one[0], other[0], 0) if end is not None)
    high = min(end for end in (one[1], other[1], 999) if end is not None)
    return low <= high


def _turn_to(text: str, handles: Sequence[_Handle], casting: _Casting) -> int | None:
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
