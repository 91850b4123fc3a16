"""From the words to a value of the pending question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from knowledge.fact import Fact
from knowledge.library import Library
from knowledge.reading import ages, ascribed, durations, household, places, replies, speaker, spoken
from knowledge.reading.breaks import clauses
from knowledge.reading.clauses import Segment, is_she
from knowledge.reading.kinship import PARENTS
from knowledge.reading.numerals import NUMBER, number
from knowledge.reading.patterns import pattern
from knowledge.reading.polarity import Stance
from knowledge.reading.story import Story

_LEFT_OVER = re.compile(r"(?:还有|还剩|剩下?|还要|还得|再过?)$")
_BUT = re.compile("不过|但是?|可是|只不过|(?<=[，,。 ])就是")
_BARE_NUMBER = re.compile(
    rf"(?:有|大概|差不多|大约|就|快|才|今年|满|刚满|都|已经|孩子|娃|他|她|我|虚岁|虚|周岁)*(?P<number>{NUMBER})(?:了|吧|个|岁|周岁|啊|呀|多)*"
)


@dataclass(frozen=True)
class Answer:
    """What a reply says to the pending question; a dict as value is partial."""

    value: Any = None
    declined: str | None = None
    complete: bool = False
    answered: bool = False


_NONE = Answer()
_WITH_ME = pattern("home.with_me")
# kin who are never the father or mother of the child, whoever writes
_NO_PARENTS = ("grandparents", "in_laws", "old_spouse", "relatives", "aunt_in_law", "outsiders")
# who is named as looking after the child and cannot
_CANNOT_CARE = re.compile("瘫|起不来|下不了床|动不了|糊涂|痴呆|看不见|瞎|自己都(?:顾|要人)|喝(?:酒|多|醉)|住院|不管")
_NO_LONGER = re.compile(
    "(?:以前|原来|之前|过去|早先|前几年|原先)[^。]{0,12}(?:现在|后来|今年|去年)[^。，,]{0,4}(?:没|停|取消|不[领给吃]|退)"
)
_HAPPENED = re.compile("被|让|摔|撞|烧|淹|塌|倒了|住院|出事|着火|断了|病了|走了|没了")


def read(library: Library, fact: Fact, story: Story, held: Any) -> Answer:
    """`held` is the JSON value already known of the fact; what the story told of it is not looked at here."""
    text = _statements(_told_of_it(fact, story))
    if not text.strip() or (replies.goes_along(text) and not fact.id.startswith("need.")):
        return _NONE  # 好 is no answer but to an offer
    if replies.declined(text) == "refused":
        return Answer(declined="refused", answered=True)
    reader = {"number": _number, "date": _date, "bool": _yes_no, "enum": _choice, "set": _set}.get(fact.kind)
    if fact.id == "asker.role":
        answer = _valued(speaker.answered(text) or next(iter(spoken.said(fact, text)[0]), None))
    elif fact.kind == "region":
        place = places.answered(library.regions, text)
        answer = Answer(place, answered=isinstance(place, str))  # 鼓楼区 is asked once more
    else:
        answer = reader(fact, story, text) if reader else _NONE
    if answer.value == ["none"] and held:
        return _empty(fact, text, held)  # 没享受别的: beside what is known already
    if answer.answered:
        return answer
    if fact.kind == "set" and (replies.nothing(text) or replies.nothing_more(text)):
        return _empty(fact, text, held)
    if fact.kind == "enum" and fact.choice("none") and replies.nothing(text):
        return _valued("none")
    if declined := replies.declined(text):
        return Answer(declined=declined, answered=True)
    return answer


def _told_of_it(fact: Fact, story: Story) -> str:
    """The text without what it tells of the child, the other parent or other kin, where one parent was asked about.

    小的也是智力残疾 and 婆婆瘫在床上 say nothing of her whose situation was asked, nor 她跑了 of him.
    """
    parent = fact.id.partition(".")[0]
    if parent not in PARENTS:
        return story.text
    away = [
        each
        for each in story.segments
        if _is_of_others(fact, story, each, parent) and not _declines(story, each, parent)
    ]
    return "".join(
        "," if any(each.start <= place < each.end for each in away) else letter
        for place, letter in enumerate(story.text)
    )


def _declines(story: Story, segment: Segment, parent: str) -> bool:
    """奶奶不知道 declines what was asked of the father; 亲妈不知道是谁 tells of the mother."""
    tells_of_other = segment.named and {*segment.people} & ({*PARENTS} - {parent})
    return not tells_of_other and bool(replies.declined(story.text[segment.start : segment.end]))


def _is_of_others(fact: Fact, story: Story, segment: Segment, parent: str) -> bool:
    if parent == "father" and not segment.named and is_she(story.text, segment.start):
        return True
    if fact.kind not in ("enum", "set"):
        return False
    if ascribed.tells_of_two(story, segment):
        return True
    kind = next((each.kind for each in story.mentions if segment.named and each.end == segment.body), None)
    others = {"child", *PARENTS} - {parent}
    return bool(segment.people and {*segment.people} <= others) or (
        kind in _NO_PARENTS and not {*segment.people} & PARENTS
    )


def tapped(fact: Fact, text: str) -> Answer:
    """The value of a button, when the text is its title."""
    if veiled := replies.veiled(fact, text):
        return Answer({"one_of": sorted(veiled)}, answered=True)
    choice = replies.titled(fact, text)
    if choice is None:
        return _NONE
    if choice.value is None:
        return _valued(durations.amount(choice.low, choice.high))
    return Answer([choice.value], complete=True, answered=True) if fact.kind == "set" else _valued(choice.value)


def _statements(text: str) -> str:
    """The text without the clauses that ask."""
    kept = [text[clause.start : clause.end] for clause in clauses(text) if not _asks(text, clause.start, clause.end)]
    return "，".join(kept)


def _asks(text: str, start: int, end: int) -> bool:
    return replies.is_question(text[start:end] + ("?" if text[end : end + 1] in ("?", "？") else ""))


def _valued(value: Any) -> Answer:
    return Answer(value, answered=True) if value is not None else _NONE


def _number(fact: Fact, story: Story, text: str) -> Answer:
    if fact.unit == "岁":
        return _age(story, text)
    parent = fact.id.partition(".")[0]
    for stretch in durations.find(text, story.as_of):
        if stretch.since and fact.id.endswith("term_months"):
            continue  # 今年三月判的 tells when, not how long
        if not _LEFT_OVER.search(text[: stretch.start]) and not _elsewhere(story, text, stretch, parent, fact.id):
            return _valued(stretch.json())
    if (choice := replies.by_rank(fact, text)) or (
        choice := next(iter(c for c, _, _ in replies.chosen(fact, text)), None)
    ):
        return _valued(durations.amount(choice.low, choice.high))
    match = _BARE_NUMBER.fullmatch(re.sub(r"\W", "", text))
    # 七岁 is somebody's age, whatever length of time was asked for.
    return _valued(number(match["number"])) if match and "岁" not in text else _NONE


def _elsewhere(story: Story, text: str, stretch: durations.Stretch, parent: str, fact: str) -> bool:
    """Whether a length is told of the other parent, or is a sentence while something else was asked."""
    words = text[stretch.start : stretch.end]
    place = story.text.find(words)
    people = story.segment(place).people if place >= 0 else ()
    other = {"father": "mother", "mother": "father"}.get(parent)
    sentence = re.search(r"判(?:了|处|刑)*$", text[: stretch.start]) and not fact.endswith("term_months")
    return bool((other in people and parent not in people) or sentence)


def _age(story: Story, text: str) -> Answer:
    found = ages.find(text, story.as_of)
    if found:
        return _valued(found[0].json()) if found[0].born is None else Answer(answered=True)
    infant = re.fullmatch(rf"\W*(?:才|刚|有|大概)*(?P<months>{NUMBER})个(?:多)?月(?:大|了|\W)*", text)
    if infant and (months := number(infant["months"])) is not None:
        return _valued(durations.amount(int(months / 6) / 2, int(months / 6) / 2))
    match = re.fullmatch(r"(?P<before>虚岁?|快|刚满?|不到)?" + _BARE_NUMBER.pattern, re.sub(r"\W", "", text))
    if match is None:
        return _NONE
    before = {"虚": "虚岁"}.get(match["before"] or "", match["before"] or "") or ("虚岁" if "虚" in text else "")
    ends = ages.read(match["number"], before)
    return _valued(durations.amount(*ends)) if ends else _NONE


def _date(fact: Fact, story: Story, text: str) -> Answer:
    found = [age for age in (*ages.find(text, story.as_of), *ages.find(_dated(text), story.as_of)) if age.born]
    return _valued(found[0].born) if found else _NONE


def _dated(text: str) -> str:
    """2015年3月 as an answer to when, as if 生 had been said."""
    return re.sub(r"\W+$", "", text) + "生"


def _yes_no(fact: Fact, story: Story, text: str) -> Answer:
    passing, rest = spoken.said(fact, text)
    named = {*passing, *(choice.value for choice, _, _ in replies.chosen(fact, rest))}
    if fact.id == "safety.unattended" and _CANNOT_CARE.search(text):
        return _NONE  # 爷爷看着，爷爷瘫了
    if _BUT.search(text) and (fact.id.startswith("safety.") or True not in named):
        return _NONE  # 没有吧，不过割过手; 没什么大病，就是癫痫: better asked once more than a wrong no
    if named:
        return _valued(named.pop()) if len(named) == 1 else _NONE
    if replies.declined(text) or _tells_another(fact, story, Stance.DENIED) or replies.denies_another(fact, text):
        return _NONE
    said = replies.yes_or_no_to_lack(text) if replies.asks_for_lack(fact) else replies.yes_or_no(text)
    if said and not replies.agrees(text) and _tells_another(fact, story, Stance.SAID):
        return _NONE  # 也是二级智力残疾
    if said is None and (choice := replies.by_rank(fact, text)):
        said = choice.value is True
    return _valued(said)


def _tells_another(fact: Fact, story: Story, stance: Stance) -> bool:
    """没得大病 is no answer to whether somebody needs care."""
    name = fact.id.rpartition(".")[2]
    about_this = any(hit.cue.fact == fact.id or hit.cue.value in name for hit in story.hits)
    is_of_parent = fact.id.startswith(("father.", "mother."))
    return not (about_this or is_of_parent) and any(story.stance(hit) is stance for hit in story.hits)


def _choice(fact: Fact, story: Story, text: str) -> Answer:
    passing, rest = spoken.said(fact, text)
    values = list(dict.fromkeys([*passing, *(choice.value for choice, _, _ in replies.chosen(fact, rest))]))
    if not values and (choice := replies.by_rank(fact, text)):
        values = [choice.value]
    if not values and fact.id == household.LIVES_WITH and _WITH_ME.fullmatch(re.sub(r"\W", "", text)):
        return _valued({"one_of": household.with_one_of(story.speaker.roles)})
    if not values:
        return _NONE
    if len(values) > 1 and "none" in values:
        values.remove("none")  # 没出啥事，就是房子着火了
    if fact.id == "household.emergency" and values == ["none"] and _HAPPENED.search(rest):
        return _NONE  # 没什么事，老伴摔断了腿: better asked once more
    return _valued(values[0] if len(values) == 1 else {"one_of": sorted(map(str, values))})


def _set(fact: Fact, story: Story, text: str) -> Answer:
    if fact.id == "household.relief" and _NO_LONGER.search(text):
        return Answer(["none"], complete=True, answered=True)
    passing, rest = spoken.said(fact, text)
    values = list(dict.fromkeys([*passing, *(str(choice.value) for choice, _, _ in replies.chosen(fact, rest))]))
    if not values and (choice := replies.by_rank(fact, text)):
        values = [str(choice.value)]
    if not values:
        return _NONE
    if len(values) > 1 and "none" in values:
        values.remove("none")
    return Answer(values, complete=True, answered=True)


def _empty(fact: Fact, text: str, held: Any) -> Answer:
    """没有 to a set: nothing of the kind, or nothing more than is already known."""
    if held:
        return Answer(held, complete=True, answered=True)
    if "none" in fact.values:
        return Answer(["none"], complete=True, answered=True)
    return _NONE
