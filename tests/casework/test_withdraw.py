"""What was recorded by a slip is taken back: everything read off the log forgets it, and what is due follows."""

from datetime import date, timedelta

import pytest

from casework import eventlog, work
from casework.applications import Step
from casework.casefile import casefile
from casework.cases import open_case
from casework.errors import BadTransition, NotFound
from casework.events import log_of, newest, of_kind
from casework.evidence import Item
from casework.follow import finish, tasks
from casework.withdraw import withdraw

DAY = date(2026, 11, 22)


@pytest.fixture
def ref(store, conversation):
    return open_case(store, conversation.id, "caseworker", "routine", "asked").ref


@pytest.fixture
def take_back(store, ref, wang):
    """The newest event of a kind."""
    return lambda kind: withdraw(store, ref, wang.id, newest(log_of(store, ref), kind).id)


def step(store, ref, worker, to, **more):
    work.take_step(store, ref, worker.id, "dibao", Step(to, DAY, **more))


def due(store):
    return [task.matter.what for task in tasks(store, store.clock() + timedelta(days=40))]


def test_evidence_of_the_wrong_person_no_longer_stops_a_category(store, ref, wang, take_back):
    work.add_evidence(store, ref, wang.id, Item("mother", "lost_contact", "B", DAY))
    work.add_evidence(store, ref, wang.id, Item("mother", "sent_money", "D", DAY))
    take_back("evidence")
    work.record_category(store, ref, wang.id, "lost_contact", "mother")

    assert [True] == [one.standing.is_enough for one in casefile(log_of(store, ref)).recorded]


def test_a_step_that_is_taken_back_brings_back_what_was_due_before_it(store, ref, wang, take_back):
    step(store, ref, wang, "applied"), step(store, ref, wang, "approved")
    assert "money" in due(store)
    step(store, ref, wang, "arrived", month="2026-11", amount="18910")
    assert "money" not in due(store)
    take_back("application")

    assert "approved" == casefile(log_of(store, ref)).applications["dibao"].state
    assert "money" in due(store)
    step(store, ref, wang, "arrived", month="2026-11", amount="1891")
    assert "money" not in due(store)


def test_only_the_last_step_can_be_taken_back(store, ref, wang):
    step(store, ref, wang, "applied"), step(store, ref, wang, "accepted")
    first = of_kind(log_of(store, ref), "application")[0]

    with pytest.raises(BadTransition):
        withdraw(store, ref, wang.id, first.id)


def test_a_matter_that_was_ticked_off_by_a_slip_is_due_again_and_can_be_done(store, ref, wang, take_back):
    step(store, ref, wang, "applied", expected=DAY + timedelta(days=3))
    key = next(key for key in casefile(log_of(store, ref)).matters if key.startswith("decision"))
    finish(store, ref, key, wang.id)
    assert "decision" not in due(store)
    take_back("done")
    assert "decision" in due(store)
    finish(store, ref, key, wang.id)

    assert "decision" not in due(store)


def test_what_was_taken_back_counts_in_no_figure_and_stays_in_the_table(store, ref, wang, take_back):
    work.visited(store, ref, wang.id)
    seen = newest(log_of(store, ref), "visited").id
    take_back("visited")
    entries = eventlog.read(store, store.clock() - timedelta(days=1), store.clock() + timedelta(days=1))

    assert [] == entries.of("visited")
    with pytest.raises(NotFound):
        withdraw(store, ref, wang.id, seen)


def test_nothing_else_can_be_taken_back(store, ref, wang):
    opened = log_of(store, ref)[0]
    for number in (opened.id, 10**9):
        with pytest.raises(NotFound):
            withdraw(store, ref, wang.id, number)
