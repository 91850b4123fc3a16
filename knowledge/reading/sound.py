"""What was meant by what was typed by ear: 服型 is 服刑, 他吧坐劳了 is 他爸坐牢了, 我ba is 我爸.

Every word is known with how often it is said. A text is read as the likeliest row of words, where a word may stand for
others of the same sound, at a price for each character; what is written right is cheaper than any other reading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from math import inf, log
from pathlib import Path

from pypinyin import lazy_pinyin

from knowledge.reading.normal import Normal
from knowledge.reading.words import shares

TALK = Path(__file__).with_name("heard.txt")
_HAN = re.compile("[\u4e00-\u9fff]+")
_FIGURES = {1: "三", 2: "十二"}  # 3年 and 12岁 are heard as three years and the age of twelve
_TRACE = "\0"
_NUMBERS = {*"一二两三四五六七八九十"}
_ALIKE = {*"他她它"}  # nobody means the one by the other

_ALIKE_SOUNDS = (("n", "l"), ("zh", "z"), ("ch", "c"), ("sh", "s"))

# In nats: a character other than written, a syllable in letters, letters that mean nothing, an unknown character
_PRICE = 5.5
_DIALECT = 1.0  # beside the price: of another sound, as in dialect
_SYLLABLE = 0.5
_LETTERS = 12.0
_UNKNOWN = 16.0

_LONGEST = 5
_ONCE_IS_ENOUGH = 3  # longer runs are kept when they are said twice
_SET_PHRASE, _WEIGHT = 6, 3  # entries up to this length are set phrases and weigh more than sentences
_OF_FAMILIES = 0.5  # the share of what families say, against the whole language
_OF_A_PLACE = 3e-6
_SINGLES = 6  # characters of one sound that are tried by themselves


@dataclass(frozen=True)
class _Unit:
    """A character, a figure or a syllable in letters; `written` is what it competes as, `sound` empty for a break."""

    place: int
    text: str
    written: str
    sound: str


class Ear:
    """Knows words by their sound; safe to share between threads."""

    def __init__(self, talk: Iterable[str], places: Iterable[str]) -> None:
        costs = {word: -log(chance) for word, chance in _chances(talk, places).items()}
        self._codes: dict[str, str] = {}
        self._written = {word: cost for word, cost in costs.items() if len(word) == 1}
        self._index: dict[str, list[tuple[float, str]]] = {}
        for word, cost in costs.items():
            key = "".join(self._code(blurred(sound(letter))) for letter in word)
            self._index.setdefault(key, []).append((cost, word))
            for length in range(1, len(key)):
                self._index.setdefault(key[:length], [])
        for key, found in self._index.items():
            found.sort()
            del found[_SINGLES if len(key) == 1 else len(found) :]
        spelt = {sound(letter) for word in costs for letter in word}
        syllables = sorted((each for each in spelt if len(each) > 1), key=len, reverse=True)
        self._syllable = re.compile("|".join(syllables))
        self._spelt = re.compile(f"(?:{self._syllable.pattern})+(?![a-z])")

    def hear(self, normal: Normal) -> Normal:
        """The text with its words as they were meant; figures, and what is no word, stay as they are."""
        if not _HAN.search(normal.text):
            return normal
        letters: list[str] = []
        origins: list[int] = []
        for is_heard, stretch in groupby(self._units(normal.text), key=lambda unit: bool(unit.sound)):
            units = [*stretch]
            for unit, meant in zip(
                units, self._meant(units) if is_heard else (each.text for each in units), strict=True
            ):
                letters.append(meant)
                origins.extend(normal.origins[unit.place : unit.place + len(meant)])
        return Normal("".join(letters), normal.said, tuple(origins))

    def _units(self, text: str) -> Iterable[_Unit]:
        place, lower = 0, text.lower()
        while place < len(text):
            letter = text[place]
            if _HAN.match(letter):
                yield _Unit(place, letter, letter, self._code(blurred(sound(letter))))
                place += 1
            elif figures := re.compile("[0-9]+").match(text, place):
                yield from self._figures(place, figures.group())
                place = figures.end()
            elif len(lower) == len(text) and (spelt := self._spelt.match(lower, place)):
                for each in self._syllable.finditer(spelt.group()):
                    start = place + each.start()
                    yield _Unit(start, text[start : place + each.end()], _TRACE, self._code(blurred(each.group())))
                place = spelt.end()
            else:
                word = re.compile("[A-Za-z]+|.", re.DOTALL).match(text, place)
                yield _Unit(place, word.group() if word else letter, "", "")
                place = word.end() if word else place + 1

    def _figures(self, place: int, figures: str) -> Iterable[_Unit]:
        stands_for = _FIGURES.get(len(figures))
        for offset, figure in enumerate(figures):
            spoken = stands_for[offset] if stands_for else ""
            yield _Unit(place + offset, figure, spoken, self._code(blurred(sound(spoken))) if spoken else "")

    def _meant(self, units: Sequence[_Unit]) -> list[str]:
        """The cheapest row of words for a stretch without breaks."""
        written = "".join(unit.written for unit in units)
        heard = "".join(unit.sound for unit in units)
        fixed = [unit.text.isdigit() for unit in units]
        costs = [0.0] + [inf] * len(units)
        words = [""] * (len(units) + 1)
        for start, letter in enumerate(written):
            as_written = costs[start] + (_LETTERS if letter == _TRACE else self._written.get(letter, _UNKNOWN))
            if as_written < costs[start + 1]:
                costs[start + 1], words[start + 1] = as_written, letter
            for end in range(start + 1, len(units) + 1):
                found = self._index.get(heard[start:end])
                if found is None:
                    break
                for cost, word in found:
                    if costs[start] + cost >= costs[end]:
                        break
                    total = costs[start] + cost + _price(word, written[start:end], fixed[start:end])
                    if total < costs[end]:
                        costs[end], words[end] = total, word
        return _traced(words, units)

    def _code(self, syllable: str) -> str:
        """One letter per syllable, so that a row of sounds is a string as long as its words."""
        return self._codes.setdefault(syllable, chr(0x4E00 + len(self._codes)))


@cache
def blurred(syllable: str) -> str:
    """The syllable as one hears it where n and l, zh and z, f and h, ing and in are not told apart."""
    for heard, meant in _ALIKE_SOUNDS:
        if syllable.startswith(heard):
            syllable = meant + syllable[len(heard) :]
    return syllable.removesuffix("g") if syllable.endswith(("ing", "eng")) else syllable


@cache
def sound(letter: str) -> str:
    """The syllable of a character, without tone."""
    return lazy_pinyin(letter)[0]


def _price(word: str, written: str, fixed: Sequence[bool]) -> float:
    """What it costs that `written` was meant as `word`."""
    if word == written:
        return 0.0
    if len(word) == 1 and written == _TRACE:
        return inf  # one syllable alone may be anything
    price = 0.0
    for meant, letter, is_fixed in zip(word, written, fixed, strict=True):
        if letter == _TRACE:
            price += _SYLLABLE
        elif meant != letter:
            apart = {meant, letter} <= _ALIKE or {meant, letter} <= _NUMBERS
            price += inf if is_fixed or apart else _PRICE
            price += _DIALECT * (sound(meant) != sound(letter))
    return price


def _traced(words: Sequence[str], units: Sequence[_Unit]) -> list[str]:
    """From the last word of each place to the letters of the whole row."""
    row: list[str] = []
    end = len(units)
    while end:
        row.append(words[end])
        end -= len(words[end])
    letters = "".join(reversed(row))
    return [
        unit.text if unit.text.isdigit() or letter == _TRACE else letter
        for unit, letter in zip(units, letters, strict=True)
    ]


def _chances(talk: Iterable[str], places: Iterable[str]) -> dict[str, float]:
    """How likely each word begins at a place of a text."""
    runs: Counter[str] = Counter()
    for line in talk:
        for entry in _HAN.findall(line):
            weight = _WEIGHT if len(entry) <= _SET_PHRASE else 1
            for length in range(1, _LONGEST + 1):
                for start in range(len(entry) - length + 1):
                    runs[entry[start : start + length]] += weight
    total = sum(count for run, count in runs.items() if len(run) == 1)
    chances = {word: (1 - _OF_FAMILIES) * share for word, share in shares().items() if _HAN.fullmatch(word)}
    for run, count in runs.items():
        if count > 1 or len(run) <= _ONCE_IS_ENOUGH:
            chances[run] = chances.get(run, 0) + _OF_FAMILIES * count / total
    for place in places:
        if _HAN.fullmatch(place) and 1 < len(place) <= _LONGEST:
            chances[place] = chances.get(place, 0) + _OF_A_PLACE
    return chances
