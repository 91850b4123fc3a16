"""What every page needs: the store, the knowledge, the seal of the session, and how often to look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from itsdangerous import URLSafeTimedSerializer

from casework.store import Store
from casework.writing import Writing
from desk.board import Board
from knowledge.library import Library


@dataclass(frozen=True)
class Pace:
    """Seconds: between two looks at the store, between signs of life, and until a stream must sign in again."""

    poll: float = 1.0
    alive: float = 15.0
    lifetime: float = 300.0


class Bell:
    """Wakes the streams of this process as soon as somebody at the desk has done something."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Until it rings, at most that long."""
        try:
            await asyncio.wait_for(self._rung.wait(), seconds)
        except asyncio.TimeoutError:
            return


@dataclass(frozen=True)
class Office:
    """`notice` wakes the front door's streams of one conversation; `secure` cookies travel over TLS only."""

    store: Store
    library: Library
    notice: Callable[[str], None]
    seal: URLSafeTimedSerializer
    secure: bool
    board: Board
    pace: Pace = Pace()
    writing: Writing = field(default_factory=Writing)
    bell: Bell = field(default_factory=Bell)

    def stir(self) -> None:
        """Show everybody at the desk at once what somebody has just done."""
        self.board.expire()
        self.bell.ring()
