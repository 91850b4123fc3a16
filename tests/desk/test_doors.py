import pytest
from starlette.routing import Mount, Route

from desk.app import create_app
from tests.desk.conftest import csrf

OPEN = {("GET", "/login"), ("HEAD", "/login"), ("POST", "/login"), ("POST", "/login/code")}


def doors(app):
    """Every method of every route, and paths that lead nowhere."""
    for route in app.routes:
        if isinstance(route, Mount):
            yield "GET", f"{route.path}/desk.js"
            continue
        assert isinstance(route, Route)
        for method in route.methods:
            yield method, route.path.replace("{ref}", "TX-222222")
    yield from [("GET", "/nowhere"), ("GET", "/api"), ("GET", "/api/nowhere"), ("DELETE", "/cases/TX-222222")]


ALL = sorted(set(doors(create_app(None, None, print, "secret"))) - OPEN)


@pytest.mark.parametrize("method, path", ALL)
def test_every_door_is_closed_to_strangers(browser, method, path):
    answer = browser().request(method, f"/desk{path}")

    if path.startswith("/api"):
        assert 401 == answer.status_code
    else:
        assert (303, "/desk/login") == (answer.status_code, answer.headers["location"])


@pytest.mark.parametrize("path", sorted({path for method, path in ALL if method == "GET" and path.startswith("/api")}))
def test_a_wrong_token_opens_no_door_even_beside_a_session(wang, path):
    answer = wang.get(f"/desk{path}", headers={"Authorization": "Bearer wrong"})

    assert 401 == answer.status_code


CHANGES = [path for method, path in ALL if method == "POST"]


@pytest.mark.parametrize("path", CHANGES)
def test_a_change_without_the_sessions_token_is_refused(wang, path):
    assert 403 == wang.post(f"/desk{path}", data={"csrf": "wrong"}).status_code


@pytest.mark.parametrize("path", [*CHANGES, "/login"])
@pytest.mark.parametrize("header", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
def test_a_change_asked_for_by_another_site_is_refused(wang, path, header):
    token = csrf(wang)
    answer = wang.post(f"/desk{path}", data={"csrf": token}, headers={**header, "X-CSRF-Token": token})

    assert 403 == answer.status_code


@pytest.mark.parametrize("origin, status", [("http://testserver", 401), ("https://evil.example", 403), ("null", 403)])
def test_an_old_browser_is_known_by_its_origin(browser, origin, status):
    client = browser()
    del client.headers["Sec-Fetch-Site"]
    answer = client.post("/desk/login", data={"name": "a", "password": "b"}, headers={"Origin": origin})

    assert status == answer.status_code


@pytest.mark.parametrize("path", ["/desk/login", "/desk/", "/desk/api/cases", "/desk/static/desk.css"])
def test_every_answer_carries_the_strict_headers(browser, path):
    headers = browser().get(path).headers

    assert "script-src 'self'" in headers["content-security-policy"]
    assert "no-store" == headers["cache-control"]
    assert "DENY" == headers["x-frame-options"]


def test_no_page_has_an_inline_script(wang, waiting):
    case = waiting()
    for path in ("/desk/", f"/desk/cases/{case.ref}", "/desk/password"):
        text = wang.get(path).text

        assert text.count("<script") == text.count("<script src=")
        assert " onclick" not in text and " style=" not in text


def test_an_unknown_page_is_said_in_one_line(wang):
    answer = wang.get("/desk/nowhere")

    assert 404 == answer.status_code
    assert "没有这个页面。" in answer.text
