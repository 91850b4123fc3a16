"""Which entitlements this conversation is about: those asked for and those a stated fact opens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.plainly import beside, is_in_words, plainly
from knowledge.assess import Assessment, assess
from knowledge.interview import NEVER_ASKED, opened
from knowledge.policy import Policy

if TYPE_CHECKING:
    from actions.base import Turn

NAMED = 0.9  # a topic this sure was called by its name
# Intents that ask whether the child may have something, so that it is assessed and not only described.
ASKS_FOR = ("ask_eligibility", "show_results")
SPEAKS_OF = (*ASKS_FOR, "tell", "ask_what", "ask_who", "ask_amount", "ask_documents", "ask_where", "ask_duration")


def note_wanted(now: Turn) -> None:
    """Remember what was asked for; a question that names nothing asks for everything."""
    matter = beside(now)
    is_found = matter is not None and not is_in_words(now, matter)  # in a message that may ask for more
    is_for_money = is_found and bool(now.topics) and now.intent in ASKS_FOR
    if plainly(now) or (matter and not is_for_money) or asks_still(now):
        return
    known = [topic for topic in now.topics if topic in now.library.policies]
    if now.intent == "tell":  # a story lies near many questions: only what it calls by name is its topic
        sure = {each["id"] for each in now.message.get("topics") or [] if each["score"] >= NAMED}
        known = [topic for topic in known if topic in sure and not denies(now) and not now.session.asking]
    if known and now.intent in (*SPEAKS_OF, "ask_combine", "ask_after_18", "ask_appeal", "ask_payment", "ask_basis"):
        now.session.topic = known[0]
    if now.intent in ASKS_FOR:
        now.session.paused = False
        now.session.wanted.extend(topic for topic in known[:1] if topic not in now.session.wanted)
    # Results before anything was told, 那你说说我孙子能领啥, are what nobody has looked for yet.
    is_general = now.intent == "ask_eligibility" or not now.session.told
    is_general = is_general or (now.session.is_child and not now.session.wanted)
    if now.intent in ASKS_FOR and is_general and not known:
        now.session.everything = True
    if asks_for_all(now):
        now.session.everything = True  # 想领补助, at the end of a story
    if now.intent in ASKS_FOR:
        now.session.here.finished = False


def asks_for_all(now: Turn) -> bool:
    """Whether a wish that names nothing was said, wherever it stands."""
    return bool(re.search(now.library.words["wishes_in_general"], str(now.message.get("text") or "")))


def asks_still(now: Turn) -> bool:
    """那还能申请吗, once the money was found open, asks for that and not for everything there is."""
    session, text = now.session, str(now.message.get("text") or "")
    is_told = session.told.get(session.topic or "") in ("eligible", "ask_local")
    is_asked = is_told and not now.topics and not session.is_child
    return is_asked and bool(re.search(now.library.words["asks_still"], text))


def denies(now: Turn) -> bool:
    """没听说有低保 tells what the family has not; nothing that follows is about it."""
    words = now.library.words
    told = re.sub(words["asks_whether"], "", str(now.message.get("text") or ""))  # 雨露计划还有没有 denies nothing
    return bool(re.search(words["denies"], told))


def wanted_now(now: Turn) -> list[str]:
    """Ids in the library's order."""
    calls = set(opened(now.library, now.session.on(now.as_of), now.as_of)) | set(now.session.wanted)
    if now.session.everything:
        money = [policy for policy in now.library.policies.values() if policy.kind == "money"]
        calls |= {policy.id for policy in money if not _private(now, policy)}
    return [name for name in now.library.policies if name in calls]


def _private(now: Turn, policy: Policy) -> bool:
    """What hangs on something nobody is asked unprompted (an infection) is not held out to everybody."""
    return any(now.library.facts[name].cost >= NEVER_ASKED for name in policy.opened_by)


def fits(now: Turn, name: str) -> bool:
    """Whether it is not refused by what is known."""
    return assess(now.library, name, now.session.on(now.as_of), now.as_of).outcome != "not_eligible"


def assessed(now: Turn) -> list[Assessment]:
    """The present outcome of everything this conversation is about."""
    facts = now.session.on(now.as_of)
    return [assess(now.library, name, facts, now.as_of) for name in wanted_now(now)]
