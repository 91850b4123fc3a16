"""Logs that cannot hurt a child: events and figures, never words, names, numbers or keys."""

from __future__ import annotations

import hashlib
import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from casework.pii import mask

FORBIDDEN = frozenset(
    {"text", "words", "message", "name", "phone", "slots", "facts", "token", "cookie", "password", "packet"}
)


def short_hash(conversation_id: str) -> str:
    """Enough to follow one conversation through a log, too little to open it."""
    return hashlib.sha256(conversation_id.encode()).hexdigest()[:10]


class CurrentStderr:
    """Standard error as it is at each line: whoever runs us may have swapped it since."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure(level: str = "INFO") -> None:
    """One JSON line per event on standard error, for this process."""
    logging.basicConfig(level=level, format="%(levelname)s %(name)s %(message)s", stream=CurrentStderr(), force=True)
    # httpx writes whole addresses at INFO, uvicorn's access log every path.
    for noisy in ("httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # python-telegram-bot writes whole updates into the log when it cannot read them, at any level.
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_words,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(CurrentStderr()),
        cache_logger_on_first_use=False,
    )


def without_words(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drops what no log may hold, should somebody pass it all the same; numbers of people nowhere."""
    for key, value in event.items():
        event[key] = "…" if key in FORBIDDEN else mask(value) if isinstance(value, str) else value
    return event
