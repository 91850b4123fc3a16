"""Names of places to region codes, as far as the knowledge base lists them."""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.reading.patterns import pattern
from knowledge.reading.polarity import Stance
from knowledge.reading.siblings import ALL
from knowledge.reading.story import Findings, Story
from knowledge.reading.told import label
from knowledge.region import Regions

_HUKOU = re.compile(r"(?:户口|户籍|老家|原籍)[^，。,]{0,4}$")
_HERE = re.compile(r"(?:住|现在|目前|人在|在|待在|搬到|来)[^，。,]{0,4}$")
_HUKOU_AFTER = re.compile(r"(?:的)?(?:户口|户籍)")
_HUKOU_BEFORE = pattern("places.hukou_before")
_ELSEWHERE = pattern("places.elsewhere")
_TOO_SHORT = 2


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
    names = _names(id(regions), tuple((code, region.name, region.says) for code, region in regions.by_code.items()))
    if not names:
        return []
    pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    found: list[tuple[tuple[int, int], str]] = []
    for match in pattern.finditer(text):
        codes = names[match.group()]
        if found and match.start() - found[-1][0][1] <= 1:
            inside = [code for code in codes if code.startswith(found[-1][1])]
            if len(inside) == 1:
                found[-1] = ((found[-1][0][0], match.end()), inside[0])
                continue
        if len(codes) == 1:
            found.append((match.span(), codes[0]))
    return found


@lru_cache(maxsize=4)
def _names(key: int, listed: tuple[tuple[str, str, tuple[str, ...]], ...]) -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for code, name, says in listed:
        for each in {name, *says}:
            if len(each) >= _TOO_SHORT:
                names.setdefault(each, []).append(code)
    return {name: tuple(codes) for name, codes in names.items()}
