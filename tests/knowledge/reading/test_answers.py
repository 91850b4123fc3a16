"""Answers to a pending question, corrections, and messages that answer nothing."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge.library import Library
from knowledge.reading import Context, Reader

AS_OF = date(2026, 11, 22)
ANSWERS = [
    case
    for name in ("answers.yml", "answers_second.yml", "answers_families.yml")
    for case in yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def reader():
    return Reader(Library.load())


def plain(values):
    return {fact: sorted(value) if isinstance(value, list) else value for fact, value in values.items()}


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: f"{case.get('asking')}:{case['says'][:16]}")
def test_an_answer_is_read_for_what_was_asked(reader, case):
    context = Context(AS_OF, case.get("asking"), case.get("asker"), case.get("known", {}))
    reading = reader.read(case["says"], context)

    expected = {
        "facts": plain(case.get("facts", {})),
        "partial": case.get("partial", {}),
        "uncertain": set(case.get("uncertain", [])),
        "answered": case.get("answered", True),
        "declined": case.get("declined"),
        "corrects": case.get("corrects", False),
        "complete": {case["asking"]} if case.get("complete") else set(),
        "moves": tuple(case["moves"]) if "moves" in case else None,
    }
    assert expected == {
        "facts": plain(reading.facts),
        "partial": dict(reading.partial),
        "uncertain": set(reading.uncertain),
        "answered": reading.answered,
        "declined": reading.declined,
        "corrects": reading.corrects,
        "complete": set(reading.complete),
        "moves": reading.moves,
    }
