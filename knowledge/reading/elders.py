"""What is told of the old people and pairs around a child: who is ill, who died, who lives by twos."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.reading.clauses import Placed
from knowledge.reading.kinship import PARENTS
from knowledge.reading.patterns import pattern
from knowledge.reading.story import Story

_OLD = ("in_laws", "grandparents", "old_spouse")
_ILL = pattern("home.ill")
_DEAD = pattern("home.has_died")
_FALLS_ILL = pattern("home.falls_ill")
_PAIRS = {name: pattern(f"home.pair_{name}") for name in ("mother", "father", "grandparents")}


def are_nursed(story: Story, placed: Placed) -> bool:
    """公公偏瘫婆婆照顾, 爸爸重病妈妈照顾他: a grown-up is looked after, not the child."""
    clause = story.segment(placed.mention.start).clause
    before = [each for each in story.placed if clause.start <= each.mention.start < placed.mention.start]
    ill = [each.mention for each in before if each.mention.kind in _OLD or {*each.people} & PARENTS]
    return bool(ill and _ILL.search(story.text, ill[-1].end, placed.mention.start))


def have_died(story: Story, placed: Placed) -> bool:
    """奶奶拉扯我长大，奶奶上个月走了: nobody lives with the dead."""
    return _goes_on(story, placed, _DEAD)


def _goes_on(story: Story, placed: Placed, words: re.Pattern[str]) -> bool:
    """Whether these words stand behind the same word for a person, further on."""
    place = story.text.find(placed.mention.word, placed.mention.end)
    while place >= 0:
        if words.match(story.text, place + len(placed.mention.word)):
            return True
        place = story.text.find(placed.mention.word, place + 1)
    return False


def fall_ill(story: Story, placed: Placed) -> bool:
    """爷爷看着，爷爷瘫了: who minded the child no longer can."""
    return _goes_on(story, placed, _FALLS_ILL)


def pairs(text: str) -> Iterable[tuple[str, tuple[int, int]]]:
    """母子俩租房住, 祖孙俩相依为命: with whom, and where it stands."""
    for value, words in _PAIRS.items():
        for match in words.finditer(text):
            yield value, match.span()
