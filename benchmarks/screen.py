"""`tongxing screen` on a long list of invented children, with reasons: the time, and the memory of its largest process.

    uv run benchmarks/screen.py [--children 100000]

A tenth of the list goes first: memory that is flat is about the same for both. One child in a thousand is faulty.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.families import families
from knowledge.known import to_json
from knowledge.library import Library

DIFFERENT = 1500  # families; each child is one of them with some of the facts left out
KNOWN = 0.7


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=100_000)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 11, 22))
    chosen = parser.parse_args()
    chance = random.Random(1)
    whole = [to_json(each.truth)[0] for each in families(Library.load(), DIFFERENT, 1, chosen.on)]
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    return max(screened(whole, size, chance, chosen.on) for size in (chosen.children // 10, chosen.children))


def screened(whole: Sequence[dict[str, Any]], size: int, chance: random.Random, on: date) -> int:
    """Prints a line; 1 when an answer is missing, out of order or not as faulty as what was asked."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "children.json"
        faulty = []
        with path.open("w", encoding="utf-8") as file:
            for index in range(size):
                child = {name: value for name, value in chance.choice(whole).items() if chance.random() < KNOWN}
                if chance.random() < 0.001:
                    child["child.age"] = 200
                    faulty.append(index)
                file.write(("[" if index == 0 else ",\n") + json.dumps(child))
            file.write("]")
        begun, wrong, count = time.monotonic(), [], 0
        before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        command = [sys.executable, "-m", "bot.cli", "screen", str(path), "--on", on.isoformat()]
        with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as running:
            assert running.stdout is not None
            for line in running.stdout:
                if line.startswith("{"):
                    if line.startswith('{"error"'):
                        wrong.append(count)
                    count += 1
        spent = time.monotonic() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{size:>9,} children {spent:>7.1f} s, {spent / size * 1e3:.2f} ms each; "
        f"of the processors {used.ru_utime + used.ru_stime - before:.0f} s; "
        f"at most {used.ru_maxrss / 1024:,.0f} MB in a process",
        flush=True,
    )
    return int(count != size or wrong != faulty)


if __name__ == "__main__":
    sys.exit(main())
