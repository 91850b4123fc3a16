from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from time import sleep

import pytest

from casework import cases, staff
from casework.daily import offer
from casework.errors import LastSupervisor, NameTaken, NotFound
from casework.events import log_of
from casework.follow import tasks
from casework.leaving import remove_worker
from casework.ledger import find, messages
from casework.referrals import Slip
from casework.staff import add_worker, by_staff_token, check_password, issue_token, reset_password, worker, workers
from casework.tables import audit
from casework.work import name_owner, refer
from tests.casework.test_staff import cheap_hashes  # noqa: F401


@pytest.fixture
def case(store, conversation, wang):
    opened = cases.open_case(store, conversation.id, "caseworker", "routine", "asked")
    return cases.claim(store, opened.ref, wang.id).case


def test_nothing_opens_to_who_was_removed(store):
    hired, password = add_worker(store, "演示赵", "caseworker")
    token = issue_token(store, hired.id)
    remove_worker(store, "演示赵")

    assert check_password(store, "演示赵", password) is None
    assert by_staff_token(store, token) is None
    assert worker(store, hired.id) is None
    assert "演示赵" not in [one.name for one in workers(store)]


def test_an_empty_password_opens_nothing_either(store):
    add_worker(store, "演示赵", "caseworker")
    remove_worker(store, "演示赵")

    assert check_password(store, "演示赵", "") is None


def test_open_cases_wait_again_and_the_assistant_answers(store, case, wang):
    assert 1 == remove_worker(store, wang.name)

    now = cases.case(store, case.ref)
    assert ("waiting", None) == (now.state, now.worker_id)
    assert ("bot", 3) == (find(store, case.conversation).holder, find(store, case.conversation).epoch)


def test_the_name_stays_in_old_messages_and_in_the_audit_and_stays_taken(store, case, wang):
    cases.reply(store, case.ref, wang.id, "我是演示王，我来帮您。", "w1")
    staff.audit(store, wang.id, "case.viewed", case.ref)
    remove_worker(store, wang.name)

    assert [wang.name] == [line.worker for line in messages(store, case.conversation) if line.sender == "worker"]
    with store.reading() as connection:
        rows = connection.execute(audit.select().order_by(audit.c.id)).all()
    assert [(wang.id, "case.viewed"), (wang.id, "worker_removed")] == [(row.worker_id, row.verb) for row in rows]
    with pytest.raises(NameTaken):
        add_worker(store, wang.name, "caseworker")


def test_nobody_hands_anything_to_who_was_removed(store, case, wang, li):
    remove_worker(store, li.name)
    for step in (cases.transfer, offer, name_owner):
        with pytest.raises(NotFound):
            step(store, case.ref, wang.id, li.name)


def test_a_claim_that_was_under_way_finds_no_worker(store, conversation, wang):
    opened = cases.open_case(store, conversation.id, "caseworker", "routine", "asked")
    remove_worker(store, wang.name)

    with pytest.raises(NotFound):
        cases.claim(store, opened.ref, wang.id)


def test_what_was_offered_to_them_is_declined(store, case, wang, li):
    offer(store, case.ref, wang.id, li.name)
    remove_worker(store, li.name)

    assert cases.case(store, case.ref).offered_to is None
    assert "declined" == log_of(store, case.ref)[-1].kind


def test_what_they_answered_for_is_nobodys(store, case, wang, clock):
    refer(store, case.ref, wang.id, Slip("town", "visit"))
    clock.forward(days=9)
    assert {wang.name} == {task.owner for task in tasks(store, clock.now)}
    remove_worker(store, wang.name)

    assert {None} == {task.owner for task in tasks(store, clock.now)}


@pytest.mark.parametrize("role", ["supervisor", "admin"])
def test_the_last_supervisor_stays(store, hiring, wang, role):
    hiring("演示督导", role)
    hiring("演示督导二", "supervisor")
    remove_worker(store, "演示督导二")

    with pytest.raises(LastSupervisor, match="演示督导 is the last supervisor or admin"):
        remove_worker(store, "演示督导")
    assert "演示督导" in [one.name for one in workers(store)]


def test_removing_again_ends_what_was_interrupted(store, wang, hiring):
    assert [0, 0] == [remove_worker(store, wang.name) for _ in range(2)]

    with pytest.raises(NotFound):
        reset_password(store, wang.name)
    with pytest.raises(NotFound):
        remove_worker(store, "没有这个人")


def test_leaving_beside_somebody_who_writes_into_the_audit_stops_neither(store, wang, li, hiring):
    """Each waited for what the other held, until PostgreSQL ended one of them."""
    hiring("演示主管", "supervisor")
    has_the_end, may_write = Event(), Event()

    def slow():
        has_the_end.set()
        may_write.wait(10)
        return store.clock()

    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(staff.audit, replace(store, clock=slow), li.id, "case.viewed", "TX-222222")
        has_the_end.wait(10)
        leaving = pool.submit(remove_worker, store, wang.name)
        sleep(0.3)
        may_write.set()

        assert (None, 0) == (writing.result(20), leaving.result(20))
