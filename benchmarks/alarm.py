"""How much danger is heard, and how often it rings falsely: the lexicon alone, and with the danger model.

    python benchmarks/alarm.py tests/safety/heldout.yml
    python benchmarks/alarm.py messages.jsonl          # {"text", "label": "crisis" | "no_crisis"} a line

The model is learned from data/safety first (half a minute). `--missed` prints the texts that were judged wrongly.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.components.danger_model import DangerModel  # noqa: E402
from bot.components.danger_sentences import sentences  # noqa: E402
from knowledge.alarm import LEVELS, alarm  # noqa: E402

Z = 1.96


@dataclass(frozen=True)
class Item:
    """`most`: the highest level that is right for it; `least`: the lowest."""

    text: str
    least: str
    most: str
    group: str


def read(path: Path) -> list[Item]:
    if path.suffix == ".jsonl":
        return [_line(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Item(one.text, one.level, "concern" if one.lenient else one.level, _group(one.level, one.lenient))
        for one in sentences(path)
    ]


def _line(row: dict[str, str]) -> Item:
    crisis = row["label"] == "crisis"
    return Item(row["text"], "urgent" if crisis else "none", "emergency" if crisis else "none", row["label"])


def _group(level: str, lenient: bool) -> str:
    if level != "none":
        return level
    return "denied, past, abstract" if lenient else "ordinary and idioms"


def wilson(hits: int, of: int) -> str:
    """Share with its 95 % interval (Wilson)."""
    if not of:
        return "-"
    share = hits / of
    middle = (share + Z**2 / (2 * of)) / (1 + Z**2 / of)
    half = Z * (share * (1 - share) / of + Z**2 / (4 * of**2)) ** 0.5 / (1 + Z**2 / of)
    return f"{share:.3f} ({middle - half:.3f}-{middle + half:.3f}) {hits}/{of}"


def report(items: Sequence[Item], judged: Sequence[str]) -> Iterable[str]:
    heights = [LEVELS.index(level) for level in judged]
    danger = [
        (height, LEVELS.index(item.least)) for item, height in zip(items, heights, strict=True) if item.least != "none"
    ]
    for bar, name in ((1, "concern"), (2, "urgent"), (3, "emergency")):
        due = [height for height, least in danger if least >= bar]
        if bar < 3 or any(item.group == "emergency" for item in items):
            yield f"  heard at {name} or above, of those due: {wilson(sum(height >= bar for height in due), len(due))}"
    for group in dict.fromkeys(item.group for item in items if item.least == "none"):
        own = [height for item, height in zip(items, heights, strict=True) if item.group == group]
        for bar, name in ((1, "concern"), (2, "urgent"), (3, "emergency")):
            yield f"  {group}: rang at {name} or above: {wilson(sum(height >= bar for height in own), len(own))}"


def missed(items: Sequence[Item], judged: Sequence[str]) -> Iterable[str]:
    for item, level in zip(items, judged, strict=True):
        high, low, most = LEVELS.index(level), LEVELS.index(item.least), LEVELS.index(item.most)
        if (low and high < min(low, 2)) or (not low and high > most):
            yield f"  {item.group} -> {level}: {item.text}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("file", type=Path, nargs="+")
    asked.add_argument("--missed", action="store_true")
    given = asked.parse_args()
    model = DangerModel.learn(sentences())
    judges: dict[str, Callable[[str], str]] = {
        "lexicon alone": lambda text: alarm(text).level,
        "lexicon and model": lambda text: model.judge(text).level,
    }
    for path in given.file:
        items = read(path)
        for name, judge in judges.items():
            judged = [judge(item.text) for item in items]
            print(f"{path.name}, {len(items)} texts, {name}", *report(items, judged), sep="\n")
            if given.missed:
                print(*missed(items, judged), sep="\n")


if __name__ == "__main__":
    main()
