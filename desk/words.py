"""The Chinese words of the desk (`words.yml`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("words.yml")


@cache
def words() -> dict[str, Any]:
    """By section: `errors` for callers, the others for pages."""
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded
