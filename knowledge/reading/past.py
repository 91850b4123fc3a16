"""Points in the past and how many months ago they were: 前年, 去年三月, 2023年5月, 三年前."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.reading.numerals import DIGITS, ROUGH, number, spread, year


@dataclass(frozen=True)
class Ago:
    """Months between the point and the day of reading, both ends included."""

    start: int
    end: int
    low: float
    high: float


_RELATIVE = {"今年": 0, "去年": 1, "上年": 1, "前年": 2, "大前年": 3}
_PARTS = {
    **dict.fromkeys(("年初", "开年"), (1, 3)),
    **dict.fromkeys(("年底", "年末", "年尾"), (11, 12)),
    "底": (11, 12),
    "末": (11, 12),
    "初": (1, 3),
    "正月": (1, 3),
    "腊月": (13, 14),
    "年中": (5, 8),
    "上半年": (1, 6),
    "下半年": (7, 12),
    "春天": (3, 5),
    "夏天": (6, 8),
    "秋天": (9, 11),
    "暑假": (7, 8),
    "国庆": (10, 10),
    "五一": (5, 5),
}
# Days of the calendar by which families reckon, with the months in which they may fall; the lunar ones wander by one.
_DAYS = {
    **{part: _PARTS[part] for part in ("五一", "国庆", "腊月", "正月", "年初", "开年", "暑假")},
    "八月十五": (9, 10),
    "中秋": (9, 10),
    "五月初五": (5, 6),
    "端午": (5, 6),
    "正月十五": (2, 3),
    "元宵": (2, 3),
    "七月半": (8, 9),
    "清明": (4, 4),
    "十一国庆": (10, 10),
    "冬至": (12, 12),
    "冬月": (12, 13),
    "开春": (2, 4),
    "元旦": (1, 1),
    "过完年": (2, 3),
    "过了年": (2, 3),
    "过年": (1, 2),
    "春节": (1, 2),
}
_DAY = "|".join(sorted(_DAYS, key=len, reverse=True))
# 过年回来一次 and 清明节放假 say what happens every year: only what began then counts.
_BEGAN = (
    "(?=(?:节|前|后|那天|的时候|以后|之后|前后|那会儿?|份|头|里)*(?:就|才|又|还|他|她|人|自己)*"
    "(?:走|跑|离家|出去|没(?:了|影|音|消息|见|联系|回)|失踪|失联|不见|到现在|至今|起|开始|抓|进去|被))"
)
_ALONE = rf"(?:{_BEGAN}|(?=[^\w]|$))"
# 10年 is a length unless what happened then follows
_YEAR = 12
_EVENT = r"(?=出生|生|走|去世|过世|死|跑|离|进去|判|被?抓|那年|开始|起|就|底|初|春|夏|秋|冬|1?\d月)"
_FIGURES = rf"\d{{4}}|[{DIGITS}]{{4}}|[零〇][{DIGITS}]|(?<!判)(?<!判了)(?<!判处)(?<!徒刑)\d{{2}}(?=年{_EVENT})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_LATER = r"月(?:份|初|底|中旬)?"
_POINT = re.compile(
    rf"(?P<relative>大前年|今年|去年|上年|前年)(?P<part>{'|'.join(sorted(_PARTS, key=len, reverse=True))})?的?"
    rf"(?:(?P<month>{_MONTH}){_LATER})?"
    rf"|(?<![\d{DIGITS}十百])(?P<year>{_FIGURES})年(?!级|多|半|零|来|前|之前|以前|以上|以下|左右)(?P<part_of>底|初|末|上半年|下半年|春天|夏天|秋天)?(?:(?P<month_of>{_MONTH}){_LATER})?"
    rf"|(?P<length>{ROUGH}|半)(?P<unit>年|个?月|天)(?:之|以)?前"
    r"|(?P<last>上上?个?月)"
    rf"|[从自打](?P<from>{_MONTH}){_LATER}"
    # 六月底走的, 六月份到现在; 明年六月底 is to come, 每年 comes again
    rf"|(?<![\d{DIGITS}十年每个])(?P<month_alone>{_MONTH})月(?:份|初|底|中旬|\d{{1,2}}[号日]){_ALONE}"
    rf"|(?<![\d{DIGITS}十每])(?P<day>{_DAY}){_BEGAN}"
)


def find(text: str, as_of: date) -> list[Ago]:
    """Every point in the past that the text names."""
    found = []
    for match in _POINT.finditer(text):
        ends = _ends(match, as_of)
        if ends is not None:
            found.append(Ago(match.start(), match.end(), *ends))
    return found


def _ends(match: re.Match[str], as_of: date) -> tuple[float, float] | None:
    if match["length"]:
        return _length(match)
    if match["last"]:
        first = as_of.replace(day=1)
        for _ in match["last"].replace("个", "").replace("月", ""):
            first = (first - timedelta(days=1)).replace(day=1)
        return _between(first, _last_day(first.year, first.month), as_of)
    if alone := match["from"] or match["month_alone"]:
        month = int(number(alone) or 0)
        found = as_of.year if month <= as_of.month else as_of.year - 1
        return _between(date(found, month, 1), _last_day(found, month), as_of)
    if match["day"]:
        return _last(*_DAYS[match["day"]], as_of)
    found_year = _year(match, as_of)
    if found_year is None:
        return None
    part = match["part"] or match["part_of"]
    first_month, last_month = _PARTS[part] if part else (1, 12)
    if named := match["month"] or match["month_of"]:
        first_month = last_month = int(number(named) or 0)
    if first_month > _YEAR:  # 去年腊月 ends in February
        found_year, first_month, last_month = found_year + 1, first_month - _YEAR, last_month - _YEAR
    return _between(date(found_year, first_month, 1), _last_day(found_year, last_month), as_of)


def _last(first_month: int, last_month: int, as_of: date) -> tuple[float, float] | None:
    """The last time that this day came round: 八月十五走的."""
    for found_year in (as_of.year, as_of.year - 1, as_of.year - 2):
        first, last = _month(found_year, first_month), _month(found_year, last_month)
        if first <= as_of:
            return _between(first, _last_day(last.year, last.month), as_of)
    return None


def _month(found_year: int, month: int) -> date:
    return date(found_year + (month - 1) // _YEAR, (month - 1) % _YEAR + 1, 1)


def _year(match: re.Match[str], as_of: date) -> int | None:
    if match["relative"]:
        return as_of.year - _RELATIVE[match["relative"]]
    words = match["year"]
    # 三年 is a length; 23年 and 零八年 are years
    if len(words) == 2 and not words.isdigit() and words[0] not in "零〇":
        return None
    return year(words, as_of.year)


def _length(match: re.Match[str]) -> tuple[float, float] | None:
    ends = (0.5, 0.5) if match["length"] == "半" else spread(match["length"])
    if ends is None:
        return None
    months = {"年": 12, "月": 1, "个月": 1, "天": 1 / 30}[match["unit"]]
    slack = 6 if months == 12 and match["length"] != "半" else 1 if months >= 1 else 0
    return max(0, round(ends[0] * months - slack, 1)), round(ends[1] * months + slack, 1)


def _between(first: date, last: date, as_of: date) -> tuple[float, float] | None:
    if first > as_of:
        return None
    return _months(min(last, as_of), as_of), _months(first, as_of)


def _months(then: date, as_of: date) -> int:
    return (as_of.year - then.year) * 12 + as_of.month - then.month - (as_of.day < then.day)


def _last_day(found_year: int, month: int) -> date:
    return (date(found_year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
