from datetime import datetime, timedelta, timezone

import pytest

from bot.waiting import call, line, with_line
from bot.words import words
from casework.cases import claim, open_case
from casework.ledger import append, erase, messages, start
from casework.outlook import Outlook
from casework.staff import add_worker
from casework.store import Draft, open_store

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=timezone.utc)  # a Friday, 22:00 in China
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=timezone.utc)
PROMISES = ("马上有人", "很快", "一定", "尽快", "会来", "正在赶")


@pytest.fixture
def moment():
    return [NOW]


@pytest.fixture
def store(tmp_path, moment):
    store = open_store(
        f"sqlite:///{tmp_path / 'waiting.db'}", lambda: moment[0], "a secret of at least thirty-two signs"
    )
    yield store
    store.close()


@pytest.fixture
def danger(store):
    conversation, _ = start(store)
    append(store, conversation.id, "family", "有人打我", "f1")
    return open_case(store, conversation.id, "counselor", "emergency", "danger")


def test_hours_are_told_with_the_day_and_who_waits_before():
    told = line(Outlook(False, 2, MONDAY, True), NOW)

    assert told.startswith("现在不是上班时间，11月23日（周一） 9:00 上班。前面还有 2 件在等。")


def test_unconfirmed_hours_are_called_so():
    assert "放假安排还没有确认" in line(Outlook(False, 0, MONDAY, False), NOW)


def test_tomorrow_is_called_tomorrow():
    assert "明天 9:00" in line(Outlook(False, 0, NOW + timedelta(hours=11), True), NOW)


def test_without_hours_and_with_nobody_before_nothing_is_said():
    assert line(Outlook(None, 0, None, True), NOW) is None


def test_nothing_that_is_said_about_waiting_promises_anybody():
    said = str(words()["waiting"].values())

    assert [] == [promise for promise in PROMISES if promise in said]


def test_the_line_stands_last_but_before_what_is_to_be_tapped():
    asked, tapped = Draft("一"), Draft("二", ({"title": "是", "payload": "是"},))

    assert ["一", "等"] == [draft.text for draft in with_line([asked], "等")]
    assert ["一", "等", "二"] == [draft.text for draft in with_line([asked, tapped], "等")]
    assert (asked,) == with_line([asked], None)


def test_a_family_in_danger_is_told_that_nobody_came_and_whom_to_call(store, moment, danger):
    moment[0] += timedelta(minutes=5)

    assert [danger.conversation] == call(store)
    assert words()["waiting"]["called"] == messages(store, danger.conversation)[-1].text
    assert [] == call(store)


def test_nothing_is_said_once_somebody_acknowledged_it(store, moment, danger):
    worker, _ = add_worker(store, "演示王", "counselor")
    claim(store, danger.ref, worker.id)
    moment[0] += timedelta(minutes=5)

    assert [] == call(store)
    assert ["family"] == [message.sender for message in messages(store, danger.conversation)]


def test_an_erased_conversation_is_called_for_without_a_word(store, moment, danger):
    erase(store, danger.conversation)
    moment[0] += timedelta(minutes=5)

    assert [] == call(store)
