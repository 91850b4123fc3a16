"""Whether the one who writes is a child, told from one message, so that the first words of help fit who reads them."""

from __future__ import annotations

import re
from functools import cache

from knowledge.files import read_yaml
from knowledge.safety.words import PHRASES


def speaks_as_child(text: str) -> bool:
    """A child's own words (我爸打我, 我上初二) and nothing that only an adult says of a child (我孙子, 学生)."""
    child, adult = _voices()
    return bool(child.search(text)) and not adult.search(text)


@cache
def _voices() -> tuple[re.Pattern[str], re.Pattern[str]]:
    voices = read_yaml(PHRASES)["voices"]
    return re.compile("|".join(voices["child"])), re.compile("|".join(voices["adult"]))
