"""From the words to a value of the pending question."""

from __future__ import annotations

import re
from typing import Any

from knowledge.fact import Fact
from knowledge.library import Library
from knowledge.reading import ascribed, counted, durations, household, places, replies, speaker, spoken
from knowledge.reading.breaks import clauses
from knowledge.reading.clauses import Segment, is_she
from knowledge.reading.given import NONE, Answer, valued
from knowledge.reading.kinship import PARENTS
from knowledge.reading.patterns import pattern
from knowledge.reading.polarity import Stance
from knowledge.reading.story import Story

_BUT = re.compile("不过|但是?|可是|只不过|(?<=[，,。 ])就是")
_WITH_ME = pattern("home.with_me")
# kin who are never the father or mother of the child, whoever writes
_NO_PARENTS = ("grandparents", "in_laws", "old_spouse", "relatives", "aunt_in_law", "outsiders")
# who is named as looking after the child and cannot
_CANNOT_CARE = re.compile("瘫|起不来|下不了床|动不了|糊涂|痴呆|看不见|瞎|自己都(?:顾|要人)|喝(?:酒|多|醉)|住院|不管")
_TELLS_OF_THEM = re.compile(
    "(?:爸爸?|妈妈?|爹|娘|父亲?|母亲?)(?:他|她|也|都|就|又|早|已经|在|被|每个?月|去年|前年|今年)*"
    "(?:跑|走|死|没了|去世|过世|不在|坐牢|服刑|判|抓|关|戒毒|改嫁|嫁|再婚|离|失踪|失联|打钱|寄|不管|打工|外地|联系|病|残)"
)
_KEEPS = re.compile("跟|和|带|养|管着|照顾|照看|住|过|家")
_NO_OTHER = re.compile("没(?:有)?(?:旁|别|其他|其它)的")
_NO_RELIEF = re.compile("没(?:有)?(?:吃|领|办)?(?:低保|五保|特困)|(?:低保|五保|特困)(?:也|都)?没")
_NO_LONGER = re.compile(
    "(?:以前|原来|之前|过去|早先|前几年|原先)[^。]{0,12}(?:现在|后来|今年|去年)[^。，,]{0,4}(?:没|停|取消|不[领给吃]|退)"
)
_HAPPENED = re.compile("被|让|摔|撞|烧|淹|塌|倒了|住院|出事|着火|断了|病了|走了|没了")


def read(library: Library, fact: Fact, story: Story, held: Any) -> Answer:
    """`held` is the JSON value already known of the fact; what the story told of it is not looked at here."""
    text = _statements(_told_of_it(fact, story))
    if not text.strip() or (replies.goes_along(text) and not fact.id.startswith("need.")):
        return NONE  # 好 is no answer but to an offer
    if replies.declined(text) == "refused" and not (fact.unit and durations.find(text, story.as_of)):
        return Answer(declined="refused", answered=True)  # 三年，问这个干嘛 has said it
    reader = _READERS.get(fact.kind)
    if fact.id == "asker.role":
        answer = valued(speaker.answered(text) or next(iter(spoken.said(fact, text)[0]), None))
    elif fact.kind == "region":
        place = places.answered(library.regions, text)
        answer = Answer(place, answered=isinstance(place, str))  # 鼓楼区 is asked once more
    else:
        answer = reader(fact, story, text) if reader else NONE
    if answer.value == ["none"] and held:
        return _empty(fact, text, held)  # 没享受别的: beside what is known already
    if answer.answered:
        return answer
    is_well = bool(held) and replies.is_well(text)  # to what else there is: 好好的 alone may say how a parent is
    if fact.kind == "set" and (replies.nothing(text) or replies.nothing_more(text) or is_well):
        return _empty(fact, text, held)
    if fact.kind == "enum" and fact.choice("none") and replies.nothing(text):
        return valued("none")
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
        return NONE
    if choice.value is None:
        return valued(durations.amount(choice.low, choice.high))
    return Answer([choice.value], complete=True, answered=True) if fact.kind == "set" else valued(choice.value)


