"""Who is writing, told from the kinship words they use; several roles when the words leave it open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from knowledge.reading.kinship import CHILDREN, Mention, kin
from knowledge.reading.patterns import pattern

PARENT_ROLES = ("father", "mother")
_PATERNAL = "grandparent_paternal"
_MATERNAL = "grandparent_maternal"

_ADULT = pattern("speaker.adult")
_MINOR = pattern("speaker.minor")
_LEFT_WITH_ME = pattern("speaker.left_with_me")
_ELDERS_TELL = pattern("speaker.elders_tell")
_TEACHER = pattern("speaker.teacher")
_VILLAGE = pattern("speaker.village")
_NEIGHBOUR = pattern("speaker.neighbour")
_YOUNG = pattern("speaker.young")
_STAYS = pattern("speaker.stays")
_CHILDISH = pattern("speaker.childish")
_NO_BLOOD = pattern("speaker.no_blood")
_STUDENT = pattern("speaker.student")
_SELF_CHILD = pattern("speaker.self_child")


@cache
def _selves() -> re.Pattern[str]:
    words = sorted({word for each in kin()["selves"].values() for word in each}, key=len, reverse=True)
    return re.compile(
        rf"(?:我|俺|本人)(?:(?:就|也)?(?:是|当|作为)|(?:这个|一个)(?:当|做)?)(?!不是|否)(?:(?!不是)[^，。！？,!?\s]){{0,10}}?(?P<word>{'|'.join(words)})"
        rf"(?!的?(?:{'|'.join(words)}|朋友|同学|同事|邻居)|他|她|被|有|没|在|跑|走|去|让|说|不(?!是)|坐|判|打|改|生)"
    )


@dataclass(frozen=True)
class Speaker:
    """The roles the writer may have, whether that is only likely, and from whose place kin words are meant."""

    roles: tuple[str, ...]
    seen_from: tuple[str, ...]
    likely: bool = False


def infer(text: str, mentions: list[Mention], known: str | None) -> Speaker:
    """Who writes; a self-description beats what was known."""
    role = _declared(text) or known
    if role is None:
        return _from_words(text, mentions)
    return Speaker((role,), _teller(text, mentions, (role,)))


def answered(text: str) -> str | None:
    """The role named in an answer to the question who is writing: 奶奶, 我是他舅."""
    if declared := _declared(text):
        return declared
    bare = re.sub(r"[^\w]|孩子|娃|小孩|的|他|她|我|是|亲|家|啊|呀|哦|嗯|就", "", text)
    if bare in ("本人", "自己", "", "学生") and re.search("本人|自己|孩子|学生", text):
        return "child"
    named = {word: str(role) for role, words in kin()["selves"].items() for word in words if bare.endswith(word)}
    return named[max(named, key=len)] if named else None


def _declared(text: str) -> str | None:
    if _SELF_CHILD.search(text):
        return "child"
    match = _selves().search(text)
    if not match or re.search(r"班的?|同学", text[match.start() : match.start("word")]):
        return None
    return next((str(role) for role, words in kin()["selves"].items() if match["word"] in words), None)


def _from_words(text: str, mentions: list[Mention]) -> Speaker:
    if role := _bystander(text, mentions):
        return Speaker((role,), _teller(text, mentions, (role,)), role == "child_director")
    if _elders_first(mentions) and (roles := _by_in_laws(text, mentions)):
        return Speaker((), roles)
    for reader in (
        _by_descendants,
        _by_in_laws,
        _by_sons_and_daughters,
        _by_brothers_and_sisters,
        _by_spouses,
        _as_cousin,
        _as_child,
    ):
        if roles := reader(text, mentions):
            return Speaker(roles, roles)
    return Speaker((), ())


def _bystander(text: str, mentions: list[Mention]) -> str | None:
    if _TEACHER.search(text):
        return "teacher"
    if _NEIGHBOUR.search(text):
        return "neighbour"
    of_mine = any(each.owner == "me" for each in mentions)
    return "child_director" if _VILLAGE.search(text) and not of_mine else None


def _teller(text: str, mentions: list[Mention], roles: tuple[str, ...]) -> tuple[str, ...]:
    """Whoever stands outside the family repeats the words of a grandparent: 老人说媳妇离家了."""
    outside = roles[0] in ("teacher", "neighbour", "child_director", "professional")
    return (_by_in_laws(text, mentions) or roles) if outside and _ELDERS_TELL.search(text) else roles


def _elders_first(mentions: list[Mention]) -> bool:
    """阿公阿嬷带着三个孙: somebody tells of the grandparents, with their words for the others."""
    return any(each.kind == "grandparents" and each.owner is None for each in mentions[:1])


def _as_cousin(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    return ("other_relative",) if any(each.kind == "cousin" and each.owner != "them" for each in mentions) else ()


def _own(mentions: list[Mention], *kinds: str) -> list[Mention]:
    return [each for each in mentions if each.kind in kinds and each.owner in (None, "me")]


def _by_descendants(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    roles = {
        "grandchild_paternal": _PATERNAL, "grandchild_maternal": _MATERNAL,
        "nephew_paternal": "uncle_aunt_paternal", "nephew_maternal": "uncle_aunt_maternal",
    }  # fmt: skip
    named = [each for each in mentions if each.kind in roles or _owned_by(each, roles)]
    found = {roles[each.kind] for each in named if each.kind in roles and not _anothers(text, each, mentions)}
    found |= {roles[kind] for each in named if (kind := _owned_by(each, roles)) and not _anothers(text, each, mentions)}
    return (found.pop(),) if len(found) == 1 else ()


def _owned_by(mention: Mention, roles: dict[str, str]) -> str | None:
    """孙子他爸 says as much as 孙子."""
    if mention.owner != "child":
        return None
    for kind in roles:
        if any(word in mention.said for word in kin()["words"][kind]):
            return kind
    return None


def _anothers(text: str, mention: Mention, mentions: list[Mention]) -> bool:
    """Whether somebody else's grandchild is told of: 奶奶带着孙子, 他孙子."""
    if mention.said.startswith(("我", "俺", "咱")):
        return False
    clause = re.split(r"[，。！？,!?;；\s]", text[: mention.start])[-1]
    return mention.owner == "them" or bool(
        re.search(r"家的?$|奶奶|爷爷|老人|老太|阿嬷|阿婆|外婆|姥姥|外公|姥爷|[他她]", clause)
    )


