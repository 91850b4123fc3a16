"""Numbers as people say them: 三, 两, 俩, 半, 廿, 十七八, 十几, 零八."""

from __future__ import annotations

import re
from functools import lru_cache

import cn2an

DIGITS = "零〇一二两俩仨三四五六七八九"
NUMBER = rf"(?:\d{{1,9}}(?:\.\d{{1,3}})?|[{DIGITS}十百千万廿卅]{{1,9}})"
# a number, or a pair of neighbours (七八), or 几 after tens (十几), or 来 (十来)
ROUGH = rf"(?:{NUMBER}[几来]|{NUMBER}|好?几)"

_SPELLING = str.maketrans({"两": "二", "俩": "二", "仨": "三", "〇": "零"})
_PAIR = re.compile(r"^(.*?)([一二三四五六七八九])([二三四五六七八九])$")


@lru_cache(maxsize=4096)
def number(words: str) -> float | None:
    """The one number that the words name, or None when they name none or more than one."""
    if re.fullmatch(r"\d+(?:\.\d+)?", words):
        return _plain(float(words))
    spelt = words.translate(_SPELLING).replace("廿", "二十").replace("卅", "三十")
    if not spelt or not re.fullmatch(r"[零一二三四五六七八九十百千万]+", spelt):
        return None
    if not re.search("[十百千万]", spelt):
        return _digit_by_digit(spelt)
    try:
        return _plain(float(cn2an.cn2an(spelt, "smart")))
    except ValueError:
        return None


def _digit_by_digit(spelt: str) -> float | None:
    figures = "".join(str("零一二三四五六七八九".index(letter)) for letter in spelt)
    return None if len(figures) == 2 and figures[0] != "0" else int(figures)


@lru_cache(maxsize=4096)
def spread(words: str) -> tuple[float, float] | None:
    """Lowest and highest number that the words allow: 七八 is (7, 8), 十几 (11, 19), 十来 (9, 13)."""
    exact = number(words)
    if exact is not None:
        return exact, exact
    if words in ("几", "好几"):
        return (2, 9) if words == "几" else (3, 9)
    if words[-1:] in ("几", "来"):
        tens = number(words[:-1])
        if tens is None or tens % 10:
            return None
        return (tens + 1, tens + 9) if words[-1] == "几" else (tens - 1, tens + 3)
    pair = _PAIR.match(words.translate(_SPELLING))
    if pair is None:
        return None
    low, high = number(pair[1] + pair[2]), number(pair[1] + pair[3])
    if low is None or high is None or high != low + 1:
        return None
    return low, high


def year(words: str, latest: int) -> int | None:
    """A year of four or two figures: 2008, 08, 零八, 二零零八; never one after `latest`."""
    figures = words.translate(_SPELLING)
    if not re.fullmatch(r"\d{2}|\d{4}|[零一二三四五六七八九]{2}|[零一二三四五六七八九]{4}", figures):
        return None
    if not figures.isdigit() or not figures.isascii():
        figures = "".join(str("零一二三四五六七八九".index(letter)) for letter in figures)
    found = int(figures)
    if len(figures) == 2:
        found += 2000 if 2000 + found <= latest else 1900
    return found if 1900 <= found <= latest else None


def _plain(value: float) -> float:
    return int(value) if value == int(value) else value
