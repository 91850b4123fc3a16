from datetime import datetime, timezone

import pytest

from casework.errors import TooManyTries
from casework.second_factor import address, check_code, code, new_secret, step_of, turn_off, turn_on
from casework.staff import worker

# RFC 6238, appendix B, SHA-1, of which six digits are the last six of eight.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    "seconds, expected",
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(seconds, expected):
    assert expected == code(RFC_SECRET, seconds // 30)


@pytest.mark.parametrize("off, is_good", [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(off, is_good):
    now = 1234567890 // 30 * 30
    moment = datetime.fromtimestamp(now + off, timezone.utc)

    assert is_good == (step_of(RFC_SECRET, code(RFC_SECRET, now // 30), moment) is not None)


@pytest.mark.parametrize("given", ["", "abc", "12345", "１２３４５６", "1234567"])
def test_what_is_no_code_is_refused(given):
    assert None is step_of(RFC_SECRET, given, datetime.now(timezone.utc))


def now_code(secret, clock):
    return code(secret, int(clock.now.timestamp()) // 30)


@pytest.fixture
def secret_of_wang(store, wang, clock):
    secret = new_secret()
    turn_on(store, wang.id, secret, now_code(secret, clock))
    clock.forward(minutes=1)
    return secret


def test_it_is_on_only_for_who_shows_a_code(store, wang, clock):
    secret = new_secret()

    assert None is turn_on(store, wang.id, secret, "000000" if now_code(secret, clock) != "000000" else "111111")
    assert not worker(store, wang.id).has_second
    assert 8 == len(set(turn_on(store, wang.id, secret, now_code(secret, clock))))
    assert worker(store, wang.id).has_second
    assert wang.session_epoch + 1 == worker(store, wang.id).session_epoch


def test_a_code_is_good_once(store, wang, clock, secret_of_wang):
    given = now_code(secret_of_wang, clock)

    assert [True, False] == [check_code(store, wang.id, given) for _ in range(2)]


def test_a_code_with_a_space_is_read(store, wang, clock, secret_of_wang):
    given = now_code(secret_of_wang, clock)

    assert check_code(store, wang.id, f"{given[:3]} {given[3:]}")


def test_a_code_on_paper_is_good_once_and_only_for_its_owner(store, wang, li, clock):
    secret = new_secret()
    paper = turn_on(store, wang.id, secret, now_code(secret, clock))

    assert not check_code(store, li.id, paper[0])
    assert [True, False] == [check_code(store, wang.id, paper[0].upper()) for _ in range(2)]


def test_five_wrong_codes_lock_whatever_the_password(store, wang, clock, secret_of_wang):
    for _ in range(5):
        check_code(store, wang.id, "wrong")

    with pytest.raises(TooManyTries):
        check_code(store, wang.id, now_code(secret_of_wang, clock))


def test_neither_secret_nor_paper_stands_in_the_database(store, wang, clock):
    secret = new_secret()
    paper = turn_on(store, wang.id, secret, now_code(secret, clock))
    with store.reading() as connection:
        tables = ("worker", "recovery_code")
        stored = str([connection.exec_driver_sql(f"SELECT * FROM {table}").all() for table in tables])

    assert secret not in stored
    assert not any(each in stored for each in paper)


def test_turned_off_it_asks_for_nothing_and_old_codes_are_void(store, wang, clock, secret_of_wang):
    turn_off(store, wang.id)

    assert not worker(store, wang.id).has_second
    assert not check_code(store, wang.id, now_code(secret_of_wang, clock))


def test_an_app_is_told_whose_code_it_is():
    assert "otpauth://totp/Tongxing:7?secret=ABC&issuer=Tongxing" == address("ABC", "7", "Tongxing")
