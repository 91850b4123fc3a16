"""With whom the child lives: 跟我过, 奶奶带着, 在福利院."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from knowledge.library import Library
from knowledge.reading import elders
from knowledge.reading.clauses import Placed, Segment
from knowledge.reading.kinship import CHILDREN, PARENTS
from knowledge.reading.patterns import pattern
from knowledge.reading.people import OTHER, People
from knowledge.reading.polarity import Stance
from knowledge.reading.siblings import ALL
from knowledge.reading.story import Findings, Story
from knowledge.reading.told import label

LIVES_WITH = "child.lives_with"
_WITH = pattern("home.with")
_TOGETHER = pattern("home.together")
_RAISES = pattern("home.raises")
_ON_PAPER = pattern("home.on_paper")
_AFTER_DIVORCE = pattern("home.after_divorce")
_OPENS_WITH = pattern("home.opens_with")
_MOVES_ON = pattern("home.moves_on")
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
_AT_HOME = re.compile("(?:们)?(?:家|这|屋|跟前儿?|这里|这儿|这边)里?(?=$|吃住|[，。,\\s住过养待了长上读念])")
_LONE = re.compile("独自(?:一人|一个人)?(?:生活|居住|住)(?!校|在?学校)")
_AT_SCHOOL = re.compile("在?(?:学校|宿舍|校)")
_AT_THEIRS = re.compile("(?:家里?|这|那|这里|那里|那儿|那边|身边)(?=$|吃住|[，。,\\s住过养待了长上读念])")
_CARRIES = pattern("home.carries")
_FETCHED = re.compile("接(?:过来|回来|来|到我家|到我这里?|到身边)(?:了|住|养|带)")
_LEFT_HERE = re.compile("(?:们)?(?:撂|扔|丢|甩|留)(?:下|这)")
_LISTED = re.compile("(?:照料|照护|照看|抚养|带养|照顾)人(?:是|为|[:：])$")
_HELPS = re.compile("(?:在|也|来|过来|都|给)*(?:帮忙|帮着|帮)")
_DENIED = re.compile("(?:也|都|又|从来|一直)*(?:不|没)")
_TWO = pattern("home.two")
_NOW = re.compile("(?:现在|如今|目前|眼下|这会儿|现)")
_LIVES_ALONE = re.compile("独自|一个人(?:住|过|生活)")
_FOSTERED = pattern("home.fostered")
_FOSTERS = ("foster_family", "friends", "other_relatives")
_FAR = 40
_QUOTE = 6
_GONE = ("dead", "declared_missing", "lost_contact", "imprisoned", "detained", "compulsory_rehab", "working_away")
_FRIENDS = ("同学", "同桌", "朋友", "网友", "邻居", "隔壁", "老乡")
_PLACES = ("institution", "foster_family", "street", "alone")


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


def find(story: Story, library: Library) -> list[Keeper]:
    """Whoever a child is said to be with."""
    return [*_keepers(story), *_pairs(story), *_carers(story), *_places(story, library)]


def read(story: Story, findings: Findings, found: list[Keeper], asking: str | None = None, held: Any = None) -> None:
    """child.lives_with into `findings`, when all told of a child agrees; a parent who raises the child is caring.

    他妈在家带孩子, said when her situation was asked, is about her: it leaves what is `held` of where the child lives.
    """
    is_about_them = asking in ("father.situation", "mother.situation") and held is not None
    told = [keeper for keeper in found if not (is_about_them and keeper.inferred and keeper.value != held)]
    labels = {label(story, keeper.span[0]) for keeper in told}
    for each in labels:
        _tell(story, findings, each, [keeper for keeper in told if label(story, keeper.span[0]) == each])
    _tell_fostered(story, findings, held)
    for keeper in found:
        for parent in PARENTS & {*keeper.people}:
            fact = f"{parent}.situation"
            is_open = {*findings.facts.get(fact, [])} <= {"disabled", "major_illness"}
            if keeper.raises and is_open and fact not in findings.partial:
                findings.add(fact, "caring", keeper.span)


def _tell_fostered(story: Story, findings: Findings, held: Any) -> None:
    """寄养着, but not with whom."""
    found = _FOSTERED.search(story.text)
    if found and held is None and LIVES_WITH not in findings.facts and LIVES_WITH not in findings.partial:
        findings.tell(LIVES_WITH, {"one_of": [*_FOSTERS]}, found.span())


def _tell(story: Story, findings: Findings, number: int, found: list[Keeper]) -> None:
    whose = findings.of(number)
    found = _now(story, found)
    agreed = len({keeper.value for keeper in found}) == 1 and whose.facts.get(LIVES_WITH, found[0].value)
    if agreed != found[0].value:
        whose.drop(LIVES_WITH)
        return
    whose.tell(LIVES_WITH, found[0].value, found[0].span)
    if number == ALL:
        findings.for_all.add(LIVES_WITH)
    if found[0].value not in _PLACES and "一个人" not in story.text:
        whose.drop("safety.unattended")


def _now(story: Story, found: list[Keeper]) -> list[Keeper]:
    """一直是我妈带，现在轮到我家: what is said to be so now; 平时一个人在家 takes nobody's place."""
    if len({keeper.value for keeper in found}) > 1:
        found = [keeper for keeper in found if not keeper.awarded] or found  # 孙子归我儿子，人在我这
        named = [keeper for keeper in found if keeper.value != "alone" or _LIVES_ALONE.search(story.text)]
        found = named or found
    present = [each for each in found if _NOW.match(story.text, story.segment(each.span[0]).clause.start)]
    return present if len({each.value for each in present}) == 1 else found


