"""What kinship words say about who uses them: 孙子 is said by a father's parent, 我老公 by the mother."""

from __future__ import annotations

import re
from itertools import pairwise

from knowledge.reading.grown import LEFT_WITH_ME, grown, is_minor, is_young, not_ill, own, told_of
from knowledge.reading.kinship import CHILDREN, Mention, kin
from knowledge.reading.patterns import pattern

PARENT_ROLES = ("father", "mother")
_PATERNAL = "grandparent_paternal"
_MATERNAL = "grandparent_maternal"
_YOUNG = pattern("speaker.young")
_STAYS = pattern("speaker.stays")
_CHILDISH = pattern("speaker.childish")
_MOTHERLY = pattern("speaker.motherly")
_FATHERLY = pattern("speaker.fatherly")
_SAME = re.compile("(?:呢|嘛|啊|就|也|，|,)*(?:是)?")
_MARRIED = pattern("speaker.married")
_ALONE = pattern("speaker.lives_alone")
_NO_BLOOD = pattern("speaker.no_blood")
_STUDENT = pattern("speaker.student")
_HIS_PARENTS = {"老公公", "老婆婆", "公公婆婆", "公婆", "公公", "婆婆", "家公", "家婆"}
_A_RELATIVES = re.compile("亲戚家?的?(?:一个)?(?:孩子|娃|小孩)")
_WORKS = pattern("speaker.works")
_RELEASED = pattern("speaker.released")
_STEP_CHILDREN = ("继子", "继女", "我家继子", "我家继女", "我继子", "我继女")  # 我家继子的妈妈
_NO_BUT = re.compile("[，, ]?(?:而|应该|其实)?是")
_BORE = ("亲(?:爸|爹|生父)|生父", "亲(?:妈|娘|生母)|生母")


