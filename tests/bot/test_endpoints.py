from pathlib import Path

from rasa.core.channels.channel import InputChannel
from rasa.core.run import create_http_input_channels
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain

from bot.tracker import SlotStore

ROOT = Path(__file__).parents[2]


def test_rasa_finds_our_store_and_the_action_server_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/state.db")
    monkeypatch.setenv("ACTIONS_PORT", "5056")

    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    store = SlotStore.create(endpoints.tracker_store, Domain.empty())

    assert "http://127.0.0.1:5056/webhook" == endpoints.action.url
    assert isinstance(store, SlotStore)
    assert (tmp_path / "state.db").exists()


def test_the_only_door_is_ours(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/state.db")

    doors: list[InputChannel] = create_http_input_channels(None, str(ROOT / "credentials.yml"))

    assert ["tongxing"] == [door.name() for door in doors]
