"""Numbers by which a person can be found: identity cards, telephones, bank cards, court judgments.

Pure. What everybody may read stays: hotlines, sums, ages, dates, terms, numbers of laws and notices.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

DOT = "•"


class Span(NamedTuple):
    """`kind` is judgment, identity_card, bank_card, mobile, landline or account; text[start:end] is the number."""

    kind: str
    start: int
    end: int


def find(text: str) -> list[Span]:
    """In order and without overlaps."""
    plain = _plain(text)
    found: list[Span] = []
    for kind, pattern, holds in PATTERNS:
        for match in pattern.finditer(plain):
            start, end = match.span("number")
            is_free = all(end <= other.start or other.end <= start for other in found)
            if is_free and (holds is None or holds(_bare(match["number"]))):
                found.append(Span(kind, start, end))
    return sorted(found, key=lambda span: span.start)


def mask(text: str) -> str:
    """The text with every sign of such a number as a dot: its length and everything else stay."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    done = 0
    for _, start, end in find(text):
        yield text[done:start] + DOT * (end - start)
        done = end
    yield text[done:]


def _plain(text: str) -> str:
    """Digits of every script, spaces, dashes and brackets as ASCII has them; each sign keeps its place."""
    return "".join(PLAIN.get(sign) or _digit(sign) for sign in text)


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def _bare(number: str) -> str:
    return re.sub(r"[ .\-]", "", number).upper()


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _is_new_card(number: str) -> bool:
    """GB 11643: place, birthday, three digits, and a check sign over the other seventeen."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], CARD_WEIGHTS, strict=True))
    return _is_day(number[6:10], number[10:12], number[12:14]) and number[17] == "10X98765432"[total % 11]


def _is_mistyped_card(number: str) -> bool:
    """Written in one piece with a place and a birthday, it is somebody's even where the check sign is wrong."""
    return _is_day(number[6:10], number[10:12], number[12:14])


def _is_old_card(number: str) -> bool:
    """Of before 1999: two digits of the year, no check sign."""
    return _is_day("19" + number[6:8], number[8:10], number[10:12])


def _is_bank_card(number: str) -> bool:
    """ISO/IEC 7812: the Luhn sum."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


def _is_no_day(number: str) -> bool:
    return len(number) != 8 or not _is_day(number[:4], number[4:6], number[6:])


CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PLAIN = {
    **dict.fromkeys("\u3000\xa0\t\u2009\u202f", " "),
    **dict.fromkeys("－‐‑‒–—―−", "-"),
    **dict.fromkeys("．·・", "."),
    **dict.fromkeys("（〔［[【", "("),
    **dict.fromkeys("）〕］]】", ")"),
    "＋": "+",
    "Ｘ": "X",
    "ｘ": "x",
}

# A court's file number: year, court, kind of case, number. Without brackets only by a province's sign.
PROVINCE = "[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新兵军]"
SUIT = "(?:[刑民行][一二三四五]?[初终再申监更撤特辖执医没他督破认调催]|执[恢异保复监]?|司救[一-龥]|财保|委赔|破|减|假)"
FILE = rf"{SUIT}字?第? ?\d{{1,6}}(?:-\d{{1,3}})?号(?:之[一二三四五六七八九十\d]{{1,2}})?"
COURT = (
    rf"(?P<number>\((?:19|20)\d\d\) ?[一-龥]{{1,8}}?\d{{0,4}}[一-龥]{{0,4}}?{FILE}"
    rf"|(?<!\d)(?:19|20)\d\d年? ?{PROVINCE}\d{{0,4}}[一-龥]{{0,4}}?{FILE})"
)
# Grouped as people group them; looser, lists of ages and sums would be hit.
MOBILE = (
    r"1[3-9]\d{9}|1[3-9]\d[ .-]{1,2}\d{4}[ .-]{1,2}\d{4}|1[3-9]\d[ .-]\d{3}[ .-]\d{5}"
    r"|1[3-9]\d\d[ .-]\d{3}[ .-]\d{4}|1[ -][3-9](?:[ -]\d){9}"
)
LANDLINE = r"\(?0(?:10|2\d|[3-9]\d\d)\)?[ -]{0,2}[2-9]\d{2,3}[ -]?\d{4}(?:-\d{1,4})?"
LOCAL_LINE = r"(?:电话|座机|固话|号码)(?:号码|号)?[^\d\n]{0,4}(?P<number>[2-8]\d{6,7})(?!\d|\.\d|元|块|万)"

# Looked for at every digit: in a longer row of digits and spaces the card may begin at any.
CARD = r"(?<!\d)(?=(?P<number>[1-8](?:[ -]{0,2}\d){16}[ -]{0,2}[\dXx])(?![\dA-Za-z]))"
BANK_CARD = r"(?<!\d)(?P<number>[3-9]\d{3}([ -]?)\d{4}\2\d{4}\2\d{4}(?:\2\d{1,3})?)(?!\d)"

Check = Callable[[str], bool]
PATTERNS: tuple[tuple[str, re.Pattern[str], Check | None], ...] = (
    ("judgment", re.compile(COURT), None),
    ("identity_card", re.compile(CARD), _is_new_card),
    ("identity_card", re.compile(r"(?<!\d)(?P<number>[1-8]\d{16}[\dXx])(?![\dA-Za-z])"), _is_mistyped_card),
    ("bank_card", re.compile(BANK_CARD), _is_bank_card),
    ("identity_card", re.compile(r"(?<!\d)(?P<number>[1-8]\d{14})(?!\d)"), _is_old_card),
    ("mobile", re.compile(rf"(?<!\d)(?P<number>(?:\+?86[ -]?)?(?:{MOBILE}))(?!\d)"), None),
    ("landline", re.compile(rf"(?<!\d)(?P<number>(?:\+?86[ -]?)?{LANDLINE})(?!\d)"), None),
    ("landline", re.compile(LOCAL_LINE), _is_no_day),
    # No sum, date or age is that long: an account, or a card with a wrong digit.
    ("account", re.compile(r"(?<!\d)(?P<number>\d{15,30})(?!\d)"), None),
)
