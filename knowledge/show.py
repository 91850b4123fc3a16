"""One entitlement laid out for reading: every sentence of its file under a heading, with its clauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.amount import Amount
from knowledge.files import read_yaml
from knowledge.library import Library
from knowledge.policy import Combination, Policy, Step, Words
from knowledge.rules import Group, Judge, Leaf, Node, of_place, walk


@dataclass(frozen=True)
class Line:
    """One sentence; `depth` is how far a condition lies inside others, `cites` its clauses in short."""

    text: str
    cites: tuple[str, ...] = ()
    depth: int = 0


@dataclass(frozen=True)
class Section:
    """What is said under one heading."""

    id: str
    title: str
    lines: tuple[Line, ...]


def sections(library: Library, policy: Policy) -> tuple[Section, ...]:
    """Everything the file says, in the order in which people ask; empty sections are left out."""
    found = {
        "summary": [_words(library, policy.summary)],
        "who": [_words(library, each) for each in policy.who],
        "conditions": list(_conditions(library, policy.conditions)),
        "local": list(_local(library, policy)),
        "amount": [_amount(library, row) for row in policy.amount],
        "apply": [*_keyed(library, policy.apply), *(_step(library, each) for each in policy.steps)],
        "documents": [_paper(library, paper.id, paper.when, paper.note) for paper in policy.documents],
        "duration": list(_keyed(library, policy.duration)),
        "combines": [_combination(library, each) for each in policy.combines],
        "departments": _departments(policy),
        "appeal": [_words(library, policy.appeal)],
        "instead": _instead(library, policy),
        "silent_on": [Line(words()["ask"].format(says=says, ask=ask)) for says, ask in policy.silent_on],
        "sources": [Line(library.cite(cite)) for cite in every_cite(policy)],
    }
    return tuple(Section(name, words()["titles"][name], tuple(lines)) for name, lines in found.items() if lines)


@cache
def words() -> dict[str, Any]:
    """The headings and joints of `show.yml`."""
    found: dict[str, Any] = read_yaml(Path(__file__).with_name("show.yml"), dict)
    return found


def every_cite(policy: Policy) -> tuple[str, ...]:
    """Every citation of the file, in order and once."""
    parts: list[Words] = [policy.summary, *policy.who]
    nodes = [node for node in walk(policy.conditions) if not isinstance(node, Group)]
    parts += [Words(node.says, node.cites) for node in nodes]
    parts += [Words(row.says, row.cites) for row in policy.amount]
    parts += [*policy.apply.values(), *(step.words for step in policy.steps), *policy.duration.values()]
    parts += [*(each.words for each in policy.combines), policy.appeal]
    parts += [said for local in policy.local for _, said in local.sentences]
    return tuple(dict.fromkeys(cite for part in parts for cite in part.cites))


def _words(library: Library, said: Words) -> Line:
    return Line(said.says, _short(library, said.cites))


def _short(library: Library, cites: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(library.cite(cite, short=True) for cite in cites)


def _conditions(library: Library, node: Node, depth: int = 0) -> Iterator[Line]:
    if isinstance(node, Judge):
        yield Line(words()["judge"].format(ask=node.ask, says=node.says), _short(library, node.cites), depth)
    elif isinstance(node, Leaf):
        says = words()["local"].format(says=node.says, ask=node.local) if node.local else node.says
        yield Line(says, _short(library, node.cites), depth)
    elif node.kind == "not" and node.says:  # said the right way round by itself
        yield Line(_dated(node, node.says), _short(library, node.cites), depth)
    elif (
        len(children := _for_all(node)) == 1 and node.kind != "not" and not node.says and not (node.since or node.until)
    ):
        yield from _conditions(library, children[0], depth)
    else:
        yield Line(_dated(node, node.says or words()["groups"][node.kind]), (), depth)
        for child in children:
            yield from _conditions(library, child, depth + 1)


def _for_all(node: Group) -> tuple[Node, ...]:
    """What is written for the whole country; what a place wrote stands under the places."""
    return tuple(child for child in node.children if of_place(child) is None)


def _dated(node: Group, says: str) -> str:
    since = words()["since"].format(day=node.since) if node.since else ""
    until = words()["until"].format(day=node.until) if node.until else ""
    return str(words()["dated"].format(since=since, until=until, says=says))


def _local(library: Library, policy: Policy) -> Iterator[Line]:
    """Place by place what its file does, and its sentences."""
    for local in policy.local:
        does = "、".join(words()["operations"][name] for name in local.operations)
        where = library.regions.name(local.region)
        yield Line(words()["differs"].format(where=where, does=does, checked=local.checked))
        rules = (each for each in walk(policy.conditions) if isinstance(each, Group) and each.place == local.region)
        # A rule without a condition of its own is told by the place alone.
        lines = (
            line
            for each in rules
            for node in each.children[1:] or each.children
            for line in _conditions(library, node, 1)
        )
        yield from dict.fromkeys(lines)
        for key, said in local.sentences:
            label = words()["keys"].get(key)
            yield Line(f"{label}：{said.says}" if label else said.says, _short(library, said.cites), 1)


def _amount(library: Library, row: Amount) -> Line:
    if row.value is None:
        where = f"{library.regions.name(row.region)}：" if row.region else ""
        return Line(where + row.says, _short(library, row.cites))
    form = "amount_row_past" if row.past else "amount_row_until" if row.end else "amount_row"
    text = words()[form].format(
        where=library.regions.name(row.region) or words()["nationwide"],
        label=row.label,
        kind=words()["amount_kinds"][row.kind],
        value=row.value,
        unit=row.unit,
        start=row.start,
        end=row.end,
        checked=row.checked,
    )
    return Line(text, _short(library, row.cites))


def _keyed(library: Library, said: Any) -> Iterator[Line]:
    for key, each in said.items():
        yield Line(f"{words()['keys'][key]}：{each.says}", _short(library, each.cites))


def _step(library: Library, step: Step) -> Line:
    form = "step_working" if step.working_days is not None else "step_days" if step.days is not None else "step"
    days = step.working_days if step.working_days is not None else step.days
    text = words()[form].format(name=step.name, days=days, says=step.words.says)
    return Line(text, _short(library, step.words.cites))


def _paper(library: Library, name: str, when: str, note: str) -> Line:
    paper = library.documents[name]
    form = words()["paper_when" if when else "paper"]
    return Line(form.format(name=paper["name"], when=when, plain=paper.get("plain", "")) + note)


def _combination(library: Library, each: Combination) -> Line:
    other = library.subjects.get(each.with_id)
    name = other.name if other else each.with_id
    return Line(f"{name}：{words()['how'][each.how]}。{each.words.says}", _short(library, each.words.cites))


def _departments(policy: Policy) -> list[Line]:
    lines = [Line(words()["owner"].format(owner=policy.owner))]
    if policy.coordinator:
        lines.append(Line(words()["coordinator"].format(coordinator=policy.coordinator)))
    if policy.helps:
        lines.append(Line(words()["helps"].format(helps="、".join(policy.helps))))
    return lines


def _instead(library: Library, policy: Policy) -> list[Line]:
    lines = [Line(policy.no_words)] if policy.no_words else []
    return lines + [Line(library.subjects[each].name) for each in policy.instead if each in library.subjects]
