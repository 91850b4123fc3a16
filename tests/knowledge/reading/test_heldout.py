"""How well the reader does on stories that nobody tuned it on."""

from datetime import date
from pathlib import Path

import yaml

from knowledge.library import Library
from knowledge.reading import Context, Reader

AS_OF = date(2026, 11, 22)
STORIES = yaml.safe_load(Path(__file__).with_name("heldout.yml").read_text(encoding="utf-8"))


def pairs(facts, partial):
    for fact, value in (*facts.items(), *partial.items()):
        for one in value if isinstance(value, list) else [value]:
            yield fact, str(sorted(one.items()) if isinstance(one, dict) else one)


def test_unseen_stories_are_read_precisely_and_mostly():
    reader = Reader(Library.load())
    right = wrong = missed = 0
    for story in STORIES:
        reading = reader.read(story["says"], Context(AS_OF))
        expected = set(pairs(story.get("facts", {}), story.get("partial", {})))
        read = set(pairs(reading.facts, reading.partial))
        right, wrong, missed = right + len(read & expected), wrong + len(read - expected), missed + len(expected - read)
    precision, recall = right / (right + wrong), right / (right + missed)

    print(f"held out: {len(STORIES)} stories, precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.97
    assert recall >= 0.87
