"""Promises of the reader that hold for whatever is typed."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.known import parse, parse_partial
from knowledge.library import Library
from knowledge.reading import Context, Reader

AS_OF = date(2026, 11, 22)
LIBRARY = Library.load()
READER = Reader(LIBRARY)
STORIES = yaml.safe_load(Path(__file__).with_name("stories.yml").read_text(encoding="utf-8"))
PIECES = sorted({piece for story in STORIES for piece in re.split("[，。？ ]", story["says"]) if piece})
PIECES += ["，", "？", " ", "没", "不", "要是", "听说", "@", "%", "#", "1", "\n"]


@pytest.mark.parametrize(
    "text", ["", " ", "😀😀", "hello", "/restart", "<script>alert(1)</script>", "？？？", "@%#", "13800138000"]
)
def test_noise_says_nothing(text):
    reading = READER.read(text, Context(AS_OF))

    assert ({}, {}, False) == (reading.facts, reading.partial, reading.answered)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.sampled_from([None, *LIBRARY.facts]))
def test_whatever_is_read_is_in_the_vocabulary_and_has_its_words(text, asking):
    reading = READER.read(text, Context(AS_OF, asking))

    for fact, value in reading.facts.items():
        parse(LIBRARY.facts[fact], value, False, LIBRARY.regions)
    for fact, value in reading.partial.items():
        parse_partial(LIBRARY.facts[fact], value, False, LIBRARY.regions)
    assert not set(reading.facts) & set(reading.partial)
    assert set(reading.evidence) == {*reading.facts, *reading.partial}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_under_a_condition_no_parent_is_said_to_be_anything(text):
    reading = READER.read("要是" + re.sub("[\n。？]|吗|现在|其实|目前", "", text), Context(AS_OF))

    assert not [fact for fact in reading.facts if fact.endswith(".situation")]


@pytest.mark.parametrize("fact", [fact for fact in LIBRARY.facts.values() if fact.choices], ids=lambda fact: fact.id)
def test_every_button_of_a_question_is_understood(fact):
    for choice in fact.choices:
        for title in {choice.title, choice.title_child}:
            reading = READER.read(title, Context(AS_OF, fact.id))

            assert reading.answered, f"{fact.id}: {title}"
            if title == choice.title_child and choice.child_means:
                assert {"one_of": sorted(choice.child_means)} == reading.partial[fact.id]
            elif choice.value is not None and fact.kind != "set":
                assert choice.value == reading.facts[fact.id]
            elif choice.value is not None:
                assert [choice.value] == reading.facts[fact.id]


@pytest.mark.parametrize("fact", LIBRARY.facts.values(), ids=lambda fact: fact.id)
def test_not_knowing_and_not_saying_are_heard_for_every_fact(fact):
    assert "unknown" == READER.read("不知道", Context(AS_OF, fact.id)).declined
    assert "refused" == READER.read("不想说", Context(AS_OF, fact.id)).declined
