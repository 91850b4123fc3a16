"""After the card: another day, and another half hour."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from actions import base, danger
from tests.actions.talk import Talk

ALARM = {"level": "urgent", "kinds": ["self_harm"], "source": "words", "weight": 0}


def test_the_card_is_shown_anew_after_half_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    talk, now = Talk(), datetime.now(timezone.utc)
    first = talk.say("我不想活了", safety=ALARM).text
    again = talk.say("我不想活了", safety=ALARM).text
    monkeypatch.setattr(danger, "clock", lambda: now + timedelta(minutes=31))
    anew = talk.say("我不想活了", safety=ALARM).text

    assert ["12355" in said for said in (first, again, anew)] == [True, False, True]


def test_whoever_comes_back_another_day_is_asked_gently(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Talk()
    talk.say("我15 不想活了", safety=ALARM)
    monkeypatch.setattr(base, "today", lambda: (datetime.now() + timedelta(days=3)).date())
    said = talk.say("在吗", "greet")

    # Whoever holds the phone now need not learn that something was told.
    assert "现在安全吗" in said.text and "方便说话吗" in said.text and "上次" not in said.text


def test_an_interview_that_was_broken_off_is_taken_up_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Talk()
    asked = talk.say("孙子九岁", facts={"child.age": 9, "father.situation": ["imprisoned"]}).turn["asking"]
    monkeypatch.setattr(base, "today", lambda: (datetime.now() + timedelta(days=3)).date())
    said = talk.say("你好", "greet")

    assert "继续上次的吗" in said.text
    assert asked == said.turn["asking"]
