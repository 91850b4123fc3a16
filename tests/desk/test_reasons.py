from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select

from casework.cases import close
from casework.erasure import erase
from casework.ledger import mark_harm
from casework.tables import audit
from desk.words import words
from tests.desk.conftest import act, csrf

WORDS = "孩子爸爸判了三年"
WHY = words()["reasons_to_read"][0]


def purposes(store):
    """Who said why, as the audit has it."""
    query = select(audit.c.verb, audit.c.subject, audit.c.purpose).where(audit.c.purpose.is_not(None))
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(audit.c.id))]


def look(client, case, page=""):
    return client.request("GET", f"/desk/cases/{case.ref}{page}", only_look=True)


def say_why(client, case, why=WHY, then=""):
    fields = {"csrf": csrf(client), "purpose": why, "then": then}
    return client.post(f"/desk/cases/{case.ref}/purpose", data=fields)


@pytest.mark.parametrize("page", ["", "/events", "/file", "/paper"])
def test_before_a_case_is_opened_the_worker_says_why(wang, waiting, page):
    case = waiting(WORDS)
    answer = look(wang, case, page)

    assert 403 == answer.status_code
    assert "为什么打开这个个案" in answer.text
    assert WORDS not in answer.text.split('id="main"')[1]


def test_said_once_it_is_not_asked_again_and_stands_in_the_audit(wang, store, waiting):
    case = waiting(WORDS)
    answer = say_why(wang, case)

    assert (303, f"/desk/cases/{case.ref}") == (answer.status_code, answer.headers["location"])
    assert WORDS in look(wang, case).text
    assert 200 == look(wang, case, "/file").status_code
    assert [("case.opened", case.ref, WHY)] == purposes(store)


def test_each_worker_says_it_for_each_case(wang, li, waiting):
    one, other = waiting(), waiting()
    say_why(wang, one)

    assert 403 == look(wang, other).status_code
    assert 403 == look(li, one).status_code


def test_whoever_takes_a_case_over_has_said_why(wang, waiting):
    case = waiting(WORDS)
    act(wang, case, "claim")

    assert WORDS in look(wang, case).text


def test_a_colleagues_case_is_not_opened_by_any_reason(wang, li, store, waiting):
    case = waiting(WORDS)
    act(wang, case, "claim")

    assert 403 == say_why(li, case).status_code
    assert WORDS not in look(li, case).text
    assert [] == purposes(store)


@pytest.mark.parametrize("then", ["/cases/{ref}/file", "//evil.example", "/logout", "", "/cases/{ref}evil"])
def test_it_goes_on_to_a_page_of_this_case_only(wang, waiting, then):
    case = waiting()
    there = say_why(wang, case, then=then.format(ref=case.ref)).headers["location"]

    assert there == f"/desk/cases/{case.ref}" + ("/file" if then.endswith("/file") else "")


def test_without_a_reason_nothing_opens(wang, waiting):
    case = waiting()

    assert 422 == say_why(wang, case, why=" ").status_code
    assert 403 == look(wang, case).status_code


@pytest.mark.parametrize(
    "header, written",
    [({}, "api"), ({"X-Purpose": quote("每月统计")}, "每月统计"), ({"X-Purpose": "report"}, "report")],
)
def test_a_program_reads_as_before_and_its_purpose_is_written_down(browser, token, store, waiting, header, written):
    case, key = waiting(WORDS), token("统计程序")
    path = f"/desk/api/cases/{case.ref}"
    answers = [browser().get(path, headers={**key, **header}) for _ in range(2)]

    assert [200, 200] == [answer.status_code for answer in answers]
    assert WORDS in answers[0].text
    assert [("case.opened", case.ref, written)] == purposes(store)


def test_a_program_claims_without_naming_a_purpose(browser, token, waiting):
    case, key = waiting(), token("外部系统")

    assert 200 == browser().post(f"/desk/api/cases/{case.ref}/claim", headers=key).status_code


def test_a_page_reads_no_words_past_the_question_by_the_programs_way(wang, waiting):
    case = waiting(WORDS)
    answer = wang.get(f"/desk/api/cases/{case.ref}")

    assert 403 == answer.status_code
    assert WORDS not in answer.text


@pytest.fixture
def locked(store, waiting, hire):
    """A closed case of harm that the family erased."""
    case = waiting(WORDS, queue="counselor", urgency="emergency", reason="danger")
    mark_harm(store, case.conversation)
    close(store, case.ref, hire("演示旧").id, "已向公安或主管部门报告")
    erase(store, case.conversation)
    return case


@pytest.mark.parametrize("role", ["caseworker", "counselor"])
def test_a_locked_case_is_shut_to_whoever_is_no_supervisor(signed_in, locked, role):
    client = signed_in("演示新", role)
    pages = [look(client, locked), look(client, locked, "/file"), client.get(f"/desk/api/cases/{locked.ref}")]
    forced = client.post(f"/desk/cases/{locked.ref}/lock", data={"csrf": csrf(client), "purpose": WHY})

    assert [403, 403] == [page.status_code for page in pages[:2]]
    assert 403 == forced.status_code
    assert 403 == say_why(client, locked).status_code
    assert not any(WORDS in page.text for page in pages)


def test_a_supervisor_opens_the_lock_with_a_reason_for_an_hour(signed_in, store, locked, monkeypatch):
    client = signed_in("演示督导", "supervisor")
    assert "打开封存的个案" in look(client, locked).text
    assert WORDS not in client.get(f"/desk/api/cases/{locked.ref}").text
    client.post(f"/desk/cases/{locked.ref}/lock", data={"csrf": csrf(client), "purpose": "公安来函调取"})
    assert WORDS in look(client, locked).text
    assert ("lock.opened", locked.ref, "公安来函调取") in purposes(store)
    monkeypatch.setattr("desk.verbs.LOCK_STAYS_OPEN", -timedelta(seconds=1))

    assert WORDS not in look(client, locked).text


def test_a_reason_given_by_one_supervisor_opens_nothing_to_another(signed_in, locked):
    one, other = signed_in("演示督导", "supervisor"), signed_in("演示管理", "admin")
    one.post(f"/desk/cases/{locked.ref}/lock", data={"csrf": csrf(one), "purpose": "公安来函调取"})

    assert 403 == look(other, locked).status_code


def test_no_number_of_a_locked_case_is_revealed(signed_in, browser, token, locked):
    key = token("督导程序", "supervisor")
    answer = browser().post(f"/desk/api/cases/{locked.ref}/numbers", json={"seq": 1, "purpose": WHY}, headers=key)

    assert 403 == answer.status_code
