"""How old: 七岁半, 虚岁十三, 刚满十八, 快十八了, 七八岁, 零八年生, 八个月大."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.reading.durations import JUST_UNDER, amount
from knowledge.reading.numerals import DIGITS, NUMBER, number, spread, year
from knowledge.reading.patterns import pattern


@dataclass(frozen=True)
class Age:
    """An age in completed years, or a month or day of birth; both ends included, None is open."""

    start: int
    end: int
    low: float | None = None
    high: float | None = None
    born: str | None = None

    def json(self) -> Any:
        """A number when exact, else a partial value."""
        return amount(self.low, self.high)


_ROUGH = rf"(?:{NUMBER}[几来]?)"
_BEFORE = (
    r"(?P<before>虚岁|周岁|实岁|足岁|刚刚?满|刚过|才满|将满|快要?满?|马上就?要?满?|就要满?|将近|下个?月(?:就要?)?满?|明年[我他她]?(?:[0-9一二三四五六七八九十]{1,2}月份?|年?初|年?底|上半年|下半年|春天|夏天|暑假)?(?:就要?|才|刚好?)?满?|(?:年内|腊月|年底|过了?完?年|过完年|开年|开春)(?:里|头)?(?:就要?|才|刚好?)*满?"
    r"|过几天(?:就)?满?|不到|不满|未满|没到|没满|还没到|还没满|(?:还有|还差|差|再过)\w{1,5}?(?:就|才|到|不到)*(?:要|快|才|就)*满|大概|大约|差不多|约|才|刚|满|都|已经|今年|现在)?的?有?"
)
_YEARS = re.compile(
    rf"{_BEFORE}(?P<years>{_ROUGH})(?P<unit>周岁|虚岁|岁|(?<=满[一二三四五六七八九十0-9])(?![个年月天元分岁周虚一二三四五六七八九十0-9])|(?<=满[一二三四五六七八九十0-9][一二三四五六七八九十0-9])(?![个年月天元分岁周虚一二三四五六七八九十0-9]))(?:(?P<half>半)|零?(?P<months>{NUMBER})个月|(?P<more>多|出头|左右|上下|以上))?(?P<nominal>虚岁)?"
)
_NOMINAL = re.compile(rf"虚(?:岁|龄)?(?P<years>{_ROUGH})岁?|(?P<years_before>{_ROUGH})岁?[,，\s]{{1,2}}虚岁")
# 周岁十二, and 虚岁十三 beside it: the completed years are the ones that count
_FULL = re.compile(rf"(?:周岁|实岁|足岁)(?:是|才|刚|满|的话)*(?P<years>{_ROUGH})岁?(?![个年月天])")
_BESIDE = re.compile(r"\W*(?:也就是|就是|按|实际|其实|才|是|满|就|大概)*\W*")
_MONTHS = re.compile(rf"(?P<months>{NUMBER})个(?P<more>多)?月(?P<half>半)?(?:大|的(?=孩子|娃|宝宝|婴儿|小孩|奶娃))")
_DAY = r"(?:(?P<day>\d{1,2}|[一二三]?十?[一二三四五六七八九]|[二三]?十)[日号])?"
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份)?"
_FIGURES = rf"(?P<year>\d{{4}}|\d{{2}}|[{DIGITS}]{{4}}|[零〇一][{DIGITS}])"
_BORN = re.compile(
    rf"(?<![\d{DIGITS}])(?:{_FIGURES}年|(?P<relative>今年|去年|前年|大前年))的?(?:{_MONTH}{_DAY})?(?:出生|生人|生日|生的?|的(?=娃|孩子|小孩|[鼠牛虎兔龙蛇马羊猴鸡狗猪]|$|\W)|(?<![今去前]年)(?=女?孩|男孩|娃))"
)
_WRITTEN = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-./年]?(?P<month>0[1-9]|1[0-2]|(?<=\D)[1-9])"
    r"(?:[-./月]?(?P<day>0[1-9]|[12]\d|3[01]|(?<=\D)[1-9])日?)?(?!\d)(?!月?[因被判起进入去死病离走到至份])"
)

# An age that names a time, a rule or another thing, not how old the child is now.
_TIME_AFTER = pattern("ages.time_after")
_TIME_BEFORE = pattern("ages.time_before")
_COMES_OF_AGE = pattern("ages.comes_of_age")
_CAME_OF_AGE = re.compile("(?:今年|现在|刚刚?|已经|都|也|才|早就?|月)$")
_TO_COME = pattern("ages.to_come")
_NOT_YET = pattern("ages.not_yet")


def find(text: str, as_of: date) -> list[Age]:
    """Every age and birth date in the text that can be an age now."""
    full = _full(text)
    nominal = [age for age in _nominal(text) if not any(_is_beside(text, age, other) for other in full)]
    found = [*_births(text, as_of), *full, *nominal, *_infants(text)]
    for match in _YEARS.finditer(text):
        if any(age.start < match.end() and match.start() < age.end for age in found):
            continue
        if is_a_time(text, match.start(), match.end()):
            continue
        ends = _ends(match)
        if ends is not None:
            found.append(Age(match.start(), match.end(), *ends))
    return sorted(found, key=lambda age: age.start)


def is_a_time(text: str, start: int, end: int) -> bool:
    """Whether the words say when something happened (三岁时) or a limit (十八岁以下)."""
    limit = _COMES_OF_AGE.match(text, start) and not _CAME_OF_AGE.search(text[:start])
    return bool(limit or _TIME_AFTER.match(text, end) or _TIME_BEFORE.search(text[:start]))


def read(words: str, before: str = "") -> tuple[float | None, float | None] | None:
    """Ends of an age said without 岁 (孙女十三了), with what stands before it."""
    ends = spread(words)
    return None if ends is None or ends[1] > 120 else _bounded(*ends, before)


def _ends(match: re.Match[str]) -> tuple[float | None, float | None] | None:
    ends = spread(match["years"])
    if ends is None or ends[1] > 120:
        return None
    low, high = ends
    if match["unit"] == "虚岁" or match["nominal"]:
        return low - 2, high - 1
    if match["half"]:
        # Completed years; halves count under seven only (knowledge/facts/child.yml).
        return low + (low < 7) / 2, high + (high < 7) / 2
    if match["months"]:
        half = 0.5 if (number(match["months"]) or 0) >= 6 and low < 7 else 0
        return low + half, high + half
    if match["more"] == "多":
        return low, high + 1 - JUST_UNDER
    if match["more"]:
        return (low, None) if match["more"] == "以上" else (max(0, low - 1), high + 1)
    return _bounded(low, high, match["before"] or "")


def _bounded(low: float, high: float, before: str) -> tuple[float | None, float | None]:
    if _TO_COME.match(before):
        return max(0, low - 1), max(0, high - 1)
    if _NOT_YET.match(before):
        return None, high - JUST_UNDER
    if before == "虚岁":
        return low - 2, high - 1
    return low, high


def _nominal(text: str) -> list[Age]:
    found = []
    for match in _NOMINAL.finditer(text):
        ends = spread(match["years"] or match["years_before"])
        if ends is not None:
            found.append(Age(match.start(), match.end(), max(0, ends[0] - 2), max(0, ends[1] - 1)))
    return found


def _full(text: str) -> list[Age]:
    found = []
    for match in _FULL.finditer(text):
        ends = spread(match["years"])
        if ends is not None and ends[1] <= 120 and not is_a_time(text, match.start(), match.end()):
            found.append(Age(match.start(), match.end(), *ends))
    return found


def _is_beside(text: str, age: Age, other: Age) -> bool:
    """Whether both are told in one breath, of one child: 虚岁十三 周岁十二."""
    first, second = sorted((age, other), key=lambda each: each.start)
    return bool(_BESIDE.fullmatch(text, first.end, second.start)) or first.end > second.start


def _infants(text: str) -> list[Age]:
    found = []
    for match in _MONTHS.finditer(text):
        months = number(match["months"])
        if months is not None and months <= 36 and not is_a_time(text, match.start(), match.end()):
            years = int(months / 6) / 2
            found.append(Age(match.start(), match.end(), years, years))
    return found


def _births(text: str, as_of: date) -> list[Age]:
    births = [_birth(match, as_of) for pattern in (_BORN, _WRITTEN) for match in pattern.finditer(text)]
    found: list[Age] = []
    for age in births:
        if age is not None and not any(other.start < age.end and age.start < other.end for other in found):
            found.append(age)
    return found


def _birth(match: re.Match[str], as_of: date) -> Age | None:
    parts = match.groupdict()
    if relative := parts.get("relative"):
        born = as_of.year - ("今年", "去年", "前年", "大前年").index(relative)
    else:
        born = year(parts["year"], as_of.year) or 0
    if not as_of.year - 100 <= born:
        return None
    month, day = (int(number(parts[key]) or 0) if parts[key] else None for key in ("month", "day"))
    if month is None:
        years = as_of.year - born
        return Age(match.start(), match.end(), max(0, years - 1), years)
    try:
        first = date(born, month, day or 1)
    except ValueError:
        return None
    if first > as_of:
        return None
    written = f"{born:04d}-{month:02d}" + (f"-{day:02d}" if day else "")
    return Age(match.start(), match.end(), born=written)
