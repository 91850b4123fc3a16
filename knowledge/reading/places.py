"""Names of places to region codes, as far as the knowledge base lists them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.reading.patterns import pattern
from knowledge.reading.polarity import Stance
from knowledge.reading.siblings import ALL
from knowledge.reading.story import Findings, Story
from knowledge.reading.told import label
from knowledge.region import Region, Regions, Town

_HUKOU = re.compile(r"(?:户口|户籍|老家|原籍)[^，。,]{0,4}$")
_HERE = re.compile(r"(?:住|现在|目前|人在|在|待在|搬到|来)[^，。,]{0,4}$")
_HUKOU_AFTER = re.compile(r"(?:的)?(?:户口|户籍)")
_HUKOU_BEFORE = pattern("places.hukou_before")
_ELSEWHERE = pattern("places.elsewhere")
_TOO_SHORT = 2
_CITY = 4
_SUFFIX = pattern("places.suffix")


def read(story: Story, regions: Regions, findings: Findings) -> None:
    """Where the hukou is and where the child lives, when the story says which of the two a place is."""
    for match, code in _all(regions, story.text):
        start, end = match
        clause = story.segment(start).clause
        before, after = story.text[clause.start : start], story.text[end : clause.end]
        if story.stance_of(start, end) not in (Stance.SAID, Stance.DOUBTED):
            continue
        carried = before in ("在", "是") and _HUKOU_BEFORE.search(story.text[clause.sentence : clause.start])
        if carried or _HUKOU.search(before) or _HUKOU_AFTER.match(after):
            _tell(story, findings, "child.hukou_region", code, match)
        elif _ELSEWHERE.match(after):
            continue
        elif _HERE.search(before) and story.segment(start).people in (("child",), (), ("asker",)):
            _tell(story, findings, "child.residence_region", code, match)


def _tell(story: Story, findings: Findings, fact: str, code: str, span: tuple[int, int]) -> None:
    number = label(story, span[0])
    findings.of(number).tell(fact, code, span)
    if number == ALL:
        findings.for_all.add(fact)


def find(regions: Regions, text: str) -> str | None:
    """The one place that a text names; None when it names none, or places that exclude each other."""
    codes = [code for _, code in _all(regions, text)]
    longest = max(codes, key=len, default=None)
    return longest if longest and all(longest.startswith(code) for code in codes) else None


def _all(regions: Regions, text: str) -> list[tuple[tuple[int, int], str]]:
    """Places in the order of the text; names that follow each other (福建三明) are one place."""
    names = _names(regions)
    found: list[tuple[tuple[int, int], str]] = []
    at = 0
    while match := names.pattern.search(text, at):
        span = match.span()
        wider = found[-1] if found and span[0] - found[-1][0][1] <= 1 else None
        codes = [each for each in names.codes[match.group()] if wider is None or each.startswith(wider[1])]
        shortest = min(codes, key=len, default="")
        if codes and all(each.startswith(shortest) for each in codes):  # 吉林 alone is the province
            span, code = _narrowed(names, text, (wider[0][0] if wider else span[0], span[1]), shortest)
            found[-1 if wider else len(found) :] = [(span, code)]
        at = span[1]
    return found


def _narrowed(names: _Names, text: str, span: tuple[int, int], code: str) -> tuple[tuple[int, int], str]:
    """A bare name right after the wider place (河南兰考, 成都武侯): too short to be a place anywhere else."""
    if names.pattern.match(text, span[1]):
        return span, code
    for length in range(names.longest, 1, -1):
        bare = text[span[1] : span[1] + length]
        inside = [each for each in names.bare.get(bare, ()) if each.startswith(code) and each != code]
        if len(bare) == length and len(inside) == 1:
            return _narrowed(names, text, (span[0], span[1] + length), inside[0])
    return span, code


@dataclass(frozen=True)
class _Names:
    """What stands for a place by itself, and what does so only behind a wider one."""

    codes: Mapping[str, tuple[str, ...]]
    bare: Mapping[str, tuple[str, ...]]
    longest: int
    pattern: re.Pattern[str]


def _names(regions: Regions) -> _Names:
    return _names_of(tuple(regions.by_code.values()), regions.towns)


@lru_cache(maxsize=2)
def _names_of(regions: tuple[Region, ...], towns: tuple[Town, ...]) -> _Names:
    whole: dict[str, list[str]] = {}
    bare: dict[str, list[str]] = {}
    for region in regions:
        short = _SUFFIX.sub("", region.name)
        if len(short) >= _TOO_SHORT:
            bare.setdefault(short, []).append(region.code)
    for region in regions:
        said, short = set(region.says), _SUFFIX.sub("", region.name)
        if len(region.name) > _TOO_SHORT:  # 城区 and 郊区 are everywhere
            said.add(region.name)
        if len(region.code) == _CITY and all(code.startswith(region.code) for code in bare.get(short, ())):
            said.add(short)
        for each in said:
            if len(each) >= _TOO_SHORT:
                whole.setdefault(each, []).append(region.code)
    for town in towns:  # a town stands for its county
        (whole if town.alone else bare).setdefault(town.name, []).append(town.code)
    longest_first = sorted(whole, key=len, reverse=True)
    return _Names(
        {name: tuple(codes) for name, codes in whole.items()},
        {name: tuple(codes) for name, codes in bare.items()},
        max(map(len, bare)),
        re.compile("|".join(map(re.escape, longest_first))),
    )
