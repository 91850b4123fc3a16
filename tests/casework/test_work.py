"""What a worker records, on a real store: appended, sealed, and what is due kept in step."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from casework import work
from casework.applications import Step
from casework.casefile import casefile
from casework.cases import case, claim, close, open_case
from casework.errors import BadTransition, BadValue, Contradicted, Missing, NotFound, TooTelling
from casework.events import log_of
from casework.evidence import Item
from casework.follow import agreement, catch_up, escalate, finish, know_dates, owner, remind, tasks
from casework.ledger import append as say
from casework.ledger import start
from casework.referrals import Slip
from casework.tables import case_event

DAY = date(2026, 11, 22)
LOST = Item("mother", "lost_contact", "B", DAY, "派出所回函，电话13800001234")


@pytest.fixture
def ref(store, conversation):
    return open_case(store, conversation.id, "caseworker", "routine", "asked").ref


@pytest.fixture
def filed(store, ref):
    return lambda: casefile(log_of(store, ref))


def test_the_child_is_described_without_a_number_and_the_newest_entry_counts(store, ref, wang, filed):
    work.describe(store, ref, wang.id, {"band": "from_8", "carer": "paternal", "words": "奶奶电话13800001234"})
    work.describe(store, ref, wang.id, {"band": "from_14", "carer": "paternal", "words": " "})

    assert {"band": "from_14", "carer": "paternal"} == filed().child
    with pytest.raises(BadValue):
        work.describe(store, ref, wang.id, {"band": "nine"})


def test_particulars_are_sealed(store, ref, wang):
    work.add_evidence(store, ref, wang.id, LOST)
    with store.reading() as connection:
        row = connection.execute(select(case_event).where(case_event.c.kind == "evidence")).one()

    assert "mother" not in str(tuple(row)) and "回函" not in str(tuple(row))


def test_what_happened_is_not_rewritten(store, ref, wang):
    work.need(store, ref, wang.id, "school")
    with pytest.raises(DatabaseError), store.writing() as connection:
        connection.execute(update(case_event).values(kind="opened"))


def test_needs_keep_their_order_and_leave_when_met(store, ref, wang, filed):
    for what in ("school", "money", "school"):
        work.need(store, ref, wang.id, what)
    work.need(store, ref, wang.id, "school", is_met=True)

    assert (("money",), ("school",)) == (filed().needs, filed().needs_met)
    with pytest.raises(BadValue):
        work.need(store, ref, wang.id, "toys")


def test_a_category_rests_on_evidence_or_is_not_recorded(store, ref, wang, filed):
    with pytest.raises(Missing):
        work.record_category(store, ref, wang.id, "lost_contact", "mother")
    work.add_evidence(store, ref, wang.id, LOST)
    work.record_category(store, ref, wang.id, "lost_contact", "mother")

    (recorded,) = filed().recorded
    assert ("lost_contact", "mother", "演示王", "B") == (
        recorded.category,
        recorded.about,
        recorded.by,
        recorded.standing.strength,
    )
    assert "138" not in filed().evidence[0].note


def test_lost_contact_with_a_transfer_last_month_is_not_recorded(store, ref, wang, filed):
    work.add_evidence(store, ref, wang.id, LOST)
    work.add_evidence(store, ref, wang.id, Item("mother", "sent_money", "D", DAY - timedelta(days=30)))
    with pytest.raises(Contradicted, match="失联"):
        work.record_category(store, ref, wang.id, "lost_contact", "mother")

    assert () == filed().recorded


def test_a_transfer_that_comes_later_stops_what_stood_and_a_new_recording_may_end_it(store, ref, wang, filed):
    work.add_evidence(store, ref, wang.id, LOST)
    work.record_category(store, ref, wang.id, "lost_contact", "mother")
    work.add_evidence(store, ref, wang.id, Item("mother", "sent_money", "D", DAY - timedelta(days=30)))
    assert not filed().recorded[0].standing.is_enough

    work.end_category(store, ref, wang.id, "lost_contact", "mother")
    assert () == filed().recorded


def test_evidence_of_tomorrow_is_refused(store, ref, wang):
    with pytest.raises(BadValue):
        work.add_evidence(store, ref, wang.id, Item("mother", "dead", "A", DAY + timedelta(days=1)))


@pytest.mark.parametrize("word", ["服刑", "艾滋", "13800001234"])
def test_a_slip_for_an_office_tells_no_offence_no_illness_and_no_number(store, ref, wang, word):
    with pytest.raises(TooTelling):
        work.refer(store, ref, wang.id, Slip("town", "visit", more=f"爸爸{word}"))


def test_a_referral_is_sent_received_and_answered(store, ref, wang, filed, clock):
    number = work.refer(store, ref, wang.id, Slip("town", "visit", place="列东街道"))
    assert ["receipt"] == [matter.what for matter in filed().matters.values() if matter.is_open]

    clock.forward(hours=3)
    work.heard_back(store, ref, wang.id, number)
    assert ["answer"] == [matter.what for matter in filed().matters.values() if matter.is_open]
    work.heard_back(store, ref, wang.id, number, "看过孩子了")
    work.heard_back(store, ref, wang.id, number, "再答一次")

    (sent,) = filed().referrals
    assert ("1", "看过孩子了", clock.now) == (sent.number, sent.answer, sent.received_at)
    assert not [matter for matter in filed().matters.values() if matter.is_open]
    with pytest.raises(NotFound):
        work.heard_back(store, ref, wang.id, "9")


def test_an_application_is_followed_to_the_money(store, ref, wang, filed, clock):
    for to, more in (("applied", {}), ("approved", {}), ("arrived", {"month": "2026-11", "amount": "1891"})):
        work.take_step(store, ref, wang.id, "dibao", Step(to, DAY, **more))

    assert "arrived" == filed().applications["dibao"].state
    with pytest.raises(BadTransition):
        work.take_step(store, ref, wang.id, "dibao", Step("refused", DAY, reason="papers"))
    with pytest.raises(BadValue):
        work.take_step(store, ref, wang.id, "dibao", Step("stopped", DAY + timedelta(days=1), reason="ended"))


def test_what_is_due_is_found_done_and_gone(store, ref, wang, clock):
    work.take_step(store, ref, wang.id, "dibao", Step("applied", DAY))
    assert [] == tasks(store, clock.now + timedelta(days=6))

    (task,) = tasks(store, clock.now + timedelta(days=8))
    assert (ref, "return_call", None, None) == (task.case.ref, task.matter.what, task.owner, task.agreed)
    clock.forward(days=8)
    finish(store, ref, task.matter.key, wang.id, "打过电话")
    finish(store, ref, task.matter.key, wang.id, "又打")

    assert [] == tasks(store, clock.now)
    assert 1 == [event.kind for event in log_of(store, ref)].count("done")


def test_overdue_matters_are_handed_on_once(store, ref, wang, clock):
    work.take_step(store, ref, wang.id, "dibao", Step("applied", DAY))
    clock.forward(days=8)
    assert [] == escalate(store, clock.now)
    clock.forward(days=1)
    assert [ref] == [case for case, _ in escalate(store, clock.now)]
    assert [] == escalate(store, clock.now)


def test_a_case_that_closes_is_called_back_and_days_are_known_once(store, ref, wang, clock, filed):
    claim(store, ref, wang.id)
    close(store, ref, wang.id, "已说清楚", needs_none=1)
    catch_up(store, ref)
    catch_up(store, ref)
    assert 3 == len(filed().matters)

    assert know_dates(store, ref, {"born": date(2009, 1, 10)})
    assert not know_dates(store, ref, {"born": date(2009, 1, 10)})
    assert ["eighteen"] == [task.matter.what for task in tasks(store, clock.now)]
    assert know_dates(store, ref, {"born": date(2015, 1, 10)})
    assert [] == tasks(store, clock.now)


def test_a_reminder_is_noted_once(store, ref):
    remind(store, ref, "k", "task")
    remind(store, ref, "k", "message")

    assert [{"how": "task"}] == [event.data for event in log_of(store, ref) if event.kind == "reminded"]


def test_whoever_claimed_owns_a_case_until_somebody_is_named(store, ref, wang, li):
    assert owner(log_of(store, ref)) is None
    claim(store, ref, wang.id)
    assert "演示王" == owner(log_of(store, ref))
    work.name_owner(store, ref, wang.id, "演示李")
    assert "演示李" == owner(log_of(store, ref))
    with pytest.raises(NotFound):
        work.name_owner(store, ref, wang.id, "没有这个人")


def test_nobody_agreed_before_they_said_so(store, ref, conversation):
    assert agreement(log_of(store, ref), conversation.id) is None


def test_two_cases_about_one_child_share_its_reference_and_keep_their_talks(store, ref, wang, filed):
    teenager, _ = start(store)
    say(store, teenager.id, "family", "我想上学", "t1")
    other = open_case(store, teenager.id, "counselor", "routine", "asked").ref
    work.link(store, ref, wang.id, other, "teenager")

    assert ref == case(store, ref).child_ref == case(store, other).child_ref
    assert [(teenager.id, other, "teenager")] == [(one.conversation, one.ref, one.voice) for one in filed().linked]
    assert [other] == work.same_child(store, ref, ref) and [ref] == work.same_child(store, ref, other)
    for again in (other, ref):
        with pytest.raises(BadTransition):
            work.link(store, ref, wang.id, again, "teenager")


def test_a_link_joins_all_who_were_one_child_already(store, ref, wang):
    others = [open_case(store, start(store)[0].id, "caseworker", "routine", "asked").ref for _ in range(2)]
    work.link(store, others[0], wang.id, others[1], "other")
    work.link(store, ref, wang.id, others[1], "guardian")

    assert {ref} == {case(store, each).child_ref for each in [ref, *others]}
