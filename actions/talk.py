"""Short fixed answers about the assistant itself; the pending question follows where there is one."""

from __future__ import annotations

import re

from actions.base import Turn, TurnAction
from actions.clarify import is_question
from actions.interview import interview

SHORT = 4
# What a short answer is easily taken for.
_PASSING = ("greet", "thanks", "goodbye", "complain", "out_of_scope")


class ActionTalk(TurnAction):
    """Greeting, thanks, who are you, who sees this, anger, what we do not do."""

    def name(self) -> str:
        return "action_talk"

    def speak(self, turn: Turn) -> None:
        text, words = str(turn.message.get("text") or "").strip(), turn.library.words
        is_courtesy = any(re.search(words[name], text) for name in ("says_thanks", "says_goodbye"))
        # A word or a number after a question is a try at an answer, whatever it looks like alone.
        tries_to_answer = bool(turn.session.asking) and len(text) <= SHORT and not is_courtesy
        if turn.session.asking and turn.intent == "out_of_scope" and not is_question(turn):
            tries_to_answer = True  # 知道爹妈是谁, after a question, is within what we do
        # 现在他睡了 is near 先睡了: nobody is sent away who has not taken leave.
        stays = turn.intent == "goodbye" and not is_courtesy
        if (turn.heard.new or tries_to_answer or stays) and turn.intent in _PASSING:
            interview(turn)
            return
        if turn.intent == "complain" and turn.session.complained:
            again = "complain_again_child" if turn.session.is_child else "complain_again"
            turn.reply.say("utter_plain", words=words[again])
        else:
            turn.reply.say(f"utter_{turn.intent}")
        turn.session.complained = turn.session.complained or turn.intent == "complain"
        if turn.intent in ("complain", "out_of_scope"):
            # Whatever this was, there is a way on that does not need to be understood.
            turn.session.offered = "asked"
            on = [words["go_on"]] if turn.session.asking else []
            turn.reply.buttons = [{"title": title, "payload": title} for title in (*on, words["ask_person"])]
        # Who complains of being asked is not asked again in the same breath.
        turn.reply.resumes = turn.intent not in ("goodbye", "complain") and bool(turn.session.asking)


class ActionRestart(TurnAction):
    """Forget what was said and begin again; the record of messages is kept elsewhere."""

    def name(self) -> str:
        return "action_begin_again"

    def speak(self, turn: Turn) -> None:
        safety, asker = turn.session.safety, turn.session.facts.get("asker.role")
        turn.session.__init__()  # type: ignore[misc]
        turn.session.safety = safety
        if asker is not None:
            turn.session.facts["asker.role"] = asker
        turn.reply.say("utter_restart")
        turn.reply.resumes = False
