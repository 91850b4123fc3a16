import asyncio
import json
import re
import socket

import httpx
import pytest
import uvicorn
from scripted import UNHURRIED, ScriptedRasa, events
from starlette.testclient import TestClient

from bot.app import build
from bot.channels.web import HERE
from bot.settings import ROOT, load_settings
from bot.state import Reply, State, load, open_state, save
from bot.words import words
from casework.cases import cases, claim, open_case, reply
from casework.ledger import append, messages
from casework.staff import add_worker


@pytest.fixture
def settings(tmp_path):
    given = {"TONGXING_VAR": str(tmp_path), "RASA_PORT": "1", "ACTIONS_PORT": "2"}
    return load_settings(given, ROOT)


@pytest.fixture
def app(settings):
    return build(settings, ScriptedRasa().dialogue(), UNHURRIED)


@pytest.fixture
def store(app):
    return app.state.gateway.store


@pytest.fixture
def client(app):
    with TestClient(app) as client:
        yield client


def opened(client):
    """Address of a new conversation and its key; the cookie is put away so that the header alone opens it."""
    answer = client.post("/api/conversations").json()
    client.cookies.clear()
    return f"/api/conversations/{answer['conversation']}", {"Authorization": f"Bearer {answer['token']}"}


def wait_for(client, path, key, count):
    for _ in range(1000):
        found = client.get(f"{path}/messages", headers=key).json()["messages"]
        if len(found) >= count:
            return found
    raise AssertionError("it did not come")


def test_a_conversation_is_opened_with_a_token_and_the_same_cookie(client):
    answer = client.post("/api/conversations", json={})

    cookie = answer.headers["set-cookie"]
    assert 201 == answer.status_code
    assert {"conversation", "token"} == set(answer.json())
    assert answer.json()["token"] in cookie
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie


def test_a_message_is_taken_and_answered(client):
    path, key = opened(client)

    taken = client.post(f"{path}/messages", json={"client_id": "a", "text": "在吗"}, headers=key)
    first, second = wait_for(client, path, key, 2)

    assert (202, {"seq": 1}) == (taken.status_code, taken.json())
    assert (1, "family", "在吗", None) == (first["seq"], first["from"], first["text"], first["turn"])
    assert (2, "bot", [], 1) == (second["seq"], second["from"], second["buttons"], second["turn"]["child"])
    assert {"seq", "from", "text", "buttons", "turn", "at"} <= set(second)


def test_the_cookie_opens_it_as_well(client):
    path = f"/api/conversations/{client.post('/api/conversations').json()['conversation']}"

    assert {"messages": [], "holder": "bot"} == client.get(f"{path}/messages").json()


def test_after_leaves_out_what_is_known(client):
    path, key = opened(client)
    client.post(f"{path}/messages", json={"client_id": "a", "text": "在吗"}, headers=key)
    wait_for(client, path, key, 2)

    assert [2] == [line["seq"] for line in client.get(f"{path}/messages?after=1", headers=key).json()["messages"]]


DOORS = [("GET", "/messages"), ("POST", "/messages"), ("GET", "/stream"), ("DELETE", "")]


@pytest.mark.parametrize("method, door", DOORS)
@pytest.mark.parametrize(
    "key", [{}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}]
)
def test_without_a_known_token_every_door_is_closed(client, method, door, key):
    path, _ = opened(client)

    answer = client.request(method, path + door, headers=key)

    assert (401, ["error"]) == (answer.status_code, list(answer.json()))


@pytest.mark.parametrize("method, door", DOORS)
def test_another_token_finds_nothing(client, method, door):
    path, _ = opened(client)
    _, other = opened(client)

    answer = client.request(method, path + door, headers=other)

    assert (404, ["error"]) == (answer.status_code, list(answer.json()))


