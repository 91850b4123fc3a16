"""Start the three parts, wait until all answer, bring back what dies, leave no orphan."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import IO

import httpx
from sqlalchemy.exc import OperationalError

from bot.errands import Errand, errands
from bot.parts import Part, busy, parts, settled_environment
from bot.settings import ROOT, Settings
from bot.train import ensure_model
from casework.staff import workers
from casework.store import open_store

PR_SET_PDEATHSIG = 1
LOOK_EVERY = 0.25
# A part that lived this long starts afresh with a short pause when it dies.
LONG_LIFE = 60.0
LONGEST_PAUSE = 15.0
# A part that lives but says nothing for so long is stuck: it is ended, and so started again.
ASK_EVERY = 10.0
STUCK_AFTER = 60.0
# Asked to stop, a part finishes the turn it is in; then it is killed.
STOPS_WITHIN = 8.0


def run(settings: Settings) -> int:
    """Stay in the foreground until Ctrl-C or SIGTERM. Exit status: 1 when it could not start.

    Raises: TrainingFailed, which ends the process with its one line.
    """
    taken = busy(settings)
    for line in taken:
        print(line, file=sys.stderr)
    if taken:
        return 1
    try:
        staff = _open_records(settings)
    except OperationalError as error:
        print(f"The database does not answer: {str(error.orig).splitlines()[0]}", file=sys.stderr)
        return 1
    model = ensure_model()
    return Supervisor(settings, parts(settings, model), errands()).stay(staff)


def _open_records(settings: Settings) -> bool:
    """Make or migrate the database before anybody uses it; whether there is staff. Raises: WrongSecret."""
    store = open_store(settings.database_url, secret=settings.secret)
    try:
        return bool(workers(store))
    finally:
        store.close()


class Supervisor:
    """Watches its parts from one thread; nothing else in this process may start children."""

    def __init__(self, settings: Settings, watched: list[Part], errands: Sequence[Errand] = ()) -> None:
        self._settings, self._parts, self._errands = settings, watched, errands
        self._stop = threading.Event()
        self._logs = settings.var / "log"
        self._logs.mkdir(parents=True, exist_ok=True)

    def stay(self, staff: bool) -> int:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, lambda *_: self._stop.set())
        say(f"Starting {', '.join(part.name for part in self._parts)}; logs in {self._logs}")
        told = False
        try:
            while not self._stop.wait(LOOK_EVERY):
                for part in self._parts:
                    self._tend(part)
                if not told and all(part.is_ready for part in self._parts):
                    told = True
                    self._tell(staff)
                for errand in self._errands if told else ():
                    self._run(errand)
        finally:
            self._end()
        return 0

    def _tend(self, part: Part) -> None:
        """Start it, notice its death, or ask whether it answers by now."""
        now = monotonic()
        if part.process is None:
            if now >= part.start_at:
                self._start(part)
        elif part.process.poll() is not None:
            self._bury(part, now)
        elif now >= part.look_at:
            self._listen(part, now)

    def _listen(self, part: Part, now: float) -> None:
        answer = _answer(part)
        if answer is not None:
            part.heard_at = now
            if answer.is_success and not part.is_ready:
                part.is_ready = True
                say(f"{part.name} answers ({now - part.started:.0f} s)")
        if not part.is_ready:
            return
        part.look_at = now + ASK_EVERY
        if now - part.heard_at > STUCK_AFTER:
            say(f"{part.name} has not answered for {now - part.heard_at:.0f} s: ending it")
            _signal(part, signal.SIGKILL)

    def _start(self, part: Part) -> None:
        with self._log(part) as log:
            part.process = subprocess.Popen(
                part.command,
                cwd=ROOT,
                env=settled_environment(self._settings, part.name),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop the whole group
                preexec_fn=partial(_die_with_parent, os.getpid()),
            )
        part.started = monotonic()

    def _bury(self, part: Part, now: float) -> None:
        assert part.process is not None
        status = part.process.returncode
        _signal(part, signal.SIGKILL)  # whatever it had started itself
        part.deaths = 1 if now - part.started > LONG_LIFE else part.deaths + 1
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** (part.deaths - 1))
        say(f"{part.name} ended ({status}); starting it again in {pause:g} s, see {self._log_file(part)}")
        part.process, part.is_ready = None, False
        part.start_at = part.look_at = now + pause

    def _run(self, errand: Errand) -> None:
        # What opens the records needs the secret, as the front door does.
        env = settled_environment(self._settings, "front door")
        errand.tend(monotonic(), partial(self._log, errand), env, partial(_die_with_parent, os.getpid()))

    def _log_file(self, part: Part | Errand) -> Path:
        return self._logs / f"{part.name.replace(' ', '-')}.log"

    def _log(self, part: Part | Errand) -> IO[bytes]:
        return self._log_file(part).open("ab")

    def _tell(self, staff: bool) -> None:
        address = f"http://{self._settings.host}:{self._settings.port}"
        say(f"Ready.  Families: {address}/   Desk: {address}/desk/   State: {address}/healthz")
        if not staff:
            say("No staff yet. Add the first:  uv run tongxing worker add NAME --role admin")
        say("Ctrl-C stops everything.")

    def _end(self) -> None:
        running = [part for part in self._parts if part.process is not None]
        say("Stopping…")
        for errand in self._errands:
            errand.end()
        for part in running:
            _signal(part, signal.SIGTERM)
        until = monotonic() + STOPS_WITHIN
        for part in running:
            assert part.process is not None
            with suppress(subprocess.TimeoutExpired):
                part.process.wait(max(0.1, until - monotonic()))
            _signal(part, signal.SIGKILL)
            part.process.wait()
        say("Stopped.")


def say(line: str) -> None:
    # Whoever read along may have gone; the parts stay.
    with suppress(BrokenPipeError):
        print(line, flush=True)


def _answer(part: Part) -> httpx.Response | None:
    """A failure is an answer too: a front door whose database is away is not stuck."""
    try:
        return httpx.get(part.answers_at, timeout=1.0, trust_env=False)
    except httpx.HTTPError:
        return None


def _signal(part: Part, number: int) -> None:
    """To the whole process group, which may be gone already."""
    assert part.process is not None
    with suppress(ProcessLookupError):
        os.killpg(part.process.pid, number)


def _die_with_parent(parent: int) -> None:
    """Runs in the child: should the supervisor be killed outright, the kernel ends the child too."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # killed before the kernel was told
        os._exit(1)
