"""Who is said to keep the child: 跟我过, 奶奶带着, 放在姑姑家."""

from __future__ import annotations

import re

from knowledge.reading import elders, household
from knowledge.reading.clauses import Placed, Segment
from knowledge.reading.household import AT_THEIRS, Keeper
from knowledge.reading.kinship import CHILDREN, PARENTS
from knowledge.reading.patterns import pattern
from knowledge.reading.people import OTHER, People
from knowledge.reading.polarity import Stance
from knowledge.reading.story import Story

_WITH = pattern("home.with")
_TOGETHER = pattern("home.together")
_RAISES = pattern("home.raises")
_ON_PAPER = pattern("home.on_paper")
_AFTER_DIVORCE = pattern("home.after_divorce")
_OPENS_WITH = pattern("home.opens_with")
_MOVES_ON = pattern("home.moves_on")
_AT_HOME = re.compile(
    "(?:们)?(?:家|手上|手里|这|屋|跟前儿?|这里|这儿|这边|那里|那边|那儿)里?(?=$|吃住|[，。,\\s住过养带待了快已长上读念她他孩娃])"
)
_CARRIES = pattern("home.carries")
_FETCHED = re.compile("接(?:过来|回来|来|到我家|到我这里?|到身边)(?:了|住|养|带)")
_LEFT_HERE = re.compile("(?:们)?(?:(?:撂|扔|丢|甩|留)(?:下|这)|送(?:过|回)?来)")
_HANDED = pattern("home.handed")
_THE_LOT = pattern("home.the_lot")
_WISHED = re.compile("(?:(?<!不)想|愿意|肯|[闹吵]着要|[闹吵]着)(?:要|去|回)*(?:跟|跟着|和|住)$")
_LISTED = re.compile("(?:实际监护|照料|照护|照看|抚养|带养|照顾)人(?:是|为|[:：])$")
_HELPS = re.compile("(?:在|也|来|过来|都|给)*(?:帮忙|帮着|帮)")
_DENIED = re.compile("(?:也|都|又|从来|一直)*(?:不|没)")
_I_AM = re.compile("(?:我|我们|俺|俺们)是(?:一个|孩子的?|他的?|她的?|孩子他|孩子她)*$")
_MANAGES = re.compile("(?:一个人|自己|一直|在|来)*管(?:着)?的?(?=$|[，。,\\s])")
_ASIDE = re.compile("^[（(][^）)]{1,8}[）)]")  # 由我（孩子的堂伯）照看
_THING = "(?:钱|卡|证|本|户口|东西|行李|折子|存折|判决书|材料|手续|证明|单子|资料|手机|补贴|补助|低保|钥匙|房子|地契)"
_THINGS = re.compile(f"{_THING}[^，。,]{{0,3}}$")
# 判决书我没有 在他姑那
_THING_BEFORE = re.compile(
    f"(?<![没无有办领吃上]){_THING}(?:都|也|就|还|全|一直|现在|我|放|存|压)*在?$"
    "|(?<![没无有办领])(?:折子|存折|判决书|材料|手续|证明|单子|资料|卡|证|户口本)"
    "[^。！？!?，,\\s]{0,8}[，,\\s]+(?:都|也|就|还|全)*在$"
)
_LIVES = re.compile("(?:家里?|那边?|那里|那儿|这边?)(?:住|过|养|带|长大|上学|读|念|生活)")
_PUT_DOWN = re.compile("(?:们)?(?:家|这|这里|这儿|这边|屋)里?一(?:放|丢|扔|甩|撂|搁)")
_IN = ("在", "住", "放", "搁", "丢", "扔", "甩", "撂", "放到", "送到", "送去", "接到", "搬到", "寄养到", "托")
_IN_TOWN = re.compile("(?:放|搁|寄养|住|送)(?:在|到|回)?(?:老家|乡下|农村|[^，。,\\s他她我你孩娃]{2,3})$")
_FAR = 40
_QUOTE = 6
_GONE = ("dead", "declared_missing", "lost_contact", "imprisoned", "detained", "compulsory_rehab", "working_away",
         "elsewhere")  # fmt: skip