@pytest.mark.parametrize(
    "body, status, word",
    [
        (b"", 400, "malformed"),
        (b"{", 400, "malformed"),
        (b"\xff\xfe{}", 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
        (b"[]", 422, "wrong_fields"),
        (b'"x"', 422, "wrong_fields"),
        (b"{}", 422, "wrong_fields"),
        (b'{"client_id": "a"}', 422, "wrong_fields"),
        (b'{"client_id": 1, "text": "x"}', 422, "wrong_fields"),
        (b'{"client_id": "a", "text": null}', 422, "wrong_fields"),
        (b'{"client_id": "a", "text": ["x"]}', 422, "wrong_fields"),
        (b'{"client_id": "", "text": "x"}', 422, "wrong_fields"),
        (json.dumps({"client_id": "a" * 129, "text": "x"}).encode(), 422, "wrong_fields"),
        (b'{"client_id": "a", "text": ""}', 422, "empty"),
        (b'{"client_id": "a", "text": " \\n\\t "}', 422, "empty"),
        (json.dumps({"client_id": "a", "text": "长" * 20_001}).encode(), 413, "too_long"),
        (b'{"client_id": "a", "text": "' + b"x" * 600_000 + b'"}', 413, "too_big"),
    ],
)
def test_bad_input_gets_one_clear_line_and_leaves_no_trace(client, store, body, status, word):
    path, key = opened(client)

    answer = client.post(f"{path}/messages", content=body, headers=key)

    assert (status, {"error": words()["errors"][word]}) == (answer.status_code, answer.json())
    assert [] == client.get(f"{path}/messages", headers=key).json()["messages"]


@pytest.mark.parametrize(
    "text", ["长" * 10_000, "😭", "/restart", "<script>alert(1)</script>", "\ud800", "a\x00b", "a\u202eb"]
)
def test_odd_texts_are_taken(client, text):
    path, key = opened(client)

    answer = client.post(f"{path}/messages", content=json.dumps({"client_id": "a", "text": text}).encode(), headers=key)

    assert 202 == answer.status_code


@pytest.mark.parametrize("after", ["x", "1.5", "１", "9" * 13])
def test_an_after_that_is_no_number_is_refused(client, after):
    path, key = opened(client)

    assert 422 == client.get(f"{path}/messages?after={after}", headers=key).status_code


@pytest.mark.parametrize("method, path, status", [("GET", "/nothing", 404), ("PUT", "/api/conversations", 405)])
def test_unknown_doors_say_one_line(client, method, path, status):
    answer = client.request(method, path)

    assert (status, ["error"]) == (answer.status_code, list(answer.json()))


def test_a_flood_is_slowed_down_and_nothing_of_it_is_recorded(client):
    path, key = opened(client)
    statuses = []
    for number in range(100):
        answer = client.post(f"{path}/messages", json={"client_id": str(number), "text": "在吗"}, headers=key)
        statuses.append(answer.status_code)

    assert {202, 429} == set(statuses)
    family = [
        line for line in client.get(f"{path}/messages", headers=key).json()["messages"] if line["from"] == "family"
    ]
    assert statuses.count(202) == len(family)


def test_a_safety_card_is_marked_and_has_no_turn(client):
    path, key = opened(client)
    client.post(f"{path}/messages", json={"client_id": "a", "text": "我不想活了"}, headers=key)
    card = wait_for(client, path, key, 3)[1]

    assert ("system", None, {"level": "urgent", "kinds": ["self_harm"]}) == (card["from"], card["turn"], card["safety"])


def test_a_worker_is_heard_but_not_named(client, store):
    path, key = opened(client)
    client.post(f"{path}/messages", json={"client_id": "a", "text": "我不想活了"}, headers=key)
    worker = add_worker(store, "演示员", "counselor")[0]
    [case] = cases(store, "waiting")
    claim(store, case.ref, worker.id)
    reply(store, case.ref, worker.id, "我在。", "w1")

    answer = client.get(f"{path}/messages", headers=key)

    assert ("worker", "我在。") == (answer.json()["messages"][-1]["from"], answer.json()["messages"][-1]["text"])
    assert "worker" == answer.json()["holder"]
    assert "演示员" not in answer.text


def test_erasing_takes_the_dialogue_state_and_the_cookie_along(client, settings):
    path, key = opened(client)
    state = open_state(settings.database_url)
    save(state, path.split("/")[-1], State().after({"session": 1}, Reply((1,), (), {"child": 1})))

    answer = client.delete(path, headers=key)

    assert {"erased": True, "kept": None, "text": words()["system"]["erased"]} == answer.json()
    assert 'key=""' in answer.headers["set-cookie"]
    assert State() == load(state, path.split("/")[-1])
    assert 401 == client.get(f"{path}/messages", headers=key).status_code


def test_what_must_be_kept_is_said(client):
    path, key = opened(client)
    client.post(f"{path}/messages", json={"client_id": "a", "text": "我不想活了"}, headers=key)

    answer = client.delete(path, headers=key)

    assert {"erased": False, "kept": "harm", "text": words()["system"]["kept_harm"]} == answer.json()
    assert 401 == client.get(f"{path}/messages", headers=key).status_code


def test_every_answer_keeps_to_itself(client):
    for answer in (
        client.get("/"),
        client.post("/api/conversations"),
        client.get("/nothing"),
        client.get("/slip"),
        client.get("/talk"),
    ):
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert ("nosniff", "no-store") == (answer.headers["x-content-type-options"], answer.headers["cache-control"])
        # Another site is told nothing; our own forms name the page they come from.
        assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin")


def test_what_the_page_is_drawn_with_is_fetched_once(client):
    first = client.get("/static/chat.css")
    again = client.get("/static/chat.css", headers={"If-None-Match": first.headers["etag"]})

    assert ("no-cache", 304, b"") == (first.headers["cache-control"], again.status_code, again.content)


def test_the_page_says_who_speaks_and_gives_nothing_away(client):
    page = client.get("/").text

    assert "我是自动助手，不是人，也不是民政局。" in page
    assert all(line in page for line in words()["page"]["first"]["promise"])
    assert re.search(r"<title>问一问</title>", page)
    assert not re.search("服刑|监狱|坐牢|救助|困境", page)
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", page)


def test_the_page_knows_of_a_conversation_but_shows_none_of_it(client, store):
    conversation = client.post("/api/conversations").json()["conversation"]
    append(store, conversation, "family", "很私密的话", "a")

    page = client.get("/").text

    assert conversation in page
    assert "很私密的话" not in page


def test_the_first_load_is_small(client):
    page = client.get("/")
    parts = set(re.findall(r'"(/static/[^"]+)"', page.text))

    assert {".css", ".js", ".svg"} == {path[path.rindex(".") :] for path in parts}
    assert 60_000 > len(page.content) + sum(len(client.get(path).content) for path in parts)


def test_the_script_never_writes_html():
    scripts = "".join(file.read_text(encoding="utf-8") for file in (HERE / "static").glob("*.js"))

    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|localStorage|indexedDB", scripts
    )


