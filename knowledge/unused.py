"""What stands in the knowledge base and nothing needs: shared notions, documents, sources, offices, questions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.files import read_yaml
from knowledge.follow import FOLLOWS, of_parent
from knowledge.library import Library
from knowledge.lint import allowed, asks_of, names_of, source_files
from knowledge.rules import Node, leaves

_DERIVED = "child.born"  # from which the age follows


def faults(library: Library) -> Iterator[str]:
    """One line for each, naming file, field and what to do."""
    written = {path: path.read_text(encoding="utf-8") for path in sorted(library.root.glob("**/*.yml"))}
    policies = "\n".join(text for path, text in written.items() if "policies" in path.relative_to(library.root).parts)
    concepts = read_yaml(library.root / "concepts.yml", dict)
    spoken = policies + written[library.root / "concepts.yml"]
    for name in concepts:
        if not re.search(rf"concept: *{name}\b", spoken):
            yield f"concepts.yml: {name}: is used by no condition (take it out)"
    for name in library.documents:
        if not re.search(rf"\bid: *{name}\b", policies):
            yield f"documents.yml: {name}: is asked for by no entitlement (take it out)"
    yield from _sources(library, "\n".join(written.values()))
    yield from _offices(library, policies)
    yield from _questions(library)
    yield from _allowances(library)


def _sources(library: Library, written: str) -> Iterator[str]:
    older = {cite.partition("#")[0] for source in library.sources.values() for cite in source.before.values()}
    older |= {source.replaces for source in library.sources.values()}
    files = source_files(library)
    for name, source in library.sources.items():
        # A document known of and not yet read stays, with a note that says what is open (OPEN_QUESTIONS.md).
        if name not in older and f"{name}#" not in written and not source.note:
            yield f"{files[name]}: {name}: is never cited (cite it, note what is open about it, or take it out)"


def _offices(library: Library, policies: str) -> Iterator[str]:
    routes = library.offices.routes.values()
    busy = {name for route in routes for name in (route.leads, *route.helps)}
    for office in library.offices.by_id.values():
        if office.id not in busy and not office.owns and not any(name in policies for name in names_of(office)):
            yield f"offices.yml: {office.id}: no route, owner or sentence leads to it (name it there, or take it out)"


def _questions(library: Library) -> Iterator[str]:
    """A fact in no condition, of whose question no outcome could hang."""
    used = {leaf.fact for tree in _trees(library) for leaf in leaves(tree)} | {_DERIVED}
    used |= {source for name, sources in FOLLOWS.items() if name in used for source in sources}
    reasons = allowed()["in_no_condition"]
    for name in library.facts:
        if name not in used and of_parent(name) not in reasons:
            topic = library.facts[name].topic
            yield f"facts/{topic}.yml: {name}: stands in no condition (use it, take it out, or say why in lint.yml)"


def _allowances(library: Library) -> Iterator[str]:
    """What lint.yml lets pass and nothing asks for any more."""
    used = {leaf.fact for tree in _trees(library) for leaf in leaves(tree)}
    for name in allowed()["in_no_condition"]:
        if not any(of_parent(fact) == name and fact not in used for fact in library.facts):
            yield f"lint.yml: in_no_condition.{name}: is no such fact any more (take it out)"
    asked = [ask for policy in library.policies.values() for ask in asks_of(policy).values()]
    for word in allowed()["asked"]:
        if not any(word in ask for ask in asked):
            yield f"lint.yml: asked: nobody is sent to {word} any more (take it out)"
    for name, numbers in allowed()["told_only"].items():
        told = "".join(words.says for words in library.policies[name].who) if name in library.policies else ""
        for number in numbers:
            if number not in told:
                yield f"lint.yml: told_only.{name}: {number} is told no more (take it out)"


def _trees(library: Library) -> list[Node]:
    trees = [policy.conditions for policy in library.policies.values()]
    return [*trees, *library.gates.values(), *(when for when, _ in library.implied)]
