"""One entitlement in full, as its file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.amount import Amount, load_amount
from knowledge.conditions import Builder
from knowledge.files import Fields, read_yaml
from knowledge.rules import Node
from knowledge.source import check_cite

if TYPE_CHECKING:
    from knowledge.local import Local

KINDS = ("money", "service", "protection")


@dataclass(frozen=True)
class Words:
    """A sentence told to people, with where it comes from."""

    says: str
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """One document to bring; `when` says in which case, `note` what differs here."""

    id: str
    when: str
    note: str


@dataclass(frozen=True)
class Step:
    """One step of an application; limits in (working) days."""

    name: str
    working_days: int | None
    days: int | None
    words: Words


@dataclass(frozen=True)
class Combination:
    """How this one goes together with another."""

    with_id: str
    how: str
    words: Words


@dataclass(frozen=True)
class Policy:
    """Everything about one entitlement or protection.

    Of a `quiet` one a child hears `summary_child` and nothing else: its very words tell where a parent is.
    """

    id: str
    record: str
    name: str
    short: str
    name_child: str
    kind: str
    aliases: tuple[str, ...]
    misnomers: tuple[str, ...]
    asked_as: tuple[str, ...]
    summary: Words
    summary_child: Words
    who: tuple[Words, ...]
    conditions: Node
    opened_by: tuple[str, ...]
    amount: tuple[Amount, ...]
    apply: Mapping[str, Words]
    steps: tuple[Step, ...]
    documents: tuple[Paper, ...]
    duration: Mapping[str, Words]
    combines: tuple[Combination, ...]
    owner: str
    coordinator: str
    helps: tuple[str, ...]
    appeal: Words
    instead: tuple[str, ...]
    no_words: str
    silent_on: tuple[tuple[str, str], ...]
    to_verify: tuple[str, ...]
    checked: date
    quiet: bool
    started: date | None
    ended: date | None
    local: tuple[Local, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Its right names, the official one first."""
        return (self.name, self.short, self.name_child, *self.aliases)


APPLY = ("where", "who", "elsewhere", "publicity", "easier", "first_step")
DURATION = ("starts", "ends", "at_18")
HOW = ("together", "top_up", "choose_one", "excluded", "excluded_when_full", "local")


def load_policy(path: Path, builder: Builder, documents: Mapping[str, Any]) -> Policy:
    """Raises KnowledgeError naming the file and field."""
    fields = Fields(path, "", read_yaml(path))

    def cited(field: str, record: Any) -> Words:
        return load_words(path, field, record, builder)

    summary = cited("summary", fields.take("summary", dict))
    summary_child = fields.take("summary_child", dict, None)
    apply = fields.take("apply", dict)
    steps = apply.pop("steps", [])
    departments = Fields(path, "departments", fields.take("departments", dict))
    says_no = Fields(path, "says_no", fields.take("says_no", dict))
    name = fields.take("name", str)
    policy = Policy(
        id=fields.take("id", str),
        record=fields.take("record", str, ""),
        name=name,
        short=fields.take("short", str, name),
        name_child=fields.take("name_child", str, name),
        kind=fields.take("kind", str),
        aliases=_strings(fields, "aliases"),
        misnomers=_strings(fields, "misnomers"),
        asked_as=_strings(fields, "asked_as"),
        summary=summary,
        summary_child=cited("summary_child", summary_child) if summary_child else summary,
        who=tuple(cited(f"who[{index}]", one) for index, one in enumerate(fields.take("who", list))),
        conditions=builder.build(path, "conditions", fields.take("conditions", dict)),
        opened_by=_opened_by(fields, builder),
        amount=tuple(
            load_amount(path, f"amount[{index}]", row, builder)
            for index, row in enumerate(fields.take("amount", list, []))
        ),
        apply={key: cited(f"apply.{key}", record) for key, record in known_keys(fields, "apply", apply, APPLY)},
        steps=tuple(load_step(path, f"apply.steps[{index}]", row, builder) for index, row in enumerate(steps)),
        documents=load_papers(path, fields.take("documents", list), documents),
        duration={
            key: cited(f"duration.{key}", record)
            for key, record in known_keys(fields, "duration", fields.take("duration", dict), DURATION)
        },
        combines=tuple(
            load_combination(path, f"combines[{index}]", row, builder)
            for index, row in enumerate(fields.take("combines", list, []))
        ),
        owner=departments.take("owner", str),
        coordinator=departments.take("coordinator", str, ""),
        helps=_strings(departments, "helps"),
        appeal=cited("appeal", fields.take("appeal", dict)),
        instead=_strings(says_no, "instead"),
        no_words=says_no.take("says", str, ""),
        silent_on=_silences(fields),
        to_verify=_strings(fields, "to_verify"),
        checked=fields.take("checked", date),
        quiet=fields.take("quiet", bool, False),
        started=fields.take("started", date, None),
        ended=fields.take("ended", date, None),
    )
    for each in (fields, departments, says_no):
        each.done()
    if policy.id != path.stem:
        raise fields.fault("id", f"{policy.id!r} must be the file's name")
    if policy.kind not in KINDS:
        raise fields.fault("kind", f"must be one of {', '.join(KINDS)}")
    return policy


