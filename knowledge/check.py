"""Check the whole knowledge base and run its golden cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from knowledge import coverage, lint, matrix, unused, validity
from knowledge.alarm import KINDS, safety_words
from knowledge.assess import OUTCOMES, assess
from knowledge.errors import FactError, KnowledgeError
from knowledge.files import read_yaml
from knowledge.interview import next_question
from knowledge.known import Facts
from knowledge.library import Library
from knowledge.questions import open_questions
from knowledge.reading import Context, Reader

CASES_AT_LEAST = 8


def check(library: Library, golden: Path | None, as_of: date) -> list[str]:
    """One line per fault; none when all is well. `golden` holds the case files, None skips them."""
    faults = [
        *lint.faults(library, as_of),
        *unused.faults(library),
        *matrix.faults(library),
        *validity.faults(library, as_of),
        *_spoken(library, as_of),
    ]
    page = library.root / "OPEN_QUESTIONS.md"
    if page.exists() and page.read_text(encoding="utf-8") != open_questions(library):
        faults.append(f"{page.name}: is older than the knowledge base (run: tongxing knowledge questions)")
    if golden is None:
        return faults
    for policy_id in library.policies:
        path = golden / f"{policy_id}.yml"
        if not path.exists():
            faults.append(f"{path}: is missing (write at least {CASES_AT_LEAST} golden cases)")
    for policy in library.policies.values():
        for local in policy.local:
            path = golden / "local" / f"{local.region}_{policy.id}.yml"
            if local.decides and not path.exists():
                faults.append(f"{path}: is missing (the place, a neighbour of it, and no place known)")
    for path in sorted(golden.glob("**/*.yml")):
        faults += _cases(library, path)
    return [*faults, *coverage.faults(library, golden)]


def notices(library: Library, as_of: date) -> Iterator[str]:
    """What is no fault and yet must be seen: what is stale, and where a place asks for more than the country does."""
    yield from lint.stale(library, as_of)
    for policy in library.policies.values():
        for local in policy.local:
            for each in local.narrow:
                basis = "；".join(library.cite(cite) for cite in each.legal_basis.cites)
                yield f"{local.region}/{policy.id}.yml: narrow: {each.legal_basis.says} {basis}"


def _spoken(library: Library, as_of: date) -> Iterator[str]:
    """Whether all that is said and heard without a policy still works: reasons, safety words, the reader."""
    for outcome in OUTCOMES:
        if f"outcome_{outcome}" not in library.words or (
            outcome != "needs_facts" and f"because_{outcome}" not in library.words
        ):
            yield f"words.yml: outcome_{outcome}: is missing"
    noon = datetime(as_of.year, as_of.month, as_of.day, 12)
    for kind in KINDS:
        for child in (True, False):
            try:
                if not all(safety_words((kind,), "urgent", child, noon)):
                    yield f"safety/phrases.yml: {kind}: says nothing"
            except (KnowledgeError, KeyError, TypeError, AttributeError, ValueError) as error:
                yield f"safety/phrases.yml or hotlines.yml: {kind}: cannot be said: {error}"
    try:
        Reader(library).read("", Context(as_of=as_of))
    except (KnowledgeError, KeyError, TypeError, AttributeError, ValueError) as error:
        yield f"reading/: its tables cannot be used: {error}"


def _cases(library: Library, path: Path) -> Iterator[str]:
    try:
        cases = read_yaml(path, list)
    except KnowledgeError as error:
        yield str(error)
        return
    if path.stem in library.policies and len(cases) < CASES_AT_LEAST:
        yield f"{path}: has {len(cases)} cases, needs at least {CASES_AT_LEAST}"
    for case in cases:
        if not isinstance(case, dict):
            yield f"{path}: a case must be a mapping, not {case!r}"
            continue
        for fault in run_case(library, case):
            yield f"{path}: {case.get('case', '?')}: {fault}"


def run_case(library: Library, case: dict[str, Any]) -> Iterator[str]:
    """What one golden case expects and does not get."""
    try:
        facts = library.parse(case.get("facts") or {}, case.get("partial") or {})
    except FactError as error:
        yield str(error)
        return
    as_of = case["as_of"]
    for policy_id, wanted in case["expect"].items():
        if policy_id not in library.policies:
            yield f"no entitlement {policy_id!r}"
            continue
        yield from _expected(library, policy_id, facts, as_of, wanted, case)
    if "next" in case and (asked := next_question(library, facts, None, as_of)) != case["next"]:
        yield f"asks {asked} next, expected {case['next']}"


def _expected(
    library: Library, policy_id: str, facts: Facts, as_of: date, wanted: str, case: dict[str, Any]
) -> Iterator[str]:
    got = assess(library, policy_id, facts, as_of)
    if got.outcome != wanted:
        yield f"{policy_id} is {got.outcome}, expected {wanted} {' '.join(got.because)}{' '.join(got.missing)}"
    if policy_id != next(iter(case["expect"])):
        return
    if "missing" in case and set(got.missing) != set(case["missing"]):
        yield f"{policy_id} misses {sorted(got.missing)}, expected {sorted(case['missing'])}"
    if "because" in case and case["because"] not in " ".join(got.because):
        yield f"{policy_id} says {' '.join(got.because)!r}, expected {case['because']!r} in it"
