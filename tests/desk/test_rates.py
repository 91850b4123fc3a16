"""Nobody asks more of the desk than people can, and no family notices."""

from dataclasses import replace

import pytest

from casework.bucket import Rate
from desk import door
from desk.access import table
from desk.app import create_app
from desk.errors import Refused
from desk.office import Pace
from desk.rates import Limit
from tests.desk.conftest import PASSWORD, SECRET, csrf, in_front_of, sign_in

LINE = "点得太快、太密了，这一次没有执行；请等 10 秒再试。"


class Ticking:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def narrow(monkeypatch):
    """Sets how much a desk made afterwards allows."""

    def make(**rates):
        known = replace(table(), rates={**table().rates, **rates})
        monkeypatch.setattr(door, "table", lambda: known)

    return make


@pytest.fixture
def signed_in_at(narrow, store, library, hire):
    """Browsers in which these people are signed in, at a desk that allows so much."""

    def make(*staff, **rates):
        narrow(**rates)
        app = create_app(store, library, print, SECRET, pace=Pace(lifetime=0))
        clients = [in_front_of(app) for _ in staff]
        for name, client in zip(staff, clients, strict=True):
            hire(name)
            sign_in(client, name, PASSWORD)
        return clients

    return make


def test_a_burst_is_free_and_then_time_refills():
    clock = Ticking()
    limit = Limit(Rate(2, 0.5), clock)
    for _ in range(2):
        limit.take("a")
    with pytest.raises(Refused) as refused:
        limit.take("a")
    assert (429, {"seconds": 2}) == (refused.value.status, refused.value.values)
    limit.take("b")
    clock.now += 2

    limit.take("a")


def test_full_buckets_are_forgotten(monkeypatch):
    monkeypatch.setattr("casework.bucket.FORGOTTEN_ABOVE", 3)
    clock = Ticking()
    limit = Limit(Rate(2, 1), clock)
    for key in "abc":
        limit.take(key)
    clock.now += 2
    limit.take("d")

    assert ["d"] == list(limit._bucket._left)


def test_too_many_requests_of_a_session_read_one_line(signed_in_at):
    (client,) = signed_in_at("演示王", session=Rate(3, 0.1))
    answers = [client.get("/desk/") for _ in range(4)]

    assert [200, 200, 200, 429] == [answer.status_code for answer in answers]
    assert LINE in answers[-1].text and "10" == answers[-1].headers["retry-after"]
    assert {"error": LINE} == client.get("/desk/api/cases").json()


def test_a_colleagues_session_has_its_own_count(signed_in_at):
    wang, li = signed_in_at("演示王", "演示李", session=Rate(3, 0.1))

    assert [200, 200, 200, 429] == [wang.get("/desk/").status_code for _ in range(4)]
    assert 200 == li.get("/desk/").status_code


def test_the_tokens_of_one_member_of_staff_count_together(signed_in_at, token):
    (client,) = signed_in_at("演示王", session=Rate(3, 0.1))
    key = token("演示程序")
    client.cookies.clear()

    assert [200, 200, 200, 429] == [client.get("/desk/api/cases", headers=key).status_code for _ in range(4)]


def test_signing_out_and_what_a_page_is_drawn_with_are_not_counted(signed_in_at):
    (client,) = signed_in_at("演示王", session=Rate(3, 0.1))
    token = csrf(client)
    for _ in range(4):
        client.get("/desk/")

    assert 200 == client.get("/desk/static/desk.js").status_code
    assert 200 == client.get("/desk/static/desk.css").status_code
    assert "/desk/login" == client.post("/desk/logout", data={"csrf": token}).headers["location"]


def test_sessions_behind_one_address_share_its_count(signed_in_at):
    clients = signed_in_at("演示王", "演示李", address=Rate(3, 0.1))

    assert [200, 200, 200, 429] == [client.get("/desk/").status_code for client in (*clients, *clients)]


def test_strangers_are_sent_to_the_sign_in_page_however_often_they_come(narrow, store, library):
    narrow(session=Rate(1, 0.1), address=Rate(1, 0.1))
    client = in_front_of(create_app(store, library, print, SECRET))

    assert {303} == {client.get("/desk/").status_code for _ in range(5)}
    assert {200} == {client.get("/desk/login").status_code for _ in range(5)}


def test_a_days_work_stays_far_below():
    """A page and its parts, a draft every second, the stream: not a tenth of what is allowed."""
    session, address = table().rates["session"], table().rates["address"]

    assert session.at_once >= 300 and session.a_second >= 10
    assert address.at_once >= 3 * session.at_once and address.a_second >= 3 * session.a_second
