"""Every environment name in one place; a wrong one stops the start and says all that is wrong."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import values
from bot.errors import SettingsError
from bot.values import WEBHOOK_PATH

__all__ = ["NAMES", "ROOT", "WEBHOOK_PATH", "Settings", "SettingsError", "load_settings"]

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """What every process is told; times in seconds, paths absolute."""

    host: str
    port: int
    rasa_port: int
    actions_port: int
    var: Path
    database_url: str
    secret: str = field(repr=False)
    public_url: str
    quiet: float
    longest_quiet: float
    rasa_timeout: float
    encoder: Path
    log_level: str
    telegram_token: str = field(repr=False)
    telegram_webhook_url: str
    telegram_webhook_secret: str = field(repr=False)
    telegram_api_url: str

    @property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def journal(self) -> Path:
        """Where erasures are written down, beside the database and out of its backups."""
        return self.var / "erasures"

    def front_door(self) -> dict[str, str]:
        """What the front door alone is told, as names and values: keys, and what they open."""
        return {
            "TONGXING_SECRET": self.secret,
            "TELEGRAM_TOKEN": self.telegram_token,
            "TELEGRAM_WEBHOOK_URL": self.telegram_webhook_url,
            "TELEGRAM_WEBHOOK_SECRET": self.telegram_webhook_secret,
            "TELEGRAM_API_URL": self.telegram_api_url,
        }

    def environment(self) -> dict[str, str]:
        """All other settings as names and values, for child processes."""
        return {
            "TONGXING_HOST": self.host,
            "TONGXING_PORT": str(self.port),
            "RASA_PORT": str(self.rasa_port),
            "ACTIONS_PORT": str(self.actions_port),
            "TONGXING_VAR": str(self.var),
            "DATABASE_URL": self.database_url,
            "TONGXING_PUBLIC_URL": self.public_url,
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
    faults += _telegram_faults(read)
    if faults:
        raise SettingsError(faults)
    return _settings(read)


def _telegram_faults(read: Mapping[str, Any]) -> list[str]:
    if not read.get("TELEGRAM_WEBHOOK_URL"):
        return []
    needed = ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET")
    return [f"TELEGRAM_WEBHOOK_URL needs {name} as well" for name in needed if read.get(name) == ""]


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
        public_url=read["TONGXING_PUBLIC_URL"],
        quiet=read["TONGXING_QUIET_MS"] / 1000,
        longest_quiet=read["TONGXING_LONGEST_QUIET_MS"] / 1000,
        rasa_timeout=read["TONGXING_RASA_TIMEOUT_MS"] / 1000,
        encoder=read["TONGXING_ENCODER"],
        log_level=read["LOG_LEVEL"],
        telegram_token=read["TELEGRAM_TOKEN"],
        telegram_webhook_url=read["TELEGRAM_WEBHOOK_URL"],
        telegram_webhook_secret=read["TELEGRAM_WEBHOOK_SECRET"],
        telegram_api_url=read["TELEGRAM_API_URL"],
    )


def _dotenv(path: Path) -> dict[str, str]:
    """`NAME=value` lines; a missing file is an empty one."""
    if not path.is_file():
        return {}
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


def _is_misspelt(name: str) -> bool:
    return name.startswith(("TONGXING_", "TELEGRAM_")) and name not in NAMES


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


# name -> (default as it would be written in .env, reader)
NAMES: dict[str, tuple[str, values.Reader]] = {
    "TONGXING_HOST": ("127.0.0.1", values.host),
    "TONGXING_PORT": ("8000", values.whole(1, 65535)),
    "RASA_PORT": ("5005", values.whole(1, 65535)),
    "ACTIONS_PORT": ("5055", values.whole(1, 65535)),
    "TONGXING_VAR": ("var", values.var),
    "DATABASE_URL": ("", values.database),
    "TONGXING_SECRET": ("", values.secret),
    "TONGXING_PUBLIC_URL": ("", values.public_url),
    "TONGXING_QUIET_MS": ("600", values.whole(0, 10_000)),
    "TONGXING_LONGEST_QUIET_MS": ("2000", values.whole(0, 30_000)),
    "TONGXING_RASA_TIMEOUT_MS": ("15000", values.whole(100, 120_000)),
    "TONGXING_ENCODER": ("bot/encoder", values.encoder),
    "LOG_LEVEL": ("INFO", values.level),
    "TELEGRAM_TOKEN": ("", values.telegram_token),
    "TELEGRAM_WEBHOOK_URL": ("", values.telegram_webhook_url),
    "TELEGRAM_WEBHOOK_SECRET": ("", values.telegram_webhook_secret),
    "TELEGRAM_API_URL": ("https://api.telegram.org", values.telegram_api_url),
}
