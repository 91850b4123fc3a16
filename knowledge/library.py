"""The whole knowledge base, loaded once and frozen; one bad file stops the start."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from knowledge.beside import Beside, load_beside
from knowledge.conditions import Builder
from knowledge.errors import FactError, KnowledgeError
from knowledge.fact import Fact, load_facts
from knowledge.files import read_yaml
from knowledge.follow import derived
from knowledge.gates import load_gates
from knowledge.kleene import Ruleset
from knowledge.known import Facts, Possible, parse, parse_partial
from knowledge.law import Law, Situation, law_of, turning_days_of
from knowledge.local import NATIONAL, SOURCES, load_local
from knowledge.office import Offices, load_offices
from knowledge.overlay import lay_over
from knowledge.pointer import Pointer, load_pointers
from knowledge.policy import Policy, load_policy
from knowledge.region import Regions, load_regions
from knowledge.rules import Node
from knowledge.source import Source, cited_on, load_sources

HERE = Path(__file__).parent
_RULES = ("facts", "policies", "regions", "concepts.yml", "sources.yml", "words.yml")  # what an outcome hangs on


@dataclass(frozen=True)
class Library:
    """Facts, policies, sources and the words around them."""

    root: Path
    facts: Mapping[str, Fact]
    topics: tuple[Mapping[str, str], ...]
    policies: Mapping[str, Policy]
    pointers: Mapping[str, Pointer]
    beside: tuple[Beside, ...]
    sources: Mapping[str, Source]
    documents: Mapping[str, Any]
    hotlines: tuple[Mapping[str, Any], ...]
    glossary: tuple[Mapping[str, Any], ...]
    offices: Offices
    regions: Regions
    gates: Mapping[str, Node]
    implied: tuple[tuple[Node, Facts], ...]
    words: Mapping[str, str]
    day: date | None = None  # citations as they stood on that day; None = as they stand
    _laws: dict[int, Law] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def load(cls, path: Path | str | None = None) -> Library:
        """Raises KnowledgeError(file, field, problem, fix)."""
        return _load(Path(path) if path else HERE)

    @property
    def subjects(self) -> dict[str, Policy | Pointer]:
        """Everything people may ask about by name: what is decided here and what is only pointed to."""
        return {**self.policies, **self.pointers}

    def parse(self, plain: Mapping[str, Any], partial: Mapping[str, Any] | None = None) -> Facts:
        """Facts from JSON; sets that are present are complete. Raises FactError naming the field."""
        known: dict[str, Possible] = {
            name: parse(self.fact(name), value, True, self.regions) for name, value in plain.items()
        }
        for name, value in (partial or {}).items():
            if name in known:
                raise FactError(name, "is given both as a fact and as partial")
            known[name] = parse_partial(self.fact(name), value, True, self.regions)
        return known

    def completed(self, facts: Facts, as_of: date) -> Facts:
        """The facts with what follows from them: the age from the birth date, and what a stated fact contains."""
        known = dict(derived(facts, as_of))
        judged = self._implications.judged(known)
        for when, then in self.implied:
            if self._implications.truth(when, judged, False):
                known = {**then, **known}
                judged = self._implications.judged(known)
        return known

    def situation(self, facts: Facts, as_of: date) -> Situation:
        """A child's facts, completed and judged under the law of a day."""
        return Situation(self.law(as_of), self.completed(facts, as_of))

    def law(self, as_of: date) -> Law:
        """The conditions that are law on a day; made once for all days between two changes."""
        epoch = bisect_right(self.turning_days, as_of)
        if epoch not in self._laws:
            self._laws[epoch] = law_of(self.policies, self.gates, self.sources, self.words, self.facts, as_of)
        return self._laws[epoch]

    @cached_property
    def matters(self) -> Mapping[str, Beside]:
        """What is asked beside an entitlement, by its id."""
        return {matter.id: matter for matter in self.beside}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each fact in the vocabulary."""
        return {name: index for index, name in enumerate(self.facts)}

    @cached_property
    def ruleset(self) -> str:
        """Which rules these are: the same for the same files, another as soon as one of them changes."""
        files = [path for path in sorted(self.root.rglob("*")) if _is_rule(path.relative_to(self.root))]
        whole = sha256()
        for path in files:
            whole.update(path.relative_to(self.root).as_posix().encode() + b"\0")
            whole.update(sha256(path.read_bytes()).digest())
        return whole.hexdigest()[:16]

    @cached_property
    def turning_days(self) -> list[date]:
        """The days from which the conditions, or the documents they stand on, are others; in order."""
        in_force = {source.in_force for source in self.sources.values() if source.in_force}
        return sorted(in_force | set(turning_days_of(self.policies)))

    @cached_property
    def _implications(self) -> Ruleset:
        return Ruleset(when for when, _ in self.implied)

    def fact(self, name: str) -> Fact:
        """Raises FactError for an id that is not in the vocabulary."""
        fact = self.facts.get(name)
        if fact is None:
            raise FactError(str(name), "is not a known fact")
        return fact

    def cite(self, cite: str, short: bool = False, on: date | None = None) -> str:
        """A citation as people read it; the long form has title, grade if not A, and the day it was checked.

        With `on` it names the document of that day, and says so where the rule of that day was not checked.
        """
        on = on or self.day
        stood = cited_on(cite, on, self.sources) if on else cite
        name, _, place = (stood or cite).partition("#")
        source = self.sources[name]
        place = f"第{place}" if place[:1].isdigit() else place
        if stood is None:
            return self.words["citation_later"].format(title=source.title, place=place, since=source.in_force)
        if short:
            return self.words["citation_short"].format(name=source.number or f"《{source.title}》", place=place)
        number = f"（{source.number}）" if source.number else ""
        form = self.words["citation_report" if source.grade != "A" else "citation"]
        return form.format(title=source.title, number=number, place=place, checked=source.checked.isoformat())


def _is_rule(path: Path) -> bool:
    return path.parts[0] in _RULES and path.suffix in (".yml", ".csv")


@cache
def _load(root: Path) -> Library:
    facts, topics = load_facts(root / "facts")
    sources = _sources(root)
    builder = Builder(facts, sources, read_yaml(root / "concepts.yml", dict))
    documents = read_yaml(root / "documents.yml", dict)
    regions, words = load_regions(root / "regions"), read_yaml(root / "words.yml", dict)
    policies, faults = _policies(root, builder, documents)
    faults += lay_over(root / "policies", policies, lambda path: load_local(path, builder, documents, regions, words))
    if faults:
        faults[0].others = tuple(faults[1:])
        raise faults[0]
    # By record (A1, A2, … D15): what keeps a child fed is spoken of before what goes through a court.
    policies = dict(sorted(policies.items(), key=lambda item: (item[1].record[:1], int(item[1].record[1:] or 0))))
    gates, implied = load_gates(root / "facts", facts)
    return Library(
        root=root,
        facts=MappingProxyType(facts),
        topics=topics,
        policies=MappingProxyType(policies),
        pointers=MappingProxyType(_pointers(root, sources, policies)),
        beside=load_beside(root, sources),
        sources=MappingProxyType(sources),
        documents=documents,
        hotlines=tuple(_listed(root / "hotlines.yml")),
        glossary=tuple(_listed(root / "glossary.yml")),
        offices=load_offices(root, sources, regions),
        regions=regions,
        gates=MappingProxyType(gates),
        implied=implied,
        words=words,
    )


def _policies(
    root: Path, builder: Builder, documents: Mapping[str, Any]
) -> tuple[dict[str, Policy], list[KnowledgeError]]:
    """Every policy that can be read, and the first fault of every one that cannot."""
    policies: dict[str, Policy] = {}
    faults: list[KnowledgeError] = []
    for path in sorted((root / "policies" / NATIONAL).glob("*.yml")):
        try:
            policy = load_policy(path, builder, documents)
        except KnowledgeError as error:
            faults.append(error)
            continue
        if policy.id in policies:
            faults.append(KnowledgeError(path, "id", f"{policy.id!r} is written twice"))
        policies[policy.id] = policy
    return policies, faults


def _sources(root: Path) -> dict[str, Source]:
    """The documents of the whole country and those of the places, each in its own file."""
    sources = load_sources(root / "sources.yml")
    for path in sorted((root / "policies").glob(f"[0-9]*/{SOURCES}")):
        for name, source in load_sources(path).items():
            if name in sources:
                raise KnowledgeError(path, name, "is written twice")
            sources[name] = source
    return sources


def _pointers(root: Path, sources: Mapping[str, Source], policies: Mapping[str, Policy]) -> dict[str, Pointer]:
    pointers = load_pointers(root / "pointers.yml", sources)
    for name in pointers:
        if name in policies:
            raise KnowledgeError(root / "pointers.yml", name, "has a policy file now", "remove it here")
    return pointers


def _listed(path: Path) -> list[Any]:
    return read_yaml(path, list) if path.exists() else []
