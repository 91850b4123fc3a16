"""Every environment name in one place; a wrong one stops the start and says all that is wrong."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import SettingsError

__all__ = ["NAMES", "ROOT", "Settings", "SettingsError", "load_settings"]

ROOT = Path(__file__).resolve().parent.parent
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
SECRET_LENGTH = 32


@dataclass(frozen=True)
class Settings:
    """What every process is told; times in seconds, paths absolute."""

    host: str
    port: int
    rasa_port: int
    actions_port: int
    var: Path
    database_url: str
    secret: str
    quiet: float
    longest_quiet: float
    rasa_timeout: float
    encoder: Path
    log_level: str

    @property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.actions_port}"

    def environment(self) -> dict[str, str]:
        """The same settings as names and values, for child processes; the secret stays out."""
        return {
            "TONGXING_HOST": self.host,
            "TONGXING_PORT": str(self.port),
            "RASA_PORT": str(self.rasa_port),
            "ACTIONS_PORT": str(self.actions_port),
            "TONGXING_VAR": str(self.var),
            "DATABASE_URL": self.database_url,
            "TONGXING_QUIET_MS": str(round(self.quiet * 1000)),
            "TONGXING_LONGEST_QUIET_MS": str(round(self.longest_quiet * 1000)),
            "TONGXING_RASA_TIMEOUT_MS": str(round(self.rasa_timeout * 1000)),
            "TONGXING_ENCODER": str(self.encoder),
            "LOG_LEVEL": self.log_level,
        }


def load_settings(environ: Mapping[str, str] | None = None, root: Path = ROOT) -> Settings:
    """The environment over `.env` at the root over the defaults.

    Raises: SettingsError with every fault at once.
    """
    given = {**_dotenv(root / ".env"), **(os.environ if environ is None else environ)}
    given = {name: value.strip() for name, value in given.items() if value.strip()}
    faults = [f"{name} is not a known setting (see .env.example)" for name in given if _is_misspelt(name)]
    read: dict[str, Any] = {}
    for name, (default, reader) in NAMES.items():
        try:
            read[name] = reader(given.get(name, default), root)
        except ValueError as error:
            faults.append(f"{name} {error}")
    ports = [read.get(name) for name in ("TONGXING_PORT", "RASA_PORT", "ACTIONS_PORT")]
    if None not in ports and len(set(ports)) < len(ports):
        faults.append("TONGXING_PORT, RASA_PORT and ACTIONS_PORT must be three different ports")
    if faults:
        raise SettingsError(faults)
    return _settings(read)


def _settings(read: dict[str, Any]) -> Settings:
    var: Path = read["TONGXING_VAR"]
    return Settings(
        host=read["TONGXING_HOST"],
        port=read["TONGXING_PORT"],
        rasa_port=read["RASA_PORT"],
        actions_port=read["ACTIONS_PORT"],
        var=var,
        database_url=read["DATABASE_URL"] or f"sqlite:///{var / 'tongxing.db'}",
        secret=read["TONGXING_SECRET"] or _kept_secret(var),
        quiet=read["TONGXING_QUIET_MS"] / 1000,
        longest_quiet=read["TONGXING_LONGEST_QUIET_MS"] / 1000,
        rasa_timeout=read["TONGXING_RASA_TIMEOUT_MS"] / 1000,
        encoder=read["TONGXING_ENCODER"],
        log_level=read["LOG_LEVEL"],
    )


def _dotenv(path: Path) -> dict[str, str]:
    """`NAME=value` lines; a missing file is an empty one."""
    if not path.is_file():
        return {}
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


def _is_misspelt(name: str) -> bool:
    return name.startswith("TONGXING_") and name not in NAMES


def _kept_secret(var: Path) -> str:
    """Made once for this installation; linked into place so that two starts at once agree on one."""
    path = var / "secret"
    if not path.exists():
        fresh = var / f".secret-{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


def _whole(lowest: int, highest: int) -> Callable[[str, Path], int]:
    def read(text: str, root: Path) -> int:
        if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}, not {text!r}")
        return int(text)

    return read


def _text(text: str, root: Path) -> str:
    return text


def _host(text: str, root: Path) -> str:
    if any(sign.isspace() or sign == "/" for sign in text):
        raise ValueError(f"must be an address or a host name, not {text!r}")
    return text


def _var(text: str, root: Path) -> Path:
    path = (root / text).resolve()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ValueError(f"must be a folder that can be made: {path}: {error.strerror}") from None
    if not os.access(path, os.W_OK):
        raise ValueError(f"must be a folder that can be written: {path}")
    return path


def _database(text: str, root: Path) -> str:
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


def _secret(text: str, root: Path) -> str:
    if text and len(text) < SECRET_LENGTH:
        raise ValueError(f"must have at least {SECRET_LENGTH} signs, it has {len(text)}")
    return text


def _encoder(text: str, root: Path) -> Path:
    path = (root / text).resolve()
    missing = [name for name in ("encoder.int8.onnx", "tokenizer.json") if not (path / name).is_file()]
    if missing:
        raise ValueError(f"must be a folder with {' and '.join(missing)}: {path}")
    return path


def _level(text: str, root: Path) -> str:
    if text.upper() not in LEVELS:
        raise ValueError(f"must be one of {', '.join(LEVELS)}, not {text!r}")
    return text.upper()


# name -> (default as it would be written in .env, reader)
NAMES: dict[str, tuple[str, Callable[[str, Path], Any]]] = {
    "TONGXING_HOST": ("127.0.0.1", _host),
    "TONGXING_PORT": ("8000", _whole(1, 65535)),
    "RASA_PORT": ("5005", _whole(1, 65535)),
    "ACTIONS_PORT": ("5055", _whole(1, 65535)),
    "TONGXING_VAR": ("var", _var),
    "DATABASE_URL": ("", _database),
    "TONGXING_SECRET": ("", _secret),
    "TONGXING_QUIET_MS": ("600", _whole(0, 10_000)),
    "TONGXING_LONGEST_QUIET_MS": ("2000", _whole(0, 30_000)),
    "TONGXING_RASA_TIMEOUT_MS": ("15000", _whole(100, 120_000)),
    "TONGXING_ENCODER": ("bot/encoder", _encoder),
    "LOG_LEVEL": ("INFO", _level),
}
