"""What differs in a place, as its file says it: named operations on the national entitlement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.amount import Amount, load_amount
from knowledge.conditions import Builder
from knowledge.errors import KnowledgeError
from knowledge.files import Fields, read_yaml
from knowledge.policy import (
    APPLY,
    DURATION,
    Combination,
    Paper,
    Step,
    Words,
    known_keys,
    load_combination,
    load_papers,
    load_step,
    load_words,
)
from knowledge.region import Regions
from knowledge.rules import Judge, Leaf, Node, compile_test, walk
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
    set_table: tuple[Amount, ...]
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

    @property
    def operations(self) -> tuple[str, ...]:
        """The names of what it does."""
        names = ("widen", "settles", "narrow", "set_table", "set_steps", "add_step", "documents")
        said = ("words",) if self.who or self.apply or self.duration or self.combines else ()
        return (*(name for name in names if getattr(self, name)), *said)

    @property
    def sentences(self) -> tuple[tuple[str, Words], ...]:
        """What is said there otherwise, under its key."""
        steps = (("", step.words) for step in (*self.set_steps, *self.add_step))
        others = (("", each) for each in (*self.who, *(narrowing.legal_basis for narrowing in self.narrow)))
        goes_with = (("", each.words) for each in self.combines)
        return (*others, *self.apply.items(), *steps, *self.duration.items(), *goes_with)


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
        set_table=tuple(
            load_amount(path, where, {"region": region, **one}, builder) for where, one in listed("set_table")
        ),
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
