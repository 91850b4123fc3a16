"""Calls to the Bot API: how they are made, what their errors mean, and the small ones nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from typing import Any

import structlog
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

TRIES = 5

log = structlog.get_logger()


def connections(at_once: int) -> HTTPXRequest:
    """A proxy of the environment is used: in many places Telegram is reached in no other way."""
    return HTTPXRequest(at_once, read_timeout=15, write_timeout=10, connect_timeout=10, pool_timeout=20)


def wait_of(error: RetryAfter) -> timedelta:
    """How long Telegram asks us to wait; the library is on its way from seconds to timedelta."""
    asked = error.retry_after
    return asked if isinstance(asked, timedelta) else timedelta(seconds=asked)


def code(error: BaseException) -> str:
    """Short and fit for logs: the text of such errors may hold the token or what a family said."""
    return type(error).__name__


async def settle(going: Collection[asyncio.Task[None]], within: float) -> None:
    """Let tasks finish, but not for long (seconds)."""
    if going:
        await asyncio.wait(going, timeout=within)
    for task in going:
        task.cancel()
    await asyncio.gather(*going, return_exceptions=True)


class Errands:
    """Small calls beside the road: answering a tap, taking keys away, a last word after erasing."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._going: set[asyncio.Task[None]] = set()

    def run(self, call: Callable[[], Awaitable[Any]]) -> None:
        task = asyncio.create_task(self._run(call))
        self._going.add(task)
        task.add_done_callback(self._going.discard)

    async def stop(self, within: float) -> None:
        await settle(list(self._going), within)

    async def _run(self, call: Callable[[], Awaitable[Any]]) -> None:
        for _ in range(TRIES):
            try:
                await call()
                return
            except (Forbidden, BadRequest):
                return
            except RetryAfter as error:
                await asyncio.sleep(wait_of(error).total_seconds())
            except TelegramError:
                await asyncio.sleep(self._pause)
        log.warning("telegram.errand_left")
