"""Boundary families made by the solver for what the hand-written cases do not notice."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from knowledge.assess import assess
from knowledge.known import Facts, Members, Span, settled, value_json
from knowledge.proofs.mutants import Mutant
from knowledge.proofs.mutation import Witness, witness
from knowledge.proofs.pool import Case
from knowledge.proofs.setting import Bench, Setting
from knowledge.proofs.telling import words

_PLAIN_AGE = Span(9.0, 9.0)  # of a child whose age decides nothing


def make(setting: Setting, missed: Iterable[Mutant]) -> Iterator[Case]:
    """Cases that together notice every one of the changes; each is as short as it can be."""
    left = list(missed)
    while left:
        found = witness(setting, left[0])
        assert found is not None, f"nothing tells {left[0].name} from what is written"
        case = _shortest(setting, found)
        yield case
        bench = Bench(setting, [case])
        left = [each for each in left[1:] if not bench.notices(each)]


def _shortest(setting: Setting, found: Witness) -> Case:
    """The family without what may stay unsaid while the same outcome still shows the change."""
    facts = dict(found.facts)
    wanted = _case(setting, found, facts).expect

    def shows(other: Facts) -> bool:
        case = _case(setting, found, other)
        return case.expect == wanted and Bench(setting, [case]).notices(found.mutant)

    for name in list(facts):
        fewer = {other: value for other, value in facts.items() if other != name}
        facts = fewer if shows(fewer) else facts
    if facts.get("child.age") == Span(0.0, 0.0):
        older: Facts = {**facts, "child.age": _PLAIN_AGE}
        facts = dict(older) if shows(older) else facts
    return _case(setting, found, facts)


def _case(setting: Setting, found: Witness, facts: Facts) -> Case:
    day = setting.days[found.period]
    outcome = assess(setting.library, found.policy_id, facts, day).outcome
    name = words()["case"].format(place=found.mutant.place, what=found.mutant.what)
    return Case(found.policy_id, name, facts, day, {found.policy_id: outcome})


def write(folder: Path, cases: Iterable[Case]) -> int:
    """One file for each entitlement; files of entitlements without a case go. Returns how many cases there are."""
    by_file: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_file[case.file].append(case)
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.yml"):
        if path.stem not in by_file:
            path.unlink()
    for file, own in by_file.items():
        text = "\n".join([words()["head"], *(_yaml(case) for case in own)])
        (folder / f"{file}.yml").write_text(text + "\n", encoding="utf-8")
    return sum(map(len, by_file.values()))


def _yaml(case: Case) -> str:
    lines = [f"- case: {json.dumps(case.name, ensure_ascii=False)}", f"  as_of: {case.as_of.isoformat()}"]
    for key, rows in _stated(case.facts).items():
        lines += [
            f"  {key}:",
            *(f"    {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in rows.items()),
        ]
    expected = ", ".join(f"{name}: {outcome}" for name, outcome in case.expect.items())
    return "\n".join([*lines, f"  expect: {{{expected}}}"])


def _stated(facts: Facts) -> dict[str, dict[str, Any]]:
    """The facts as a case states them: in full, narrowed, or sets that may grow."""
    rows: dict[str, dict[str, Any]] = {"facts": {}, "partial": {}, "told": {}}
    for name, possible in facts.items():
        is_told = isinstance(possible, Members) and not possible.alternatives[0].complete
        key = "told" if is_told else "facts" if settled(possible) else "partial"
        rows[key][name] = value_json(possible)
    return {key: row for key, row in rows.items() if row}
