"""Answers that are a number or a day: 三年，不对，是三个月; 虚岁十四; 关了一年，还有两年."""

from __future__ import annotations

import re
from typing import Any

from knowledge.fact import Fact
from knowledge.reading import ages, durations, replies
from knowledge.reading.given import NONE, Answer, valued
from knowledge.reading.numerals import NUMBER, number
from knowledge.reading.story import Story

_LEFT_OVER = re.compile(r"(?:还有|还剩|剩下?|还要|还得|再过?)$")
_SERVED = re.compile(r"(?:关|坐|蹲|服刑|进去|待|呆)(?:了|有|都|已经|牢|满|快)*$")
# 过年就十岁, 差两个月十八: not yet
_SOON = re.compile(
    rf"(?:孩子|娃|他|她|我)?(?:过(?:了|完)?年|开年|开春|明年|年底|月底|下个?月|(?:还)?差{NUMBER}个?[月天])"
    rf"(?:就|才|也|要|到|满|该|是)*(?P<number>{NUMBER})(?:周?岁)?了?"
)
_COMPARED = re.compile("(?:比.{1,6}|[他她][就才也]?)[大小](?=[0-9一二三四五六七八九十两几])")
_ZODIAC = re.compile("^(?:孩子|娃|他|她|是)*属[鼠牛虎兔龙蛇马羊猴鸡狗猪]的?")
_BARE_NUMBER = re.compile(
    rf"(?:有|大概|差不多|大约|就|快|才|今年|满|刚满|都|已经|孩子|娃|他|她|我|虚岁|虚|周岁)*(?P<number>{NUMBER})(?:了|吧|个|岁|周岁|啊|呀|多)*"
)


def number_of(fact: Fact, story: Story, text: str) -> Answer:
    """An age, or a length in months."""
    if fact.unit == "岁":
        return _age(story, text)
    if fact.id.endswith("term_months") and (whole := _served_and_left(story, text)):
        return valued(whole)
    parent = fact.id.partition(".")[0]
    for stretch in durations.find(text, story.as_of):
        if stretch.since and fact.id.endswith("term_months"):
            continue  # 今年三月判的 tells when, not how long
        if not _LEFT_OVER.search(text[: stretch.start]) and not _elsewhere(story, text, stretch, parent, fact.id):
            return valued(stretch.json())
    if (choice := replies.by_rank(fact, text)) or (
        choice := next(iter(c for c, _, _ in replies.chosen(fact, text)), None)
    ):
        return valued(durations.amount(choice.low, choice.high))
    match = _BARE_NUMBER.fullmatch(re.sub(r"\W", "", text))
    # 七岁 is somebody's age, whatever length of time was asked for.
    return valued(number(match["number"])) if match and "岁" not in text else NONE


def _served_and_left(story: Story, text: str) -> Any:
    """关了一年 还有两年: the sentence is both."""
    stretches = [each for each in durations.find(text, story.as_of) if not each.since]
    if len(stretches) != 2 or any(each.low is None or each.high is None for each in stretches):
        return None
    served, left = stretches
    if not _SERVED.search(text[: served.start]) or not _LEFT_OVER.search(text[: left.start]):
        return None
    low, high = (served.low or 0) + (left.low or 0), (served.high or 0) + (left.high or 0)
    return durations.amount(low, high)


def _elsewhere(story: Story, text: str, stretch: durations.Stretch, parent: str, fact: str) -> bool:
    """Whether a length is told of the other parent, or is a sentence while something else was asked."""
    words = text[stretch.start : stretch.end]
    place = story.text.find(words)
    people = story.segment(place).people if place >= 0 else ()
    other = {"father": "mother", "mother": "father"}.get(parent)
    sentence = re.search(r"判(?:了|处|刑)*$", text[: stretch.start]) and not fact.endswith("term_months")
    return bool((other in people and parent not in people) or sentence)


def _age(story: Story, text: str) -> Answer:
    plain = _ZODIAC.sub("", re.sub(r"\W", "", text))  # 属龙的 十四了
    if soon := _SOON.fullmatch(plain):
        years = number(soon["number"])
        return valued(years - 1 if years else None)
    if plain.endswith("个") or _COMPARED.search(plain):
        return NONE  # 两个 counts children, 比他哥小三岁 needs his brother
    found = ages.find(text, story.as_of) or ages.find(_dated(re.sub("(?:腊|冬|正)月$", "", plain)), story.as_of)
    if found:
        return valued(found[0].json()) if found[0].born is None else Answer(answered=True)
    infant = re.fullmatch(rf"\W*(?:才|刚|有|大概)*(?P<months>{NUMBER})个(?:多)?月(?:大|了|\W)*", text)
    if infant and (months := number(infant["months"])) is not None:
        return valued(durations.amount(int(months / 6) / 2, int(months / 6) / 2))
    match = re.fullmatch(r"(?P<before>虚岁?|快|刚满?|刚?过完|不到)?" + _BARE_NUMBER.pattern, plain)
    if match is None:
        return NONE
    before = {"虚": "虚岁"}.get(match["before"] or "", match["before"] or "") or ("虚岁" if "虚" in text else "")
    ends = ages.read(match["number"], before)
    return valued(durations.amount(*ends)) if ends else NONE


def date_of(fact: Fact, story: Story, text: str) -> Answer:
    """A day or month of birth."""
    found = [age for age in (*ages.find(text, story.as_of), *ages.find(_dated(text), story.as_of)) if age.born]
    return valued(found[0].born) if found else NONE


def _dated(text: str) -> str:
    """2015年3月 as an answer to when, as if 生 had been said."""
    return re.sub(r"\W+$", "", text) + "生"
