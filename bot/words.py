"""The Chinese sentences of the front door itself (`words.yml`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("words.yml")


@cache
def words() -> dict[str, Any]:
    """By section: `errors` for callers, `system` for the conversation, `page` for the web chat."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found
