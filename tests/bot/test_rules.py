from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def rules():
    for path in (ROOT / "data" / "rules").glob("*.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            steps = rule["steps"]
            if len(steps) == 2 and "intent" in steps[0]:
                yield steps[0]["intent"], steps[1]["action"]


@pytest.fixture(scope="module")
def agent():
    from bot.train import ensure_model
    from bot.training import quiet

    quiet()
    from rasa.core.agent import Agent

    return Agent.load(ensure_model())


@pytest.mark.model
def test_every_intent_reaches_its_action_then_listens(agent):
    from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    reached = {}
    for intent, action in rules():
        said = UserUttered("…", {"name": intent, "confidence": 1.0})
        before = [SlotSet("session", {"child": 1}), ActionExecuted("action_listen"), said]
        tracker = DialogueStateTracker.from_events("a", before, agent.domain.slots)
        first = predicted(agent, tracker)
        tracker.update(ActionExecuted(action), agent.domain)
        reached[intent] = (first, predicted(agent, tracker))

    assert {intent: (action, "action_listen") for intent, action in rules()} == reached


def predicted(agent, tracker):
    return max(agent.predict_next_with_tracker(tracker)["scores"], key=lambda one: one["score"])["action"]