@pytest.fixture
async def server(app):
    """The app behind a real socket: streams cannot be read from an in-process client."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    running = uvicorn.Server(uvicorn.Config(app, ws="none", log_level="error", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(running.serve([listening]))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", trust_env=False) as client:
        yield client
    running.should_exit = True
    await serving


async def listen(client, path, headers, count):
    """The first events of a stream, and whether it showed signs of life after them."""
    text = ""
    async with client.stream("GET", f"{path}/stream", headers=headers) as stream:
        async for chunk in stream.aiter_text():
            text += chunk
            if len(events(text)) >= count and ": alive" in text:
                return text
    raise AssertionError("the stream ended")


async def test_a_stream_carries_the_messages_and_resumes(server, store):
    answer = (await server.post("/api/conversations")).json()
    path, key = f"/api/conversations/{answer['conversation']}", {"Authorization": f"Bearer {answer['token']}"}
    for number in range(5):
        append(store, answer["conversation"], "system", f"第{number}句", str(number))

    whole = await asyncio.wait_for(listen(server, path, key, 5), 20)
    rest = await asyncio.wait_for(listen(server, path, {**key, "Last-Event-ID": "3"}, 2), 20)

    assert [1, 2, 3, 4, 5] == [event["seq"] for event in events(whole)]
    assert [4, 5] == [event["seq"] for event in events(rest)]
    assert ["4", "5"] == re.findall(r"^id: (\d+)$", rest, re.MULTILINE)


async def test_a_stream_brings_what_is_said_while_it_is_open(server, store):
    answer = (await server.post("/api/conversations")).json()
    path, key = f"/api/conversations/{answer['conversation']}", {"Authorization": f"Bearer {answer['token']}"}

    listening = asyncio.create_task(listen(server, path, key, 2))
    await server.post(f"{path}/messages", json={"client_id": "a", "text": "在吗"}, headers=key)
    heard = events(await asyncio.wait_for(listening, 20))

    assert ["family", "bot"] == [event["from"] for event in heard]
    assert heard == (await server.get(f"{path}/messages", headers=key)).json()["messages"]
    assert 2 == len(messages(store, answer["conversation"]))


def test_a_family_reads_its_own_number_as_dots_and_a_workers_whole(client, store):
    path, key = opened(client)
    client.post(f"{path}/messages", json={"client_id": "a", "text": "转人工，打我电话13800001234"}, headers=key)
    ref = open_case(store, path.rsplit("/", 1)[1], "caseworker", "routine", "asked").ref
    worker = add_worker(store, "演示员", "caseworker")[0].id
    claim(store, ref, worker)
    reply(store, ref, worker, "镇里电话0598-8223456", "1")

    lines = client.get(f"{path}/messages", headers=key).json()["messages"]

    assert ("family", f"转人工，打我电话{'•' * 11}") == (lines[0]["from"], lines[0]["text"])
    assert ("worker", "镇里电话0598-8223456") == (lines[-1]["from"], lines[-1]["text"])
