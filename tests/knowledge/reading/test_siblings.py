"""Several children kept apart, by the words a family has for them."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge.library import Library
from knowledge.reading import Context, Reader
from knowledge.reading.siblings import Sibling

AS_OF = date(2026, 11, 22)
STORIES = yaml.safe_load(Path(__file__).with_name("siblings.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reader():
    return Reader(Library.load())


def children(known):
    return tuple(Sibling(**{**each, "age": tuple(each["age"])}) for each in known)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["says"][:24])
def test_each_child_keeps_what_is_told_of_it(reader, story):
    context = Context(AS_OF, story.get("asking"), story.get("asker"), children=children(story.get("known", [])))
    reading = reader.read(story["says"], context)
    siblings = reading.siblings
    told = {number: dict(each["facts"]) for number, each in siblings.told.items()}

    if story.get("loose"):
        assert story.get("main", {}).items() <= dict(reading.facts).items()
        assert all(facts.items() <= told[number].items() for number, facts in story.get("told", {}).items())
    else:
        assert (story.get("main", {}), story.get("told", {})) == (dict(reading.facts), told)
    assert set(story.get("all", [])) == siblings.for_all
    assert story.get("turn_to") == siblings.turn_to
    assert {number: tuple(each) for number, each in story.get("apart", {}).items()} == dict(siblings.apart)
    assert story.get("count", siblings.count) == siblings.count
    assert set(story.get("called", [])) <= set(siblings.called)
    assert story.get("answered", reading.answered) == reading.answered


def test_what_is_told_of_a_child_has_its_words(reader):
    reading = reader.read("老大九岁，老二十二", Context(AS_OF))

    assert {1: "九", 2: "十二"} == {
        number: each["evidence"]["child.age"].rstrip("岁") for number, each in reading.siblings.told.items()
    }
