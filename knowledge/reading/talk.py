"""The words the ear listens for: what families say, what the vocabulary and the cues look for, who and where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from knowledge.library import Library
from knowledge.reading.cues import tables
from knowledge.reading.kinship import kin
from knowledge.reading.patterns import pattern
from knowledge.reading.places import shortened
from knowledge.reading.sound import TALK, Ear

_MISHEARD = pattern("sound.misheard")
_SHORT = 2
_WORD = re.compile("[\u4e00-\u9fff]{2,}")


def listener(library: Library) -> Ear:
    """The ear for one knowledge base; made once."""
    says = {word for fact in library.facts.values() for choice in fact.choices for word in choice.says}
    says = {word for word in says if not _MISHEARD.search(word)}
    regions = library.regions.by_code.values()
    places = {name for region in regions for name in (region.name, shortened(region.name), *region.says)}
    return _listener(tuple(sorted(says)), tuple(sorted({*places, *_towns(library)})))


def _towns(library: Library) -> Iterable[str]:
    """梅仙镇, and 梅仙, as those who live there say."""
    for town in library.regions.towns:
        yield town.name
        if len(town.name) > _SHORT and town.name.endswith(("镇", "乡")):
            yield town.name[:-1]


@lru_cache(maxsize=2)
def _listener(says: tuple[str, ...], places: tuple[str, ...]) -> Ear:
    patterns = [tables()[about] for about in ("parent", "child", "home")]
    cues = [word for line in _lines([*patterns, kin()["words"]]) for word in _WORD.findall(line)]
    return Ear([*TALK.read_text(encoding="utf-8").split(), *says, *cues], places)


def _lines(tree: Any) -> Iterable[str]:
    if isinstance(tree, str):
        yield tree
    else:
        for branch in tree.values() if isinstance(tree, dict) else tree:
            yield from _lines(branch)
