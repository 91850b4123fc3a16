"""The Chinese words of the desk (`words.yml`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("words.yml")
CANNED = Path(__file__).with_name("canned.yml")


@cache
def words() -> dict[str, Any]:
    """By section: `errors` for callers, the others for pages."""
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def canned() -> list[dict[str, str]]:
    """Replies that are written often (`canned.yml`), each with the name it is chosen by."""
    loaded: list[dict[str, str]] = yaml.safe_load(CANNED.read_text(encoding="utf-8"))
    return loaded
