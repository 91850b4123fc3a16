from datetime import timedelta

import pytest

from casework.cases import case, claim, open_case, release
from casework.events import log_of
from casework.outlook import Outlook, call_supervisors, outlook, overdue
from casework.rota import read
from tests.casework.values import THEN, case_of

ALWAYS = {"queue": "caseworker", "days": "every", "from": "09:00", "to": "17:00"}


def rota(*shifts):
    return read({"shifts": list(shifts), "acknowledge": {}})


def test_without_shifts_no_hours_are_claimed():
    assert Outlook(None, 0, None, True) == outlook(rota(), case_of(), [], THEN)


def test_it_is_open_while_somebody_is_on_duty():
    assert Outlook(True, 0, None, True) == outlook(rota(ALWAYS), case_of(), [], THEN)


def test_when_it_is_closed_it_says_when_it_opens():
    evening = THEN + timedelta(hours=10)
    opens = THEN + timedelta(days=1)

    assert Outlook(False, 0, opens, True) == outlook(rota(ALWAYS), case_of(), [], evening)


def test_only_those_before_in_the_same_queue_are_counted():
    before, other = case_of("TX-A"), case_of("TX-B", queue="counselor")
    mine, after = case_of("TX-C"), case_of("TX-D")

    assert 1 == outlook(rota(), mine, [before, other, mine, after], THEN).ahead


@pytest.mark.parametrize(("urgency", "minutes", "is_late"), [("emergency", 5, True), ("emergency", 4, False)])
def test_danger_is_overdue_after_its_minutes(urgency, minutes, is_late):
    waiting = [case_of(urgency=urgency)]

    assert is_late == bool(overdue(waiting, {"emergency": 5}, THEN + timedelta(minutes=minutes)))


def test_what_is_routine_is_never_overdue():
    assert [] == overdue([case_of()], {"emergency": 5}, THEN + timedelta(days=9))


def test_supervisors_are_called_once_until_it_is_claimed_and_given_back(store, clock, conversation, wang):
    opened = open_case(store, conversation.id, "counselor", "emergency", "danger")
    clock.forward(minutes=4)
    assert [] == call_supervisors(store)
    clock.forward(minutes=1)
    assert [opened.ref] == [each.ref for each in call_supervisors(store)]
    assert [] == call_supervisors(store)
    assert clock.now == case(store, opened.ref).called_at
    claim(store, opened.ref, wang.id)
    assert case(store, opened.ref).called_at is None
    release(store, opened.ref, wang.id)
    clock.forward(minutes=5)
    assert [opened.ref] == [each.ref for each in call_supervisors(store)]
    assert ["called", "called"] == [event.kind for event in log_of(store, opened.ref) if event.kind == "called"]


def test_whoever_was_claimed_in_time_is_not_called_for(store, clock, conversation, wang):
    opened = open_case(store, conversation.id, "counselor", "emergency", "danger")
    claim(store, opened.ref, wang.id)
    clock.forward(minutes=30)

    assert [] == call_supervisors(store)