def _pairs(story: Story) -> list[Keeper]:
    """我跟儿子过, 祖孙俩相依为命: whoever is named together with the child."""
    found = []
    for match in _TWO.finditer(story.text):
        if story.stance_of(*match.span()) is Stance.SAID and (value := _mine(story)):
            people = next((each.people for each in reversed(story.placed) if each.mention.start == match.start()), ())
            found.append(Keeper(value, match.span(), people, True))
    for value, span in elders.pairs(story.text):
        parent = (value,) if value in PARENTS else ()
        found.append(Keeper(value, span, parent, bool(parent)))
    return found


def _keepers(story: Story) -> list[Keeper]:
    found = []
    for placed in story.placed:
        start, end = placed.mention.start, placed.mention.end
        value = _household(story, placed)
        carrier = _carrier(story, placed)
        if carrier:
            value = _mine(story)
        if value is None or story.stance_of(start, end) not in (Stance.SAID, Stance.DOUBTED):
            continue
        before = story.text[max(0, start - _FAR) : start]
        if _ON_PAPER.search(before) or _DENIED.match(story.text, end):
            continue
        is_awarded = placed.people in (("father",), ("mother",)) and before.endswith("归")
        if placed.mention.kind == "me" and not carrier and before.endswith(("给", "帮", "替")):
            raises_for_me = _raises(story.text[end : end + _FAR])
            if raises_for_me:
                continue  # 我妈一直给我带儿子
        if placed.people == OTHER and elders.have_died(story, placed):
            continue
        raises = bool(carrier) or is_awarded or _raises(story.text[end : end + _FAR])
        if raises and _HELPS.match(story.text, end) and {*story.speaker.roles} <= PARENTS:
            continue  # 我上班，婆婆帮带: still at home
        together = _together(story, placed, before)
        if raises and not together and elders.are_nursed(story, placed):
            continue
        if raises or together:
            clause = story.segment(start).clause
            span = max(clause.start, start - _QUOTE), min(clause.end, end + _QUOTE)
            found.append(Keeper(value, span, carrier or placed.people, raises, not together, is_awarded))
    return found


def _carers(story: Story) -> list[Keeper]:
    """Parents told of as 在家带孩子."""
    found = []
    for hit in story.hits:
        people = story.people(hit)
        if not people and story.speaker.roles in (("father",), ("mother",)):
            people = story.speaker.roles
        if hit.cue.value != "caring" or not people or story.stance(hit) is not Stance.SAID:
            continue
        if {*people} <= PARENTS:
            value = people[0] if len(people) == 1 else "both_parents"
            found.append(Keeper(value, (hit.start, hit.end), people, False, True))
    return found


def _raises(after: str) -> bool:
    match = _RAISES.match(after)
    return match is not None and not _MOVES_ON.match(after, match.end())


