"""Answers to a pending question that carry no story: yes, no, don't know, rather not, a title, the second one."""

from __future__ import annotations

import re

from knowledge.fact import Choice, Fact
from knowledge.reading.numerals import number
from knowledge.reading.polarity import Stance, stance

_QUESTION = re.compile(
    r"[?？]|吗|么$|多少|怎么|咋|什么|啥(?!都)|为什么|为啥|哪|如何|能不能|可不可以|能领|可以领|是不是|算不算|有没有(?!数)|要不要|行不行|谁(?!知道|晓得|清楚)|几点|几号"
)
_UNKNOWN = re.compile(
    r"不知道|不晓得|不清楚|不太清楚|说不清|说不好|说不准|说不上来|谁知道|谁晓得|谁清楚|搞不清|弄不清|记不清|记不得|不记得|忘了|忘记了|没问过|不了解|不懂|鬼知道|不确定|没注意|不好说|没数|拿不准|不明白|没听说|哪知道|哪晓得|天知道|弄不懂|不造"
)
_REFUSED = re.compile(
    r"不想说|不愿意?说|不方便说?|不便|能不说|可以不说|不说(?:行|可以|了)|跳过|别问|不要问|不想回答|不回答|不告诉|保密|关你什么|凭什么问|问这个干|不想提|不提了|换一个|下一个|不想讲|不讲|懒得说|pass"
)
_NO = re.compile(
    r"^(?:那个|这个|倒|也|都|还|真|现在|目前|好像|应该|肯定|当然|从来|一直|嗯|哦|啊|呃|额|唉|哎|可能|基本|他|她|孩子|娃|我|爸爸|妈妈|暂时)*"
    r"(?:不是|没有|没得|木有|没的|没|冇|莫得|莫|无|否|不|哪有|哪里有|从没|no|No|NO|别|未)"
)
_YES = re.compile(
    r"^(?:那个|这个|也|都|还|真|现在|目前|好像|应该|肯定|当然|一直|嗯|哦|啊|呃|额|唉|哎|可能|基本|他|她|孩子|娃|我|爸爸|妈妈|偶尔|有时候?|经常|每个?月|已经|早就)*"
    r"(?:是|有|对|嗯|恩|要|会|在|行|好|可以|得|能|没错|正确|中|成|昂|ok|OK|yes|Yes|系|需要|想|上了|住|办了|当然|必须|着呢|着|能行|可不|唔|噢|没问题|同意|愿意)"
)
_YES_AFTER_NO = re.compile(r"^(?:没错|没问题|不错|不是没有|没事)")
_HAVE = re.compile(r"^\W*(?:都|也|还|现在)*有(?!没)")
_HAVE_NOT = re.compile(r"^\W*(?:都|也|还|现在)*没(?!错)")
_PARTICLES = re.compile(r"[\s,，。.!！~、…]|(?<=.)[啊呀哦噢呢吧嘛哈哟喔额呃]+")
_SHORT = 10
_ORDINAL = re.compile(
    r"(?:选|是|就|应该是|我选|答案)?第?(?P<rank>[一二三四五六七八九十]|\d{1,2})(?:个|项|种|条|号)?(?:吧|那个)?"
)
_NOTHING = re.compile(
    r"^(?:都|也|就|真|倒|嗯|哦|现在|目前|再|其他|其它|别的|另外)*(?:没有|没|无|不是|没得|木有|没啥|没什么|没别的|就这些|就这样|都没)(?:了|别的|其他|其它|这些|这种|情况|的|过|都|啥|什么|事|呀|啊|吧|领|享受|吃|任何|残疾|病|问题|一样|一个|也)*$"
)
_MORE = re.compile(r"没有了|没了|没别的|没其他|就这些|就这样|没有别的|没有其他|再没|没啥了")


def is_question(text: str) -> bool:
    """Whether a clause asks rather than answers."""
    return bool(_QUESTION.search(text)) and not _UNKNOWN.search(text) and not _REFUSED.search(text)


def declined(text: str) -> str | None:
    """ "unknown" or "refused" when that is all the answer says."""
    if _REFUSED.search(text):
        return "refused"
    return "unknown" if _UNKNOWN.search(text) else None


def yes_or_no(text: str) -> bool | None:
    """The answer of a short text to a yes-no question."""
    plain = _PARTICLES.sub("", text)
    if not plain or len(plain) > _SHORT:
        plain = re.split(r"[\s,，。.!！]", text.strip())[0]
        if not plain or len(plain) > _SHORT:
            return None
    if _YES_AFTER_NO.match(plain):
        return True
    if _NO.match(plain):
        return False
    return True if _YES.match(plain) else None


def asks_for_lack(fact: Fact) -> bool:
    """Whether the question asks for something missing (是不是没有大人照看), where 有 and 没有 no longer mean yes and no."""
    return bool(re.search("是不是(?:没|不|无)", fact.question))


def yes_or_no_to_lack(text: str) -> bool | None:
    """The answer to a question for something missing; 没有 may mean either and stays open."""
    if _HAVE.match(text):
        return False
    return None if _HAVE_NOT.match(text) else yes_or_no(text)


def nothing(text: str) -> bool:
    """Whether the text says that nothing (more) of this kind applies."""
    return bool(_NOTHING.match(_PARTICLES.sub("", text)))


def nothing_more(text: str) -> bool:
    """Whether the text closes a list: 没有了, 就这些."""
    plain = _PARTICLES.sub("", text)
    return len(plain) <= _SHORT and bool(_MORE.search(plain))


def by_rank(fact: Fact, text: str) -> Choice | None:
    """第二个, or a bare 2 where numbers are no values themselves."""
    match = _ORDINAL.fullmatch(_PARTICLES.sub("", text))
    shown = [choice for choice in fact.choices if choice.quick] or list(fact.choices)
    rank = number(match["rank"]) if match else None
    if match is None or rank is None or not 1 <= rank <= len(shown):
        return None
    is_plain = not re.search(r"第|个|项|种|条|号", match.group())
    if is_plain and (
        fact.kind in ("number", "date", "bool") or any(str(choice.value).isdigit() for choice in fact.choices)
    ):
        return next((choice for choice in fact.choices if choice.value == str(int(rank))), None)
    return shown[int(rank) - 1]


def chosen(fact: Fact, text: str) -> list[tuple[Choice, int, int]]:
    """Choices named by title or by the ways people say them, longest words first, none inside another."""
    plain = re.sub(r"[\s,，。.!！、]", "", text)
    for choice in fact.choices:
        if plain and plain in (_bare(choice.title), _bare(choice.title_child)):
            return [(choice, 0, len(text))]
    found = [
        (choice, place.start(), place.end())
        for choice in fact.choices
        for word in (*choice.says, choice.title, choice.title_child)
        if len(word) > 1 or word == plain
        for place in re.finditer(re.escape(word), text)
    ]
    widest = [each for each in found if not any(_inside(each, other) for other in found)]
    return [each for each in widest if _holds(text, each)]


def _bare(title: str) -> str:
    return re.sub(r"[\s,，。、]", "", title)


def _inside(one: tuple[Choice, int, int], other: tuple[Choice, int, int]) -> bool:
    return other[1] <= one[1] and one[2] <= other[2] and other[2] - other[1] > one[2] - one[1]


def _holds(text: str, found: tuple[Choice, int, int]) -> bool:
    clause = re.split(r"[，。,!！;；\s]", text[: found[1]])[-1]
    return stance(clause, text[found[2] :][:8], "") in (Stance.SAID, Stance.DOUBTED, Stance.PAST)
