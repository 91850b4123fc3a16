"""A throw-away PostgreSQL that may be crashed: a folder of its own, a socket in it, no network."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

INSTALLED = Path("/usr/lib/postgresql")


class NotInstalled(Exception):
    """There is no PostgreSQL to run here; the text says what is missing."""


class Server:
    """One cluster with one database."""

    def __init__(self) -> None:
        """Raises: NotInstalled."""
        self._programs = _programs()
        self._folder = Path(tempfile.mkdtemp(prefix="tongxing-pg-"))
        self._user = _user(self._folder)
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "tongxing", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()
        self._run("createdb", "-h", str(self._folder), "-U", "tongxing", "tongxing")

    @property
    def url(self) -> str:
        return f"postgresql://tongxing@/tongxing?host={self._folder}"

    def start(self) -> None:
        listens = f"-c listen_addresses= -c unix_socket_directories={self._folder}"
        self._run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", listens, "start")

    def crash(self) -> None:
        """All of it at once, as a power cut would: no transaction is finished, recovery reads the log."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")

    def remove(self) -> None:
        self.crash()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        command = [*self._user, str(self._programs / program), *words]
        # Not piped: the server inherits the descriptors and would keep the pipe open.
        with (self._folder / "said").open("w+") as said:
            done = subprocess.run(command, cwd=self._folder, stdout=said, stderr=said)
            said.seek(0)
            if done.returncode:
                raise NotInstalled(f"{program} failed: {said.read()[-300:].strip()}")


def _programs() -> Path:
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(INSTALLED.glob("*/bin"), reverse=True)
    for place in places:
        if all((place / name).exists() for name in ("initdb", "pg_ctl", "createdb")):
            return place
    raise NotInstalled(f"no initdb with pg_ctl and createdb on PATH or under {INSTALLED}")


def _user(folder: Path) -> list[str]:
    """How to become somebody else when we are root, which PostgreSQL refuses to be."""
    if os.getuid() != 0:
        return []
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known.get("nobody")
    if entry is None or shutil.which("setpriv") is None:
        raise NotInstalled("PostgreSQL refuses root, and there is no setpriv to become another user")
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