def by_descendants(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    roles = {
        "grandchild_paternal": _PATERNAL, "grandchild_maternal": _MATERNAL,
        "nephew_paternal": "uncle_aunt_paternal", "nephew_maternal": "uncle_aunt_maternal",
        "grand_nephew": "other_relative", "great_grandchild": "other_relative",
    }  # fmt: skip
    named = [each for each in mentions if each.kind in roles or _owned_by(each, roles)]
    named = [each for each in named if not _is_denied(text, each)]
    found = {roles[each.kind] for each in named if each.kind in roles and not _anothers(text, each, mentions)}
    found |= {roles[kind] for each in named if (kind := _owned_by(each, roles)) and not _anothers(text, each, mentions)}
    return (found.pop(),) if len(found) == 1 else ()


def _is_denied(text: str, mention: Mention) -> bool:
    """不是孙女，是外孙女."""
    return text[: mention.start].endswith("不是") and bool(_NO_BUT.match(text, mention.end))


def _owned_by(mention: Mention, roles: dict[str, str]) -> str | None:
    """孙子他爸 says as much as 孙子."""
    if mention.owner != "child":
        return None
    named = {word: kind for kind in roles for word in kin()["words"][kind] if word in mention.said}
    return named[max(named, key=len)] if named else None  # 外孙女 is no 孙女


def _anothers(text: str, mention: Mention, mentions: list[Mention]) -> bool:
    """Whether somebody else's grandchild is told of: 奶奶带着孙子, 他孙子."""
    if mention.said.startswith(("我", "俺", "咱")):
        return False
    clause = re.split(r"[，。！？,!?;；\s]", text[: mention.start])[-1]
    return mention.owner == "them" or bool(
        re.search(r"家的?$|奶奶|爷爷|老人|老太|阿嬷|阿婆|外婆|姥姥|外公|姥爷|[他她]", clause)
    )


def by_in_laws(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    found = set()
    if own(mentions, "son_wife", "son_couple") or (own(mentions, "young_wife") and grown(text, mentions, "son")):
        found.add(_PATERNAL)
    if own(mentions, "daughter_husband", "daughter_couple"):
        found.add(_MATERNAL)
    return (found.pop(),) if len(found) == 1 else ()


def by_sons_and_daughters(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    theirs = any(each.owner == "them" and each.kind in (*PARENT_ROLES, "both") for each in mentions)
    named = any(each.kind in CHILDREN or each.owner == "child" for each in mentions)
    child = (
        named or theirs or bool(LEFT_WITH_ME.search(text))
    )  # 他妈跑了，我儿子车祸: both are told of as somebody's parents
    for kind, parent, role in (("son", "father", _PATERNAL), ("daughter", "mother", _MATERNAL)):
        side_by_side = [
            (one.kind, other.kind) for one, other in pairwise(mentions) if _SAME.fullmatch(text, one.end, other.start)
        ]
        if (parent, kind) in side_by_side:
            return (role,)  # 爸爸我儿子, 他爸呢是我儿子: one and the same
    sons, daughters = (grown(text, mentions, kind) and child for kind in ("son", "daughter"))
    if sons or daughters:
        return () if sons and daughters else (_PATERNAL if sons else _MATERNAL,)
    young = [each for each in own(mentions, "son", "daughter") if is_young(told_of(text, each, mentions))]
    if not young:
        return ()
    others = {each.kind for each in mentions if each.kind in PARENT_ROLES and each.owner != "me"}
    spouses = by_spouses(text, mentions)
    if len(spouses) == 1 or (spouses and not any(is_minor(not_ill(told_of(text, each, mentions))) for each in young)):
        return spouses  # 儿子残疾三级，媳妇在家: the father and his father may both say so
    if "father" in spouses and "mother" not in spouses:
        return ("father",)  # 媳妇走了，儿子八岁
    return {frozenset(["father"]): ("mother",), frozenset(["mother"]): ("father",)}.get(frozenset(others), PARENT_ROLES)


def by_brothers_and_sisters(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    child = any(each.kind in CHILDREN for each in mentions)
    paternal = own(mentions, "brother_wife", "brother_couple") or grown(text, mentions, "brother")
    maternal = own(mentions, "sister_husband", "sister_couple") or grown(text, mentions, "sister")
    couples = own(mentions, "brother_couple", "sister_couple")  # 弟弟弟媳都吸毒
    if (child or couples) and bool(paternal) != bool(maternal):
        return ("uncle_aunt_paternal",) if paternal else ("uncle_aunt_maternal",)
    return ()


def by_sisters_in_law(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    """弟弟判了刑，弟媳带着，儿子12女儿8岁: their children, not the writer's."""
    children = [each for each in mentions if each.kind in ("son", "daughter")]
    if not children or any(each.owner == "me" for each in children):
        return ()
    theirs = any(each.owner == "them" for each in children)  # 我姐去世了，她儿子没人管
    paternal = (theirs or own(mentions, "brother_wife", "brother_couple")) and grown(text, mentions, "brother")
    maternal = (theirs or own(mentions, "sister_husband", "sister_couple")) and grown(text, mentions, "sister")
    if bool(paternal) == bool(maternal):
        return ()
    return ("uncle_aunt_paternal",) if paternal else ("uncle_aunt_maternal",)


def by_elder_cousins(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    """我堂哥家儿子才一岁多."""
    cousins = ("elder_cousin_m", "elder_cousin_f")
    mine = [each for each in mentions if each.kind in cousins and each.owner == "me"]
    if any(each.owner in cousins and each.kind in (*CHILDREN, "son", "daughter") for each in mentions):
        return ("other_relative",)  # 表哥的小孩
    kinds = (*CHILDREN, "son", "daughter")
    theirs = [each for each in mentions if each.kind in kinds and each.owner != "me"]
    return ("other_relative",) if mine and theirs and mine[0].start < theirs[0].start else ()


def by_spouses(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    if any(each.kind == "step_child" or each.said.startswith(_STEP_CHILDREN) for each in mentions):
        return ("step_parent",)
    of_the_child = own(mentions, "husband", "wife") or any(each.owner == "child" for each in mentions)
    if (of_the_child or _MARRIED.search(text)) and _NO_BLOOD.search(text):
        return ("step_parent",)
    if (own(mentions, "wife") and re.search(_BORE[0], text)) or (
        own(mentions, "husband") and re.search(_BORE[1], text)
    ):
        return ("step_parent",)  # 我老婆 and 他亲爸: the writer is neither
    theirs = any(each.owner == "them" and each.kind in PARENT_ROLES for each in mentions)  # 他爸打我们娘俩
    if theirs or any(each.kind in CHILDREN or each.owner == "child" for each in mentions):
        for role, said in (("mother", _MOTHERLY), ("father", _FATHERLY)):
            if said.search(text):
                return (role,)
    in_laws = {each.word for each in mentions if each.kind == "in_laws" and each.owner in (None, "me")}
    if in_laws and any(each.kind in CHILDREN or each.kind in ("son", "daughter") for each in mentions):
        if in_laws & _HIS_PARENTS and re.search("(?:我|俺)(?:的)?(?:婆婆|公公|公婆|家公|家婆)", text):
            return ("mother",)
        if in_laws - _HIS_PARENTS and re.search("(?:我|俺)(?:的)?(?:岳|丈母娘|老丈)", text):
            return ("father",)
    if other := _other_parent(text, mentions):
        return other
    if own(mentions, "husband", "ex_husband"):
        return ("mother",)
    if own(mentions, "wife", "ex_wife"):
        return ("father",)
    wives = own(mentions, "young_wife")
    child = any(each.kind in CHILDREN or each.kind in ("son", "daughter") for each in mentions)
    if child and any(each.owner == "me" for each in wives) and not grown(text, mentions, "son"):
        return ("father",)
    if wives and (child or LEFT_WITH_ME.search(text)):
        return ("father", _PATERNAL)
    return ()


def _other_parent(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    """孩子妈跑了，我在超市上班: who goes out to work and names one parent is the other, when no other kin is named."""
    kinds = {each.kind for each in mentions}
    if not _WORKS.search(text) or kinds & {"grandchild_paternal", "grandchild_maternal", "nephew_paternal",
                                           "nephew_maternal", "cousin"}:  # fmt: skip
        return ()
    named = {each.kind for each in mentions if each.kind in PARENT_ROLES and each.owner in ("child", "them")}
    mine = any(each.owner == "me" and each.kind in (*PARENT_ROLES, "both", "brother", "sister") for each in mentions)
    if len(named) != 1 or (mine and not _RELEASED.search(text)):
        return ()
    return ("mother",) if named == {"father"} else ("father",)


def as_cousin(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    if _A_RELATIVES.search(text):
        return ("other_relative",)
    return ("other_relative",) if any(each.kind == "cousin" and each.owner != "them" for each in mentions) else ()


def as_child(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    elders = {*kin()["selves"][_PATERNAL], *kin()["selves"][_MATERNAL], "爷爷奶奶", "外公外婆", "姥姥姥爷"}
    parents = ("father", "mother", "both", "step_parent")
    mine = [each for each in mentions if each.owner == "me" and (each.kind in parents or each.word in elders)]
    bare = [each for each in mentions if each.owner is None and each.kind in ("father", "mother", "both")]
    others = any(each.kind in CHILDREN or each.kind in ("son", "daughter") for each in mentions)
    if _YOUNG.search(text) and not others:
        return ("child",)
    if not others and _ALONE.search(text) and any(each.owner is None and each.word in elders for each in mentions):
        return ("child",)
    if grown(text, mentions, "brother") or grown(text, mentions, "sister"):
        return ()
    young = [each for each in own(mentions, "brother", "sister") if is_minor(told_of(text, each, mentions))]
    if young and (mine or bare):
        return ("sibling",)
    if _YOUNG.search(text) or ((mine or (bare and (_STAYS.search(text) or _CHILDISH.search(text)))) and not others):
        siblings = own(mentions, "brother", "sister")
        return ("child", "sibling") if siblings and not _YOUNG.search(text) else ("child",)
    if not others and (_STAYS.search(text) or _CHILDISH.search(text) or _STUDENT.search(text)):
        return ("child",)
    return ()
