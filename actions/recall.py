"""What is known, in plain words: asked for at any time, and read back before somebody is sent to an office."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from actions.introduce import ask_of, name_of, speaks_as_child
from actions.phrases import phrase
from actions.session import Child
from knowledge.assess import assess, hangs_on
from knowledge.interview import NEVER_ASKED
from knowledge.known import Members, settled
from knowledge.rules import leaves
from knowledge.safety.after import noted_line

if TYPE_CHECKING:
    from actions.base import Turn

FEWEST, MOST = 2, 5
_YES = ("eligible", "ask_local")
_GROUPS = ("child", "father", "mother", "household")
_ROLE = "asker.role"


def asks_what_is_known(now: Turn) -> bool:
    """你都记了什么, whatever act it was taken for."""
    text = str(now.message.get("text") or "")
    return bool(re.search(now.library.words["known_asked"], text)) and not now.heard.new and not now.heard.replaced


def tell_known(now: Turn) -> None:
    """A short list; the pending question follows."""
    session = now.session
    several = len(session.children) > 1
    now.reply.resumes = bool(session.asking)
    if session.alarmed:
        kind, voice = str(session.alarmed.get("kind", "")), "child" if session.is_child else "adult"
        now.reply.say("utter_plain", words=noted_line(kind, voice))
    lines = lines_of(now, now.library.facts)
    for number in session.others if several else ():
        lines += lines_of(now, (name for name in now.library.facts if _whose(name) == "child"), number)
    if not lines:
        if not session.alarmed:
            now.reply.say("utter_known_nothing")
        return
    now.reply.say("utter_known", lines="\n".join(f"· {line}" for line in lines))


def lines_of(now: Turn, names: Iterable[str], number: str | None = None) -> list[str]:
    """One line for each person, of those facts that may be said aloud."""
    child = now.session.children[number or now.session.child]
    facts, words = child.on(now.as_of), now.library.words
    told: dict[str, list[str]] = {}
    for name in names:
        fact = now.library.facts[name]
        is_said_aloud = name != _ROLE and fact.cost < NEVER_ASKED and not name.startswith("safety.")
        if name in facts and is_said_aloud and not _hangs_in_air(now, child, name):
            heard = child.evidence.get(name) or [{}]
            last_words = str(heard[-1].get("words") or "")
            said = phrase(now.library, fact, facts[name], speaks_as_child(now.session, fact), last_words)
            said = said if settled(facts[name]) or fact.kind == "number" else words["known_partly"].format(value=said)
            told.setdefault(_whose(name), []).append(said)
    ordered = sorted(told.items(), key=lambda each: _GROUPS.index(each[0]))
    line, comma = words["known_line"], words["comma"]
    return [line.format(whose=_name(now, whose, number), values=comma.join(said)) for whose, said in ordered]


def is_half_known(now: Turn, name: str) -> bool:
    """Whether a parent may still be one thing or another."""
    known = now.session.facts.get(name)
    return isinstance(known, Members) and not settled(known)


def _hangs_in_air(now: Turn, child: Child, name: str) -> bool:
    """How long out of touch, of a mother who may be dead: it is not said before that is settled."""
    gate = now.library.gates.get(name)
    behind = {leaf.fact for leaf in leaves(gate)} if gate is not None else set()
    known = [child.facts[each] for each in behind if each in child.facts]
    return any(isinstance(each, Members) and len(each.alternatives) > 1 for each in known)


def _whose(name: str) -> str:
    prefix = name.partition(".")[0]
    return prefix if prefix in _GROUPS else "child"


def _name(now: Turn, whose: str, number: str | None) -> str:
    session = now.session
    if whose != "child":
        return str(now.library.words[f"whose_{whose}"])
    if len(session.children) > 1:
        return name_of(now, number or session.child, by_age=False)
    return str(now.library.words["whose_self" if session.is_about_asker else "whose_child"])


def read_back(now: Turn) -> list[str]:
    """Say once on which few facts the money hangs, before the outcomes; the buttons to answer with."""
    session, words = now.session, now.library.words
    names = [name for name in hanging(now) if not _was_read(now, name)]
    fewest = 1 if any(each.is_read_back for each in session.others.values()) else FEWEST
    if session.here.is_read_back or len(names) < fewest:
        return []
    session.here.is_read_back = True
    place = len(now.reply.says) if now.reply.first_result is None else now.reply.first_result
    lines = "\n".join(f"· {line}" for line in lines_of(now, names))
    now.reply.says.insert(place, ("utter_read_back", {"lines": lines}))
    return [words["all_right"], words["one_wrong"]]


def _was_read(now: Turn, name: str) -> bool:
    """Read back for a brother or sister already, with whom it is shared."""
    same = (each for each in now.session.others.values() if each.is_read_back)
    return now.library.facts[name].shared and any(each.facts.get(name) == now.session.facts[name] for each in same)


def hanging(now: Turn) -> list[str]:
    """The facts behind every yes to money that was told, in asking order; the first few where they are many."""
    facts = now.session.on(now.as_of)
    names: set[str] = set()
    for policy in now.library.policies.values():
        is_told = now.session.told.get(policy.id) in _YES
        if is_told and policy.kind == "money" and assess(now.library, policy.id, facts, now.as_of).outcome in _YES:
            names |= {*hangs_on(now.library, policy.id, facts, now.as_of)} & {*now.session.facts}
    return [name for name in now.library.facts if name in names and not name.startswith("safety.")][:MOST]


def confirms(now: Turn) -> bool:
    """Whether the message answers the read-back: all right, or which line is wrong."""
    if not now.session.here.is_read_back or now.session.asking or now.heard.new or now.heard.replaced:
        return False
    text, words = _bare(now.message.get("text")), now.library.words
    is_right = re.fullmatch(words["is_all_right"], text)
    return bool(is_right or text == words["one_wrong"] or _wrong(now, text))


def settle(now: Turn) -> None:
    """The answer to the read-back; what else was offered has passed: 好, said next, is no yes to it."""
    text, words, reply = _bare(now.message.get("text")), now.library.words, now.reply
    reply.resumes = False
    if name := _wrong(now, text):
        fact = now.library.facts[name]
        now.session.asking = now.session.amending = name
        as_child = speaks_as_child(now.session, fact)
        reply.say("utter_ask", question=fact.question_child if as_child else ask_of(now, fact, fact.question))
    elif text == words["one_wrong"]:
        lines = [f"{place}. {''.join(lines_of(now, [name]))}" for place, name in enumerate(hanging(now), 1)]
        reply.say("utter_which_wrong", lines="\n".join(lines))
        reply.buttons = _plain(words["wrong_line"].format(number=place) for place in range(1, len(lines) + 1))
    else:
        reply.say("utter_all_right")
        waiting = [words["next_child"]] if any(not each.finished for each in now.session.others.values()) else []
        reply.buttons = _plain([*waiting, words["show_results"], words["ask_person"]])


def _wrong(now: Turn, text: str) -> str | None:
    form = now.library.words["wrong_line"]
    return next((name for place, name in enumerate(hanging(now), 1) if form.format(number=place) == text), None)


def _bare(text: Any) -> str:
    return re.sub(r"\W", "", str(text or ""))


def _plain(titles: Iterable[str]) -> list[dict[str, str]]:
    return [{"title": title, "payload": title} for title in titles]
