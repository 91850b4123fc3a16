"""Families are asked how it went, their buttons are understood at the front door, and nothing is asked unasked-for."""

import subprocess
import sys
from datetime import date, datetime, timezone
from time import monotonic, sleep

import pytest

from bot.errands import Errand
from bot.follow_up import days, follow
from bot.receipt import say_heard
from casework.agree import take_answer
from casework.applications import Step
from casework.cases import claim, close, open_case
from casework.events import log_of, of_kind
from casework.follow import tasks
from casework.ledger import append, append_turn, erase, find, messages, start, unanswered
from casework.store import Draft, Message, open_store
from casework.work import take_step
from tests.clock import START


@pytest.fixture
def talk(store):
    conversation, _ = start(store)
    append(store, conversation.id, "family", "孩子爸爸判了三年", "f1")
    return conversation


@pytest.fixture
def ref(store, talk, wang):
    ref = open_case(store, talk.id, "caseworker", "routine", "asked").ref
    take_step(store, ref, wang.id, "dibao", Step("applied", START.date()))
    return ref


def agree(store, talk):
    pressed = append(store, talk.id, "family", "可以回访", "yes")
    take_answer(store, pressed)


def system_lines(store, talk):
    return [message.text for message in messages(store, talk.id) if message.sender == "system"]


def test_a_family_that_agreed_is_asked_once(store, talk, ref, clock):
    agree(store, talk)
    clock.forward(days=7)
    for _ in range(2):
        follow(store)

    assert ["上次说的事，现在办得怎么样了？"] == system_lines(store, talk)
    assert ["message"] == [event.data["how"] for event in of_kind(log_of(store, ref), "reminded")]


def test_a_family_that_said_nothing_or_no_is_left_to_the_worker(store, talk, ref, clock):
    clock.forward(days=7)
    follow(store)

    assert [] == system_lines(store, talk)
    assert ["task"] == [event.data["how"] for event in of_kind(log_of(store, ref), "reminded")]


def test_while_a_worker_is_there_the_system_does_not_join(store, talk, ref, wang, clock):
    agree(store, talk)
    claim(store, ref, wang.id)
    clock.forward(days=7)
    follow(store)

    assert [] == system_lines(store, talk)


def test_an_erased_conversation_is_left_to_the_worker(store, talk, ref, clock):
    agree(store, talk)
    erase(store, talk.id)
    clock.forward(days=7)
    follow(store)

    assert ["task"] == [event.data["how"] for event in of_kind(log_of(store, ref), "reminded")]


def test_overdue_matters_are_handed_on(store, ref, clock):
    clock.forward(days=9)
    follow(store)

    assert tasks(store, clock.now)[0].matter.escalated_at is not None


def test_a_closed_case_gets_its_calls_and_danger_its_own(store, talk, wang, clock):
    ref = open_case(store, talk.id, "counselor", "emergency", "danger").ref
    claim(store, ref, wang.id)
    close(store, ref, wang.id, "已说清楚", needs_none=1)
    follow(store)
    clock.forward(days=8)

    assert {"distress_call", "return_call"} == {task.matter.what for task in tasks(store, clock.now)}


def turn(**facts):
    said = {"seq": 1, "words": "…"}
    return {"child": 1, "facts": facts, "evidence": {fact: [said] for fact in facts}}


def told(*turns):
    family = Message("c", 1, "family", "…", "f", (), None, None, START)
    return [family, *(Message("c", 2 + n, "bot", "…", f"b{n}", (), each, None, START) for n, each in enumerate(turns))]


def test_days_are_read_off_the_newest_facts():
    said = told(turn(**{"child.age": 12}), turn(**{"child.born": "2012-05-01", "mother.lost_contact_months": 2}))

    assert {"1.born": date(2012, 5, 1), "1.mother.lost_since": date(2026, 9, 22)} == dict(days(said))


def test_from_an_age_the_earliest_birthday_is_taken():
    assert {"1.born": date(2008, 11, 23)} == dict(days(told(turn(**{"child.age": 17}))))


def test_a_fact_without_the_message_it_came_from_names_no_day():
    bare = {"child": 1, "facts": {"child.age": 17, "father.lost_contact_months": 1}, "evidence": {}}

    assert {} == dict(days(told(bare)))
    assert {} == dict(days(told()))


def test_every_child_has_its_day():
    other = turn(**{"child.age": 3}) | {"child": 2}

    assert {"1.born", "2.born"} == set(dict(days(told({**turn(**{"child.age": 9}), "others": [other]}))))


def test_a_birthday_in_the_facts_becomes_due_sixty_days_before_the_eighteenth(store, talk, clock):
    ref = open_case(store, talk.id, "caseworker", "routine", "asked").ref
    held = find(store, talk.id)
    said = {"child": 1, "facts": {"child.born": "2009-03-01"}, "evidence": {"child.born": [{"seq": 1, "words": "…"}]}}
    append_turn(store, talk.id, held.epoch, [Draft("好", turn=said)], held.family_seq)
    for _ in range(2):
        follow(store)

    assert 1 == len(of_kind(log_of(store, ref), "dates"))
    assert [datetime(2026, 12, 31, 1, 0, tzinfo=timezone.utc)] == [
        event.due_at for event in of_kind(log_of(store, ref), "due")
    ]


def test_our_buttons_are_answered_without_the_assistant_and_other_words_are_not(store, talk, ref):
    append(store, talk.id, "family", "可以回访", "yes")
    held = find(store, talk.id)
    assert say_heard(store, held, unanswered(store, talk.id)) is None

    append_turn(store, talk.id, held.epoch, [Draft("好")], 2)
    append(store, talk.id, "family", "不用回访", "no")
    assert say_heard(store, held, unanswered(store, talk.id)) is True
    assert [] == unanswered(store, talk.id)
    assert system_lines(store, talk)[-1].startswith("好，我们不会来问")


def test_a_round_runs_as_a_process_of_its_own(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'tongxing.db'}", secret="s" * 40)
    ref = open_case(store, start(store)[0].id, "counselor", "emergency", "danger").ref
    environ = {"TONGXING_VAR": str(tmp_path), "TONGXING_SECRET": "s" * 40, "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-m", "bot.follow_up"], env=environ, capture_output=True, timeout=60)
    due = of_kind(log_of(store, ref), "due")
    store.close()

    assert (0, 2) == (done.returncode, len(due)), done.stderr


def tend(errand, folder, now):
    errand.tend(now, lambda: (folder / "log").open("ab"), {"PATH": "/usr/bin:/bin"}, lambda: None)


def ended(errand):
    until = monotonic() + 10
    while errand.process.poll() is None and monotonic() < until:
        sleep(0.02)
    return errand.process.returncode


def test_an_errand_runs_again_when_it_is_time_and_never_twice_at_once(tmp_path):
    errand = Errand("small", [sys.executable, "-c", "print('done', flush=True)"], every=100)
    for now in (0, 1):
        tend(errand, tmp_path, now)
    assert 0 == ended(errand)
    for now in (2, 99, 101):
        tend(errand, tmp_path, now)
    assert 0 == ended(errand)

    assert ["done", "done"] == (tmp_path / "log").read_text().split()


def test_an_errand_that_hangs_is_ended(tmp_path):
    errand = Errand("stuck", [sys.executable, "-c", "import time; time.sleep(600)"], every=100, at_most=5)
    tend(errand, tmp_path, 0)
    tend(errand, tmp_path, 6)

    assert errand.process is None
