"""To whom it is spoken: a child, a grown-up, a friend, the one who strikes; and what is done after an alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.safety.acts import Act, act_of, doers_in
from knowledge.safety.voice import (
    speaks_as_adult,
    speaks_as_child,
    tells_of_friend,
    tells_of_self,
    tells_of_ward,
    voice_of,
)

if TYPE_CHECKING:
    from actions.base import Turn

# They tell of a child by office: to them the law says more (knowledge/safety/after/, `office`).
_OFFICE = ("teacher", "child_director", "professional")


def listen_to_voice(now: Turn) -> None:
    """Remember that somebody sounds like a child or tells of a friend; the words themselves are not kept."""
    text = str(now.message.get("text") or "")
    now.session.grown = now.session.grown or (not now.session.young and speaks_as_adult(text))
    # 我妈领的那个钱, of a mother who told of her daughter, is no child's.
    now.session.young = now.session.young or (not now.session.grown and speaks_as_child(text))
    now.session.friend = now.session.friend or tells_of_friend(text)
    now.session.ward = now.session.ward or tells_of_ward(text)


def voice_now(now: Turn) -> str:
    session = now.session
    voice = voice_of([str(now.message.get("text") or "")], session.asker, session.young, session.friend)
    before, text = session.alarmed.get("voice"), str(now.message.get("text") or "")
    if before == "friend" and not (tells_of_self(text) or speaks_as_adult(text)):
        return "friend"  # 我要不要告诉我妈 is asked for the friend that was told of
    if voice == "friend" and before in ("self", "child"):
        return str(before)  # 他有我同学的微信, of one who told of themselves
    if voice == "anyone" and before == "self":
        return "self"  # 我把药都买好了, of somebody who told of themselves
    return "adult" if voice == "anyone" and session.ward else voice


def voice_after(now: Turn) -> str:
    """Once the card is shown, whoever it was said to is spoken to alike until a message tells that it is a child."""
    voice, before = voice_now(now), now.session.alarmed.get("voice")
    if voice in ("adult", "anyone") and before in ("self", "anyone", "doer"):
        return str(before)
    if voice in ("child", "self") and now.session.alarmed:
        now.session.alarmed["voice"] = voice  # 好吧是我, after it was a friend
    return "office" if voice == "adult" and now.session.asker in _OFFICE else voice


def act_now(now: Turn) -> Act:
    """What this message does after an alarm; after the gentle check alone, of the kinds that were heard then."""
    session = now.session
    kinds = session.alarmed.get("kinds") or session.safety["kinds"]
    doers = session.alarmed.get("doers", ())
    return act_of(str(now.message.get("text") or "").strip(), kinds, voice_after(now), doers)


def remember_doers(now: Turn) -> None:
    """他爸烫的: only the word for who it was is kept."""
    shown, doers = now.session.alarmed, doers_in(str(now.message.get("text") or ""))
    shown["doers"] = list(dict.fromkeys([*shown.get("doers", ()), *doers]))
