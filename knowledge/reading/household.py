"""Whom the child is with, by what a word means in a household: 爷爷, 我, 福利院."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from knowledge.library import Library
from knowledge.reading import elders
from knowledge.reading.clauses import Placed
from knowledge.reading.kinship import PARENTS
from knowledge.reading.patterns import pattern
from knowledge.reading.people import OTHER, People
from knowledge.reading.polarity import Stance
from knowledge.reading.story import Story

LIVES_WITH = "child.lives_with"
PLACES = ("institution", "foster_family", "street", "alone")
_MINE = {
    "mother": "mother",
    "father": "father",
    "step_parent": "step_parent",
    "neighbour": "friends",
    **dict.fromkeys(("grandparent_paternal", "grandparent_maternal"), "grandparents"),
    **dict.fromkeys(("uncle_aunt_paternal", "uncle_aunt_maternal", "sibling", "other_relative"), "other_relatives"),
}
_UNCLES = ("uncle_aunt_paternal", "uncle_aunt_maternal", "mother", "father")
_RELATED = ("relatives", "uncle", "aunt_in_law", "brother", "sister", "brother_wife", "sister_husband")
_KINDS = {
    "step_parent": "step_parent",
    **dict.fromkeys(("grandparents", "in_laws", "old_spouse"), "grandparents"),
    **dict.fromkeys((*_RELATED, "elder_cousin_m", "elder_cousin_f"), "other_relatives"),
}
# 家 behind a person: at their home
AT_THEIRS = re.compile(
    "(?:家里?|这|那|这里|那里|那儿|这儿|那边|这边|身边|跟前儿?)(?=$|吃住|今年|现在|[，。,\\s住过养待了长上读念])"
)
_LONE = re.compile("独自(?:一人|一个人)?(?:生活|居住|住)(?!校|在?学校)|独居|一个人(?:住)?在出租屋")
_SENT = re.compile("(?:送|住)(?:到|去|进|在)?了?[^，。,\\s]{0,4}(?:福利院|儿童院|孤儿院)")
_TO_BE_SENT = re.compile("(?:要|想|打算|准备|能不能|可不可以|能|可以)(?:把|给|将)?[^，。,\\s]{0,4}$")
_AT_SCHOOL = re.compile("在?(?:学校|宿舍|校)")
_TWO = pattern("home.two")
_WITH_ME = pattern("home.with_me")
_BY_THEMSELVES = pattern("home.by_themselves")
_FAMILY = pattern("home.family")
_JOINS = pattern("home.joins")
_HE_AND = pattern("home.he_and")
_FRIENDS = ("同学", "同桌", "朋友", "网友", "邻居", "隔壁", "老乡")


@dataclass(frozen=True)
class Keeper:
    """Somebody the child is said to be with; `raises` when said to look after it, `inferred` from that alone."""

    value: str
    span: tuple[int, int]
    people: People
    raises: bool
    inferred: bool = False
    awarded: bool = False


def with_one_of(roles: Collection[str]) -> list[str]:
    """With whom a child is that is said to be with the writer."""
    values = {_MINE[role] for role in roles if role in _MINE}
    return sorted(values or {*_MINE.values(), "foster_family"})


def mine(story: Story) -> str | None:
    """With whom a child lives that lives with the writer."""
    values = {_MINE.get(role) for role in story.speaker.roles}
    return values.pop() if len(values) == 1 else None


def is_with_another(story: Story, value: str) -> bool:
    """他妈尿毒症 孩子跟俺过: who writes so of her is not the mother, and the child is with who writes."""
    named = any(each.kind == value and each.owner in ("them", "child") for each in story.mentions)
    return named and bool(_WITH_ME.search(story.text))


def is_meant(text: str) -> bool:
    """养不起了 想送福利院: where a child shall go, not where it is."""
    sent = _SENT.search(text)
    return bool(sent and _TO_BE_SENT.search(text[: sent.start()]))


def of(story: Story, placed: Placed) -> str | None:
    """The value a mention stands for; None when nobody lives with them."""
    is_ours = placed.mention.kind == "couple" and placed.mention.owner == "me"
    if placed.mention.kind == "me" or placed.people == ("asker",) or is_ours:
        return mine(story)
    if placed.mention.owner == "me" and placed.mention.kind in PARENTS and {*story.speaker.roles} & {*_UNCLES}:
        return "grandparents"
    if placed.people == ("father", "mother"):
        given = placed.mention.owner == "them" and story.text[: placed.mention.start].endswith("给")
        return "grandparents" if given else "both_parents"  # 女婿把孩子扔给他爹妈
    if placed.people in (("father",), ("mother",)):
        return placed.people[0]
    if placed.mention.kind in ("brother", "sister") and not re.search("哥|姐", placed.mention.word):
        return None  # whoever lives with a younger brother is not looked after by him
    if placed.mention.kind in ("outsiders", "strangers"):
        given = story.text[: placed.mention.start].endswith(("由", "托", "托给", "交给", "请"))
        at_theirs = given or AT_THEIRS.match(story.text, placed.mention.end)
        return "friends" if placed.mention.word in _FRIENDS and at_theirs else None
    return _KINDS.get(placed.mention.kind)


def by_themselves(story: Story) -> list[Keeper]:
    """就我跟弟弟两个人住, said by a child."""
    match = _BY_THEMSELVES.search(story.text) if story.speaker.roles in (("child",), ("child", "sibling"), ()) else None
    if match is None or story.stance_of(*match.span()) is not Stance.SAID:
        return []
    return [Keeper("alone", match.span(), (), False)]


def pairs(story: Story) -> list[Keeper]:
    """我跟儿子过, 祖孙俩相依为命: whoever is named together with the child."""
    found = []
    for match in _TWO.finditer(story.text):
        grown = [each for each in story.placed if match.start() < each.mention.start < match.end()]
        if any(each.people != ("child",) for each in grown):
            continue  # 我跟儿子住, said by a grandmother
        if story.stance_of(*match.span()) is Stance.SAID and (value := mine(story)):
            people = next((each.people for each in reversed(story.placed) if each.mention.start == match.start()), ())
            found.append(Keeper(value, match.span(), people, True))
    for value, span in elders.pairs(story.text):
        if value in PARENTS and story.text[: span[0]].endswith(("我", "我们", "俺们")):
            value = mine(story) or value  # 我们爷俩, said by a stepfather
        parent = (value,) if value in PARENTS else ()
        found.append(Keeper(value, span, parent, bool(parent)))
    return found


def families(story: Story) -> list[Keeper]:
    """家里就爸爸妈妈和我: a household told by its heads."""
    found = []
    for match in _FAMILY.finditer(story.text):
        members, place = [], match.end()
        he = _HE_AND.match(story.text, place)
        place = he.end() if he else place
        for each in story.placed:
            if each.mention.start >= match.end():
                if not _JOINS.fullmatch(story.text[place : each.mention.start]):
                    break
                members.append(each)
                place = each.mention.end
        people = {person for each in members for person in each.people} | ({"child"} if he else set())
        values = {value for each in members if each.people in (OTHER, ("asker",)) and (value := of(story, each))}
        parents = people & PARENTS
        value = "both_parents" if len(parents) > 1 else next(iter(parents or values), None)
        if "child" in people and value and (parents or len(values) == 1):
            found.append(Keeper(value, (match.start(), place), (), False))
    return found


def carers(story: Story) -> list[Keeper]:
    """Parents told of as 在家带孩子."""
    found = []
    for hit in story.hits:
        people = story.people(hit)
        if not people and story.speaker.roles in (("father",), ("mother",)):
            people = story.speaker.roles
        if "养家" in story.text[hit.start : hit.end]:
            continue  # who earns for the family may be anywhere
        if hit.cue.value != "caring" or not people or story.stance(hit) is not Stance.SAID:
            continue
        if {*people} <= PARENTS:
            value = people[0] if len(people) == 1 else "both_parents"
            found.append(Keeper(value, (hit.start, hit.end), people, False, True))
    return found


def _may_be_child(story: Story, place: int) -> bool:
    segment = story.segment(place)
    survives = story.text[:place].endswith(("去世后", "走后", "死后", "过世后", "病故后"))
    return survives or not segment.named or segment.people == ("child",)


def places(story: Story, library: Library) -> list[Keeper]:
    """在福利院, 独自生活."""
    found = []
    lone = _LONE.search(story.text)
    if lone and _may_be_child(story, lone.start()) and story.stance_of(*lone.span()) is Stance.SAID:
        found.append(Keeper("alone", lone.span(), (), False))
    sent = _SENT.search(story.text)
    is_there = sent and not is_meant(story.text) and _may_be_child(story, sent.start())
    if sent and is_there and story.stance_of(*sent.span()) is Stance.SAID:
        found.append(Keeper("institution", sent.span(), (), False))
    for choice in library.facts[LIVES_WITH].choices:
        if choice.value not in PLACES:
            continue
        for word in choice.says:
            place = story.text.find(word)
            span = place, place + len(word)
            if choice.value == "alone" and _AT_SCHOOL.match(story.text, place + len(word)):
                continue
            if len(word) < 3 or place < 0 or story.segment(place).people not in (("child",), ()):
                continue
            if choice.value == "institution" and story.text.startswith(("长大", "出来"), span[1]):
                continue  # 在福利院长大: not that it is there now
            if story.stance_of(*span) is Stance.SAID:
                found.append(Keeper(str(choice.value), span, (), False))
    return found
