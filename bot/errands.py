"""What is done every few minutes in a process of its own, so that it can neither block nor end the supervisor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO


@dataclass
class Errand:
    """A command that ends by itself; times are monotonic seconds. One that does not end within `at_most` is ended."""

    name: str
    command: Sequence[str]
    every: float
    at_most: float = 300.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    start_at: float = 0.0
    started: float = 0.0

    def tend(
        self, now: float, log: Callable[[], IO[bytes]], env: Mapping[str, str], prepare: Callable[[], None]
    ) -> None:
        """Start it when it is time, and never twice at once."""
        if self.process is not None:
            if self.process.poll() is None:
                if now - self.started > self.at_most:
                    self.end()
                return
            self.process = None
        if now < self.start_at:
            return
        self.started, self.start_at = now, now + self.every
        with log() as out:
            self.process = subprocess.Popen(
                self.command,
                cwd=Path(__file__).parent.parent,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=prepare,
            )

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None


def errands() -> list[Errand]:
    return [
        Errand("follow up", [sys.executable, "-m", "bot.follow_up"], every=600.0),
        Errand("retention", [sys.executable, "-m", "bot.cli", "retention"], every=86400.0, at_most=3600.0),
    ]
