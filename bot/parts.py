"""The three processes of the product: how each starts, with what environment, where it answers, which port it needs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import Settings

LOUD = {"rasa": "INFO", "actions": "INFO"}


@dataclass
class Part:
    """One child process: how it starts, where it answers, how often it died of late; times are monotonic seconds."""

    name: str
    command: Sequence[str]
    answers_at: str
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    started: float = 0.0
    deaths: int = 0
    start_at: float = 0.0
    is_ready: bool = False
    look_at: float = 0.0
    heard_at: float = 0.0


def busy(settings: Settings) -> list[str]:
    """One line per port that another program has."""
    ports = {
        "TONGXING_PORT": (settings.host, settings.port),
        "RASA_PORT": ("127.0.0.1", settings.rasa_port),
        "ACTIONS_PORT": ("127.0.0.1", settings.actions_port),
    }
    return [
        f"Port {port} is used by another program: stop that, or set {name} to a free one."
        for name, (host, port) in ports.items()
        if not is_free(host, port)
    ]


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def parts(settings: Settings, model: Path) -> list[Part]:
    """In the order in which they are shown; they start side by side."""
    python = sys.executable
    front = ["-m", "uvicorn", "bot.app:create", "--factory", "--host", settings.host, "--port", str(settings.port)]
    # An open event stream must not hold up the stop. Rasa pins a websockets library too old for uvicorn.
    front += ["--timeout-graceful-shutdown", "3", "--ws", "none", "--no-access-log", "--no-server-header"]
    rasa = ["-m", "bot.lean", "run", "--interface", "127.0.0.1", "--port", str(settings.rasa_port)]
    rasa += ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml", "--model", str(model)]
    actions = ["-m", "rasa_sdk", "--actions", "actions", "--port", str(settings.actions_port)]
    shown = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    return [
        Part("front door", [python, *front], f"http://{shown}:{settings.port}/healthz"),
        Part("rasa", [python, *rasa], f"{settings.rasa_url}/webhooks/tongxing/"),
        Part("actions", [python, *actions], f"{settings.actions_url}/health"),
    ]


def settled_environment(settings: Settings, part: str) -> dict[str, str]:
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "2"}
    # One message is too small to share: a second thread only waits for the first, and doubles what it costs.
    quiet["OMP_NUM_THREADS"] = "1"
    told = {**os.environ, **settings.environment(), **quiet, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"}
    told["SANIC_HOST"] = "127.0.0.1"  # without it the action server listens to the whole network
    if part in LOUD and settings.log_level == "DEBUG":
        told["LOG_LEVEL"] = LOUD[part]  # at DEBUG Rasa writes every message into its log
    for name, value in settings.front_door().items():
        told.pop(name, None)
        if part == "front door":
            told[name] = value
    return told
