"""How long the front door waits for what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """All in seconds. `away` after the first word unanswered comes the honest line, `trouble` after it a case."""

    quiet: float = 0.6
    longest_quiet: float = 2.0
    away: float = 8.0
    trouble: float = 40.0
    first_pause: float = 0.5
    longest_pause: float = 15.0
    poll: float = 2.0
    alive: float = 15.0
    sweep: float = 20.0
