"""Who writes, told from the messages themselves, so that the first words of help fit who reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from knowledge.files import read_yaml
from knowledge.safety.words import PHRASES

# `self`: somebody who may be of any age, and tells of themselves; `friend`: a child that tells of another child;
# `doer`: a grown-up who strikes or threatens; `anyone`: nobody is named at all.
VOICES: Final = ("child", "adult", "self", "anyone", "friend", "doer")
# These may be twelve or fifty years old.
_ANY_AGE: Final = (None, "sibling")


def speaks_as_child(text: str) -> bool:
    """A child's own words (我爸打我, 我上初二) and nothing that only an adult says of a child (我孙子, 学生)."""
    voices = _voices()
    return bool(voices["child"].search(text)) and not voices["adult"].search(text)


def speaks_as_adult(text: str) -> bool:
    """An adult's words of a child (孩子他爸, 我孙子); 他爸打他, said of a friend, is said by the young as well."""
    voices = _voices()
    of_friend = bool(voices["friend"].search(text)) and not voices["ward"].search(text)
    return bool(voices["adult"].search(text)) and not of_friend


def tells_of_friend(text: str) -> bool:
    return bool(_voices()["friend"].search(text))


def tells_of_self(text: str) -> bool:
    """Whether the harm that is told of is the writer's own."""
    return bool(_voices()["own"].search(text))


def tells_of_ward(text: str) -> bool:
    """Whether it is a child of somebody's that is told of, not only he or she."""
    return bool(_voices()["ward"].search(text))


def voice_of(texts: Sequence[str], role: str | None = None, young: bool = False, friend: bool = False) -> str:
    """Of whoever wrote `texts`, oldest first; `role` is `asker.role` where that is known.

    `young`, `friend`: earlier words, not among the texts, sounded like a child or told of a friend.
    """
    voices, last = _voices(), texts[-1] if texts else ""
    has_other, is_own = bool(voices["other"].search(last)), bool(voices["own"].search(last))
    if role != "child" and not young and voices["doer"].search(last) and not speaks_as_child(last):
        return "doer"
    if role not in (*_ANY_AGE, "child"):
        return "self" if is_own else "adult"
    is_child = role == "child" or young or any(speaks_as_child(text) for text in texts)
    is_adult = not is_child and any(speaks_as_adult(text) for text in texts)
    has_other = has_other or tells_of_friend(last)
    if not is_adult and not is_own and has_other and (friend or any(tells_of_friend(text) for text in texts)):
        return "friend"
    if is_child:
        return "child"
    if is_own:
        return "self"
    has_ward = any(voices["ward"].search(text) for text in texts)
    return "adult" if is_adult or has_other or has_ward else "anyone"


@cache
def _voices() -> dict[str, re.Pattern[str]]:
    return {name: re.compile("|".join(forms)) for name, forms in read_yaml(PHRASES)["voices"].items()}
