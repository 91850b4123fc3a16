"""After a case is closed: written to again; and what a slip of the finger recorded is taken back on the page."""

import re

from casework.cases import cases
from casework.events import log_of, newest
from casework.ledger import messages
from tests.desk.conftest import act, do


def closed(client, case):
    act(client, case, "claim")
    act(client, case, "close", outcome="已说清楚，家人自己去办", needs_none="1")


def test_a_family_whose_case_is_closed_can_be_written_to(wang, store, waiting):
    case = waiting()
    closed(wang, case)
    assert "再联系家人" in wang.get(f"/desk/cases/{case.ref}").text
    answer = act(wang, case, "again")
    [new] = cases(store, "active")

    assert (303, f"/desk/cases/{new.ref}") == (answer.status_code, answer.headers["location"])
    act(wang, new, "messages", text="户口本可以补办。", client_id="c1")
    assert "户口本可以补办。" == messages(store, case.conversation)[-1].text
    # The purpose was said by the step itself, and each case leads to the other.
    assert case.ref in wang.request("GET", f"/desk/cases/{new.ref}", only_look=True).text
    assert new.ref in wang.get(f"/desk/cases/{case.ref}").text


def test_a_colleagues_closed_case_is_not_written_to(wang, li, store, waiting):
    case = waiting()
    closed(wang, case)

    assert 403 == act(li, case, "again").status_code
    assert [] == cases(store, "active")


def test_an_open_case_has_nothing_to_reach_again(wang, waiting):
    case = waiting()
    act(wang, case, "claim")

    assert "再联系家人" not in wang.get(f"/desk/cases/{case.ref}").text
    assert 409 == act(wang, case, "again").status_code


def test_a_slip_is_taken_back_on_the_page(wang, store, waiting):
    case = waiting()
    do(wang, case, "visited")
    page = wang.get(f"/desk/cases/{case.ref}/file").text
    number = re.search(r'name="event" value="(\d+)"', page).group(1)

    assert str(newest(log_of(store, case.ref), "visited").id) == number
    assert 303 == do(wang, case, "withdraw", event=number).status_code
    again = wang.get(f"/desk/cases/{case.ref}/file").text
    assert "见到孩子：还没有" in again and "撤回了一条记错的" in again
    assert [404, 422] == [do(wang, case, "withdraw", event=one).status_code for one in (number, "x")]


def test_the_page_tells_how_a_case_moved(wang, store, li, waiting):
    case = waiting()
    act(wang, case, "claim")
    act(wang, case, "offer", to="演示李")
    page = wang.get(f"/desk/cases/{case.ref}/file").text

    assert "演示王 请演示李接手" in page and "演示王 接手" in page


def test_who_asked_a_colleague_reads_that_they_did_not_take_it(wang, li, waiting):
    case = waiting()
    act(wang, case, "claim")
    act(wang, case, "offer", to="演示李")
    assert "说接不了" not in wang.get(f"/desk/cases/{case.ref}").text
    act(li, case, "decline")

    assert "演示李说接不了" in wang.get(f"/desk/cases/{case.ref}").text
    act(wang, case, "offer", to="演示李")
    act(wang, case, "decline")
    assert "说接不了" not in wang.get(f"/desk/cases/{case.ref}").text
