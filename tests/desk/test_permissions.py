"""One walk through every door of the desk: as a stranger, in each role, and with a case that is somebody else's."""

import pytest
from starlette.routing import Route

from casework.staff import ROLES
from desk.access import may, table
from desk.gate import guarded, names, open_paths
from tests.desk.conftest import csrf

WORDS = "我爸打我我不敢回家"


@pytest.fixture
def doors(desk):
    """Method, path with a place for the case, and permission of every route that is mounted."""
    found = [(name.split(" ", 1), table().routes[name]) for route in desk.routes for name in names(route)]
    return [(method, path, permission) for (method, path), permission in found]


def asked(client, method, path, ref, **more):
    path = path.replace("{ref}", ref).replace("{number}", "1").replace("/static", "/static/desk.js")
    return client.request(method, f"/desk{path}", **more)


def could(role, permission):
    """Read off the table by hand: whether a way is open to that role, whatever the case is."""
    return any(not set(way) & {*ROLES} - {role} for way in table().ways[permission])


def test_every_mounted_route_is_named_and_every_name_is_mounted(doors):
    assert {f"{method} {path}" for method, path, _ in doors} == set(table().routes)


def test_a_stranger_gets_nothing_but_the_sign_in_pages(doors, browser, waiting):
    case = waiting(WORDS)
    for method, path, permission in doors:
        answer = asked(browser(), method, path, case.ref)
        assert WORDS not in answer.text
        if permission != "open":
            assert answer.status_code in (303, 401), path
            assert answer.status_code == 401 or "/desk/login" == answer.headers["location"]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_comes_through_its_own_doors_and_no_other(doors, signed_in, waiting, role):
    case = waiting(WORDS)
    client = signed_in(f"演示{role}", role)
    sign = csrf(client)
    for method, path, permission in doors:
        if permission in ("open", "own_account") or path.endswith("/events"):
            continue  # they lead out of the session, or do not end
        body = {"json": {}} if path.startswith("/api") else {"data": {"csrf": sign}}
        more = {"headers": {"X-CSRF-Token": sign}, **body} if method == "POST" else {}
        answer = asked(client, method, path, case.ref, **more)
        refused = answer.status_code == 403 and "您的职责不包括这一项" in answer.text
        assert refused == (not could(role, permission)), (method, path)


def test_a_colleagues_token_reads_no_word_of_a_case_in_hand(doors, browser, wang, token, waiting):
    case, key = waiting(WORDS), token("演示别人")
    wang.post(f"/desk/cases/{case.ref}/claim", data={"csrf": csrf(wang)})
    for method, path, _ in doors:
        if path.startswith("/api"):
            body = {"json": {}} if method == "POST" else {}
            assert WORDS not in asked(browser(), method, path, case.ref, headers=key, **body).text, path

    assert "active" == wang.get(f"/desk/api/cases/{case.ref}").json()["state"]


@pytest.mark.parametrize("role", ["caseworker", "counselor"])
def test_a_colleagues_case_shows_no_word_on_any_page(doors, wang, signed_in, waiting, role):
    case = waiting(WORDS)
    wang.post(f"/desk/cases/{case.ref}/claim", data={"csrf": csrf(wang)})
    other = signed_in("演示别人", role)
    sign = csrf(other)
    for method, path, permission in doors:
        if permission in ("open", "own_account"):
            continue
        if path == "/events":
            continue  # the queue's stream; its parts are those of the queue page
        more = {"data": {"csrf": sign, "purpose": "同事请我一起看"}, "headers": {"X-CSRF-Token": sign}}
        answer = asked(other, method, path, case.ref, **(more if method == "POST" else {}))
        assert WORDS not in answer.text, (method, path)


def test_a_path_that_nobody_named_stops_the_start(desk):
    with pytest.raises(ValueError, match="ANY /new"):
        guarded([Route("/new", print)], None)


def test_a_permission_that_is_not_in_the_table_is_nobodys():
    assert not may(None, "read_case")
    assert not may(None, "no such permission")


@pytest.mark.parametrize("file, status", [("desk.css", 200), ("icon.svg", 200), ("desk.js", 303)])
def test_a_stranger_gets_what_the_sign_in_page_is_drawn_with(browser, file, status):
    assert status == browser().get(f"/desk/static/{file}").status_code


def test_only_the_sign_in_pages_are_open():
    assert {"/login", "/login/code"} == open_paths()