def _together(story: Story, placed: Placed, before: str) -> bool:
    if (
        placed.mention.kind == "me"
        and _AT_HOME.match(story.text, placed.mention.end)
        and before.endswith(("在", "住", "住在", "放", "轮到"))
    ):
        return before.endswith("轮到") or _of_child(story, placed)
    if placed.mention.kind == "me" and before.endswith("给") and _LEFT_HERE.match(story.text, placed.mention.end):
        return _of_child(story, placed)
    if before.endswith(("送到", "放", "放在", "扔在", "丢在", "送回")) and _AT_THEIRS.match(
        story.text, placed.mention.end
    ):
        return not story.segment(placed.mention.start).named or _of_child(story, placed)
    if _LISTED.search(before) and _TOGETHER.match(story.text, placed.mention.end):
        return True
    if _AT_THEIRS.match(story.text, placed.mention.end) and before.endswith(("在", "住", "住在", "放", "送到")):
        return _of_child(story, placed)
    with_them = _WITH.search(before) or (placed.mention.kind == "me" and before.endswith("归"))
    return bool(with_them and _TOGETHER.match(story.text, placed.mention.end) and _of_child(story, placed))


def _carrier(story: Story, placed: Placed) -> People:
    """老汉我带个孙女: who writes raises the child named behind."""
    clause = story.segment(placed.mention.start).clause
    if _FETCHED.match(story.text, placed.mention.end) and story.text[: placed.mention.start].endswith("我把"):
        return next((each.people for each in reversed(story.placed) if each.mention.kind == "me"), ())
    before = _CARRIES.search(story.text, clause.start, placed.mention.start)
    if placed.people != ("child",) or before is None or before.end() != placed.mention.start:
        return ()
    subjects = [each for each in story.placed if each.subject and each.mention.end <= before.start("carries")]
    return subjects[-1].people if subjects and subjects[-1].mention.kind == "me" else ()


def _mine(story: Story) -> str | None:
    values = {_MINE.get(role) for role in story.speaker.roles}
    return values.pop() if len(values) == 1 else None


def _household(story: Story, placed: Placed) -> str | None:
    if placed.mention.kind == "me" or placed.people == ("asker",):
        return _mine(story)
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
        return (
            "friends" if placed.mention.word in _FRIENDS and _AT_THEIRS.match(story.text, placed.mention.end) else None
        )
    return _KINDS.get(placed.mention.kind)


def _of_child(story: Story, placed: Placed) -> bool:
    segment = story.segment(placed.mention.start)
    if _AFTER_DIVORCE.search(story.text[: placed.mention.start]):
        return True
    nearest = [each for each in story.placed if segment.clause.start <= each.mention.start < placed.mention.start]
    if nearest:
        return any(each.people == ("child",) for each in nearest) or nearest[-1].mention.kind in CHILDREN
    before = story.text[segment.clause.start : placed.mention.start]
    if not segment.named and _OPENS_WITH.fullmatch(before) and (placed.people == OTHER or _are_gone(story, segment)):
        return True  # 母亲失联，跟爷爷住, 妈走了没音信，都跟我过: who is gone lives with nobody here
    return segment.people in (("child",), ()) or "给" in story.text[placed.mention.start - 2 : placed.mention.start]


def _are_gone(story: Story, segment: Segment) -> bool:
    """Whether those a clause goes on about were just said to be somewhere else."""
    gone = {
        person
        for hit in story.hits
        if hit.cue.value in _GONE and hit.end <= segment.start
        for person in story.people(hit)
    }
    return bool(segment.people) and {*segment.people} <= gone


def _may_be_child(story: Story, place: int) -> bool:
    segment = story.segment(place)
    return not segment.named or segment.people == ("child",)


def _places(story: Story, library: Library) -> list[Keeper]:
    found = []
    lone = _LONE.search(story.text)
    if lone and _may_be_child(story, lone.start()) and story.stance_of(*lone.span()) is Stance.SAID:
        found.append(Keeper("alone", lone.span(), (), False))
    for choice in library.facts[LIVES_WITH].choices:
        if choice.value not in _PLACES:
            continue
        for word in choice.says:
            place = story.text.find(word)
            span = place, place + len(word)
            if choice.value == "alone" and _AT_SCHOOL.match(story.text, place + len(word)):
                continue
            if len(word) < 3 or place < 0 or story.segment(place).people not in (("child",), ()):
                continue
            if story.stance_of(*span) is Stance.SAID:
                found.append(Keeper(str(choice.value), span, (), False))
    return found
