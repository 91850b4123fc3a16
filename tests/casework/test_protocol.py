"""The protocol keeps its promises in any order of events; each promise is broken when what guards it is taken away."""

import random
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import pytest

from benchmarks.explore import explore
from benchmarks.mutants import ALARM, ASKING, BEHIND, DELIVERY, ERASING, KEPT, MUTANT_DEPTH, MUTANTS, OWNERSHIP
from casework import delivery as d
from casework import protocol as p
from casework.ledger import append, start
from casework.outbox import delivered, due, failed, given_up

HELD = p.Standing(epoch=4, worker=1, last_seq=9, family_seq=8, answered_seq=7, case="active")
WAITING = p.Standing(epoch=3, last_seq=9, family_seq=8, answered_seq=7, case="waiting")
KINDS = {"lost", "doubled", "out of order", "bot after claim", "two holders", "safety card", "not erased"}


@pytest.mark.parametrize(
    "plan, depth", [(OWNERSHIP, 5), (ALARM, 9), (DELIVERY, 7), (ERASING, 6), (KEPT, 6), (ASKING, 6)]
)
def test_no_order_of_events_breaks_a_promise(plan, depth):
    walk = explore(plan, depth)

    assert [] == walk.shown
    assert 1000 < walk.schedules


@pytest.mark.parametrize("name", MUTANTS)
def test_a_protocol_without_a_guard_is_seen_to_break_its_promise(name):
    plan, fault = MUTANTS[name]

    assert fault in explore(plan, MUTANT_DEPTH, frozenset({fault})).faults


def test_every_kind_of_fault_has_a_mutant():
    assert {fault for _, fault in MUTANTS.values()} == KINDS


@pytest.mark.parametrize("name", BEHIND)
def test_a_late_turn_is_stopped_by_each_of_its_guards(name):
    assert [] == explore(BEHIND[name], 5).shown


@pytest.mark.parametrize(
    "now, event, no",
    [
        (HELD, p.Answered(3, 8), p.No.LATE),
        (WAITING, p.Answered(2, 8), p.No.LATE),
        (WAITING, p.Answered(3, 7), p.No.LATE),
        (HELD, p.Remarked(), p.No.LATE),
        (HELD, p.Claimed(2), p.No.HELD),
        (HELD, p.Claimed(1), p.No.REPEATED),
        (HELD, p.Replied(2), p.No.NOT_YOURS),
        (HELD, p.Released(2), p.No.NOT_YOURS),
        (HELD, p.Transferred(2, 2), p.No.NOT_YOURS),
        (HELD, p.Closed(2), p.No.NOT_YOURS),
        (WAITING, p.Released(1), p.No.NO_STEP),
        (WAITING, p.Transferred(1, 2), p.No.NO_STEP),
        (WAITING._replace(case="closed"), p.Claimed(1), p.No.NO_STEP),
        (WAITING._replace(case="closed"), p.Closed(1), p.No.NO_STEP),
        (WAITING._replace(is_erased=True), p.Heard(), p.No.GONE),
        (WAITING._replace(is_erased=True), p.Answered(3, 8), p.No.GONE),
    ],
)
def test_what_may_not_be_done_has_one_reason(now, event, no):
    assert no is p.step(now, event)


@pytest.mark.parametrize(
    "now, event, holder, case",
    [
        (WAITING, p.Claimed(1), 1, "active"),
        (HELD, p.Transferred(1, 2), 2, "active"),
        (HELD, p.Released(1), None, "waiting"),
        (HELD, p.Released(3, is_senior=True), None, "waiting"),
        (HELD, p.Closed(1), None, "closed"),
    ],
)
def test_a_change_of_hands_begins_an_epoch_and_leaves_the_assistant_nothing_to_answer(now, event, holder, case):
    then = p.step(now, event)

    assert (holder, case, now.epoch + 1, now.family_seq) == (then.worker, then.case, then.epoch, then.answered_seq)


def test_closing_a_case_that_waits_leaves_the_turn_under_way_alone():
    assert WAITING._replace(case="closed") == p.step(WAITING, p.Closed(1))


class Owed(NamedTuple):
    seq: int
    not_before: datetime


@pytest.mark.parametrize("seed", range(5))
def test_the_database_leases_what_the_protocol_would(store, clock, seed):
    """One conversation's outbox under chance: lease, failure, delivery, giving up, time."""
    chance = random.Random(seed)
    held, _ = start(store, "telegram", address="1001")
    owed: list[Owed] = []
    for number in range(60):
        deed = chance.choice(("say", "send", "send", "wait"))
        if deed == "say":
            line = append(store, held.id, "system", "110", f"s{number}")
            owed.append(Owed(line.seq, clock.now))
        elif deed == "wait":
            clock.forward(seconds=chance.choice((1, 10, 70)))
        else:
            expected = d.next_owed(owed, clock.now)
            found = due(store, clock.now, 10)

            assert ([] if expected is None else [expected.seq]) == [each.seq for each in found]
            if found:
                _carried(store, found[0], owed, chance.choice(("delivered", "failed", "given up", "died")), clock)


def _carried(store, delivery, owed, end, clock):
    place = next(place for place, each in enumerate(owed) if each.seq == delivery.seq)
    if end == "died":
        owed[place] = owed[place]._replace(not_before=clock.now + d.LEASE)
    elif end == "failed":
        failed(store, delivery, "test")
        owed[place] = owed[place]._replace(not_before=clock.now + d.after_failure(delivery.tries)[0])
    else:
        (delivered if end == "delivered" else partial(given_up, why="test"))(store, delivery)
        del owed[place]


def test_pauses_grow_to_an_hour_and_end_after_a_day():
    pauses = [d.after_failure(tries) for tries in range(d.TRIES)]

    assert timedelta(seconds=5) == pauses[0][0]
    assert sorted(pauses) == pauses
    assert d.LONGEST_PAUSE == pauses[-1][0]
    assert [False] * (d.TRIES - 1) + [True] == [is_last for _, is_last in pauses]
    assert timedelta(hours=18) < sum((pause for pause, _ in pauses), timedelta()) < timedelta(hours=30)
