"""Who is writing, told from the kinship words they use; several roles when the words leave it open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from knowledge.reading import evidence
from knowledge.reading.kinship import Mention, kin
from knowledge.reading.patterns import pattern

_BYSTANDING = ("me", "strangers", "offices")
_ELDERS_TELL = pattern("speaker.elders_tell")
_TEACHER = pattern("speaker.teacher")
_VILLAGE = pattern("speaker.village")
_PROFESSIONAL = pattern("speaker.professional")
_NEIGHBOUR = pattern("speaker.neighbour")
_SELF_CHILD = pattern("speaker.self_child")
_IS_ME = pattern("speaker.is_me")
_HEADING = pattern("speaker.heading")
_ELDERS_KIN = pattern("speaker.elders_kin")
_CALLED = pattern("speaker.called")
_EXCLUDED = (
    (pattern("speaker.is_man"), ("mother",)),
    (pattern("speaker.is_woman"), ("father",)),
    (pattern("speaker.is_old"), ("mother", "father", "child", "sibling")),
    (pattern("speaker.looks_for"), ("child_director", "teacher", "professional")),
    (pattern("speaker.of_classmates"), ("child_director", "teacher", "professional")),
)
_BESIDE_ME = pattern("speaker.beside_me")
_ADDRESS = pattern("speaker.address")


@cache
def _selves() -> re.Pattern[str]:
    words = sorted({word for each in kin()["selves"].values() for word in each}, key=len, reverse=True)
    return re.compile(
        rf"(?:我|俺|本人)(?:(?:和|跟|与)(?:我)?(?:老公|老婆|爱人|丈夫|妻子|老伴|媳妇))?(?:[（(](?:是)?|(?:就|也)?(?:是|当|作为)|们(?:做|当)|(?:这个|一个)(?:当|做)?)(?!不是|否)(?:(?!不是|一个[奶爷外姥]|(?:跟|和|同|被|让|给|对|想|怕|恨|骂|气|怪|帮|陪|问|叫|随|靠|找)(?:我|了)?(?:的)?(?:{'|'.join(words)}))[^，。！？,!?\s]){{0,10}}?(?P<word>{'|'.join(words)})"
        rf"(?!的?(?:{'|'.join(words)}|朋友|同学|同事|邻居|弟|妹|哥|姐|兄弟)|们|他|她|被|有|没|在|跑|走|去|让|说|不(?!是|好)|坐|判|打|改|生)"
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
    text = _ADDRESS.sub("", text)
    bare = re.sub(r"[^\w]|孩子|娃|小孩|的|他|她|我|是|亲|家|啊|呀|哦|嗯|就", "", text)
    if bare in ("本人", "自己", "", "学生") and re.search("本人|自己|孩子|学生", text):
        return "child"
    named = {word: str(role) for role, words in kin()["selves"].items() for word in words if bare.endswith(word)}
    return (named[max(named, key=len)] or None) if named else None


def cannot_be(text: str) -> tuple[str, ...]:
    """Roles that words for the writer exclude: 单身汉 is no mother, 老婆子 no father, 找儿童主任 is not said by one."""
    return tuple(role for words, roles in _EXCLUDED for role in roles if words.search(text))


def _declared(text: str) -> str | None:
    if _SELF_CHILD.search(text):
        return "child"
    if parent := _IS_ME.search(text):
        return "mother" if parent["word"] in "妈妈娘" else "father"
    if heading := _HEADING.match(text):
        roles = kin()["selves"].items()
        found = {word: str(role) for role, words in roles for word in words if heading["word"].endswith(word)}
        return (found[max(found, key=len)] or None) if found else None
    if _ELDERS_KIN.search(text):
        return "other_relative"
    if beside := _BESIDE_ME.search(text):
        return answered(beside["word"])
    if called := _CALLED.search(text):
        return answered(called["word"])
    match = _selves().search(text)
    if not match or re.search(
        r"班的|班(?=$)|同学" if match["word"] != "班主任" else r"班的|同学", text[match.start() : match.start("word")]
    ):
        return None
    return next((str(role) or None for role, words in kin()["selves"].items() if match["word"] in words), None)


def _from_words(text: str, mentions: list[Mention]) -> Speaker:
    if role := _bystander(text, mentions):
        return Speaker((role,), _teller(text, mentions, (role,)), role == "child_director")
    if _elders_first(mentions) and (roles := evidence.by_in_laws(text, mentions)):
        return Speaker((), roles)
    for reader in (
        evidence.by_descendants,
        evidence.by_in_laws,
        evidence.by_sisters_in_law,
        evidence.by_elder_cousins,
        evidence.by_sons_and_daughters,
        evidence.by_brothers_and_sisters,
        evidence.by_spouses,
        evidence.as_cousin,
        evidence.as_child,
    ):
        if roles := reader(text, mentions):
            return Speaker(roles, roles)
    return Speaker((), ())


def _bystander(text: str, mentions: list[Mention]) -> str | None:
    if _TEACHER.search(text):
        return "teacher"
    if _PROFESSIONAL.search(text):
        return "professional"
    if _NEIGHBOUR.search(text):
        return "neighbour"
    mentions = [each for each in mentions if each.kind != "strangers"]  # 我们村委会
    of_mine = any(each.owner == "me" or (each.owner == "child" and each.said[:1] in "我俺咱") for each in mentions)
    return "child_director" if _VILLAGE.search(text) and not of_mine else None


def _teller(text: str, mentions: list[Mention], roles: tuple[str, ...]) -> tuple[str, ...]:
    """Whoever stands outside the family repeats the words of a grandparent: 老人说媳妇离家了."""
    outside = roles[0] in ("teacher", "neighbour", "child_director", "professional")
    if outside and not any(each.owner == "me" for each in mentions) and (told := evidence.by_in_laws(text, mentions)):
        return told  # 她儿子死了，儿媳妇改嫁了
    mine = _by_grandchildren(mentions) if outside and _elders_first(_told_of(mentions)) else ()
    elders = _ELDERS_TELL.search(text) or _elders_first(_told_of(mentions))
    return (evidence.by_in_laws(text, mentions) or mine or roles) if outside and elders else roles


def _told_of(mentions: list[Mention]) -> list[Mention]:
    return [each for each in mentions if each.kind not in _BYSTANDING]


def _by_grandchildren(mentions: list[Mention]) -> tuple[str, ...]:
    """老人姓黄，儿子瘫了，孙女读高二: her son is the father."""
    kinds = {each.kind for each in mentions} & {"grandchild_paternal", "grandchild_maternal"}
    return ("grandparent_" + kinds.pop().removeprefix("grandchild_"),) if len(kinds) == 1 else ()


def _elders_first(mentions: list[Mention]) -> bool:
    """阿公阿嬷带着三个孙: somebody tells of the grandparents, with their words for the others."""
    return any(each.kind == "grandparents" and each.owner is None for each in mentions[:1])
