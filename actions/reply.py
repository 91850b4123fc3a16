"""One reply in the making: the texts in order, the buttons, and the structured turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.session import Child, Session
from knowledge.assess import Assessment, assess
from knowledge.interview import next_question
from knowledge.known import to_json
from knowledge.library import Library
from knowledge.screen import as_json


@dataclass
class Reply:
    """What will be said; `results` are the assessments it speaks of."""

    says: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)
    results: dict[str, Assessment] = field(default_factory=dict)
    spoken_of: list[str] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    handoff: dict[str, str] | None = None
    safety: dict[str, Any] = field(default_factory=lambda: {"level": "none", "kinds": []})
    resumes: bool = True
    first_result: int | None = None

    def say(self, response: str, **values: Any) -> None:
        self.says.append((response, values))

    def cite(self, sources: Sequence[str]) -> None:
        self.sources += [each for each in sources if each not in self.sources]

    def ask_person(self, queue: str, urgency: str, reason: str) -> None:
        self.handoff = {"queue": queue, "urgency": urgency, "reason": reason}


def turn(library: Library, session: Session, reply: Reply, wanted: Sequence[str], as_of: date) -> dict[str, Any]:
    """The structured turn of docs/http.md; once nothing is left to ask its results are all but the refused."""
    facts, partial = to_json(session.facts)
    known = session.on(as_of)
    done = next_question(library, known, wanted, as_of, session.closed) is None
    results = {name: assess(library, name, known, as_of) for name in reply.spoken_of} | reply.results
    if done and not session.paused:
        whole = [assess(library, name, known, as_of) for name in wanted]
        results = {**{each.id: each for each in whole if each.outcome != "not_eligible"}, **results}
    return {
        "child": int(session.child),
        "topics": reply.topics,
        "asking": session.asking,
        "options": reply.buttons,
        "facts": facts,
        "partial": partial,
        "evidence": session.here.evidence,
        "results": [_result(session, each) for each in results.values()],
        "safety": reply.safety,
        "handoff": reply.handoff,
        "done": done,
        "offered": session.offered,
        "sources": reply.sources,
        "cards": reply.cards,
        "others": [_other(number, child) for number, child in session.children.items() if number != session.child],
        "ruleset": library.ruleset,
    }


def _result(session: Session, assessment: Assessment) -> dict[str, Any]:
    """A child gets no reasons: they name where a parent is."""
    return {**as_json(assessment), **({"because": []} if session.is_child else {})}


def _other(number: str, child: Child) -> dict[str, Any]:
    """A child that is not at hand now, for whoever reads the conversation."""
    facts, partial = to_json(child.facts)
    return {"child": int(number), "facts": facts, "partial": partial, "evidence": child.evidence}
