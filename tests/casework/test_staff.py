from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from casework import staff
from casework.errors import NameTaken, TooManyTries, WeakPassword
from casework.staff import (
    add_worker,
    audit,
    by_staff_token,
    change_password,
    check_password,
    end_sessions,
    issue_token,
    worker,
    workers,
)
from casework.store import Worker
from casework.tables import audit as audit_table
from casework.tables import sign_in_try, staff_token
from casework.tables import worker as worker_table

NEW = "四个字的长长密码啊啊"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    """The real cost is what a guesser pays, and what this file would pay a hundred times."""
    monkeypatch.setattr(staff, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def hired(store):
    return add_worker(store, "演示王", "caseworker")


def fail(store, name, times):
    return [check_password(store, name, "wrong") for _ in range(times)]


def test_a_new_worker_signs_in_with_the_one_time_password(store, hired):
    hired_worker, password = hired

    assert check_password(store, "演示王", password) == hired_worker
    assert hired_worker == Worker(hired_worker.id, "演示王", "caseworker", must_change=True)


def test_a_wrong_password_and_a_wrong_name_are_answered_alike(store, hired):
    assert check_password(store, "演示王", "wrong") is None
    assert check_password(store, "没有这个人", "wrong") is None


@pytest.mark.parametrize("name", ["演示王", "没有这个人"])
def test_a_wrong_name_costs_one_hash_like_a_wrong_password(store, hired, monkeypatch, name):
    verified = []

    class Counting(PasswordHasher):
        def verify(self, *arguments):
            verified.append(name)
            return super().verify(*arguments)

    monkeypatch.setattr(staff, "_hasher", Counting())
    check_password(store, name, "wrong")

    assert verified == [name]


def test_only_a_hash_of_the_password_is_kept(store, hired):
    with store.reading() as connection:
        kept = connection.execute(select(worker_table.c.password_hash)).scalar()

    assert kept.startswith("$argon2id$")
    assert hired[1] not in kept


def test_a_name_belongs_to_one_worker(store, hired):
    with pytest.raises(NameTaken):
        add_worker(store, "演示王", "admin")


def test_an_unknown_role_is_refused(store):
    with pytest.raises(ValueError, match="caseworker, counselor, supervisor, admin"):
        add_worker(store, "演示王", "boss")


def test_staff_is_listed_by_name(store):
    added = [add_worker(store, name, "caseworker")[0] for name in ("b", "a")]

    assert workers(store) == [added[1], added[0]]
    assert worker(store, added[0].id) == added[0]


def test_an_unknown_id_is_nobody(store):
    assert worker(store, 99) is None


def test_a_token_names_its_worker_and_is_kept_as_a_hash(store, hired):
    token = issue_token(store, hired[0].id)

    assert by_staff_token(store, token) == hired[0]
    assert by_staff_token(store, "wrong") is None
    with store.reading() as connection:
        assert connection.execute(select(staff_token.c.token_hash)).scalar() != token


def test_a_changed_password_replaces_the_one_time_password(store, hired):
    changed = change_password(store, hired[0].id, hired[1], NEW)

    assert changed == Worker(hired[0].id, "演示王", "caseworker", must_change=False, session_epoch=2)
    assert check_password(store, "演示王", NEW) == changed
    assert check_password(store, "演示王", hired[1]) is None


def test_a_password_changes_only_for_who_knows_the_old_one(store, hired):
    assert change_password(store, hired[0].id, "wrong", NEW) is None
    assert check_password(store, "演示王", hired[1]) == hired[0]


@pytest.mark.parametrize("new", ["short", None])
def test_a_short_or_unchanged_password_is_refused(store, hired, new):
    with pytest.raises(WeakPassword):
        change_password(store, hired[0].id, hired[1], new or hired[1])


@pytest.mark.parametrize("name", ["演示王", "没有这个人"])
def test_five_failures_lock_the_name_for_a_quarter_of_an_hour(store, hired, clock, name):
    assert fail(store, name, 5) == [None] * 5

    with pytest.raises(TooManyTries) as locked:
        check_password(store, name, hired[1])
    assert (locked.value.until - clock.now).total_seconds() == 15 * 60


def test_the_lock_opens_by_itself(store, hired, clock):
    fail(store, "演示王", 5)
    clock.forward(minutes=15)

    assert check_password(store, "演示王", hired[1]) == hired[0]


def test_tries_while_locked_do_not_lengthen_the_lock(store, hired, clock):
    fail(store, "演示王", 5)
    clock.forward(minutes=14)
    with pytest.raises(TooManyTries):
        check_password(store, "演示王", "wrong")
    clock.forward(minutes=1)

    assert check_password(store, "演示王", hired[1]) == hired[0]


def test_one_more_failure_after_the_lock_does_not_lock_at_once(store, hired, clock):
    fail(store, "演示王", 5)
    clock.forward(minutes=16)
    fail(store, "演示王", 1)

    assert check_password(store, "演示王", hired[1]) == hired[0]


def test_failures_far_apart_do_not_lock(store, hired, clock):
    for _ in range(8):
        fail(store, "演示王", 1)
        clock.forward(minutes=4)

    assert check_password(store, "演示王", hired[1]) == hired[0]


def test_a_success_forgets_the_failures(store, hired):
    fail(store, "演示王", 4)
    check_password(store, "演示王", hired[1])

    assert fail(store, "演示王", 4) == [None] * 4


def test_guesses_side_by_side_are_limited_as_well(store, hired):
    def guess(_):
        try:
            return check_password(store, "演示王", "wrong")
        except TooManyTries:
            return "locked"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(8)))

    assert sorted(answers, key=str) == [None] * 5 + ["locked"] * 3


def test_the_name_that_was_typed_is_not_kept(store):
    fail(store, "password-in-the-wrong-field", 1)

    with store.reading() as connection:
        assert connection.execute(select(sign_in_try.c.name_hash)).scalar() != "password-in-the-wrong-field"


@pytest.mark.parametrize("change", [delete(audit_table), update(audit_table).values(verb="nothing")])
def test_what_was_audited_stays(store, hired, change):
    audit(store, hired[0].id, "case.read", "TX-222222")

    with pytest.raises(DBAPIError, match="append-only"), store.writing() as connection:
        connection.execute(change)
    with store.reading() as connection:
        assert connection.execute(select(audit_table.c.verb, audit_table.c.subject)).all() == [
            ("case.read", "TX-222222")
        ]


def test_ending_sessions_moves_the_epoch_and_leaves_tokens_alone(store, wang):
    token = issue_token(store, wang.id)
    end_sessions(store, wang.id)

    assert 2 == by_staff_token(store, token).session_epoch
