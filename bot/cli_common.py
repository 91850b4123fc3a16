"""What every file of the command shares."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent


def today() -> date:
    """The day in Asia/Shanghai, whatever the machine's clock zone."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def fault(line: str, status: int = 2) -> int:
    """One line on standard error, and the exit status to return."""
    print(" ".join(line.split()), file=sys.stderr)
    return status
