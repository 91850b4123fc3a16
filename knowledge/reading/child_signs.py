"""Which words of a story hold for a child or for its home: said as true, of it, and of now."""

from __future__ import annotations

import re
from typing import Any

from knowledge.library import Library
from knowledge.reading.clauses import Placed
from knowledge.reading.cues import SITUATION, Hit
from knowledge.reading.kinship import CHILDREN, PARENTS, kin
from knowledge.reading.patterns import expression, pattern
from knowledge.reading.people import OTHER
from knowledge.reading.polarity import Stance
from knowledge.reading.story import Story
from knowledge.reading.told import Told, label

_CHILD_AFTER = pattern("children.child_after")
_ONLY_AGE = pattern("children.only_age")
_FREE = (
    "child.schooling",
    "child.boarding",
    "child.has_hukou",
    "child.refused_by_school",
    "child.school_public",
    "child.adoption",
    "child.parents_untraceable",
)
_TO_COME = pattern("children.to_come")
_NOT_A_PUPIL = pattern("children.not_a_pupil")
_ENDS_SCHOOL = ("dropped_out", "finished", "not_in_school_yet")
_STOPPED = pattern("children.stopped")
_HOW = pattern("children.how")
_CLASS_TEACHER = re.compile("(?:[（(]?[0-9一二三四五六七八九十]{1,2}[）)]?班)?的?(?:班主任|老师)")
_ONE_OF_THEM = re.compile("班[里上]|女生|男生|学生|同学")
_A_PUPIL = re.compile("(?:有|这|那)(?:一?个|一?名|一?位)$")
_HUKOU_OF_ITS_OWN = re.compile("(?=户口|户籍)")
_ALSO = re.compile("(?:都|也|还|的|她|他|一直|现在|至今)*")
_IN_MY_CLASS = re.compile(
    "^(?:[（(]?[0-9一二三四五六七八九十]{1,2}[）)]?班)?的?(?:班主任|老师)[^。]{0,8}(?:班(?:上|里)|我们?班)"
)
_NOBODY_ELSES = (
    "child.parents_untraceable",
    "child.adoption",
    "child.refused_by_school",
    "child.school_public",
    "child.recognised_orphan_before_18",
)
_OF_A_CASE = ("safety.self_harm", "need.counselling", "safety.ran_away")
_REPORTERS = ("teacher", "child_director", "professional")
_RECOVERED = re.compile("[^。，,]{0,4}[，,]?(?:现在|后来|前年|去年|今年|已经|早就|都)*(?:治?好了|痊愈|康复了|治愈)")
_NOT_OURS = re.compile(
    "[^，。,]{0,4}[，,](?:但是?|可是?|就)?(?:我们?家?|俺们?家?|我家)(?:这边|自己)?(?:也|都|就)?没(?:有)?(?:低保)?(?=$|[，。,\\s])"
)
_LOCKED = re.compile("锁|关")
_GIVES = re.compile("村|社区|街道|政府|乡里|镇里|民政")  # 村里给办了低保 is said of the family
_NOT_SURE = re.compile("症?[，, ]?(?:但是?|可是?)?(?:还|也|都)?没(?:有)?(?:确诊|确定|诊断)")
_GROWN_ROLES = tuple((role,) for role in kin()["roles"] if role not in ("child", "sibling"))
_LONG_AGO = re.compile("去年|前年|前些年|以前|小时候|那年|[0-9零〇一二三四五六七八九]{2,4}年")
_UNLETTERED = re.compile(f"们?(?:{expression('speaker.unlettered')})")
_US = re.compile("(?:我|俺|咱)")
_CUSTODY = ("imprisoned", "detained", "caught", "not_judged", "suspended_sentence")
_NOT_YET = pattern("children.not_yet")


def told(story: Story, library: Library) -> list[Told]:
    """What the cues of a child and of its home tell."""
    found = []
    for hit in story.hits:
        if hit.cue.about == "parent" or not _counts(story, hit):
            continue
        fact = library.facts[hit.cue.fact]
        stance = story.stance(hit)
        if stance is Stance.DENIED and hit.cue.fact == "child.boarding":
            found.append(Told(fact.id, False, _quote(story, hit), label(story, hit.start), False))
        if stance in (Stance.SUPPOSED, Stance.ASKED) and fact.id.startswith("need."):
            stance = Stance.SAID  # a wish is what these facts are about
        if stance not in (Stance.SAID, Stance.DOUBTED):
            continue
        if stance is Stance.DOUBTED and _NOT_SURE.match(story.text, hit.end):
            continue  # 医院怀疑是自闭症还没确诊
        value: Any = hit.cue.value == "true" if fact.kind == "bool" else hit.cue.value
        if value == "kindergarten":
            value = {"one_of": ["kindergarten_final_year", "kindergarten_lower"]}
        whose = 0 if fact.id.startswith("household.") else label(story, hit.start)
        found.append(Told(fact.id, value, _quote(story, hit), whose, stance is Stance.DOUBTED))
    return found


