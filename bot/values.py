"""From the text of a setting to its value; each refuses with the end of a sentence that begins with the name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
SECRET_LENGTH = 32
WEBHOOK_PATH = "/telegram/webhook"

# The text and the root of the checkout. Raises: ValueError.
Reader = Callable[[str, Path], Any]


def whole(lowest: int, highest: int) -> Callable[[str, Path], int]:
    def read(text: str, root: Path) -> int:
        if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}, not {text!r}")
        return int(text)

    return read


def host(text: str, root: Path) -> str:
    if any(sign.isspace() or sign == "/" for sign in text):
        raise ValueError(f"must be an address or a host name, not {text!r}")
    return text


def var(text: str, root: Path) -> Path:
    path = (root / text).resolve()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ValueError(f"must be a folder that can be made: {path}: {error.strerror}") from None
    if not os.access(path, os.W_OK):
        raise ValueError(f"must be a folder that can be written: {path}")
    return path


def database(text: str, root: Path) -> str:
    """SQLite or PostgreSQL; the address itself is never repeated, it may hold a password."""
    if not text:
        return text
    try:
        backend = make_url(text).get_backend_name()
    except ArgumentError:
        raise ValueError("must be a database address such as sqlite:////folder/tongxing.db") from None
    if backend not in ("sqlite", "postgresql"):
        raise ValueError(f"must begin with sqlite: or postgresql:, not {backend}:")
    return text


def secret(text: str, root: Path) -> str:
    if text and len(text) < SECRET_LENGTH:
        raise ValueError(f"must have at least {SECRET_LENGTH} signs, it has {len(text)}")
    return text


def public_url(text: str, root: Path) -> str:
    if text and not re.fullmatch(r"https?://[^/\s]+/?", text):
        raise ValueError(f"must begin with https:// or http:// and be a host without a path, not {text!r}")
    return text.rstrip("/")


def encoder(text: str, root: Path) -> Path:
    path = (root / text).resolve()
    missing = [name for name in ("encoder.int8.onnx", "tokenizer.json") if not (path / name).is_file()]
    if missing:
        raise ValueError(f"must be a folder with {' and '.join(missing)}: {path}")
    return path


def telegram_token(text: str, root: Path) -> str:
    if text and not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", text):
        raise ValueError("must be the token as BotFather gave it: digits, a colon, letters and digits")
    return text


def telegram_webhook_secret(text: str, root: Path) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", text):
        raise ValueError("must have 16 to 256 signs, all of them A-Z, a-z, 0-9, _ or -")
    return text


def telegram_webhook_url(text: str, root: Path) -> str:
    secure = re.match(r"https://[^/\s]|http://(127\.0\.0\.1|localhost|\[::1\])[:/]", text)
    if text and not (secure and text.endswith(WEBHOOK_PATH)):
        raise ValueError(f"must begin with https:// and end with {WEBHOOK_PATH}, not {text!r}")
    return text


def telegram_api_url(text: str, root: Path) -> str:
    if not re.fullmatch(r"https?://[^/\s]+(/[^\s]*)?", text):
        raise ValueError(f"must begin with https:// or http://, not {text!r}")
    return text.rstrip("/")


def level(text: str, root: Path) -> str:
    if text.upper() not in LEVELS:
        raise ValueError(f"must be one of {', '.join(LEVELS)}, not {text!r}")
    return text.upper()
