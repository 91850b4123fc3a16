"""The whole assistant in one process: the trained model, Rasa's processor and the real actions, without a server."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Talk:
    """One conversation through the channel `tongxing`."""

    def __init__(self, say: Callable[[str, int, str], dict[str, Any]]) -> None:
        self._say, self.seq = say, 0

    def say(self, text: str, alarm: str = "none") -> dict[str, Any]:
        """The messages and the turn that answer; a line is a message of its own."""
        self.seq += 1
        return self._say(text, self.seq, alarm)


class _Actions:
    """Rasa's action endpoint without the network: the same executor that the action server runs."""

    def __init__(self) -> None:
        from rasa_sdk.executor import ActionExecutor

        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def run(self, call: dict[str, Any]) -> dict[str, Any]:
        result = await self._executor.run(call)
        return result.dict() if hasattr(result, "dict") else result


def in_process(folder: Path | None = None) -> Callable[[], Talk]:
    """Trains the model if its inputs have changed, and gives what begins a conversation; state lies in `folder`."""
    from bot.train import ensure_model
    from bot.training import quiet

    quiet()
    model = ensure_model(lambda line: None)
    from rasa.core.agent import Agent
    from rasa.utils.endpoints import EndpointConfig

    from bot.state import open_state
    from bot.tracker import SlotStore
    from bot.turn import Asked, TurnChannel

    url = f"sqlite:///{(folder or Path(tempfile.mkdtemp(prefix='tongxing-'))) / 'talk.db'}"
    actions = _Actions()

    class Endpoint(EndpointConfig):
        async def request(self, *_: Any, json: dict[str, Any] | None = None, **__: Any) -> dict[str, Any]:
            return await actions.run(json or {})

    agent = Agent.load(model, action_endpoint=Endpoint("http://in.process"))
    agent.processor.tracker_store = SlotStore(agent.domain, url)
    channel, loop, numbers = TurnChannel(open_state(url)), asyncio.new_event_loop(), itertools.count()

    def begin() -> Talk:
        name = f"family-{next(numbers)}"

        def say(text: str, seq: int, alarm: str) -> dict[str, Any]:
            seqs = tuple(range(seq, seq + text.count("\n") + 1))
            asked = Asked(name, tuple(text.split("\n")), seqs, {"alarm": alarm})
            return loop.run_until_complete(channel.answer(asked, agent.handle_message))

        return Talk(say)

    return begin
