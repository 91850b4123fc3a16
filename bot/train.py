"""The trained model: made when its inputs have changed, reused when they have not."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).resolve().parent.parent
MODELS = "models"
MAKING = "making-"
KEPT = 2
INPUTS = (
    "config.yml",
    "domain.yml",
    "data/**/*.yml",
    "knowledge/**/*.yml",
    "knowledge/reading/words.txt",
    "knowledge/reading/normal.py",
    "knowledge/alarm.py",
    "knowledge/safety/*.py",
    "bot/components/*.py",
    "bot/importer.py",
    "bot/encoder/*.py",
    "bot/encoder/seen.npy",
    "bot/encoder/*.onnx",
    "bot/encoder/tokenizer.json",
)
LIBRARIES = ("rasa", "scikit-learn")
# Rasa's own cache does not see the knowledge base: it is not used. Two threads on one core only wait for each other.
CORES = str(os.cpu_count() or 1)
CHILD = {"PYTHONPATH": str(ROOT), "RASA_MAX_CACHE_SIZE": "0", "OMP_NUM_THREADS": CORES, "OPENBLAS_NUM_THREADS": CORES}
STEP, FAULT = "step: ", "fault: "

Progress = Callable[[str], None]


class TrainingFailed(SystemExit):
    """No model could be made; left alone it ends the process with its one line."""


def ensure_model(progress: Progress | None = None, root: Path = ROOT) -> Path:
    """The model of the present inputs. `progress` hears each step in plain English; without it the terminal shows them.

    Raises: TrainingFailed.
    """
    folder = root / MODELS
    folder.mkdir(exist_ok=True)
    model = folder / f"tongxing-{fingerprint(root)}.tar.gz"
    with _alone(folder):
        if model.exists():
            # Rasa takes the newest file of the folder.
            model.touch()
            return model
        with _shown(progress) as show:
            _train(root, model, show)
    for old in sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink()
    return model


def newest_model(root: Path = ROOT) -> Path | None:
    """What was trained last, whatever it was trained on; None before the first training."""
    return max((root / MODELS).glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None)


def fingerprint(root: Path) -> str:
    """Names the inputs: the same inputs, whatever their dates, are the same model."""
    total = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    for path in sorted(path for pattern in INPUTS for path in root.glob(pattern)):
        total.update(f"\n{path.relative_to(root)} ".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    # Another encoder makes another model, wherever it lies.
    for path in sorted(Path(other).glob("*")) if (other := os.environ.get("TONGXING_ENCODER")) else ():
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two processes that start at once train once: the second waits and finds the model."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _shown(progress: Progress | None) -> Iterator[Progress]:
    """One updating line on a terminal, one line a step elsewhere; on standard error, where no answer is printed."""
    if progress:
        yield progress
        return
    start, live = monotonic(), sys.stderr.isatty()

    def show(step: str) -> None:
        line = f"Training the assistant: {step} ({monotonic() - start:.0f} s)"
        print(f"\r\033[K{line}" if live else line, end="" if live else "\n", file=sys.stderr, flush=True)

    yield show
    show("ready")
    if live:
        print(file=sys.stderr)


def _train(root: Path, model: Path, show: Progress) -> None:
    show("starting")
    for left in model.parent.glob(f"{MAKING}*"):  # of a training that was killed: nobody else is here now
        shutil.rmtree(left, ignore_errors=True)
    with (
        tempfile.TemporaryDirectory(dir=model.parent, prefix=MAKING) as fresh,
        (Path(fresh) / "complaints").open("w+") as complaints,
    ):
        made = Path(fresh) / model.name
        # In a process of its own: training takes half a gigabyte that the caller should not keep.
        child = subprocess.Popen(
            [sys.executable, "-m", "bot.training", str(made)],
            cwd=root,
            env={**os.environ, **CHILD, "RASA_CACHE_DIRECTORY": fresh},
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            encoding="utf-8",
        )
        fault = _followed(child.stdout or (), show)
        if child.wait() != 0 or not made.exists():
            complaints.seek(0)
            raise TrainingFailed(f"The assistant could not be trained: {fault or _last_line(complaints)}")
        made.replace(model)


def _last_line(lines: Iterable[str]) -> str:
    return next((line.strip() for line in reversed(list(lines)) if line.strip()), "it ended without a word")


def _followed(lines: Iterable[str], show: Progress) -> str:
    """Show each step of the child; its last fault."""
    fault = ""
    for line in lines:
        if line.startswith(STEP):
            show(line.removeprefix(STEP).strip())
        elif line.startswith(FAULT):
            fault = line.removeprefix(FAULT).strip()
    return fault
