"""What is due today: one's own, what nobody owns, and for supervisors all of it with what was handed on to them."""

import re
from datetime import datetime, timedelta, timezone

import pytest

from casework.agree import take_answer
from casework.follow import escalate
from casework.ledger import append
from tests.clock import Clock
from tests.desk.conftest import act, do

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc)


@pytest.fixture
def clock():
    return Clock(NOON)


def groups(client):
    """Titles of the page, each with the cases under it."""
    found = {}
    for part in client.get("/desk/today").text.split('<section class="group"')[1:]:
        title = part.split("<h2")[1].split(">")[1].split(" <")[0]
        found[title] = [row.split("</span>")[0] for row in part.split('<span class="ref">')[1:]]
    return found


def test_a_quiet_day_says_so(signed_in):
    assert {"今天": []} == groups(signed_in("演示王"))


def test_a_call_comes_near_falls_due_gets_late_and_is_handed_on(signed_in, store, waiting, clock):
    case, wang = waiting(), signed_in("演示王")
    do(wang, case, "application", policy="dibao", to="applied", on="2026-11-22")
    for days, title in ((1, "七天以内"), (7, "今天"), (8, "逾期")):
        clock.now = NOON + timedelta(days=days)
        assert [case.ref] == groups(wang)[title]
    clock.now = NOON + timedelta(days=9)
    escalate(store, clock.now)

    assert [case.ref] == groups(wang)["逾期，已上报督导"]


def test_a_colleagues_matters_are_theirs_and_a_supervisor_sees_all(signed_in, waiting, clock):
    case, wang, li = waiting(), signed_in("演示王"), signed_in("演示李")
    act(wang, case, "claim")
    do(wang, case, "application", policy="dibao", to="applied", on="2026-11-22")
    clock.now = NOON + timedelta(days=7)

    assert [[case.ref], []] == [groups(each)["今天"] for each in (wang, li)]
    assert [case.ref] == groups(signed_in("演示督导", "supervisor"))["今天"]


def test_what_is_done_is_gone(signed_in, waiting, clock):
    case, wang = waiting(), signed_in("演示王")
    do(wang, case, "refer", office="town", asks="visit")
    clock.now = NOON + timedelta(days=1)
    assert [case.ref] == groups(wang)["今天"]
    do(wang, case, "received", number="1")

    assert [] == groups(wang)["今天"]


def test_what_a_program_closed_without_a_reply_stands_here_until_it_is_confirmed(signed_in, token, browser, waiting):
    case, wang, key = waiting(), signed_in("演示王"), token("演示程序")
    for verb, body in (("claim", {}), ("close", {"outcome": "已说清楚"})):
        browser().post(f"/desk/api/cases/{case.ref}/{verb}", json=body, headers=key)
    senior = signed_in("演示督导", "supervisor")
    assert [[case.ref], []] == [groups(each)["今天"] for each in (senior, wang)]
    page = senior.get(f"/desk/cases/{case.ref}/file").text
    do(senior, case, "done", key=re.search(r'value="(unanswered:[^"]+)"', page).group(1))

    assert [] == groups(senior)["今天"]


def test_what_a_family_reports_as_going_wrong_is_of_today_although_two_days_are_allowed(signed_in, store, waiting):
    case, wang = waiting(), signed_in("演示王")
    take_answer(store, append(store, case.conversation, "family", "回访：没人来", "t"))

    assert {"今天": [case.ref]} == groups(wang)
