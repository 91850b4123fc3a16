"""How much danger is heard, and how often it rings falsely: the lexicon alone, and with the danger model.

    python benchmarks/alarm.py tests/safety/heldout.yml
    python benchmarks/alarm.py messages.jsonl          # {"text", "label": "crisis" | "no_crisis"} a line

The model is learned from data/safety first (a minute). `--parts` adds the figures per kind, voice and subject,
`--curve` those at other limits; `--missed` prints the texts judged wrongly. Shares stand with 95 % Wilson intervals.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.components.danger_model import DangerModel, in_plain_words  # noqa: E402
from bot.components.danger_sentences import Sentence, sentences  # noqa: E402
from knowledge.alarm import KINDS, LEVELS, Alarm  # noqa: E402

Z = 1.96
BARS = ("concern", "urgent", "emergency")
# How far the limits of the model are moved for the curve.
SHIFTS = (-0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.8)

Judged = Sequence[tuple[Sentence, int]]
Seen = Sequence[tuple[Sentence, Alarm, np.ndarray]]


def read(path: Path) -> list[Sentence]:
    if path.suffix == ".jsonl":
        return [_line(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return sentences(path)


def _line(row: dict[str, str]) -> Sentence:
    """A crisis is urgent at least; of the rest nothing may ring."""
    crisis = row["label"] == "crisis"
    return Sentence(
        row["text"], "urgent" if crisis else "none", (), "", False, "", about="" if crisis else row["label"]
    )


def wilson(hits: int, of: int) -> str:
    """Share with its 95 % interval (Wilson)."""
    if not of:
        return "-"
    share = hits / of
    middle = (share + Z**2 / (2 * of)) / (1 + Z**2 / of)
    half = Z * (share * (1 - share) / of + Z**2 / (4 * of**2)) ** 0.5 / (1 + Z**2 / of)
    return f"{share:.3f} ({max(middle - half, 0):.3f}-{middle + half:.3f}) {hits}/{of}"


def heard(judged: Judged, bar: str, due: str | None = None) -> str:
    """Of what is due at `due` (the bar itself) or above, what rang at `bar` or above."""
    heights = [height for one, height in judged if LEVELS.index(one.level) >= LEVELS.index(due or bar)]
    return wilson(sum(height >= LEVELS.index(bar) for height in heights), len(heights))


def rang(judged: Judged, bar: str, lenient: bool | None) -> str:
    """Of what is harmless, what rang at `bar` or above; `lenient`: where a gentle check would be right as well."""
    heights = [height for one, height in judged if one.level == "none" and lenient in (None, one.lenient)]
    return wilson(sum(height >= LEVELS.index(bar) for height in heights), len(heights))


def report(judged: Judged) -> Iterable[str]:
    for bar in BARS:
        yield f"  heard at {bar} or above, of those due: {heard(judged, bar)}"
    for name, lenient in (("ordinary", False), ("denied, past, asked in general", True)):
        for bar in BARS:
            yield f"  {name}: rang at {bar} or above: {rang(judged, bar, lenient)}"


def parts(judged: Judged) -> Iterable[str]:
    """Per kind and voice what was heard, per voice and subject what rang."""
    for kind in KINDS:
        own = [(one, height) for one, height in judged if kind in one.kinds]
        if own:
            yield f"  {kind}: urgent {heard(own, 'urgent')}; concern {heard(own, 'concern')}"
    for voice in dict.fromkeys(one.voice for one, _ in judged if one.voice):
        own = [(one, height) for one, height in judged if one.voice == voice]
        figures = f"urgent {heard(own, 'urgent')}; concern {heard(own, 'concern')}; rang {rang(own, 'urgent', False)}"
        yield f"  {voice}: {figures}"
    for about in dict.fromkeys(one.about for one, _ in judged if one.about):
        own = [(one, height) for one, height in judged if one.about == about]
        yield f"  {about}: rang at urgent {rang(own, 'urgent', None)}; at concern {rang(own, 'concern', None)}"


def decided(model: DangerModel, seen: Seen) -> Judged:
    return [
        (one, LEVELS.index(model.verdict(words, scores, in_plain_words(words, one.text)).level))
        for one, words, scores in seen
    ]


def curve(model: DangerModel, seen: Seen) -> Iterable[str]:
    for shift in SHIFTS:
        moved = replace(model, limits={name: limit + shift for name, limit in model.limits.items()})
        judged = decided(moved, seen)
        yield f"  limits {shift:+.1f}: urgent heard {heard(judged, 'urgent')} rang {rang(judged, 'urgent', False)}"
        yield f"               concern heard {heard(judged, 'concern')} rang {rang(judged, 'concern', False)}"


def missed(judged: Judged) -> Iterable[str]:
    for one, height in judged:
        due, most = LEVELS.index(one.level), 1 if one.lenient else 0
        if (due and height < min(due, 2)) or (not due and height > most):
            yield f"  {one.level}{' or concern' if one.lenient else ''} -> {LEVELS[height]}: {one.text}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("file", type=Path, nargs="+")
    for flag in ("--parts", "--curve", "--missed"):
        asked.add_argument(flag, action="store_true")
    given = asked.parse_args()
    model = DangerModel.learn(sentences())
    for path in given.file:
        seen = [(one, model.words(one.text), model.scores(one.text)) for one in read(path)]
        judges: dict[str, Judged] = {
            "lexicon alone": [(one, LEVELS.index(words.level)) for one, words, _ in seen],
            "lexicon and model": decided(model, seen),
        }
        for name, judged in judges.items():
            print(f"{path.name}, {len(seen)} texts, {name}", *report(judged), sep="\n")
            if given.parts:
                print(*parts(judged), sep="\n")
            if given.missed:
                print(*missed(judged), sep="\n")
        if given.curve:
            print(*curve(model, seen), sep="\n")


if __name__ == "__main__":
    main()
