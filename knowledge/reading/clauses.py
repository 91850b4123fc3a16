"""Who is spoken of where: the text cut into stretches, each told of the same people."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from knowledge.reading.breaks import Clause, clauses
from knowledge.reading.kinship import CHILDREN, Mention, kin
from knowledge.reading.patterns import pattern
from knowledge.reading.people import OTHER, People, meant

# A person right behind these is not who the clause is about.
_OBJECT = pattern("clauses.object")
_NO_OBJECT = pattern("clauses.no_object")
_PATIENT = pattern("clauses.patient")
_AND = re.compile(r"(?:和|跟|与|同|、|还有|以及|及)?$")
_LEAD = pattern("clauses.lead").pattern
_PRONOUN = re.compile(_LEAD + "[他她](?!们|[爸妈爹娘爷奶姥舅叔姑姨伯哥弟姐妹家])")
_SHE = re.compile(_LEAD + "她(?!们|[爸妈爹娘爷奶姥舅叔姑姨伯哥弟姐妹家])")
_AGED = pattern("clauses.aged")
_ONE_PARENT: tuple[People, ...] = (("father",), ("mother",))
_PAIRS = kin()["pairs"]
_KNOWS = pattern("clauses.knows")
_TELLERS = ("grandparents", "relatives", "uncle", "aunt_in_law", "strangers")
_NEAR = 30  # how far back a preposition can stand
_WHEN = pattern("clauses.when")
_ALL = pattern("clauses.all")
_ALL_AT_HEAD = pattern("siblings.all_at_head")
_THIS = ("这", "那")
_IS = pattern("clauses.is")
_SAYS = pattern("clauses.says")
_NEVER_SEEN = pattern("clauses.never_seen")
_MONEY_FOR = pattern("clauses.money_for")
_NOT_FOUND = ("找不到", "找不着", "联系不到", "联系不上", "没找到")
_IS_SOMEWHERE = pattern("clauses.is_somewhere")
_LEAVES = pattern("clauses.leaves")
_WHEN_I_WAS = pattern("clauses.when_i_was")
_IN_TOWN = re.compile("(?:放|搁|寄养|住|送)(?:在|到|回)(?:老家|乡下|农村|[^，。,\\s他她我你孩娃]{2,3})$")
_BOTH_OF_THEM = pattern("clauses.both_of_them")
_BORE_IT = re.compile("生的(?=$|[，。,\\s])")
_HAS_GONE = pattern("clauses.has_gone")


@dataclass(frozen=True)
class Segment:
    """A stretch of one clause told of the same people; `label` is the number of the child (0 open, -1 all)."""

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


def is_she(text: str, start: int) -> bool:
    """Whether a clause begins with 她: not the father, whoever was asked about."""
    return bool(_SHE.match(text, start))


def segments(
    text: str, mentions: list[Mention], roles: Collection[str], about: People, labels: Mapping[int, int], many: bool
) -> tuple[list[Segment], list[Placed]]:
    """The text told of whom; `about` are the people of the pending question, until somebody is named."""
    walk = _Walk(text, roles, about, labels, many)
    for clause in clauses(text):
        walk.enter(clause, [each for each in mentions if clause.start <= each.start < clause.end])
    return walk.found, walk.placed


@dataclass
class _Walk:
    """One pass through the clauses; `last` are the people a clause without a subject is about."""

    text: str
    roles: Collection[str]
    last: People
    labels: Mapping[int, int]
    many: bool
    label: int = 0
    found: list[Segment] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)

    def enter(self, clause: Clause, mentions: list[Mention]) -> None:
        """Cut one clause where its subject changes."""
        if self._speaks_of_another(clause):
            self.last = self._last_but_me()
        if len(self.last) > 1 and _PRONOUN.match(self.text, clause.start):
            mine = tuple(self.roles)
            others = tuple(each for each in self.last if each != mine[0]) if mine else ()
            # 我跟他爸没领证，他跑了: the other of the two
            is_pair = mine in (("father",), ("mother",)) and {*self.last} == {"father", "mother"}
            self.last = others if is_pair else ("child",)  # 爸妈都不管，他一个人住: one, so none of the two
        if self.last == OTHER and _PRONOUN.match(self.text, clause.start) and self._told_of_a_pair():
            self.last = next((each.people for each in reversed(self.placed) if each.people in _ONE_PARENT), self.last)
        if self.last == ("father",) and _SHE.match(self.text, clause.start):
            self.last = next((each.people for each in self.placed if each.people == ("mother",)), ())
        if _AGED.match(self.text, clause.start) and not self._speaks_of_itself():
            self.last = ("child",)  # 她爸不管，她12岁六年级: only a child is that young
        spoken_of = {person for each in self.placed for person in each.people}
        if {"father", "mother"} <= spoken_of and _BOTH_OF_THEM.match(self.text, clause.start):
            self.last = ("father", "mother")
        if self.many and _ALL_AT_HEAD.match(self.text, clause.start, clause.end):
            self.label = -1
        if self._is_aside(clause, mentions):
            mentions = []  # 他爸爸（我侄子）: the same person
        start = body = clause.start
        people, named = self.last, False
        before: Mention | None = None
        for mention in mentions:
            whom = meant(mention, self.roles, people)
            joined = before is not None and _is_and(self.text, before, mention, people, whom)
            subject = joined or self._is_subject(clause, mention, before)
            if before and self._is_said_to_be(people, before, mention):
                whom, subject, body = people, False, mention.end
            self.placed.append(Placed(mention, whom, subject))
            before = mention if subject else None
            if joined:
                people, body = tuple(dict.fromkeys([*people, *whom])), mention.end
            elif subject:
                if not self._only_when(start, mention.start, named):
                    self.found.append(Segment(start, mention.start, people, named, body, self.label, clause))
                    start = mention.start
                body, people, named = mention.end, whom, True
                self.label = self._label(mention, whom)
            left = whom == ("child",) and _LEAVES.search(
                self.text[: mention.start] + "|" + self.text[mention.end :][:3]
            )
            if subject and mention.kind != "strangers" and not left:
                self.last = people
        self.found.append(Segment(start, clause.end, people, named, body, self.label, clause))

    def _is_aside(self, clause: Clause, mentions: list[Mention]) -> bool:
        aside = self.text[: clause.start].endswith(("(", "（")) and self.last in (("father",), ("mother",))
        return aside and len(mentions) == 1 and (mentions[0].start, mentions[0].end) == (clause.start, clause.end)

    def _is_said_to_be(self, people: People, before: Mention, mention: Mention) -> bool:
        """孩子他爸是我大儿子: another name for the same person."""
        return people in (("father",), ("mother",)) and bool(_IS.fullmatch(self.text, before.end, mention.start))

    def _is_subject(self, clause: Clause, mention: Mention, before: Mention | None) -> bool:
        if mention.start == mention.end:
            return True  # 两岁和七岁: a child named by its age
        if before and mention.end < clause.end and _HAS_GONE.fullmatch(self.text[before.end : mention.start]):
            return True  # 儿子没了媳妇没影: two of them, and not a son who lost his wife
        if mention.kind in _TELLERS and _SAYS.match(self.text, mention.end):
            return False  # 奶奶说生下我就跑了: still about the person before
        if (
            before
            and mention.kind == "me"
            and before.end == mention.start
            and _NEVER_SEEN.match(self.text, mention.end)
        ):
            return False  # 我妈我没见过
        of_parent = before is not None and before.kind in ("father", "mother", "both")
        if of_parent and mention.kind in ("me", *CHILDREN) and _WHEN_I_WAS.match(self.text, mention.end):
            return False  # 我爸我初一那年就没了
        if before and before.kind in CHILDREN and _BORE_IT.match(self.text, mention.end):
            return False  # 老大是前妻生的: still about the child
        at_home = mention.kind in _TELLERS and self.text.startswith("家", mention.end)
        if at_home and _IN_TOWN.search(self.text[clause.start : mention.start]):
            return False  # 孩子放在永安外婆家
        if mention.kind == "offices" or (mention.kind == "me" and _KNOWS.match(self.text, mention.end)):
            return False  # 法院宣告死亡, 我知道他在坐牢: still about the person before
        if mention.kind in CHILDREN and _MONEY_FOR.match(self.text, mention.end):
            return False  # 孩子抚养费一分没给过
        before_it = self.text[max(clause.start, mention.start - _NEAR) : mention.start]
        return not _is_object(before_it) or self._is_next(mention, before_it)

    def _is_next(self, mention: Mention, before: str) -> bool:
        """她妈生完就回去了找不到她爸在工地上做事: typed without a stop, the one not found is not who works."""
        return before.endswith(_NOT_FOUND) and bool(_IS_SOMEWHERE.match(self.text, mention.end))

    def _label(self, mention: Mention, whom: People) -> int:
        """这孩子 is still the one told of just before."""
        if mention.start in self.labels:
            return self.labels[mention.start]
        return 0 if whom == ("child",) and not mention.said.startswith(_THIS) else self.label

    def _only_when(self, start: int, end: int, named: bool) -> bool:
        """Whether nothing, or only words of time, stands before the first person: 去年他爸跑了."""
        return not named and bool(_WHEN.fullmatch(self.text[start:end]))

    def _speaks_of_another(self, clause: Clause) -> bool:
        """Nobody calls themselves 他: 我跟老公离婚了，他从来不给."""
        subjects = [each for each in self.placed if each.subject]
        return bool(subjects and subjects[-1].mention.kind == "me" and _PRONOUN.match(self.text, clause.start))

    def _told_of_a_pair(self) -> bool:
        """爷爷奶奶不让我联系妈妈，其实她打过钱: no two people are one."""
        subjects = [each.mention.word for each in self.placed if each.subject]
        return bool(subjects) and subjects[-1] in _PAIRS

    def _speaks_of_itself(self) -> bool:
        return tuple(self.roles) == ("child",)

    def _last_but_me(self) -> People:
        others = [
            each
            for each in self.placed
            if each.mention.kind not in ("me", "strangers", "offices")
            and not self.text[: each.mention.start].endswith("我是")
        ]
        others = [each for each in others if each.subject] or others  # 爸爸找了个阿姨 我不想回去 他不给钱
        return others[-1].people if others else ("child",) if self.roles == ("sibling",) else ()


def _is_and(text: str, before: Mention, mention: Mention, people: People, whom: People) -> bool:
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


def person_at(placed: Iterable[Placed], start: int, end: int) -> People | None:
    """The people of the mention inside a stretch of text."""
    return next((each.people for each in placed if start <= each.mention.start and each.mention.end <= end), None)
