"""What is due today: one's own, what nobody owns, and for supervisors all of it with what was handed on to them."""

from datetime import datetime, timedelta, timezone

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from casework.follow import escalate
from casework.store import open_store
from desk.app import create_app
from desk.office import Pace
from tests.desk.conftest import PAGE, PASSWORD, SECRET, Browser, act, sign_in
from tests.desk.test_file import do

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc)


class Clock:
    now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    store = open_store(f"sqlite:///{tmp_path / 'today.db'}", clock, SECRET)
    yield store
    store.close()


@pytest.fixture
def enter(store, library, hire):
    """Signs a member of staff in: anew for each day, for a session does not last a week."""
    desk = create_app(store, library, print, SECRET, pace=Pace(lifetime=0))

    def make(name, role=None):
        if role:
            hire(name, role)
        client = Browser(Starlette(routes=[Mount("/desk", desk)]), headers=PAGE, follow_redirects=False)
        sign_in(client, name, PASSWORD)
        return client

    return make


def groups(client):
    """Titles of the page, each with the cases under it."""
    found = {}
    for part in client.get("/desk/today").text.split('<section class="group"')[1:]:
        title = part.split("<h2")[1].split(">")[1].split(" <")[0]
        found[title] = [row.split("</span>")[0] for row in part.split('<span class="ref">')[1:]]
    return found


def test_a_quiet_day_says_so(enter):
    assert {"今天": []} == groups(enter("演示王", "caseworker"))


def test_a_call_comes_near_falls_due_gets_late_and_is_handed_on(enter, store, waiting, clock):
    case, wang = waiting(), enter("演示王", "caseworker")
    do(wang, case, "application", policy="dibao", to="applied", on="2026-11-22")
    for days, title in ((1, "七天以内"), (7, "今天"), (8, "逾期")):
        clock.now = NOON + timedelta(days=days)
        assert [case.ref] == groups(wang)[title]
    clock.now = NOON + timedelta(days=9)
    escalate(store, clock.now)

    assert [case.ref] == groups(wang)["逾期，已上报督导"]


def test_a_colleagues_matters_are_theirs_and_a_supervisor_sees_all(enter, waiting, clock):
    case, wang, li = waiting(), enter("演示王", "caseworker"), enter("演示李", "caseworker")
    act(wang, case, "claim")
    do(wang, case, "application", policy="dibao", to="applied", on="2026-11-22")
    clock.now = NOON + timedelta(days=7)

    assert [[case.ref], []] == [groups(each)["今天"] for each in (wang, li)]
    assert [case.ref] == groups(enter("演示督导", "supervisor"))["今天"]


def test_what_is_done_is_gone(enter, waiting, clock):
    case, wang = waiting(), enter("演示王", "caseworker")
    do(wang, case, "refer", office="town", asks="visit")
    clock.now = NOON + timedelta(days=1)
    assert [case.ref] == groups(wang)["今天"]
    do(wang, case, "received", number="1")

    assert [] == groups(wang)["今天"]
