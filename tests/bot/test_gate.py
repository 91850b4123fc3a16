"""One walk through every door of the front door: without a key, with somebody else's, with one's own."""

from dataclasses import replace

import pytest
from scripted import UNHURRIED, ScriptedRasa
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from bot.app import build
from bot.gate import guarded, names, table
from bot.settings import ROOT, load_settings
from casework.bucket import Rate
from casework.cases import claim, open_case, reply
from casework.ledger import messages
from casework.staff import add_worker, issue_token
from desk.access import table as desk_table

GUARDIAN, CHILD = "孙子的事我来问一下低保", "我爸打我我不敢回家"


@pytest.fixture
def app(tmp_path):
    given = {"TONGXING_VAR": str(tmp_path), "RASA_PORT": "1", "ACTIONS_PORT": "2"}
    return build(load_settings(given, ROOT), ScriptedRasa().dialogue(), UNHURRIED)


def opened(client, text):
    """The id and the token of a new conversation in which one line stands."""
    answer = client.post("/api/conversations").json()
    client.cookies.clear()
    path = f"/api/conversations/{answer['conversation']}/messages"
    client.post(path, json={"client_id": "a", "text": text}, headers=bearer(answer["token"]))
    return answer["conversation"], answer["token"]


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def doors(app):
    """Method, path and permission of every route and mount."""
    for route in app.routes:
        for name in names(route):
            method, _, path = name.rpartition(" ")
            yield method or "GET", path + "/" * isinstance(route, Mount), table()[name]


def ask(client, method, path, conversation, headers=None, cookies=None):
    client.cookies.clear()
    for name, value in (cookies or {}).items():
        client.cookies.set(name, value)
    path = path.format(conversation=conversation, policy="dibao")
    body = {"data": {"text": "", "to": conversation}} if method == "POST" and not path.startswith("/api") else {}
    return client.request(method, path, headers=headers or {}, follow_redirects=False, **body)


def test_no_door_shows_a_stranger_or_another_family_a_word_of_a_conversation(app):
    with TestClient(app) as client:
        _, guardians = opened(client, GUARDIAN)
        child, _ = opened(client, CHILD)
        seen = []
        for method, path, permission in doors(app):
            for headers, cookies in (
                ({}, {}),
                (bearer("wrong"), {}),
                (bearer(guardians), {}),
                ({}, {"key": guardians, "open": "1"}),
                ({}, {"key": "wrong", "open": "1"}),
            ):
                answer = ask(client, method, path, child, headers, cookies)
                seen.append((method, path))
                assert CHILD not in answer.text and child not in answer.text.replace(f'value="{child}"', ""), path
                if permission == "conversation":
                    others = guardians in (*cookies.values(), headers.get("Authorization", "").removeprefix("Bearer "))
                    assert (404 if others else 401) == answer.status_code, path
        said = [message.text for message in messages(app.state.gateway.store, child) if message.sender == "family"]

    assert [CHILD] == said
    assert {(method, path) for method, path, _ in doors(app)} == set(seen)


def test_its_own_token_opens_every_door_of_a_conversation(app):
    with TestClient(app) as client:
        child, childs = opened(client, CHILD)
        # An open stream never ends; the gate before it is the same.
        own = [(m, p) for m, p, needs in doors(app) if needs == "conversation" and not p.endswith("/stream")]
        found = {
            (method, path): ask(client, method, path, child, bearer(childs))
            for method, path in sorted(own, key=lambda each: each[0] == "DELETE")
        }

    assert {"GET", "POST", "DELETE"} == {method for method, _ in found}
    assert all(answer.status_code in (200, 204, 400) for answer in found.values())


def test_a_guardian_and_a_teenager_of_one_case_never_read_each_other(app):
    """Two conversations with one worker, both cases of one child: each family page has its own words only."""
    store = app.state.gateway.store
    with TestClient(app) as client:
        worker, _ = add_worker(store, "demo", "counselor")
        lines = {}
        for text in (GUARDIAN, CHILD):
            conversation, token = opened(client, text)
            case = open_case(store, conversation, "counselor", "urgent", "danger")
            claim(store, case.ref, worker.id)
            reply(store, case.ref, worker.id, f"回：{text}", "w1")
            lines[text] = (conversation, token)
        read = {
            text: client.get(f"/api/conversations/{conversation}/messages", headers=bearer(token)).text
            for text, (conversation, token) in lines.items()
        }

    assert GUARDIAN in read[GUARDIAN] and CHILD not in read[GUARDIAN]
    assert CHILD in read[CHILD] and GUARDIAN not in read[CHILD]


def test_a_path_that_nobody_named_stops_the_start(app):
    async def open_to_all(request):
        raise AssertionError

    with pytest.raises(ValueError, match="GET /new"):
        guarded([Route("/new", open_to_all)], app.state.gateway.store)


def test_the_table_names_no_path_that_is_not_there(app, tmp_path):
    from_telegram = {"POST /telegram/webhook"}

    assert {name for route in app.routes for name in names(route)} == set(table()) - from_telegram


@pytest.mark.parametrize("method, end", [("POST", "/messages"), ("DELETE", "")])
@pytest.mark.parametrize("header", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_another_site_changes_nothing_with_the_cookie_of_a_family(app, method, end, header):
    with TestClient(app) as client:
        child, childs = opened(client, CHILD)
        client.cookies.set("key", childs)
        answer = client.request(method, f"/api/conversations/{child}{end}", headers=header)

        assert 403 == answer.status_code
        client.cookies.set("key", childs)
        assert 200 == client.get(f"/api/conversations/{child}/messages").status_code


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "image/jpeg", "application/octet-stream"])
@pytest.mark.parametrize("path", ["/api/conversations", "/say", "/desk/login"])
def test_files_are_refused_unread(app, path, kind):
    with TestClient(app) as client:
        answer = client.post(path, content=b"x" * 100, headers={"Content-Type": kind})

    assert 415 == answer.status_code


def test_a_desk_that_is_asked_too_much_of_slows_no_family(tmp_path, monkeypatch):
    known = replace(desk_table(), rates=dict.fromkeys(("session", "address"), Rate(1, 0.01)))
    monkeypatch.setattr("desk.door.table", lambda: known)
    given = {"TONGXING_VAR": str(tmp_path), "RASA_PORT": "1", "ACTIONS_PORT": "2"}
    app = build(load_settings(given, ROOT), ScriptedRasa().dialogue(), UNHURRIED)
    store = app.state.gateway.store
    key = bearer(issue_token(store, add_worker(store, "demo", "caseworker")[0].id))
    with TestClient(app) as client:
        assert [200, 429] == [client.get("/desk/api/cases", headers=key).status_code for _ in range(2)]
        family, token = opened(client, GUARDIAN)
        heard = [client.get(f"/api/conversations/{family}/messages", headers=bearer(token)) for _ in range(5)]

    assert {200} == {answer.status_code for answer in heard}
    assert GUARDIAN in [line["text"] for line in heard[-1].json()["messages"]]
