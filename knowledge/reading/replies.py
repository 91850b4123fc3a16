"""Answers to a pending question that carry no story: yes, no, don't know, rather not, a title, the second one."""

from __future__ import annotations

import re

from knowledge.fact import Choice, Fact
from knowledge.reading.numerals import number
from knowledge.reading.patterns import pattern
from knowledge.reading.polarity import Stance, stance

_QUESTION = pattern("replies.question")
_NO_QUESTION = pattern("replies.no_question")
_UNKNOWN = pattern("replies.unknown")
_REFUSED = pattern("replies.refused")
_NO = pattern("replies.says_no")
_YES = pattern("replies.says_yes")
_YES_ALONE = pattern("replies.agrees_alone")
_YES_AFTER_NO = re.compile(r"^(?:没错|没问题|不错|不是没有|没事)")
_HAVE = re.compile(r"^\W*(?:都|也|还|现在)*有(?!没)")
_HAVE_NOT = re.compile(r"^\W*(?:都|也|还|现在)*没(?!错)")
_PARTICLES = re.compile(r"[\s,，。.!！~、…]|(?<=.)[啊呀哦噢呢吧嘛哈哟喔额呃]+")
_SHORT = 10
_GOES_ALONG = pattern("replies.goes_along")
_ANYTHING = {*"事人有没情况问题毛病"}
_DENIED = pattern("replies.denied")
_ORDINAL = pattern("replies.ordinal")
_NOTHING = pattern("replies.nothing")
_WELL = pattern("replies.well")
_MORE = re.compile(r"没有了|没了|没别的|没其他|就这些|就这样|没有别的|没有其他|再没|没啥了")


def is_question(text: str) -> bool:
    """Whether a clause asks rather than answers."""
    return (
        bool(_QUESTION.search(_NO_QUESTION.sub("", text))) and not _UNKNOWN.search(text) and not _REFUSED.search(text)
    )


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
    first = re.split(r"[\s,，。.!！]", text.strip())[0]
    return True if _YES.match(plain) or _YES_ALONE.match(plain) or _YES_ALONE.match(first) else None


def goes_along(text: str) -> bool:
    """好, 可以: said to whatever is asked."""
    return bool(_GOES_ALONG.fullmatch(_PARTICLES.sub("", text)))


def denies_another(fact: Fact, text: str) -> bool:
    """没有急事 is no answer to whether a school is public: what it denies is nowhere in the question or its answers."""
    denied = _DENIED.match(_PARTICLES.sub("", text))
    if denied is None:
        return False
    asked = {*fact.title, *fact.question, *fact.question_child, *fact.again}
    asked.update(sign for choice in fact.choices for word in (choice.title, *choice.says) for sign in word)
    denied_things = {*denied["what"]} - _ANYTHING
    return bool(denied_things) and not denied_things & asked


def agrees(text: str) -> bool:
    """Whether the first clause says yes and nothing else: 是的，二级."""
    first = _PARTICLES.sub("", re.split(r"[\s,，。.!！]", text.strip())[0])
    found = _YES.match(first)
    return bool(_YES_ALONE.match(first) or (found and first[found.end() :] in ("", "的", "了")))


def asks_for_lack(fact: Fact) -> bool:
    """Whether the question asks for something missing (是不是没有大人照看): 有 and 没有 are no yes and no there."""
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


def is_well(text: str) -> bool:
    """Whether the text says that nothing is the matter with somebody: 身体好着呢."""
    return bool(_WELL.fullmatch(re.sub(r"\W", "", text)))


def says_no_more(text: str) -> bool:
    """没有了: the words of the button, which also stand for a death where nobody reads a button."""
    return _PARTICLES.sub("", text) == "没有了"


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
    plain = _bare(text)
    found = [
        (choice, place.start(), place.end())
        for choice in fact.choices
        for word in (*choice.says, choice.title, *([] if choice.child_means else [choice.title_child]))
        if len(word) > 1 or word == plain
        for place in re.finditer(re.escape(word), text)
    ]
    widest = [each for each in found if not any(_inside(each, other) for other in found)]
    return [each for each in widest if _holds(text, each)]


def veiled(fact: Fact, text: str) -> tuple[str, ...]:
    """What a child may mean by a title that does not say why somebody is away."""
    plain = _bare(text)
    return next(
        (each.child_means for each in fact.choices if each.child_means and _bare(each.title_child) in plain), ()
    )


def titled(fact: Fact, text: str) -> Choice | None:
    """The choice whose button was tapped: its title word for word."""
    plain = _bare(text)
    return next(
        (choice for choice in fact.choices if plain and plain in (_bare(choice.title), _bare(choice.title_child))), None
    )


def _bare(words: str) -> str:
    return re.sub(r"\W", "", words)


def _inside(one: tuple[Choice, int, int], other: tuple[Choice, int, int]) -> bool:
    return other[1] <= one[1] and one[2] <= other[2] and other[2] - other[1] > one[2] - one[1]


def _holds(text: str, found: tuple[Choice, int, int]) -> bool:
    clause = re.split(r"[，。,!！;；\s]", text[: found[1]])[-1]
    return stance(clause, text[found[2] :][:8], "") in (Stance.SAID, Stance.DOUBTED, Stance.PAST)
