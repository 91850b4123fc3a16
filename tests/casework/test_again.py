"""A family whose case is closed is written to by a new case in the worker's hands."""

from datetime import timedelta

import pytest

from casework import eventlog
from casework.again import reach_again, siblings
from casework.cases import case, claim, close, open_case, reply
from casework.errors import BadTransition, HeldByAnother
from casework.figures import wait_for_person
from casework.follow import tasks
from casework.ledger import find
from tests.casework.conftest import hire


@pytest.fixture
def closed(store, conversation, wang):
    ref = open_case(store, conversation.id, "caseworker", "routine", "asked").ref
    claim(store, ref, wang.id)
    close(store, ref, wang.id, "已说清楚", None)
    return case(store, ref)


def test_the_worker_holds_a_new_case_and_can_write(store, closed, wang):
    new = reach_again(store, closed.ref, wang.id).case

    assert (closed.conversation, "active", "follow_up") == (new.conversation, new.state, new.reason)
    assert closed.ref != new.ref and [closed.ref] == [one.ref for one in siblings(store, new)]
    reply(store, new.ref, wang.id, "户口本可以补办。", "c1")
    assert "closed" == case(store, closed.ref).state
    assert "worker" == find(store, closed.conversation).holder


def test_what_was_closed_without_a_reply_is_settled_by_it(store, closed, wang):
    def due():
        return [task.matter.what for task in tasks(store, store.clock() + timedelta(days=1))]

    assert ["unanswered"] == due()
    reply(store, reach_again(store, closed.ref, wang.id).case.ref, wang.id, "户口本可以补办。", "c1")
    assert [] == due()


def test_such_a_case_begins_no_calls_and_counts_in_no_waiting(store, closed, wang):
    before = [task.matter.what for task in tasks(store, store.clock() + timedelta(days=100))]
    new = reach_again(store, closed.ref, wang.id).case
    close(store, new.ref, wang.id, "已说清楚", 1)
    log = eventlog.read(store, store.clock() - timedelta(days=1), store.clock() + timedelta(days=1))

    assert before == [task.matter.what for task in tasks(store, store.clock() + timedelta(days=100))]
    assert 1 == wait_for_person(log).group


def test_where_the_family_has_come_back_already_that_case_is_taken(store, closed, wang):
    came = open_case(store, closed.conversation, "caseworker", "routine", "asked")

    assert came.ref == reach_again(store, closed.ref, wang.id).case.ref


def test_a_colleagues_case_is_not_taken_away(store, closed, wang):
    came = open_case(store, closed.conversation, "caseworker", "routine", "asked")
    claim(store, came.ref, hire(store, "演示李", "counselor").id)

    with pytest.raises(HeldByAnother):
        reach_again(store, closed.ref, wang.id)


def test_an_open_case_is_not_opened_again(store, conversation, wang):
    ref = open_case(store, conversation.id, "caseworker", "routine", "asked").ref

    with pytest.raises(BadTransition):
        reach_again(store, ref, wang.id)