def find(story: Story) -> list[Keeper]:
    """Whoever is named as the one the child is with."""
    found = []
    for placed in story.placed:
        start, end = placed.mention.start, placed.mention.end
        value = household.of(story, placed)
        carrier = _carrier(story, placed)
        if carrier:
            value = household.mine(story)
        if value is None or story.stance_of(start, end) not in (Stance.SAID, Stance.DOUBTED):
            continue
        before = story.text[max(0, start - _FAR) : start]
        if _ON_PAPER.search(before) or _WISHED.search(before) or _DENIED.match(story.text, end):
            continue
        is_awarded = placed.people in (("father",), ("mother",)) and before.endswith("归")
        helped = before.endswith(("帮", "替")) or (before.endswith("给") and placed.mention.kind == "me")
        if not carrier and helped and not _is_given(story, placed):
            raises_for_me = _raises(story.text[end : end + _FAR])
            if raises_for_me:
                continue  # 我妈一直给我带儿子, 帮我哥带两个
        is_mine = placed.mention.kind == "me" and before.endswith("是") and _MANAGES.match(story.text, end)
        after = _ASIDE.sub("", story.text[end : end + _FAR])
        raises = bool(carrier or is_mine) or is_awarded or _raises(after)
        if raises and _HELPS.match(story.text, end) and {*story.speaker.roles} <= PARENTS:
            continue  # 我上班，婆婆帮带: still at home
        together = _together(story, placed, before)
        if placed.people == OTHER and (
            elders.have_died(story, placed) or (not together and elders.fall_ill(story, placed))
        ):
            continue
        if raises and not together and elders.are_nursed(story, placed):
            continue
        if raises or together:
            clause = story.segment(start).clause
            mine = placed.mention.kind == "me" and placed.people in (("father",), ("mother",))
            raises = raises or mine  # 女儿现在跟我, said by her mother
            span = max(clause.start, start - _QUOTE), min(clause.end, end + _QUOTE)
            found.append(
                Keeper(value, span, carrier or placed.people, raises, inferred=not together, awarded=is_awarded)
            )
    return found


def _is_given(story: Story, placed: Placed) -> bool:
    """孩子给我带: the child is the one named before, nobody who minds it for me."""
    clause = story.segment(placed.mention.start).clause
    before = [each for each in story.placed if clause.start <= each.mention.start < placed.mention.start]
    return placed.mention.kind == "me" and bool(before) and before[-1].mention.kind in CHILDREN


def _raises(after: str) -> bool:
    match = _RAISES.match(after)
    return match is not None and not _MOVES_ON.match(after, match.end())


def _together(story: Story, placed: Placed, before: str) -> bool:
    if (
        placed.mention.kind == "me"
        and _AT_HOME.match(story.text, placed.mention.end)
        and before.endswith((*_IN, "轮到"))
        and not _THINGS.search(before[-6:])
    ):
        return before.endswith("轮到") or _of_child(story, placed)
    if placed.mention.kind == "me" and before.endswith("往") and _PUT_DOWN.match(story.text, placed.mention.end):
        return True
    if placed.mention.kind == "me" and before.endswith("给") and _LEFT_HERE.match(story.text, placed.mention.end):
        return _of_child(story, placed)
    if before.endswith(("送到", "放", "放在", "扔在", "丢在", "送回")) and AT_THEIRS.match(
        story.text, placed.mention.end
    ):
        return not story.segment(placed.mention.start).named or _of_child(story, placed)
    if _LISTED.search(before) and _TOGETHER.match(story.text, placed.mention.end):
        return True
    if _THING_BEFORE.search(before) and not _LIVES.match(story.text, placed.mention.end):
        return False
    is_in = before.endswith(_IN) or (placed.people == OTHER and _IN_TOWN.search(before))
    if AT_THEIRS.match(story.text, placed.mention.end) and is_in:
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
    if not subjects:
        return ()
    is_me = subjects[-1].mention.kind == "me"
    named = _I_AM.search(story.text[: subjects[-1].mention.start]) and household.of(story, subjects[-1])
    return subjects[-1].people if is_me or (named and named == household.mine(story)) else ()


def _of_child(story: Story, placed: Placed) -> bool:
    segment = story.segment(placed.mention.start)
    before = story.text[segment.clause.start : placed.mention.start]
    if _HANDED.search(before) or _THE_LOT.fullmatch(before):
        return True
    if _AFTER_DIVORCE.search(story.text[: placed.mention.start]):
        return True
    if segment.people == story.speaker.roles and {*segment.people} <= PARENTS and before.endswith(("住", "住在")):
        return False  # 我没工作，住我哥家: where the writer lives
    nearest = [each for each in story.placed if segment.clause.start <= each.mention.start < placed.mention.start]
    if nearest:
        return any(each.people == ("child",) for each in nearest) or nearest[-1].mention.kind in CHILDREN
    ahead = story.segment(max(segment.clause.start, placed.mention.start - 1))
    if ahead is not segment and ahead.people == ("child",):
        return True  # 一直放他爷爷奶奶那里, behind a child
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
