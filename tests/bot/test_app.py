import json
import logging
from contextlib import nullcontext

import pytest
import structlog
from scripted import UNHURRIED, ScriptedRasa
from sqlalchemy import create_engine
from starlette.testclient import TestClient

from bot.app import build
from bot.channels.web import doorway
from bot.errors import Refused
from bot.health import Health
from bot.limits import Limit
from bot.logs import configure
from bot.settings import ROOT, load_settings
from casework.bucket import Rate
from casework.store import Store, utc_now


@pytest.fixture
def app(tmp_path):
    settings = load_settings({"TONGXING_VAR": str(tmp_path), "RASA_PORT": "1", "ACTIONS_PORT": "2"}, ROOT)
    return build(settings, ScriptedRasa().dialogue(), UNHURRIED)


def test_health_names_every_part_and_stays_up_without_rasa(app):
    with TestClient(app) as client:
        answer = client.get("/healthz")

    parts = {"front_door": "ok", "database": "ok", "rasa": "down", "actions": "down"}
    assert (200, {"status": "degraded", "parts": parts}) == (answer.status_code, answer.json())


async def test_health_says_when_the_database_is_gone(tmp_path):
    settings = load_settings({"TONGXING_VAR": str(tmp_path), "RASA_PORT": "1", "ACTIONS_PORT": "2"}, ROOT)
    engine = create_engine(f"sqlite:///{tmp_path}/no/such/folder.db", future=True)
    health = Health(Store(engine, utc_now, nullcontext()), settings)

    found = await health.look()
    await health.close()

    assert "down" == found["parts"]["database"]


def test_figures_count_messages_and_name_nobody(app):
    with TestClient(app) as client:
        conversation = client.post("/api/conversations").json()["conversation"]
        client.post(f"/api/conversations/{conversation}/messages", json={"client_id": "a", "text": "我不想活了"})
        figures = client.get("/metrics").text

    assert "tongxing_messages_received_total 1.0" in figures
    assert 'tongxing_alarms_total{by="words",level="urgent"} 1.0' in figures
    assert conversation not in figures


def test_a_broken_part_shows_one_line_and_no_trace(app, monkeypatch, capsys):
    def broken(*_):
        raise RuntimeError("secret words of a family")

    monkeypatch.setattr(doorway, "start", broken)
    configure("INFO")
    try:
        with TestClient(app, raise_server_exceptions=False) as client:
            answer = client.post("/api/conversations")
    finally:
        structlog.reset_defaults()
        logging.basicConfig(force=True, handlers=[])

    logged = capsys.readouterr().err
    assert (500, ["error"]) == (answer.status_code, list(answer.json()))
    assert "secret words" not in answer.text + logged
    assert "RuntimeError" in logged


def test_no_log_line_holds_words_or_keys(capsys):
    configure("INFO")
    try:
        structlog.get_logger().info("message.received", text="我不想活了", token="abc", seq=3, problem="13800001234")
    finally:
        structlog.reset_defaults()
        logging.basicConfig(force=True, handlers=[])

    [line] = capsys.readouterr().err.splitlines()
    assert ("message.received", "…", "…", 3) == tuple(
        json.loads(line)[key] for key in ("event", "text", "token", "seq")
    )
    assert "13800001234" not in line


def test_a_limit_lets_a_burst_pass_and_then_one_at_a_time():
    now = [0.0]
    limit = Limit(Rate(at_once=2, a_second=0.5), "too_fast", clock=lambda: now[0])
    limit.take("a")
    limit.take("a")

    with pytest.raises(Refused) as error:
        limit.take("a")

    assert (429, 3) == (error.value.status, error.value.retry_after)
    limit.take("b")
    now[0] = 2.0
    limit.take("a")
