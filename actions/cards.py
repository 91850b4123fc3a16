"""Outcomes told to people: one line in the chat, and a card whose sources unfold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from actions.wanted import fits
from knowledge.assess import Assessment
from knowledge.known import Members
from knowledge.policy import Policy, Words
from knowledge.remarks import in_time, received
from knowledge.rules import leaves
from knowledge.when import Change, next_change

if TYPE_CHECKING:
    from actions.base import Turn

SOON = timedelta(days=366)  # what time changes later than that is not told yet


def tell(now: Turn, assessment: Assessment) -> None:
    """Say one outcome with its basis, and add its card."""
    policy = now.library.policies[assessment.id]
    name = title(now, policy)
    basis = policy.summary_child.cites if hushed(now, policy) else policy.summary.cites
    sources = () if hushed(now, policy) else assessment.sources
    sources = sources or tuple(now.library.cite(cite) for cite in basis)
    values = {
        "title": name,
        "because": "".join(_reasons(now, assessment)) or now.library.words["because_child"],
        "basis": "；".join(at_once(sources)[:2]),
        "first_step": _first_step(now, policy),
        "instead": _instead(now, policy),
        "no_words": policy.no_words,
        "missing": "、".join(_missing(now, each) for each in _first_missing(now, assessment)[:3]),
    }
    response = f"utter_{assessment.outcome}"
    if policy.id in received(now.library, now.session.facts):
        response, values = "utter_plain", {"words": now.library.words["already"].format(title=name)}
    elif assessment.outcome == "not_eligible" and not values["instead"]:
        response = "utter_not_eligible_alone"
    if now.reply.first_result is None:
        now.reply.first_result = len(now.reply.says)
    now.reply.say(response, **values)
    _keep(now, policy, assessment, sources)


def tell_in_one_line(now: Turn, rest: Sequence[Assessment]) -> None:
    """What would be too much to read is named with its outcome; each has its card, and tells all when it is named."""
    words = now.library.words
    for outcome in ("eligible", "ask_local", "not_eligible"):
        same = [each for each in rest if each.outcome == outcome]
        if same:
            titles = words["and"].join(words["title"].format(title=title(now, _of(now, each))) for each in same)
            now.reply.say("utter_plain", words=words[f"more_{outcome}"].format(count=len(same), titles=titles))
        for each in same:
            cites = _of(now, each).summary_child.cites if hushed(now, _of(now, each)) else ()
            sources = tuple(now.library.cite(cite) for cite in cites) or each.sources
            _keep(now, _of(now, each), each, sources)


def _of(now: Turn, assessment: Assessment) -> Policy:
    return now.library.policies[assessment.id]


def _keep(now: Turn, policy: Policy, assessment: Assessment, sources: Sequence[str]) -> None:
    """The card, the result of the turn, and what was told."""
    now.reply.results[assessment.id] = assessment
    now.reply.cite(sources)
    now.session.told[assessment.id] = assessment.outcome
    now.reply.cards.append(_card(now, policy, assessment, sources))


def at_once(sources: Sequence[str]) -> list[str]:
    """Each document once, with all its places: its long title is not read three times."""
    places: dict[tuple[str, str], list[str]] = {}
    for source in sources:
        found = re.fullmatch(r"(.*?》(?:（[^）]*）)?)(.*?)(，\D*[\d-]+)", source)
        name, place, checked = found.groups() if found else (source, "", "")
        places.setdefault((name, checked), []).append(place)
    return [f"{name}{'、'.join(dict.fromkeys(each))}{checked}" for (name, checked), each in places.items()]


def title(now: Turn, policy: Policy) -> str:
    """A child never reads a name that says where a parent is."""
    return re.sub(r"（.*?）", "", policy.name_child) if now.session.is_child else policy.short


def hushed(now: Turn, policy: Policy) -> bool:
    """Whether only the child's summary may be said, whatever is asked."""
    return policy.quiet and now.session.is_child


def _first_step(now: Turn, policy: Policy) -> str:
    return policy.summary_child.says if hushed(now, policy) else policy.apply["first_step"].says


def _first_missing(now: Turn, assessment: Assessment) -> list[str]:
    """Without what is only asked once another missing fact is known: no term without a prison."""
    gates = now.library.gates
    behind = {
        name: {leaf.fact for leaf in leaves(gates[name])} & {*assessment.missing}
        for name in assessment.missing
        if name in gates
    }
    return [name for name in assessment.missing if not behind.get(name)]


def _missing(now: Turn, name: str) -> str:
    fact = now.library.facts[name]
    title = fact.title_child if now.session.is_child else fact.title
    # 还差：妈妈现在的情况, of a mother who was told of, sounds as if nobody had listened
    is_begun = isinstance(now.session.facts.get(name), Members) and not now.session.is_child
    return now.library.words["missing_more"].format(title=title) if is_begun else title


def _reasons(now: Turn, assessment: Assessment) -> tuple[str, ...]:
    """A child reads no reasons: they name where a parent is, and "在外地" was tapped by who may not know."""
    if now.session.is_child or assessment.outcome == "needs_facts":
        return ()
    known = now.session.on(now.as_of)
    coming = next_change(now.library, assessment.id, known, now.as_of) if assessment.outcome == "not_eligible" else None
    meanwhile = _meanwhile(now, coming) if coming and coming.day - now.as_of <= SOON else ()
    return (*assessment.because, *in_time(now.library, assessment.id, known, now.as_of, SOON), *meanwhile)


def _meanwhile(now: Turn, coming: Change) -> tuple[str, ...]:
    """What must be done before that day: the paper it takes has to be asked for now."""
    words, leaf = now.library.words, coming.leaf
    name = words["paper_before"].get(leaf.fact.rpartition(".")[2]) if leaf else None
    if name is None:
        return ()
    paper = now.library.documents[name]
    cite = now.library.cite(paper["cite"], short=True)
    return (words["meanwhile"].format(plain=paper["plain"], substitute=paper["substitute"], cite=cite),)


def _instead(now: Turn, policy: Policy) -> str:
    """What else to look at; nobody is sent from one refusal to the next."""
    policies = now.library.policies
    known = [policies[name] for name in policy.instead if name in policies and fits(now, name)]
    return "、".join(title(now, each) for each in known[:3])


def _card(now: Turn, policy: Policy, assessment: Assessment, sources: Sequence[str]) -> dict[str, Any]:
    words = now.library.words
    lines = list(_reasons(now, assessment))
    if assessment.outcome != "not_eligible":
        lines += [policy.summary.says if not now.session.is_child else policy.summary_child.says]
        keys = () if hushed(now, policy) else ("where", "who")
        lines += [_labelled(words, key, policy.apply.get(key)) for key in keys if key in policy.apply]
    return {
        "id": policy.id,
        "title": title(now, policy),
        "outcome": assessment.outcome,
        "outcome_text": words[f"outcome_{assessment.outcome}"],
        "lines": lines,
        "sources": [{"text": each} for each in sources],
        "next": _first_step(now, policy) if assessment.outcome in ("eligible", "ask_local") else "",
    }


def _labelled(words: Any, key: str, sentence: Words | None) -> str:
    return words[f"label_{key}"].format(says=sentence.says if sentence else "")
