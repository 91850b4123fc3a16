"""After the office was gone to: a paper it wants, papers handed in and no word since, granted, or given up."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from actions.lines import answer
from actions.meant import told_money

if TYPE_CHECKING:
    from actions.base import Turn
    from knowledge.policy import Policy


def followed_up(now: Turn) -> Callable[[Turn], None] | None:
    """How to answer what tells or asks how an application stands; a child is not sent after papers."""
    text, words = str(now.message.get("text") or "").strip(), now.library.words
    if now.heard.tells_more or now.session.paused or now.session.is_child:
        return None
    if re.search(words["paper_wanted"], text) and _paper(now) is not None:
        return _tell_paper
    for key, say in (("handed_in", _tell_waiting), ("granted", _tell_granted), ("gives_up", _let_go)):
        if re.search(words[key], text) and (key != "granted" or now.session.told):
            return say
    return None


def _paper(now: Turn) -> str | None:
    text = str(now.message.get("text") or "")
    return next((paper for paper, form in now.library.words["papers_called"].items() if re.search(form, text)), None)


def _tell_paper(now: Turn) -> None:
    """人家说要失踪证明: what it is, and what there is in its place."""
    paper = now.library.documents[str(_paper(now))]
    source = now.library.cite(paper["cite"])
    says = now.library.words["paper_told"].format(name=paper["name"], plain=paper["plain"], else_=paper["substitute"])
    now.reply.say("utter_any", words=says, basis=source)
    now.reply.cite([source])
    now.reply.resumes = bool(now.session.asking)


def _tell_waiting(now: Turn) -> None:
    """交了材料没消息, 钱下来了吗: nothing can be looked up here; how long it may take, and where to ask."""
    words, policy = now.library.words, _money(now)
    now.reply.say("utter_plain", words=words["not_seen_here"])
    if policy is not None:
        answer(now, policy, "ask_duration")
    else:
        source = now.library.cite(words["any_ask_payment_cite"])
        now.reply.say("utter_any", words=words["any_ask_payment"], basis=source)
        now.reply.cite([source])
        now.session.kind, now.session.is_unnamed = "ask_payment", True
    now.reply.resumes = False


def _tell_granted(now: Turn) -> None:
    now.reply.say("utter_plain", words=now.library.words["granted_heard"])
    now.reply.resumes = False


def _let_go(now: Turn) -> None:
    """Nobody who finds it too much is asked one thing more; the way that costs no walk is named."""
    words = now.library.words
    source = now.library.cite(words["any_ask_where_cite"])
    now.reply.say("utter_any", words=words["gives_up_heard"], basis=source)
    now.reply.cite([source])
    now.reply.resumes = False


def _money(now: Turn) -> Policy | None:
    """The money that is spoken of: named now, told as fitting, or spoken of last."""
    names = (next(iter(now.topics), None), told_money(now), now.session.topic)
    found = (now.library.policies[name] for name in names if name in now.library.policies)
    return next((policy for policy in found if policy.kind == "money"), None)
