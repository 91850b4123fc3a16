"""Seconds by kind of turn, and the two tables that are printed of a load."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.telephone import TURNS


@dataclass
class Timed:
    """Seconds by kind, each with the moment at which it was measured."""

    took: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def note(self, kind: str, seconds: float) -> None:
        self.took[kind].append((time.monotonic(), seconds))

    def of(self, kind: str) -> list[float]:
        return [seconds for _, seconds in self.took[kind]]

    @property
    def replies(self) -> int:
        return sum(len(took) for kind, took in self.took.items() if kind in TURNS and kind != "chat read")


def print_kinds(crowd: Timed, held: Timed) -> None:
    print(f"\n{'kind of turn':<18}{'n':>6}{'p50 ms':>9}{'p95 ms':>9}{'last ÷ first quarter':>22}")
    for timed, kinds in ((crowd, TURNS), (held, held.took)):
        for kind in kinds:
            seconds = timed.of(kind)
            if len(seconds) < 8:
                continue
            quarter = len(seconds) // 4
            ordered = sorted(seconds)
            print(
                f"{kind:<18}{len(seconds):>6}{statistics.median(ordered) * 1000:>9.0f}"
                f"{ordered[int(len(ordered) * 0.95)] * 1000:>9.0f}{ratio(seconds[-quarter:], seconds[:quarter]):>22}"
            )


def print_parts(
    memory: dict[str, float], grown: dict[str, float], before: dict[str, float], after: dict[str, float], turns: int
) -> None:
    print(f"\n{'part':<12}{'MB before':>10}{'after':>8}{'KB a turn':>11}{'processor ms a turn':>21}")
    for part, megabytes in memory.items():
        spent = (after[part] - before[part]) / turns * 1000 if part in before else 0.0
        growth = (grown[part] - megabytes) * 1024 / turns
        print(f"{part:<12}{megabytes:>10.0f}{grown[part]:>8.0f}{growth:>11.1f}{spent:>21.1f}")


def in_all(timed: Timed) -> list[float]:
    return [seconds for kind in TURNS if kind != "chat read" for seconds in timed.of(kind)]


def ratio(these: Sequence[float], those: Sequence[float]) -> str:
    return f"× {statistics.median(these) / statistics.median(those):.2f}"
