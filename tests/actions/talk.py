"""A conversation with the actions alone: what the pipeline would have put on each message is given by hand."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions
from actions.base import TurnAction

ROOT = Path(__file__).parents[2]
for module in pkgutil.iter_modules(actions.__path__):
    importlib.import_module(f"actions.{module.name}")

RULES = {
    rule["steps"][0]["intent"]: rule["steps"][1]["action"]
    for rule in yaml.safe_load((ROOT / "data/rules/rules.yml").read_text(encoding="utf-8"))["rules"]
}
RESPONSES: dict[str, Any] = {}
for path in sorted((ROOT / "data/responses").glob("*.yml")):
    RESPONSES.update(yaml.safe_load(path.read_text(encoding="utf-8"))["responses"])


def every_action() -> dict[str, Action]:
    found: dict[str, Action] = {}
    todo = list(TurnAction.__subclasses__())
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        found[kind().name()] = kind()
    return found


@dataclass
class Said:
    """One reply: its texts with the values filled in, its buttons and its turn."""

    texts: list[str]
    buttons: list[str]
    turn: dict[str, Any]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


@dataclass
class Talk:
    """Keeps the slot between messages, as the tracker store does."""

    session: Any = None
    seq: int = 0
    actions: dict[str, Action] = field(default_factory=every_action)

    def say(
        self,
        text: str,
        intent: str = "tell",
        topics: list[str] | None = None,
        confidence: float = 0.9,
        alarm: str = "none",
        safety: dict[str, Any] | None = None,
        **reading: Any,
    ) -> Said:
        self.seq += 1
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "intent_ranking": [{"name": intent, "confidence": confidence}],
            "topics": [{"id": each, "score": 0.9} for each in topics or []],
            "reading": {"facts": {}, "partial": {}, "evidence": {}, **reading},
            "safety": safety or {"level": "none", "kinds": []},
            "metadata": {"seqs": [self.seq], "alarm": alarm},
        }
        dispatcher = CollectingDispatcher()
        tracker = Tracker("t", {"session": self.session}, message, [], False, None, {}, "action_listen")
        events = self.actions[RULES[intent]].run(dispatcher, tracker, {})
        self.session = events[0]["value"]
        spoken = [each for each in dispatcher.messages if each.get("response")]
        values = [{k: v for k, v in each.items() if isinstance(v, str)} for each in spoken]
        texts = [
            RESPONSES[each["response"]][0]["text"].format_map(value) for each, value in zip(spoken, values, strict=True)
        ]
        buttons = [button["title"] for each in spoken for button in each.get("buttons") or []]
        turns = [each["custom"]["turn"] for each in dispatcher.messages if each.get("custom")]
        return Said(texts, buttons, turns[-1])
