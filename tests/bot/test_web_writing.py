"""That somebody writes reaches the other side, and nothing of what."""

import asyncio

import pytest
from scripted import UNHURRIED, ScriptedRasa
from starlette.testclient import TestClient

from bot.app import build
from bot.settings import ROOT, load_settings
from casework.cases import claim, open_case
from casework.ledger import messages
from casework.staff import add_worker


@pytest.fixture
def app(tmp_path):
    given = {"TONGXING_VAR": str(tmp_path), "RASA_PORT": "1", "ACTIONS_PORT": "2"}
    return build(load_settings(given, ROOT), ScriptedRasa().dialogue(), UNHURRIED)


@pytest.fixture
def gateway(app):
    return app.state.gateway


@pytest.fixture
def client(app):
    with TestClient(app) as client:
        yield client


@pytest.fixture
def held(client, gateway):
    """A conversation that a worker has claimed."""
    conversation = client.post("/api/conversations").json()["conversation"]
    worker, _ = add_worker(gateway.store, "演示王", "caseworker")
    claim(gateway.store, open_case(gateway.store, conversation, "caseworker", "routine", "asked").ref, worker.id)
    return conversation


def test_the_worker_learns_that_the_family_writes_and_the_ledger_learns_nothing(client, gateway, held):
    answer = client.post(f"/api/conversations/{held}/writing")

    assert (204, b"") == (answer.status_code, answer.content)
    assert gateway.writing.writes(held, "family")
    assert [] == messages(gateway.store, held)


def test_what_was_sent_is_written_no_more(client, gateway, held):
    client.post(f"/api/conversations/{held}/writing")
    assert gateway.writing.writes(held, "family")
    client.post(f"/api/conversations/{held}/messages", json={"client_id": "a", "text": "在吗"})

    assert not gateway.writing.writes(held, "family")


def test_while_the_assistant_answers_nobody_is_told_that_somebody_writes(client, gateway):
    conversation = client.post("/api/conversations").json()["conversation"]
    client.post(f"/api/conversations/{conversation}/writing")

    assert not gateway.writing.writes(conversation, "family")


def test_nobody_else_writes_in_a_conversation(client, held):
    client.cookies.clear()

    assert 401 == client.post(f"/api/conversations/{held}/writing").status_code


async def test_a_stream_is_woken_when_a_worker_begins_and_ceases_to_write(gateway):
    from casework.ledger import start

    family = start(gateway.store)[0].id
    seen = []

    async def look():
        async for new in gateway.watch(family):
            seen.append((new, gateway.writing.writes(family, "worker")))
            if len(seen) == 2:
                return

    looking = asyncio.create_task(look())
    await asyncio.sleep(0)
    gateway.writing.begins(family, "worker")
    for _ in range(500):
        await asyncio.sleep(0.01)
        if seen:
            gateway.writing.ends(family, "worker")
    await asyncio.wait_for(looking, 10)

    assert [([], True), ([], False)] == seen
