"""Stories in many voices, read as first messages."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge.library import Library
from knowledge.reading import Context, Reader

AS_OF = date(2026, 11, 22)
HERE = Path(__file__).parent
STORIES = [
    story
    for name in ("stories.yml", "more_stories.yml", "hard_stories.yml")
    for story in yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def reader():
    return Reader(Library.load())


def plain(values):
    return {fact: sorted(value) if isinstance(value, list) else value for fact, value in values.items()}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["says"][:24])
def test_a_story_yields_exactly_what_it_tells(reader, story):
    reading = reader.read(story["says"], Context(AS_OF, asker=story.get("asker"), facts=story.get("known", {})))

    expected = (plain(story.get("facts", {})), story.get("partial", {}), set(story.get("uncertain", [])))
    assert expected == (plain(reading.facts), dict(reading.partial), set(reading.uncertain))


def test_every_story_fact_has_its_words(reader):
    for story in STORIES:
        reading = reader.read(story["says"], Context(AS_OF))

        assert {*reading.facts, *reading.partial} == {fact for fact, words in reading.evidence.items() if words}
        assert all(words in story["says"] for words in reading.evidence.values())
