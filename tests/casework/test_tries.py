from datetime import datetime, timedelta, timezone

import pytest
from argon2 import PasswordHasher

from casework import staff
from casework.errors import NotFound, TooManyTries
from casework.second_factor import code, new_secret, turn_on
from casework.staff import add_worker, by_staff_token, check_password, issue_token, reset_password, worker
from casework.tries import BY_ADDRESS, locked_until

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def minutes(*given):
    return [NOON + timedelta(minutes=each) for each in given]


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(staff, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.mark.parametrize(
    "tries, until",
    [
        ([], None),
        ([0, 1, 2, 3], None),
        ([0, 4, 8, 12, 16], None),
        ([0, 1, 2, 3, 4], 4 + 15),
        ([*range(5), *range(20, 24)], 4 + 15),
        ([*range(5), *range(20, 25)], 24 + 30),
        ([*range(5), *range(20, 25), *range(60, 65)], 64 + 60),
        ([*range(5), *range(20, 25), *range(60, 65), *range(130, 135), *range(300, 305)], 304 + 240),
        ([minute for begin in range(0, 900, 100) for minute in range(begin, begin + 5)], 804 + 240),
    ],
)
def test_each_lock_is_twice_as_long_up_to_four_hours(tries, until):
    expected = until and NOON + timedelta(minutes=until)

    assert expected == locked_until(minutes(*tries), 5)


def test_an_address_that_tries_many_names_is_locked_out(store, clock):
    hired, password = add_worker(store, "演示王", "caseworker")
    for number in range(BY_ADDRESS):
        check_password(store, f"name {number}", "wrong", "203.0.113.9")

    with pytest.raises(TooManyTries):
        check_password(store, "演示王", password, "203.0.113.9")
    assert hired == check_password(store, "演示王", password, "203.0.113.10")


def test_who_signs_in_well_does_not_clear_the_failures_of_the_address(store):
    _, password = add_worker(store, "演示王", "caseworker")
    for number in range(BY_ADDRESS - 1):
        check_password(store, f"name {number}", "wrong", "203.0.113.9")
    check_password(store, "演示王", password, "203.0.113.9")
    check_password(store, "one more", "wrong", "203.0.113.9")

    with pytest.raises(TooManyTries):
        check_password(store, "演示王", password, "203.0.113.9")


def test_a_reset_gives_a_new_one_time_password_and_opens_the_lock(store):
    hired, old = add_worker(store, "演示王", "caseworker")
    token = issue_token(store, hired.id)
    for _ in range(5):
        check_password(store, "演示王", "wrong")
    fresh = reset_password(store, "演示王")
    found = check_password(store, "演示王", fresh)

    assert (True, hired.session_epoch + 1) == (found.must_change, found.session_epoch)
    assert None is check_password(store, "演示王", old)
    assert by_staff_token(store, token)


@pytest.mark.parametrize("lost", [False, True])
def test_a_lost_telephone_is_only_forgotten_when_that_is_said(store, clock, lost):
    hired, _ = add_worker(store, "演示王", "caseworker")
    secret = new_secret()
    turn_on(store, hired.id, secret, code(secret, int(clock.now.timestamp()) // 30))
    reset_password(store, "演示王", second_factor=lost)

    assert lost != worker(store, hired.id).has_second


def test_nobody_is_reset_by_a_wrong_name(store):
    with pytest.raises(NotFound):
        reset_password(store, "没有这个人")
