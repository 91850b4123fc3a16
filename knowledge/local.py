"""What differs in a place: its file is laid over the national entitlement by named operations.

Whoever is known to belong to the place gets what its file says; for everybody else, and while the place is not known,
the national outcome stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.amount import Amount, load_amount
from knowledge.conditions import Builder, cites_below
from knowledge.errors import KnowledgeError
from knowledge.files import Fields, read_yaml
from knowledge.policy import (
    APPLY,
    DURATION,
    Combination,
    Paper,
    Policy,
    Step,
    Words,
    known_keys,
    load_combination,
    load_papers,
    load_step,
    load_words,
)
from knowledge.region import Regions
from knowledge.rules import Group, Judge, Leaf, Node, compile_test, walk
from knowledge.source import check_cite

NATIONAL = "national"
SOURCES = "sources.yml"  # documents of one place, beside its files
BELONGS = {"hukou": "child.hukou_region", "residence": "child.residence_region"}


@dataclass(frozen=True)
class Settled:
    """What the place says where the national text leaves a condition, by its id, to people.

    Without `when` everybody of the place fulfils it, for the reason given in `words`.
    """

    target: str
    when: Node | None
    words: Words | None


@dataclass(frozen=True)
class Narrowing:
    """What the place asks for beyond the national conditions, with the law that lets it."""

    conditions: Node
    legal_basis: Words


@dataclass(frozen=True)
class Local:
    """One file of one place; sentences and steps take the place of the national ones, lists add to them."""

    id: str
    region: str
    belongs: Leaf
    widen: tuple[Node, ...]
    settles: tuple[Settled, ...]
    narrow: tuple[Narrowing, ...]
    table: tuple[Amount, ...]
    who: tuple[Words, ...]
    apply: Mapping[str, Words]
    duration: Mapping[str, Words]
    set_steps: tuple[Step, ...]
    add_step: tuple[Step, ...]
    documents: tuple[Paper, ...]
    combines: tuple[Combination, ...]
    to_verify: tuple[str, ...]
    checked: date

    @property
    def decides(self) -> bool:
        """Whether it changes who is entitled, and not only what is said."""
        return bool(self.widen or self.settles or self.narrow)


def load_local(
    path: Path, builder: Builder, documents: Mapping[str, Any], regions: Regions, says: Mapping[str, str]
) -> Local:
    """`says` holds the words for belonging to a place. Raises KnowledgeError naming the file and field."""
    fields = Fields(path, "", read_yaml(path, dict))
    region = path.parent.name
    if not regions.knows(region):
        raise KnowledgeError(path, "folder", f"{region!r} is not a known region code")
    belongs = fields.take("belongs", str, "hukou")
    if belongs not in BELONGS:
        raise fields.fault("belongs", f"must be one of {', '.join(BELONGS)}")
    words = Fields(path, "words", fields.take("words", dict, {}))

    def listed(key: str, of: Fields = fields) -> list[tuple[str, Any]]:
        return [
            (f"{of.field}{'.' if of.field else ''}{key}[{index}]", one)
            for index, one in enumerate(of.take(key, list, []))
        ]

    def told(key: str, keys: tuple[str, ...]) -> dict[str, Words]:
        given = known_keys(words, key, words.take(key, dict, {}), keys)
        return {name: load_words(path, f"words.{key}.{name}", one, builder) for name, one in given}

    local = Local(
        id=fields.take("id", str),
        region=region,
        belongs=_belongs(belongs, region, says[f"belongs_{belongs}"].format(where=regions.name(region))),
        widen=tuple(builder.build(path, where, one) for where, one in listed("widen")),
        settles=tuple(_settled(path, where, one, builder) for where, one in listed("settles")),
        narrow=tuple(_narrowing(path, where, one, builder) for where, one in listed("narrow")),
        table=tuple(load_amount(path, where, {"region": region, **one}, builder) for where, one in listed("set_table")),
        who=tuple(load_words(path, where, one, builder) for where, one in listed("who", words)),
        apply=told("apply", APPLY),
        duration=told("duration", DURATION),
        set_steps=tuple(load_step(path, where, one, builder) for where, one in listed("set_steps")),
        add_step=tuple(load_step(path, where, one, builder) for where, one in listed("add_step")),
        documents=load_papers(path, fields.take("documents", list, []), documents),
        combines=tuple(load_combination(path, where, one, builder) for where, one in listed("combines", words)),
        to_verify=tuple(str(one) for one in fields.take("to_verify", list, [])),
        checked=fields.take("checked", date),
    )
    fields.done()
    words.done()
    if local.id != path.stem:
        raise fields.fault("id", f"{local.id!r} must be the file's name")
    return local


def _belongs(how: str, region: str, says: str) -> Leaf:
    """A place that nobody has told is not this one: it is never asked about for its own sake."""
    fact, want = BELONGS[how], (region,)
    return Leaf(fact, "in", want, says, (), None, False, compile_test("in", want))


def _settled(path: Path, field: str, record: Any, builder: Builder) -> Settled:
    fields = Fields(path, field, record)
    target, when = fields.take("target", str), fields.take("when", dict, None)
    if when is None:
        words = Words(
            fields.take("says", str), check_cite(path, field, fields.take("cite", (str, list)), builder.sources)
        )
        settled = Settled(target, None, words)
    else:
        settled = Settled(target, builder.build(path, f"{field}.when", when), None)
    fields.done()
    return settled


def _narrowing(path: Path, field: str, record: Any, builder: Builder) -> Narrowing:
    fields = Fields(path, field, record)
    basis = load_words(path, f"{field}.legal_basis", fields.take("legal_basis", dict), builder)
    node = builder.build(path, f"{field}.conditions", fields.take("conditions", dict))
    fields.done()
    if any(isinstance(each, Judge) for each in walk(node)):
        raise KnowledgeError(
            path, f"{field}.conditions", "holds a judgement or a clause of grade C", "neither may refuse"
        )
    return Narrowing(node, basis)


def merged(policy: Policy, local: Local, path: Path) -> Policy:
    """The entitlement with the place's file laid over it. Raises KnowledgeError for a target that is not there."""
    return replace(
        policy,
        conditions=laid_over(policy.conditions, local, path),
        amount=(*policy.amount, *local.table),
        to_verify=(*policy.to_verify, *local.to_verify),
        local=(*policy.local, local),
    )


