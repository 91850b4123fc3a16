"""The whole assistant in one process: the trained model, Rasa's processor, the real actions, a new database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.train import ensure_model
from bot.training import quiet


class InProcess:
    """Rasa's action endpoint without the network: the same executor that the action server runs."""

    def __init__(self) -> None:
        from rasa_sdk.executor import ActionExecutor

        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, json: dict[str, Any], **_: Any) -> dict[str, Any]:
        result = await self._executor.run(json)
        return result.dict() if hasattr(result, "dict") else result

    async def run(self, json: dict[str, Any]) -> dict[str, Any]:
        return await self.request(json)


class Family:
    """One conversation through the channel `tongxing`."""

    def __init__(self, say: Callable[[str, int, str], dict[str, Any]]) -> None:
        self._say, self.seq = say, 0

    def say(self, text: str, alarm: str = "none") -> dict[str, Any]:
        self.seq += 1
        return self._say(text, self.seq, alarm)


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Family]:
    quiet()
    model = ensure_model(lambda line: None)
    from rasa.core.agent import Agent
    from rasa.utils.endpoints import EndpointConfig

    from bot.state import open_state
    from bot.tracker import SlotStore
    from bot.turn import Asked, TurnChannel

    url = f"sqlite:///{tmp_path_factory.mktemp('talk') / 'talk.db'}"
    inside = InProcess()

    class Endpoint(EndpointConfig):
        async def request(self, *_: Any, json: dict[str, Any] | None = None, **__: Any) -> dict[str, Any]:
            return await inside.request(json or {})

    agent = Agent.load(model, action_endpoint=Endpoint("http://in.process"))
    agent.processor.tracker_store = SlotStore(agent.domain, url)
    channel, loop = TurnChannel(open_state(url)), asyncio.new_event_loop()
    numbers = iter(range(10_000))

    def family() -> Family:
        name = f"family-{next(numbers)}"

        def say(text: str, seq: int, alarm: str) -> dict[str, Any]:
            asked = Asked(
                name, tuple(text.split("\n")), tuple(range(seq, seq + text.count("\n") + 1)), {"alarm": alarm}
            )
            return loop.run_until_complete(channel.answer(asked, agent.handle_message))

        return Family(say)

    return family


ROOT = Path(__file__).parent
