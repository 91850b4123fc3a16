"""The mean of several tunings of one encoder: as steady as asking all of them, at the price of one.

    python average.py OUT ONE TWO …
"""

import sys

import numpy as np

# Tuning leaves these as they were.
FIXED = ("emb_q", "emb_s", "pos", "facts.labels")


def main() -> None:
    out, *paths = sys.argv[1:]
    runs = [np.load(path) for path in paths]
    first = runs[0]
    mean = {name: np.mean([run[name].astype("f4") for run in runs], axis=0) for name in first.files if name not in FIXED}
    np.savez(out, **{name: first[name] for name in FIXED if name in first.files}, **{name: each.astype("f2") for name, each in mean.items()})


if __name__ == "__main__":
    main()
