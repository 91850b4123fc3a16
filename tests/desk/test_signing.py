import time

import pytest

from casework import staff
from casework.leaving import remove_worker
from tests.desk.conftest import PASSWORD, act, audited, csrf, sign_in


@pytest.fixture
def newcomer(store):
    """A name and the password for the first sign-in."""
    worker, once = staff.add_worker(store, "演示新", "caseworker")
    return worker.name, once


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser, hire):
    hire("演示王")
    cookie = sign_in(browser(), "演示王", PASSWORD).headers["set-cookie"].lower()

    assert "httponly" in cookie and "samesite=strict" in cookie and "path=/desk" in cookie
    assert "max-age=43200" in cookie


def test_a_session_ends_after_twelve_hours(wang, monkeypatch):
    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 12 * 3600 + 5)

    assert "/desk/login" == wang.get("/desk/").headers["location"]


def test_a_forged_session_is_nobodys(browser, hire):
    client = browser()
    client.cookies.set("desk", "eyJ3b3JrZXIiOjEsImNzcmYiOiJ4In0.forged.forged", path="/desk")

    assert "/desk/login" == client.get("/desk/").headers["location"]


def test_the_first_sign_in_leads_to_a_new_password_and_nowhere_else(browser, newcomer, waiting):
    client, case = browser(), waiting()

    assert "/desk/password" == sign_in(client, *newcomer).headers["location"]
    assert "/desk/password" == client.get("/desk/").headers["location"]
    assert "/desk/password" == client.get(f"/desk/cases/{case.ref}").headers["location"]
    assert 403 == client.get("/desk/api/cases").status_code


def test_the_form_for_the_new_password_is_worked_by_its_script(browser, newcomer):
    client = browser()
    sign_in(client, *newcomer)

    assert "javascript" in client.get("/desk/static/forms.js").headers["content-type"]


def test_a_new_password_opens_the_desk(browser, newcomer):
    client = browser()
    sign_in(client, *newcomer)
    fields = {"csrf": csrf(client, "/desk/password"), "old": newcomer[1], "new": PASSWORD, "again": PASSWORD}
    answer = client.post("/desk/password", data=fields)

    assert "/desk/" == answer.headers["location"]
    assert 200 == client.get("/desk/").status_code
    assert "/desk/" == sign_in(browser(), newcomer[0], PASSWORD).headers["location"]


@pytest.mark.parametrize(
    "change, line",
    [
        ({"new": "太短", "again": "太短"}, "新密码至少 10 个字符"),
        ({"again": "另一个不一样的长密码"}, "两次写的新密码不一样。"),
        ({"old": "wrong"}, "现在的密码不对。"),
    ],
)
def test_a_bad_new_password_is_refused_in_words(wang, change, line):
    fields = {"csrf": csrf(wang), "old": PASSWORD, "new": "一个全新的很长的密码", "again": "一个全新的很长的密码"}
    answer = wang.post("/desk/password", data=fields | change)

    assert 422 == answer.status_code
    assert line in answer.text


def test_a_wrong_name_and_a_wrong_password_look_the_same(browser, hire):
    hire("演示王")
    wrong_password, wrong_name = sign_in(browser(), "演示王", "x"), sign_in(browser(), "没有这个人", "x")

    # But for the name itself, which comes back either way.
    assert (401, wrong_password.text) == (wrong_name.status_code, wrong_name.text.replace("没有这个人", "演示王"))


@pytest.mark.parametrize("name", ["演示王", "没有这个人"])
def test_a_locked_name_is_told_so_whether_or_not_it_exists(browser, hire, name):
    hire("演示王")
    for _ in range(5):
        sign_in(browser(), name, "x")
    answer = sign_in(browser(), name, PASSWORD)

    assert 429 == answer.status_code
    assert "试的次数太多了，先停一停。" in answer.text


def test_signing_out_closes_the_desk(wang, store):
    answer = wang.post("/desk/logout", data={"csrf": csrf(wang)})

    assert "/desk/login" == answer.headers["location"]
    assert "/desk/login" == wang.get("/desk/").headers["location"]
    assert [("signed_in", "desk"), ("signed_out", "desk")] == audited(store)


def test_whoever_is_signed_in_needs_no_sign_in_page(wang):
    assert "/desk/" == wang.get("/desk/login").headers["location"]


def test_a_new_password_ends_the_sessions_on_other_machines(browser, hire):
    hire("演示王")
    here, elsewhere = browser(), browser()
    for client in (here, elsewhere):
        sign_in(client, "演示王", PASSWORD)
    new = "一个全新的很长的密码"
    here.post("/desk/password", data={"csrf": csrf(here), "old": PASSWORD, "new": new, "again": new})

    assert 200 == here.get("/desk/").status_code
    assert "/desk/login" == elsewhere.get("/desk/").headers["location"]


def test_signing_out_everywhere_ends_every_session(browser, hire, store):
    hire("演示王")
    here, elsewhere = browser(), browser()
    for client in (here, elsewhere):
        sign_in(client, "演示王", PASSWORD)
    answer = here.post("/desk/logout/everywhere", data={"csrf": csrf(here)})

    assert "/desk/login" == answer.headers["location"]
    assert ["/desk/login"] * 2 == [client.get("/desk/").headers["location"] for client in (here, elsewhere)]
    assert ("signed_out_everywhere", "desk") == audited(store)[-1]


@pytest.mark.parametrize("proto, is_secure", [("https", True), ("https, http", True), ("http", False), (None, False)])
def test_behind_a_proxy_that_speaks_tls_the_cookie_is_secure(browser, hire, proto, is_secure):
    hire("演示王")
    client = browser()
    client.headers |= {"X-Forwarded-Proto": proto} if proto else {}

    assert is_secure == ("; secure" in sign_in(client, "演示王", PASSWORD).headers["set-cookie"].lower())


def test_who_is_removed_is_out_at_once_with_every_session_and_token(signed_in, browser, store, waiting):
    case, gone, watcher = waiting(), signed_in("演示离开"), signed_in("演示督导", "supervisor")
    (leaving,) = (one for one in staff.workers(store) if one.name == "演示离开")
    key = {"Authorization": f"Bearer {staff.issue_token(store, leaving.id)}"}
    act(gone, case, "claim")
    assert 200 == browser().get("/desk/api/cases", headers=key).status_code

    remove_worker(store, "演示离开")

    assert "/desk/login" == gone.get("/desk/").headers["location"]
    assert 401 == browser().get("/desk/api/cases", headers=key).status_code
    assert 401 == sign_in(browser(), "演示离开", PASSWORD).status_code
    assert [case.ref] == [one["ref"] for one in watcher.get("/desk/api/cases?state=waiting").json()["cases"]]
    assert "演示离开" not in watcher.get("/desk/team").text


def test_a_wrong_password_need_not_cost_the_name_again(browser, hire):
    hire("演示王")
    answer = sign_in(browser(), "演示王", "不对的密码不对的密码")

    assert 401 == answer.status_code and 'value="演示王"' in answer.text
