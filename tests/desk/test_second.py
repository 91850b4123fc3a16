import re
from dataclasses import replace

import pytest

from casework.second_factor import code, new_secret, turn_on
from casework.staff import end_sessions, worker, workers
from desk import access
from tests.desk.conftest import PASSWORD, audited, csrf, sign_in


def now_code(store, secret, steps=0):
    return code(secret, int(store.clock().timestamp()) // 30 + steps)


def form(client, path="/desk/second"):
    """What the page would send, and the key that stands on it."""
    text = client.get(path).text
    ticket = re.search(r'name="ticket" value="([^"]+)"', text)
    return {"csrf": csrf(client, path), "ticket": ticket and ticket.group(1)}, "".join(
        re.findall(r"<code>([A-Z2-7]{4})</code>", text)
    )


@pytest.fixture
def secret_of_wang(wang, store):
    """The codes of a telephone that was set up a while ago."""
    [hired] = workers(store)
    secret = new_secret()
    turn_on(store, hired.id, secret, now_code(store, secret, -1))
    return secret


def answer_code(client, page, given):
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text).group(1)
    return client.post("/desk/login/code", data={"ticket": ticket, "code": given})


def test_a_worker_sets_it_up_and_writes_down_the_codes(wang, store):
    given, secret = form(wang)
    assert 32 == len(secret)
    assert 'class="qr"' in wang.get("/desk/second").text
    before = wang.cookies["desk"]
    answer = wang.post("/desk/second", data={**given, "code": now_code(store, secret)})

    assert 8 == len(re.findall(r"<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</code>", answer.text))
    assert ("second_factor_on", "desk") in audited(store)
    assert before != wang.cookies["desk"]
    assert 200 == wang.get("/desk/").status_code
    wang.cookies.clear()
    wang.cookies.set("desk", before, path="/desk")
    assert 303 == wang.get("/desk/").status_code


def test_a_wrong_code_sets_nothing_up_and_shows_the_same_key(wang, store):
    given, secret = form(wang)
    answer = wang.post("/desk/second", data={**given, "code": "wrong"})

    assert 422 == answer.status_code
    assert secret == "".join(re.findall(r"<code>([A-Z2-7]{4})</code>", answer.text))
    assert not workers(store)[0].has_second


def test_a_key_of_somebody_elses_page_sets_nothing_up(wang, li, store):
    given, secret = form(li)
    answer = wang.post(
        "/desk/second", data={"csrf": csrf(wang), "ticket": given["ticket"], "code": now_code(store, secret)}
    )

    assert 422 == answer.status_code
    assert not any(each.has_second for each in workers(store))


def test_the_password_alone_opens_nothing(browser, store, secret_of_wang):
    client = browser()
    page = sign_in(client, "演示王", PASSWORD)

    assert (200, True) == (page.status_code, "还要一个验证码" in page.text)
    assert 303 == client.get("/desk/").status_code
    answer = answer_code(client, page, now_code(store, secret_of_wang))
    assert (303, "/desk/") == (answer.status_code, answer.headers["location"])
    assert 200 == client.get("/desk/").status_code


@pytest.mark.parametrize("ticket", ["", "wrong", "session"])
def test_a_code_without_the_password_opens_nothing(browser, wang, store, secret_of_wang, ticket):
    client = browser()
    if ticket == "session":
        ticket = wang.cookies["desk"]
    answer = client.post("/desk/login/code", data={"ticket": ticket, "code": now_code(store, secret_of_wang)})

    assert (303, "/desk/login") == (answer.status_code, answer.headers["location"])
    assert 303 == client.get("/desk/").status_code


def test_wrong_codes_are_counted_beside_the_password(browser, store, secret_of_wang):
    client = browser()
    statuses = []
    for _ in range(6):
        page = sign_in(client, "演示王", PASSWORD)
        statuses.append(answer_code(client, page, "000000x").status_code)

    assert [401] * 5 + [429] == statuses


def test_a_ticket_is_void_after_the_password_was_changed(browser, store, secret_of_wang):
    client = browser()
    page = sign_in(client, "演示王", PASSWORD)
    end_sessions(store, workers(store)[0].id)

    assert "/desk/login" == answer_code(client, page, now_code(store, secret_of_wang)).headers["location"]


@pytest.mark.parametrize("given, is_on", [("wrong", True), (None, False)])
def test_it_is_turned_off_only_with_a_code(browser, store, secret_of_wang, given, is_on):
    client = browser()
    answer_code(client, sign_in(client, "演示王", PASSWORD), now_code(store, secret_of_wang))
    fresh = now_code(store, secret_of_wang, 1)
    client.post("/desk/second", data={"csrf": csrf(client), "code": given or fresh})

    assert is_on == worker(store, workers(store)[0].id).has_second


def test_who_signed_out_leaves_no_copy_of_the_cookie_that_works(wang):
    cookie = wang.cookies["desk"]
    wang.post("/desk/logout", data={"csrf": csrf(wang)})
    wang.cookies.set("desk", cookie, path="/desk")

    assert 303 == wang.get("/desk/").status_code


def test_signing_in_again_ends_the_session_before(wang):
    cookie = wang.cookies["desk"]
    sign_in(wang, "演示王", PASSWORD)
    assert 200 == wang.get("/desk/").status_code
    wang.cookies.clear()
    wang.cookies.set("desk", cookie, path="/desk")

    assert 303 == wang.get("/desk/").status_code


@pytest.fixture
def needed_by_caseworkers(monkeypatch):
    must = replace(access.table(), second_factor=frozenset({"caseworker"}))
    monkeypatch.setattr(access, "table", lambda: must)


def test_a_role_that_must_have_it_sees_nothing_before_it_is_set_up(wang, store, needed_by_caseworkers):
    pages = [wang.get(path) for path in ("/desk/", "/desk/search", "/desk/figures", "/desk/events")]
    assert {(303, "/desk/second")} == {(page.status_code, page.headers["location"]) for page in pages}
    assert 403 == wang.get("/desk/api/cases").status_code
    assert 200 == wang.get("/desk/password").status_code

    given, secret = form(wang)
    assert "您的岗位要先启用它" in wang.get("/desk/second").text
    wang.post("/desk/second", data={**given, "code": now_code(store, secret)})
    assert 200 == wang.get("/desk/").status_code


def test_who_turns_it_off_again_is_led_back_to_it(wang, store, needed_by_caseworkers):
    given, secret = form(wang)
    wang.post("/desk/second", data={**given, "code": now_code(store, secret)})
    wang.post("/desk/second", data={"csrf": csrf(wang, "/desk/second"), "code": now_code(store, secret, 1)})
    assert "/desk/second" == wang.get("/desk/").headers["location"]


def test_a_role_that_need_not_is_let_in_without(li, needed_by_caseworkers):
    assert 200 == li.get("/desk/").status_code
