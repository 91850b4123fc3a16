"""Each question answered the way people talk: a plain no or yes about its own subject is understood."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge.library import Library
from knowledge.reading import Context, Reader

AS_OF = date(2026, 11, 22)
GROUPS = yaml.safe_load(Path(__file__).with_name("answers_spoken.yml").read_text(encoding="utf-8"))
CASES = [
    (group["asking"].replace("{parent}", parent), text, group["value"])
    for group in GROUPS
    for parent in (("father", "mother") if "{parent}" in group["asking"] else ("",))
    for text in group["text"]
]


@pytest.fixture(scope="module")
def reader():
    return Reader(Library.load())


@pytest.mark.parametrize(("asking", "text", "value"), CASES, ids=lambda each: str(each))
def test_a_spoken_answer_means_what_people_mean_by_it(reader, asking, text, value):
    reading = reader.read(text, Context(AS_OF, asking))

    assert reading.facts.get(asking, reading.partial.get(asking)) == value


def test_every_question_with_choices_has_spoken_answers():
    asked = {asking for asking, _, _ in CASES}
    facts = Library.load().facts.values()

    assert {fact.id for fact in facts if fact.kind in ("bool", "enum", "set")} <= asked
