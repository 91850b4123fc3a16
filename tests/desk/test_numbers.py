import pytest
from sqlalchemy import select

from casework.cases import claim, reply, transfer
from casework.tables import audit
from tests.desk.conftest import act, csrf

PHONE = "13800001234"
DOTS = "•" * 11


@pytest.fixture
def case(waiting):
    return waiting(f"打我电话{PHONE}")


def looked(store):
    """Why numbers were looked at, as the audit has it."""
    query = select(audit.c.subject, audit.c.purpose).where(audit.c.verb == "number.revealed")
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_no_page_and_no_stream_shows_a_number_unasked(wang, case):
    paths = ("/desk/", "/desk/events", f"/desk/cases/{case.ref}", f"/desk/cases/{case.ref}/events")
    for path in (*paths, "/desk/api/cases", f"/desk/api/cases/{case.ref}"):
        assert PHONE not in wang.get(path).text

    assert DOTS in wang.get(f"/desk/cases/{case.ref}").text
    assert "查看号码" in wang.get(f"/desk/cases/{case.ref}/events").text


def test_a_message_without_a_number_has_no_button(wang, waiting):
    assert "查看号码" not in wang.get(f"/desk/cases/{waiting().ref}").text


def test_whoever_holds_the_case_sees_the_number_for_a_purpose_that_is_kept(wang, store, case):
    act(wang, case, "claim")
    answer = act(wang, case, "numbers", seq="1", purpose="给家人回电话")

    assert 200 == answer.status_code
    assert f"打我电话{PHONE}" in answer.text
    assert [(f"{case.conversation}#1", "给家人回电话")] == looked(store)


def test_programs_and_scripts_ask_for_a_number_the_same_way(wang, store, case):
    act(wang, case, "claim")
    path, header = f"/desk/api/cases/{case.ref}/numbers", {"X-CSRF-Token": csrf(wang)}
    answer = wang.post(path, json={"seq": 1, "purpose": "给家人回电话"}, headers=header)

    assert {"seq": 1, "text": f"打我电话{PHONE}"} == answer.json()
    assert 1 == len(looked(store))


@pytest.mark.parametrize("given", [{"seq": "1"}, {"seq": 1}, {"seq": 1, "purpose": " "}, {"seq": True, "purpose": "x"}])
def test_a_request_that_says_too_little_shows_nothing(wang, store, case, given):
    act(wang, case, "claim")
    answer = wang.post(f"/desk/api/cases/{case.ref}/numbers", json=given, headers={"X-CSRF-Token": csrf(wang)})

    assert 422 == answer.status_code
    assert [] == looked(store)


def test_without_a_purpose_nothing_is_shown(wang, store, case):
    act(wang, case, "claim")

    assert 422 == act(wang, case, "numbers", seq="1").status_code
    assert [] == looked(store)


def test_a_number_that_is_not_there_is_not_found(wang, case):
    act(wang, case, "claim")

    assert 404 == act(wang, case, "numbers", seq="99", purpose="给家人回电话").status_code


def test_before_the_claim_and_beside_it_numbers_stay_dots(wang, li, store, case):
    assert 403 == act(wang, case, "numbers", seq="1", purpose="给家人回电话").status_code

    act(wang, case, "claim")
    assert 403 == act(li, case, "numbers", seq="1", purpose="给家人回电话").status_code
    assert [] == looked(store)


def test_a_supervisor_may_look_and_is_written_down_as_well(signed_in, store, case):
    senior = signed_in("演示督导", "supervisor")

    assert PHONE in act(senior, case, "numbers", seq="1", purpose="处理正在发生的危险").text
    assert 1 == len(looked(store))


def test_a_number_a_worker_writes_is_dots_on_the_desk_too(wang, store, hire, case):
    zhao = hire("演示赵")
    claim(store, case.ref, zhao.id)
    reply(store, case.ref, zhao.id, "镇民政办电话0598-8223456", "1")
    transfer(store, case.ref, zhao.id, "演示王")

    assert "0598" not in wang.get(f"/desk/cases/{case.ref}").text
