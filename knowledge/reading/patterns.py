"""The named expressions of patterns.yml."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _sections() -> dict[str, dict[str, Any]]:
    content: dict[str, dict[str, Any]] = yaml.safe_load(
        Path(__file__).with_name("patterns.yml").read_text(encoding="utf-8")
    )
    return content


def expression(name: str) -> str:
    """The source of `section.name`: a list is a choice, <other> stands for another entry of the section."""
    section, _, entry = name.partition(".")
    value = _sections()[section][entry]
    source = "|".join(map(str, value)) if isinstance(value, list) else str(value)
    return re.sub(r"(?<!\?P)<([a-z_]+)>", lambda part: f"(?:{expression(f'{section}.{part[1]}')})", source)


def pattern(name: str) -> re.Pattern[str]:
    """`section.name` compiled."""
    return re.compile(expression(name))