def _statements(text: str) -> str:
    """The text without the clauses that ask."""
    kept = [text[clause.start : clause.end] for clause in clauses(text) if not _asks(text, clause.start, clause.end)]
    return "，".join(kept)


def _asks(text: str, start: int, end: int) -> bool:
    return replies.is_question(text[start:end] + ("?" if text[end : end + 1] in ("?", "？") else ""))


def _yes_no(fact: Fact, story: Story, text: str) -> Answer:
    passing, rest = spoken.said(fact, text)
    named = {*passing, *(choice.value for choice, _, _ in replies.chosen(fact, rest))}
    if fact.id == "safety.unattended" and _CANNOT_CARE.search(text):
        return NONE  # 爷爷看着，爷爷瘫了
    if _BUT.search(text) and (fact.id.startswith("safety.") or True not in named):
        return NONE  # 没有吧，不过割过手; 没什么大病，就是癫痫: better asked once more than a wrong no
    if named:
        return valued(named.pop()) if len(named) == 1 else NONE
    if replies.declined(text) or _tells_another(fact, story, Stance.DENIED) or replies.denies_another(fact, text):
        return NONE
    if fact.id.startswith(("father.", "mother.")) and (_NO_OTHER.search(text) or _denies_at_home(story)):
        return NONE  # 没旁的毛病了, 没低保: nothing about what was asked
    said = replies.yes_or_no_to_lack(text) if replies.asks_for_lack(fact) else replies.yes_or_no(text)
    if said and not replies.agrees(text) and _tells_another(fact, story, Stance.SAID):
        return NONE  # 也是二级智力残疾
    if said is None and (choice := replies.by_rank(fact, text)):
        said = choice.value is True
    return valued(said)


def _denies_at_home(story: Story) -> bool:
    return any(hit.cue.about == "home" and story.stance(hit) is Stance.DENIED for hit in story.hits) or bool(
        _NO_RELIEF.search(story.text)
    )


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
    if fact.id == household.LIVES_WITH and _TELLS_OF_THEM.search(text) and not _KEEPS.search(text):
        return NONE  # 妈妈跑了, 爸爸坐牢: named, but not as whom the child is with
    if not values and fact.id == household.LIVES_WITH and _WITH_ME.fullmatch(re.sub(r"\W", "", text)):
        return valued({"one_of": household.with_one_of(story.speaker.roles)})
    if not values:
        return NONE
    if len(values) > 1 and "none" in values:
        values.remove("none")  # 没出啥事，就是房子着火了
    if fact.id == "household.emergency" and values == ["none"] and _HAPPENED.search(rest):
        return NONE  # 没什么事，老伴摔断了腿: better asked once more
    return valued(values[0] if len(values) == 1 else {"one_of": sorted(map(str, values))})


def _set(fact: Fact, story: Story, text: str) -> Answer:
    if fact.id == "household.relief" and _NO_LONGER.search(text):
        return Answer(["none"], complete=True, answered=True)
    passing, rest = spoken.said(fact, text)
    values = list(dict.fromkeys([*passing, *(str(choice.value) for choice, _, _ in replies.chosen(fact, rest))]))
    if not values and (choice := replies.by_rank(fact, text)):
        values = [str(choice.value)]
    if not values:
        return NONE
    if len(values) > 1 and "none" in values:
        values.remove("none")
    return Answer(values, complete=True, answered=True)


def _empty(fact: Fact, text: str, held: Any) -> Answer:
    """没有 to a set: nothing of the kind, or nothing more than is already known."""
    if held:
        return Answer(held, complete=True, answered=True)
    if "none" in fact.values:
        return Answer(["none"], complete=True, answered=True)
    return NONE


_READERS = {"number": counted.number_of, "date": counted.date_of, "bool": _yes_no, "enum": _choice, "set": _set}