def _counts(story: Story, hit: Hit) -> bool:
    before, after = story.text[: hit.start], story.text[hit.end :]
    if hit.cue.fact == "child.boarding" and "回家" in story.text[hit.start : hit.end] and _of_parent(story, hit):
        return False  # 我在镇上修车，天天回家
    is_pupil = hit.cue.fact == "child.schooling" and hit.cue.value not in _ENDS_SCHOOL
    is_to_come = _TO_COME.search(before) and not story.text.startswith("考上了", hit.start)
    if is_pupil and (is_to_come or (_NOT_A_PUPIL.match(after) and not _is_pupil(story, after))):
        return False
    if hit.cue.fact == "child.major_illness" and _RECOVERED.match(after):
        return False  # 得过白血病，已经好了
    if hit.cue.fact == "household.relief" and _NOT_OURS.match(after):
        return False  # 爷爷有低保，我们没有
    if hit.cue.fact == "household.emergency" and _LONG_AGO.search(before[-12:]):
        return False
    if hit.cue.fact == "household.relief" and (_NOT_YET.search(before) or _STOPPED.match(after) or _HOW.search(before)):
        return False
    if hit.cue.fact == "child.schooling" and _CLASS_TEACHER.match(after):
        return True  # so far: its pupils
    segment = story.segment(hit.start)
    if hit.cue.fact == "safety.unattended" and story.speaker.roles in _GROWN_ROLES and _US.match(after):
        return False  # 没人管我们, said by a father: nobody helps
    if hit.cue.value == "bullying" and _UNLETTERED.match(after):
        return False  # 欺负我们没文化
    if hit.cue.value == "trafficked" and _is_a_crime(story, hit):
        return False
    if hit.cue.fact == "safety.harm":
        # 婆婆骂我, said by a grown-up, is not done to the child
        return not (story.speaker.roles in _GROWN_ROLES and (after.startswith("我") or before.endswith("我")))
    if hit.cue.about == "home" and hit.cue.fact != "safety.unattended":
        return not (
            segment.named and segment.people in (("other",), ("stranger",)) and _is_stranger(story, segment.start)
        )
    # 他妈带的那个病毒传给他了: told of the mother, and so of the child
    is_passed_on = hit.cue.fact == "child.hiv" and "传" in story.text[hit.start : hit.end]
    return is_passed_on or _is_childs(story, hit)


def _is_a_crime(story: Story, hit: Hit) -> bool:
    """他爸判了三年 是拐卖的事: why a parent sits, and nothing done to this child."""
    sits = any(each.cue.fact == SITUATION and each.cue.value in _CUSTODY for each in story.hits)
    clause = story.segment(hit.start).clause
    named = [each for each in story.placed if clause.start <= each.mention.start < clause.end]
    return sits and not any(each.people == ("child",) for each in named)


def _is_pupil(story: Story, after: str) -> bool:
    """初一女生, said by anybody but a schoolmate; or a pupil of who teaches that class."""
    if _CLASS_TEACHER.match(after):
        return bool(_IN_MY_CLASS.search(after))  # 我是六年级班主任，班上有个女孩
    return after.startswith(("男生", "女生")) and story.speaker.roles != ("child",)


def _of_parent(story: Story, hit: Hit) -> bool:
    return bool({*story.people(hit)} & PARENTS)


def _is_stranger(story: Story, start: int) -> bool:
    return any(
        each.start == start
        and each.kind in ("strangers", "outsiders", "relatives", "uncle")
        and not _GIVES.match(each.word)
        for each in story.mentions
    )


def _is_childs(story: Story, hit: Hit) -> bool:
    if _CHILD_AFTER.match(story.text, hit.end):
        return True
    if story.text[hit.start : hit.end].endswith("生") and _A_PUPIL.search(story.text[: hit.start]):
        return True  # 我们这边有个高中生
    locked_in = hit.cue.fact == "safety.unattended" and _LOCKED.search(story.text, hit.start, hit.end)
    if locked_in or hit.cue.fact in _NOBODY_ELSES:
        return True
    segment = story.segment(hit.start)
    nearest = [
        each for each in story.placed if segment.clause.start <= each.mention.start and each.mention.end <= hit.start
    ]
    is_subject = nearest and (nearest[-1].subject or hit.cue.fact != "safety.ran_away")
    if is_subject and nearest[-1].mention.kind in CHILDREN:
        return True  # but 妈妈生下孩子后离家出走
    if segment.people == ("child",) or (hit.cue.fact == "child.has_hukou" and _is_next(story, hit, nearest)):
        return True
    if hit.cue.fact == "child.schooling" and _is_staying(story, nearest):
        return True
    if hit.cue.fact in _OF_A_CASE and not segment.named and {*story.speaker.roles} & {*_REPORTERS}:
        said = story.text[segment.clause.start : hit.start]
        # 班里一个女生写想死; 祖母去世后独居，近期有自残行为
        return segment.people == OTHER or bool(_ONE_OF_THEM.search(said))
    if hit.cue.fact == "child.disability_kind" and not story.placed:
        return True  # 自闭症 证是三级的, and nobody is named
    if segment.people == () or not segment.named:
        return hit.cue.fact in (*_FREE, "safety.unattended") and (
            segment.people == ()
            or bool(_ONLY_AGE.fullmatch(story.text[segment.clause.start : hit.start]))
            or hit.cue.fact == "child.has_hukou"
        )
    return False


def _is_next(story: Story, hit: Hit, nearest: list[Placed]) -> bool:
    """我妈在带户口还没上: typed without a stop, a new subject."""
    if not nearest or not _HUKOU_OF_ITS_OWN.match(story.text, hit.start):
        return False
    return not _ALSO.fullmatch(story.text, nearest[-1].mention.end, hit.start)


def _is_staying(story: Story, nearest: list[Placed]) -> bool:
    """孩子在我妈那里上初一: with whom the child is stands between."""
    if len(nearest) < 2 or nearest[-1].subject or nearest[-2].mention.kind not in CHILDREN:
        return False
    return story.text[: nearest[-1].mention.start].endswith(("在", "跟", "跟着", "住"))


def _quote(story: Story, hit: Hit) -> tuple[int, int]:
    return hit.start, hit.end
