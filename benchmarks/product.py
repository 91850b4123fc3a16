"""The real product for a benchmark or a test: its own ports and folder, its parts found by process id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import httpx

from bot.settings import ROOT

PARTS = {"front door": "bot.app:create", "rasa": "bot.lean\0run", "actions": "rasa_sdk"}


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class Product:
    """`tongxing run` and its children."""

    def __init__(self, var: Path, database_url: str = "", more: Mapping[str, str] | None = None) -> None:
        self.var, self.database_url = var, database_url or f"sqlite:///{var / 'tongxing.db'}"
        self.ports = dict(zip(("TONGXING_PORT", "RASA_PORT", "ACTIONS_PORT"), free_ports(3), strict=True))
        told = {"TONGXING_VAR": str(var), "DATABASE_URL": database_url, **(more or {})}
        self._environ = {**os.environ, **told, **{name: str(port) for name, port in self.ports.items()}}
        self.address = f"http://127.0.0.1:{self.ports['TONGXING_PORT']}"
        self.log = (var / "supervisor.log").open("a+")
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Again after the supervisor was killed, on the same ports and folder."""
        command = [sys.executable, "-m", "bot.cli", "run"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self._environ, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True
        )
        return self.process

    def pids(self) -> dict[str, int]:
        """The supervisor's children that live now, by part."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                command = (folder / "cmdline").read_text()
            except OSError:
                continue
            if parent == self.process.pid:
                found |= {part: int(folder.name) for part, sign in PARTS.items() if sign in command}
        return found

    def kill(self, part: str) -> bool:
        """SIGKILL; False while that part is away anyway."""
        pid = self.process.pid if part == "supervisor" else self.pids().get(part)
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if part == "supervisor":
            self.process.wait()
        return True

    def is_whole(self) -> bool:
        with suppress(httpx.HTTPError, ValueError, KeyError):
            return bool(httpx.get(f"{self.address}/healthz", trust_env=False).json()["status"] == "ok")
        return False

    def wait_until_whole(self, seconds: float = 180.0) -> None:
        """Raises: TimeoutError."""
        until = time.monotonic() + seconds
        while not self.is_whole():
            if time.monotonic() > until:
                raise TimeoutError(f"not all parts answer after {seconds:.0f} s, see {self.var}")
            time.sleep(0.2)

    def memory(self) -> dict[str, float]:
        """Resident memory of each part, in MB."""
        return {part: resident(pid) for part, pid in {"supervisor": self.process.pid, **self.pids()}.items()}

    def stop(self) -> int:
        """The exit status; after half a minute it is killed."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self.log.close()


def lives(pid: int) -> bool:
    """Whether it runs; a zombie that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def resident(pid: int) -> float:
    """In MB; 0 for a process that is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0.0


def processor_seconds(pid: int) -> float:
    """What the process has used of the processors since it began."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
