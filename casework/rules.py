"""The rules that are data: evidence, applications, referrals, follow-up, figures, each a YAML file beside this one."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@cache
def rules(name: str) -> dict[str, Any]:
    """Raises: FileNotFoundError."""
    found: dict[str, Any] = yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))
    return found
