"""Ways of writing and dialect words that mean the same as common ones of equal length: 伊老爸, 蹽了, 冇."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from knowledge.reading.normal import Normal


@cache
def _common() -> list[tuple[re.Pattern[str], str]]:
    table = yaml.safe_load(Path(__file__).with_name("spelling.yml").read_text(encoding="utf-8"))
    return [(re.compile(said), str(meant)) for meant, ways in table.items() for said in ways]


def in_common_words(normal: Normal) -> Normal:
    """The text with these words replaced, letter by letter."""
    text = normal.text
    for said, meant in _common():
        text = said.sub(meant, text)
    return Normal(text, normal.said, normal.origins)