def laid_over(tree: Node, local: Local, path: Path) -> Node:
    """The conditions with those of the place. Raises KnowledgeError for a target that is not there."""
    for index, each in enumerate(local.settles):
        tree, found = _settle(tree, local, each)
        if not found:
            fix = f"give the judge or local leaf an `id` in national/{path.name}"
            raise KnowledgeError(path, f"settles[{index}].target", f"no condition has the id {each.target!r}", fix)
    if local.widen:
        tree = Group("any", (tree, *(_there(local, node) for node in local.widen)))
    for narrowing in local.narrow:
        elsewhere = Group("not", (replace(local.belongs, cites=narrowing.legal_basis.cites),))
        tree = Group("all", (tree, Group("any", (elsewhere, narrowing.conditions), place=local.region)))
    return tree


def _there(local: Local, node: Node) -> Group:
    belongs = replace(local.belongs, cites=cites_below((node,)))
    return Group("all", (belongs, node), cites=belongs.cites, place=local.region)


def _settle(node: Node, local: Local, settled: Settled) -> tuple[Node, bool]:
    if isinstance(node, Group):
        pairs = [_settle(child, local, settled) for child in node.children]
        if not any(found for _, found in pairs):
            return node, False
        return replace(node, children=tuple(child for child, _ in pairs)), True
    if node.id != settled.target:
        return node, False
    if settled.words is None:
        return Group("any", (node, _there(local, settled.when))), True
    belongs = replace(local.belongs, says=f"{local.belongs.says}，{settled.words.says}", cites=settled.words.cites)
    return Group("any", (node, Group("all", (belongs,), cites=belongs.cites, place=local.region))), True


def policy_at(policy: Policy, hukou: str | None, residence: str | None) -> Policy:
    """What is said of it to a family of a place; the nearest place has the last word."""
    places = {BELONGS["hukou"]: hukou or "", BELONGS["residence"]: residence or ""}
    for local in sorted(policy.local, key=lambda each: len(each.region)):
        if places[local.belongs.fact].startswith(local.region):
            policy = _said(policy, local)
    return policy


def _said(policy: Policy, local: Local) -> Policy:
    replaced = {paper.id for paper in local.documents}
    kept = tuple(paper for paper in policy.documents if paper.id not in replaced)
    others = {each.with_id for each in local.combines}
    return replace(
        policy,
        who=(*policy.who, *local.who),
        apply={**policy.apply, **local.apply},
        duration={**policy.duration, **local.duration},
        steps=(*(local.set_steps or policy.steps), *local.add_step),
        documents=(*kept, *local.documents),
        combines=(*(each for each in policy.combines if each.with_id not in others), *local.combines),
    )
