"""Whole conversations, written as families speak: `<kind>/*.yml` (see any of them for the keys).

`new: true`: not a word for word repetition of what was said before in this conversation.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import yaml

from actions.base import today
from tests.conversations.conftest import ROOT, Family

CONVERSATIONS = [
    pytest.param(each["says"], id=f"{path.parent.name}: {each['conversation']}")
    for path in sorted(ROOT.glob("*/*.yml"))
    for each in yaml.safe_load(path.read_text(encoding="utf-8"))
]
pytestmark = pytest.mark.model


@pytest.mark.parametrize("says", CONVERSATIONS)
def test_a_conversation_goes_as_written(
    assistant: Callable[[], Family], says: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    family, later = assistant(), today()
    before: list[str] = []
    for step in says:
        later += timedelta(days=step.get("days_later", 0))
        monkeypatch.setattr("actions.base.today", lambda day=later: day)
        answer = family.say(step["say"], step.get("alarm", "none"))
        turn, text = answer["turn"], "\n".join(message["text"] for message in answer["messages"])
        told = {each["id"]: each["outcome"] for each in turn["results"]}
        place = f"after {step['say']!r}: {text!r} facts {turn['facts']} asking {turn['asking']} topics {turn['topics']}"

        if "asks" in step:
            assert step["asks"] == turn["asking"], place
        for name, value in step.get("facts", {}).items():
            assert value == turn["facts"].get(name), f"{name} {place}"
        for name in step.get("no_fact", []):
            assert name not in turn["facts"], place
        for name, outcome in step.get("tells", {}).items():
            assert outcome == told.get(name), f"{name} {told} {place}"
        for words in step.get("has", []):
            assert words in text, place
        for words in step.get("lacks", []):
            assert words not in text, place
        if step.get("new"):
            assert text not in before, f"said before {place}"
        before.append(text)
        if "child" in step:
            assert step["child"] == turn["child"], place
        for name, value in step.get("partial", {}).items():
            assert value == turn["partial"].get(name), f"{name} {turn['partial']} {place}"
        for number, facts in step.get("others", {}).items():
            known = {each["child"]: each["facts"] for each in turn["others"]}
            assert facts == {name: known[number].get(name) for name in facts}, f"{known} {place}"
        for title in step.get("offers", []):
            assert title in [each["title"] for each in turn["options"]], place
        if "done" in step:
            assert step["done"] == turn["done"], place
        if "handoff" in step:
            assert step["handoff"] == (turn["handoff"] or {}).get("queue", "none"), place
        if "level" in step:
            assert step["level"] == turn["safety"]["level"], place


def test_a_correction_and_a_digression_end_where_the_clean_conversation_ends(assistant: Callable[[], Family]) -> None:
    clean, winding = assistant(), assistant()
    clean.say("我孙子九岁，他爸判了三年，他妈跑了两年没音信")
    wanted = clean.say("看结果")["turn"]

    winding.say("我孙子九岁，他爸判了三个月")
    winding.say("事实无人抚养补贴要带啥材料")
    winding.say("说错了，是判了三年")
    winding.say("为啥问这个")
    winding.say("他妈跑了两年没音信")
    turn = winding.say("看结果")["turn"]

    outcomes = [{each["id"]: each["outcome"] for each in each_turn["results"]} for each_turn in (wanted, turn)]
    assert outcomes[0] == outcomes[1]
    assert wanted["facts"] == turn["facts"]


@pytest.mark.parametrize(
    "text", ["", " ", "😀😀", "hello can you help", "/restart", "/help{}", "<script>alert(1)</script>", "長" * 4500]
)
def test_odd_input_gets_a_turn_and_a_sentence(assistant: Callable[[], Family], text: str) -> None:
    answer = assistant().say(text)

    assert answer["turn"] is not None
    assert answer["messages"]
    assert "Traceback" not in str(answer)


def test_traditional_script_is_read_like_simplified(assistant: Callable[[], Family]) -> None:
    turns = [
        assistant().say(text)["turn"]
        for text in ("兒子判了三年，媳婦跑了兩年沒音信", "儿子判了三年，媳妇跑了两年没音信")
    ]

    assert turns[0]["facts"] == turns[1]["facts"]


def test_the_same_numbers_again_are_answered_from_what_was_said(assistant: Callable[[], Family]) -> None:
    family = assistant()
    first = family.say("我孙子九岁，他爸判了三年")
    family.seq -= 1

    assert first == family.say("我孙子九岁，他爸判了三年")
