"""The frame of every action: safety first, then reading and merging, then its own words, then the pending question."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.afterwards import answered_afterwards
from actions.aside import aside, welcome_back
from actions.beside import answer_first
from actions.choose import choose
from actions.clarify import acknowledge_nothing, is_question
from actions.comfort import check_gently, comfort, wants_comfort, will_check
from actions.condole import condole, grieves, mourn
from actions.danger import speak
from actions.hear import Heard, hear
from actions.introduce import introduce
from actions.once import not_again
from actions.question import ask_pending
from actions.reply import Reply, turn
from actions.session import Session, load, save
from actions.speaker import listen, sounds_young
from actions.topics import topics_of
from actions.voice import listen_to_voice
from actions.wanted import note_wanted, wanted_now
from actions.weighing import is_grave, note
from knowledge.library import Library

# What is said in other words to a child (data/responses/talk.yml).
FOR_CHILDREN = (
    *("utter_greet", "utter_ask_identity", "utter_ask_privacy", "utter_ask_forbidden"),
    *("utter_complain", "utter_out_of_scope"),
)

log = structlog.get_logger()


@cache
def the_library() -> Library:
    return Library.load()


def today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


@dataclass
class Turn:
    """One message and all that is known when it arrives."""

    library: Library
    session: Session
    message: Mapping[str, Any]
    heard: Heard
    as_of: date
    reply: Reply
    offer: str | None = None  # what the last reply offered a person for; good for one message
    was_put: bool = False  # whether the last reply asked if a person should come, and did not only name one
    was_finished: bool = False  # whether all had been asked before this message
    is_missed: bool = False  # whether the pending question stays open because the words were not understood
    is_back: bool = False  # after a day of silence or more
    was_topic: str | None = None  # the entitlement spoken of before this message

    @property
    def intent(self) -> str:
        return str((self.message.get("intent") or {}).get("name") or "")

    @property
    def topics(self) -> list[str]:
        """What the message names; 我们能领补助吗 names nothing, however near some entitlement's sentences it lies."""
        return topics_of(self)


class TurnAction(Action, ABC):
    """What all actions share; a subclass says only what it adds."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]) -> list[EventType]:
        library = the_library()
        session = load(library, tracker.get_slot("session"))
        before = save(session)
        try:
            return _turn(self, library, session, dispatcher, tracker.latest_message)
        except Exception as error:  # Rasa drops an action that raises, and a family would hear nothing
            log.error("action.failed", action=self.name(), error=type(error).__name__)
            dispatcher.utter_message(response="utter_trouble")
            fallen = Reply(handoff={"queue": "caseworker", "urgency": "routine", "reason": "trouble"})
            dispatcher.utter_message(json_message={"turn": turn(library, load(library, before), fallen, [], today())})
            return [SlotSet("session", before)]

    @abstractmethod
    def speak(self, turn: Turn) -> None:
        """Add this action's words to the reply; the pending question follows unless `reply.resumes` is false."""


def _turn(
    action: TurnAction, library: Library, session: Session, dispatcher: CollectingDispatcher, message: Mapping[str, Any]
) -> list[EventType]:
    as_of = today()
    heard = hear(library, session, message, as_of)
    now = Turn(library, session, message, heard, as_of, Reply(), session.offered)
    now.is_back = session.seen_on is not None and session.seen_on < as_of.isoformat()
    session.seen_on = as_of.isoformat()
    now.was_put, session.is_offer_put = session.is_offer_put, False
    session.offered, now.was_finished = None, session.here.finished
    session.here.finished = session.here.finished and not heard.new and not heard.replaced
    now.was_topic = session.topic
    listen(now)
    listen_to_voice(now)
    sounds_young(now)
    now.reply.topics, was_paused = now.topics, session.paused
    note_wanted(now)
    level = note(now)
    if is_grave(level):
        session.listened = 0
        answer_first(now)
        speak(now)
    elif answered_afterwards(now, was_paused):
        if now.reply.resumes:
            ask_pending(now)
    elif not welcome_back(now):
        _converse(action, now, level)
        not_again(now)
    session.called = session.called or now.reply.handoff is not None
    _utter(dispatcher, now)
    return [SlotSet("session", save(session))]


def _converse(action: TurnAction, now: Turn, level: str) -> None:
    """Comfort before information: a warm word or the condolence, then the answer, the question, the gentle check."""
    if mourn(now):
        return
    # The gentle check has a warm line of its own; a death that was just told has none that would do for it.
    is_condoled = (level != "concern" or now.session.checked_on or grieves(now)) and condole(now)
    introduce(now)
    if wants_comfort(now, level) and not aside(now) and (level != "none" or not is_question(now)):
        comfort(now, level)
    elif not (is_condoled and now.intent == "out_of_scope"):  # a sigh is not sent elsewhere
        choose(action, now)
    if now.reply.resumes and not now.session.paused and not will_check(now, level):
        ask_pending(now)
    elif now.heard.answered:
        now.session.asking = None
    check_gently(now, level)
    if not now.reply.says:
        acknowledge_nothing(now)


def _utter(dispatcher: CollectingDispatcher, now: Turn) -> None:
    last = len(now.reply.says) - 1
    for index, (response, values) in enumerate(now.reply.says):
        buttons = now.reply.buttons if index == last else []
        if response in FOR_CHILDREN and (now.session.is_child or now.session.young):
            response = f"{response}_child"
        dispatcher.utter_message(response=response, buttons=buttons, **values)
    wanted = wanted_now(now)
    whole = turn(now.library, now.session, now.reply, wanted, now.as_of)
    dispatcher.utter_message(json_message={"turn": whole})