def _strings(fields: Fields, key: str) -> tuple[str, ...]:
    return tuple(str(one) for one in fields.take(key, list, []))


def _opened_by(fields: Fields, builder: Builder) -> tuple[str, ...]:
    names = _strings(fields, "opened_by")
    for name in names:
        if name not in builder.facts:
            raise fields.fault("opened_by", f"no fact {name!r}")
    return names


def known_keys(fields: Fields, field: str, record: dict[str, Any], keys: tuple[str, ...]) -> list[tuple[str, Any]]:
    for key in record:
        if key not in keys:
            raise fields.fault(f"{field}.{key}", "is not a known key", f"use {', '.join(keys)}")
    return list(record.items())


def load_words(path: Path, field: str, record: Any, builder: Builder) -> Words:
    fields = Fields(path, field, record)
    words = Words(fields.take("says", str), check_cite(path, field, fields.take("cite", (str, list)), builder.sources))
    fields.done()
    return words


def load_step(path: Path, field: str, record: Any, builder: Builder) -> Step:
    fields = Fields(path, field, record)
    name = fields.take("step", str)
    working, days = fields.take("working_days", int, None), fields.take("days", int, None)
    says = fields.take("says", str)
    cites = check_cite(path, field, fields.take("cite", (str, list)), builder.sources)
    fields.done()
    return Step(name, working, days, Words(says, cites))


def load_papers(path: Path, records: list[Any], documents: Mapping[str, Any]) -> tuple[Paper, ...]:
    papers = []
    for index, record in enumerate(records):
        each = Fields(path, f"documents[{index}]", record)
        paper = Paper(each.take("id", str), each.take("when", str, ""), each.take("note", str, ""))
        each.take("cite", (str, list), "")
        each.done()
        if paper.id not in documents:
            raise each.fault("id", f"no document {paper.id!r}", "add it to knowledge/documents.yml")
        papers.append(paper)
    return tuple(papers)


def load_combination(path: Path, field: str, record: Any, builder: Builder) -> Combination:
    fields = Fields(path, field, record)
    with_id, how = fields.take("with", str), fields.take("how", str)
    says = fields.take("says", str)
    cites = check_cite(path, field, fields.take("cite", (str, list)), builder.sources)
    fields.done()
    if how not in HOW:
        raise fields.fault("how", f"must be one of {', '.join(HOW)}")
    return Combination(with_id, how, Words(says, cites))


def _silences(fields: Fields) -> tuple[tuple[str, str], ...]:
    silences = []
    for index, record in enumerate(fields.take("silent_on", list, [])):
        each = Fields(fields.file, f"silent_on[{index}]", record)
        silences.append((each.take("says", str), each.take("ask", str)))
        each.take("cite", (str, list), "")
        each.done()
    return tuple(silences)


def cited(policy: Policy) -> tuple[str, ...]:
    """Every citation of the policy's sentences, in order and once."""
    parts: list[Words] = [policy.summary, *policy.who, *policy.apply.values(), *policy.duration.values()]
    return tuple(dict.fromkeys(cite for words in parts for cite in words.cites))
