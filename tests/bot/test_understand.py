import io
import json

import pytest

from bot.understand import understand, understood

KEYS = ["text", "intent", "confidence", "topics", "facts", "partial", "safety", "out_of_scope"]
PARSED = {
    "text": "…",
    "intent": {"name": "tell", "confidence": 0.987654},
    "topics": [{"id": "b", "score": 1.0}, {"id": "a", "score": 0.9}],
    "reading": {"facts": {"child.age": 7}, "partial": {}, "evidence": {"child.age": "七岁"}},
    "safety": {"level": "concern", "kinds": ["neglect"], "source": "model"},
    "out_of_scope": False,
}


def test_a_parse_is_shown_in_the_shape_of_the_contract():
    assert understood("七岁", PARSED) == {
        "text": "七岁",
        "intent": "tell",
        "confidence": 0.9877,
        "topics": ["b", "a"],
        "facts": {"child.age": 7},
        "partial": {},
        "safety": {"level": "concern", "kinds": ["neglect"]},
        "out_of_scope": False,
    }


def test_of_two_children_told_one_by_one_the_first_is_shown():
    told = {"1": {"facts": {"child.age": 8}, "partial": {}}, "2": {"facts": {"child.age": 5}, "partial": {}}}
    reading = {"facts": {"asker.role": "mother"}, "partial": {}, "siblings": {"told": told}}

    assert {"asker.role": "mother", "child.age": 8} == understood("…", {**PARSED, "reading": reading})["facts"]


def test_what_was_not_read_is_shown_as_nothing():
    shown = understood("", {"intent": {"name": "out_of_scope", "confidence": 1.0}, "out_of_scope": True})

    assert KEYS == list(shown)
    assert ({}, {}, []) == (shown["facts"], shown["partial"], shown["topics"])
    assert {"level": "none", "kinds": []} == shown["safety"]


@pytest.mark.model
def test_each_line_is_answered_by_one_line_and_nothing_else(capfd):
    lines = [
        "我儿子判了三年，孩子他妈走了大半年\n",
        "我不想活了，吃了一瓶药\n",
        "\n",
        "/restart\n",
        "低保怎么申請\r\n",
        "😭\n",
        "x" * 10_000 + "\n",
    ]
    out = io.StringIO()

    status = understand(lines, out)

    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert 0 == status
    assert [line.rstrip("\r\n") for line in lines] == [answer["text"] for answer in answers]
    assert all(KEYS == list(answer) for answer in answers)
    assert "tell" == answers[0]["intent"]
    assert 36 == answers[0]["facts"]["father.term_months"]
    assert "none" == answers[0]["safety"]["level"]
    assert "emergency" == answers[1]["safety"]["level"]
    assert "self_harm" in answers[1]["safety"]["kinds"]
    assert "dibao" == answers[4]["topics"][0]
    assert "" == capfd.readouterr().out
