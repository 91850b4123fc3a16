"""How long, in months: 大半年, 一年零三个月, 三年二, 快半年, 好几年, 去年三月."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.reading import past
from knowledge.reading.numerals import DIGITS, NUMBER, ROUGH, number, spread
from knowledge.reading.patterns import pattern

JUST_UNDER = 0.1  # "not yet six months" is read as at most 5.9


@dataclass(frozen=True)
class Stretch:
    """A length of time in the text, in months; None is an open end."""

    start: int
    end: int
    low: float | None
    high: float | None
    since: bool = False

    def json(self) -> Any:
        """A number when exact, else a partial value."""
        return amount(self.low, self.high)


def amount(low: float | None, high: float | None) -> Any:
    """A number when both ends meet, else {"min", "max"} with what is known."""
    if low is not None and low == high:
        return _plain(low)
    ends = {"min": low, "max": high}
    return {key: _plain(end) for key, end in ends.items() if end is not None}


_BEFORE = (
    r"(?P<before>大概|大约|差不多|约|近|将近|快要?|眼瞅着?|眼看着?|不到|没到|不满|未满|没有|不超过|至少|起码|超过|满|好"
    r"|整整|都|整)?"
)
_AFTER = r"(?P<after>多|来|左右|上下|以上|以下|以内|之内|出头|不到|整|开外)?"
# 年 that belongs to another word: 一年级, 三年前 is a point in the past
_NOT_YEAR = r"(?!级|纪|龄|轻|前|之前|以前|到头)"
_KIN = "嫂哥姐弟妹叔伯姑姨舅婶儿女孙宝"  # 二哥判六年二嫂判两年
_LENGTH = re.compile(
    rf"{_BEFORE}(?:"
    rf"(?P<half>大半|小半|半)年{_NOT_YEAR}"
    rf"|(?P<years>{ROUGH}|多|好多|好些|很多|许多)年{_NOT_YEAR}(?:(?P<half_more>半)|[零又加]?(?P<months>{ROUGH})个?月"
    rf"|(?P<odd>[{DIGITS[2:].replace('两俩仨', '')}十])(?![个岁{DIGITS}十年月级天次口人{_KIN}])|(?P<year_more>多))?"
    rf"|(?P<only_months>{ROUGH})(?:个?(?P<only_months_more>多|来|半)?月)"
    r"|(?P<half_month>半)个?(?P<half_month_more>多)?月"
    rf"|(?P<small>{ROUGH})(?P<unit>天|日|周|个?星期|个?礼拜){_NOT_YEAR}"
    rf"){_AFTER}"
)
# 八个月大 is an age, 一个月两百 a rate
_NOT_LENGTH = pattern("durations.not_length")
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "个星期": 7, "礼拜": 7, "个礼拜": 7}


def find(text: str, as_of: date) -> list[Stretch]:
    """Every length of time in the text, and every point in the past as the time since then."""
    since = [Stretch(found.start, found.end, found.low, found.high, True) for found in past.find(text, as_of)]
    taken = [(stretch.start, stretch.end) for stretch in since]
    for match in _LENGTH.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        if _NOT_LENGTH.match(text[match.end() :]):
            continue
        ends = _ends(match)
        if ends is not None:
            since.append(Stretch(match.start(), match.end(), *ends))
    return sorted(since, key=lambda stretch: stretch.start)


def _ends(match: re.Match[str]) -> tuple[float | None, float | None] | None:
    reader = next(reader for group, reader in _READERS.items() if match[group])
    ends = reader(match)
    if ends is None:
        return None
    low, high = ends
    if low is not None and low == high:
        return _rough(low, match["before"] or "", match["after"] or "")
    return _opened(low, high, match["before"] or "", match["after"] or "")


def _half(match: re.Match[str]) -> tuple[float, float]:
    if match["half"] == "半" and match["after"] == "多":
        return 6, 9
    return {"大半": (7, 11), "小半": (3, 5), "半": (6, 6)}[match["half"]]


def _years(match: re.Match[str]) -> tuple[float | None, float | None] | None:
    words = match["years"]
    if words in ("多", "好多", "好些", "很多", "许多", "几", "好几"):
        return 24, None
    ends = spread(words)
    if ends is None or ends[1] > 100:
        return None
    extra = spread(match["months"]) if match["months"] else (6, 6) if match["half_more"] else (0, 0)
    if match["odd"]:
        odd = number(match["odd"])
        extra = (odd, odd) if odd is not None else None
    if extra is None:
        return None
    low, high = ends[0] * 12 + extra[0], ends[1] * 12 + extra[1]
    more = match["year_more"] or (match["after"] == "多" and not match["months"])
    return (low, high + 11) if more else (low, high)


def _months(match: re.Match[str]) -> tuple[float, float] | None:
    ends = spread(match["only_months"])
    if ends is None:
        return None
    more = match["only_months_more"]
    low, high = ends
    if more == "半":
        return low + 0.5, high + 0.5
    return (low, high + 1 - JUST_UNDER) if more or match["after"] in ("多", "来") else (low, high)


def _half_month(match: re.Match[str]) -> tuple[float, float]:
    return (0.5, 0.9) if match["half_month_more"] or match["after"] == "多" else (0.5, 0.5)


def _small(match: re.Match[str]) -> tuple[float, float] | None:
    ends = spread(match["small"])
    if ends is None:
        return None
    days = _DAYS[match["unit"]]
    return round(ends[0] * days / 30, 1), round(ends[1] * days / 30, 1)


Ends = tuple[float | None, float | None]
_READERS: dict[str, Callable[[re.Match[str]], Ends | None]] = {
    "half": _half,
    "years": _years,
    "only_months": _months,
    "half_month": _half_month,
    "small": _small,
}


def _rough(value: float, before: str, after: str) -> Ends:
    slack = 1 if value < 12 else 3
    if before in ("快", "快要", "将近", "近") or before.startswith("眼"):
        return max(0, value - (1 if value < 6 else 2 if value < 12 else 3)), value - JUST_UNDER
    if before in ("不到", "没到", "不满", "未满", "没有", "不超过") or after in ("以下", "以内", "之内", "不到"):
        return None, value - (0 if before == "不超过" else JUST_UNDER)
    if before in ("至少", "起码", "超过") or after in ("以上", "开外"):
        return value, None
    if after in ("左右", "上下"):
        return max(0, value - slack), value + slack
    if after in ("来", "出头"):
        return value, value + slack
    return value, value


def _opened(low: float | None, high: float | None, before: str, after: str) -> Ends:
    if before in ("不到", "没到", "不满", "未满", "没有") or after in ("以下", "以内", "不到"):
        return None, high
    if before in ("至少", "起码", "超过") or after == "以上":
        return low, None
    return low, high


def _plain(value: float) -> float | int:
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def bare(text: str) -> float | None:
    """A number that stands alone, as an answer to a question about months."""
    match = re.fullmatch(rf"[^\w]*(?:有|大概|差不多|大约|就|快)?({NUMBER})[个吧了啊呀\W]*", text)
    return number(match[1]) if match else None
