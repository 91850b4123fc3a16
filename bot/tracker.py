"""Rasa's tracker store: a tracker is its slots; the ledger keeps what was said.

Rasa 3.6.21's own SQL store rereads a growing history: 10 ms a turn became 155 ms after 200 turns.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, DEFAULT_SLOT_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.state import Reply, StaleState, State, load, open_state, save


class SlotStore(TrackerStore):
    """Keeps one row of slots per conversation, and what was answered to its last messages."""

    def __init__(self, domain: Domain, host: str, event_broker: EventBroker | None = None, **_: Any) -> None:
        super().__init__(domain, event_broker)
        self._engine = open_state(host)
        # What was read when the turn began. Rasa goes on with an empty tracker when reading fails; saving that
        # would erase a family's answers, so `save` refuses what was not read.
        self._read: dict[str, State] = {}

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        state = load(self._engine, sender_id)
        self._read[sender_id] = state
        if state.turns == 0:
            return None
        tracker = self.init_tracker(sender_id)
        for name, value in (state.slots or {}).items():
            if name in tracker.slots:
                tracker.update(SlotSet(name, value), self.domain)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Raises StaleState; Rasa logs that, and the channel answers nothing, which the gateway notices."""
        said = tracker.get_last_event_for(UserUttered)
        reply = spoken(tracker, said)
        if said is None or reply.is_empty:
            return
        state = self._read.pop(tracker.sender_id, None)
        if state is None:
            raise StaleState("the conversation was not read before this turn")
        save(self._engine, tracker.sender_id, state.after(_slots(tracker), reply))

    async def keys(self) -> Iterable[str]:
        """Nobody lists conversations here; the ledger does."""
        return ()


def _slots(tracker: DialogueStateTracker) -> Mapping[str, Any]:
    return {name: slot.value for name, slot in tracker.slots.items() if name not in DEFAULT_SLOT_NAMES}


def spoken(tracker: DialogueStateTracker, said: UserUttered | None) -> Reply:
    """What the assistant answered to the last message: texts, their buttons, and the structured turn."""
    messages: list[dict[str, Any]] = []
    turn = None
    for event in tracker.events:
        if not isinstance(event, BotUttered):
            continue
        custom = event.data.get("custom") or {}
        turn = custom.get("turn", turn)
        if event.text:
            messages.append({"text": event.text, "buttons": event.data.get("buttons") or []})
    seqs = ((said.metadata if said else None) or {}).get("seqs") or []
    return Reply(tuple(seqs), tuple(messages), turn)