def _by_in_laws(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    found = set()
    if _own(mentions, "son_wife", "son_couple") or (_own(mentions, "young_wife") and _grown(text, mentions, "son")):
        found.add(_PATERNAL)
    if _own(mentions, "daughter_husband", "daughter_couple"):
        found.add(_MATERNAL)
    return (found.pop(),) if len(found) == 1 else ()


def _grown(text: str, mentions: list[Mention], kind: str) -> bool:
    """Whether the speaker's son or daughter is told of as an adult."""
    told = [_told(text, each, mentions) for each in _own(mentions, kind)]
    return any(_ADULT.search(words) for words in told) and not any(_MINOR.search(words) for words in told)


def _told(text: str, mention: Mention, mentions: list[Mention]) -> str:
    following = min((each.start for each in mentions if each.start >= mention.end), default=len(text))
    return re.split(r"[。！？!?\n]", text[mention.end : min(following, mention.end + 16)])[0]


def _by_sons_and_daughters(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    child = any(each.kind in CHILDREN or each.owner == "child" for each in mentions) or _LEFT_WITH_ME.search(text)
    for kind, parent, role in (("son", "father", _PATERNAL), ("daughter", "mother", _MATERNAL)):
        side_by_side = [(one.kind, other.kind) for one, other in pairwise(mentions) if one.end == other.start]
        if (parent, kind) in side_by_side:
            return (role,)  # 爸爸我儿子: one and the same
    sons, daughters = (_grown(text, mentions, kind) and child for kind in ("son", "daughter"))
    if sons or daughters:
        return () if sons and daughters else (_PATERNAL if sons else _MATERNAL,)
    young = [each for each in _own(mentions, "son", "daughter") if _MINOR.search(_told(text, each, mentions))]
    if not young:
        return ()
    others = {each.kind for each in mentions if each.kind in PARENT_ROLES and each.owner != "me"}
    spouses = _by_spouses(text, mentions)
    if len(spouses) == 1:
        return spouses
    return {frozenset(["father"]): ("mother",), frozenset(["mother"]): ("father",)}.get(frozenset(others), PARENT_ROLES)


def _by_brothers_and_sisters(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    child = any(each.kind in CHILDREN for each in mentions)
    paternal = _own(mentions, "brother_wife", "brother_couple") or _grown(text, mentions, "brother")
    maternal = _own(mentions, "sister_husband", "sister_couple") or _grown(text, mentions, "sister")
    if child and bool(paternal) != bool(maternal):
        return ("uncle_aunt_paternal",) if paternal else ("uncle_aunt_maternal",)
    return ()


def _by_spouses(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    if _own(mentions, "husband", "wife") and _NO_BLOOD.search(text):
        return ("step_parent",)
    if _own(mentions, "husband"):
        return ("mother",)
    if _own(mentions, "wife"):
        return ("father",)
    wives = _own(mentions, "young_wife")
    child = any(each.kind in CHILDREN or each.kind in ("son", "daughter") for each in mentions)
    if wives and (child or _LEFT_WITH_ME.search(text)):
        return ("father", _PATERNAL)
    return ()


def _as_child(text: str, mentions: list[Mention]) -> tuple[str, ...]:
    elders = {*kin()["selves"][_PATERNAL], *kin()["selves"][_MATERNAL], "爷爷奶奶", "外公外婆", "姥姥姥爷"}
    parents = ("father", "mother", "both", "step_parent")
    mine = [each for each in mentions if each.owner == "me" and (each.kind in parents or each.word in elders)]
    bare = [each for each in mentions if each.owner is None and each.kind in ("father", "mother", "both")]
    others = any(each.kind in CHILDREN or each.kind in ("son", "daughter") for each in mentions)
    if _YOUNG.search(text) and not others:
        return ("child",)
    if _grown(text, mentions, "brother") or _grown(text, mentions, "sister"):
        return ()
    young = [each for each in _own(mentions, "brother", "sister") if _MINOR.search(_told(text, each, mentions))]
    if young and (mine or bare):
        return ("sibling",)
    if _YOUNG.search(text) or ((mine or (bare and (_STAYS.search(text) or _CHILDISH.search(text)))) and not others):
        siblings = _own(mentions, "brother", "sister")
        return ("child", "sibling") if siblings and not _YOUNG.search(text) else ("child",)
    if not others and (_STAYS.search(text) or _CHILDISH.search(text) or _STUDENT.search(text)):
        return ("child",)
    return ()
