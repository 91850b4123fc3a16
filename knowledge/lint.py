"""What a policy officer can get wrong in a file that still loads: ids, units, days, words, offices."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from knowledge.amount import STALE, Amount
from knowledge.files import read_yaml
from knowledge.library import Library
from knowledge.office import Office
from knowledge.policy import APPLY, DURATION, Policy, Words
from knowledge.rules import Group, Judge, Leaf, walk

_MUST_APPLY = ("where", "who", "first_step")
_APART = ("choose_one", "excluded")
_MUTUAL = (*_APART, "top_up", "excluded_when_full")  # what both files have to say
_ONE_DAY = timedelta(days=1)


@cache
def allowed() -> dict[str, Any]:
    """The content of lint.yml."""
    found: dict[str, Any] = read_yaml(Path(__file__).with_name("lint.yml"), dict)
    return found


def faults(library: Library, as_of: date) -> Iterator[str]:
    """One line for each, naming file, field and what to do."""
    for policy in library.policies.values():
        for fault in (
            *_complete(policy),
            *_ids(library, policy),
            *_amounts(policy, as_of),
            *_sums_said(policy),
            *_conditions(library, policy),
        ):
            yield f"{policy.id}.yml: {fault}"
        yield from _symmetry(library, policy)
    yield from _facts(library)
    files = source_files(library)
    for source in library.sources.values():
        where = f"{files[source.id]}: {source.id}"
        if source.ended is not None and source.ended < as_of:
            yield f"{where}.ended: lapsed on {source.ended} (replace the clause or end the policy)"
        if source.checked > as_of:
            yield f"{where}.checked: lies in the future (write the day on which it was read)"


def stale(library: Library, as_of: date) -> Iterator[str]:
    """What nobody has looked at for 180 days."""
    files = source_files(library)
    dated = [(f"{policy.id}.yml: checked", policy.checked) for policy in library.policies.values()]
    dated += [(f"{files[name]}: {name}.checked", source.checked) for name, source in library.sources.items()]
    for where, day in dated:
        if as_of - day > STALE:
            yield f"{where}: was {day}, more than {STALE.days} days ago (look at it again and write the day)"


def source_files(library: Library) -> dict[str, str]:
    """The file in which each source stands: those of a place have their own."""
    paths = [path for path in library.root.glob("**/sources.yml") if path.is_file()]
    return {str(name): path.relative_to(library.root).as_posix() for path in paths for name in read_yaml(path, dict)}


def _complete(policy: Policy) -> Iterator[str]:
    for key in _MUST_APPLY:
        if key not in policy.apply:
            yield f"apply.{key}: is missing (one of {', '.join(APPLY)})"
    for key in DURATION:
        if key not in policy.duration:
            yield f"duration.{key}: is missing"
    if len(policy.asked_as) < 6:
        yield "asked_as: has fewer than 6 sentences"
    told = {"summary": policy.summary, "appeal": policy.appeal}
    told |= {f"apply.{key}": each for key, each in policy.apply.items()}
    told |= {f"duration.{key}": each for key, each in policy.duration.items()}
    told |= {f"who[{index}]": each for index, each in enumerate(policy.who)}
    told |= {f"combines[{index}]": each.words for index, each in enumerate(policy.combines)}
    told |= {f"apply.steps[{index}]": each.words for index, each in enumerate(policy.steps)}
    yield from (f"{where}.says: is empty (write the sentence, or take the key out)" for where in _empty(told))


def _empty(told: dict[str, Words]) -> Iterator[str]:
    return (where for where, words in told.items() if not words.says.strip())


def _ids(library: Library, policy: Policy) -> Iterator[str]:
    named = [(f"combines[{index}].with", each.with_id) for index, each in enumerate(policy.combines)]
    named += [(f"says_no.instead[{index}]", other) for index, other in enumerate(policy.instead)]
    for where, other in named:
        if other not in library.subjects or other == policy.id:
            yield f"{where}: no other entitlement {other!r} (write an id of policies/ or pointers.yml)"


def _symmetry(library: Library, policy: Policy) -> Iterator[str]:
    for each in policy.combines:
        other = library.policies.get(each.with_id)
        if other is None:
            continue
        back = {combination.with_id: combination.how for combination in other.combines}.get(policy.id)
        if back is None and each.how in _MUTUAL:
            yield f"{other.id}.yml: combines: does not name {policy.id}, which says {each.how} (say it in both)"
        elif back is not None and back != each.how and not {back, each.how} <= set(_APART):
            yield f"{other.id}.yml: combines: says {back} with {policy.id}, which says {each.how} (make them one)"


def _sums_said(policy: Policy) -> Iterator[str]:
    """A sum inside a sentence needs its day as much as one in a row of its own; rows of places stand here too."""
    for index, row in enumerate(policy.amount):
        says_sum, says_year = (re.search(allowed()["sums"][key], row.says) for key in ("sum", "year"))
        if says_sum and not says_year and not (row.start and row.checked):
            place = f" of {row.region}" if row.region else ""
            yield f"amount[{index}]{place}: names a sum without its day (write from: and checked:)"


def _amounts(policy: Policy, as_of: date) -> Iterator[str]:
    rows: dict[tuple[str, str, str], list[tuple[int, Amount]]] = defaultdict(list)
    for index, row in enumerate(policy.amount):
        if row.value is None:
            continue
        rows[row.region, row.label, row.kind].append((index, row))
        if row.unit not in allowed()["units"]:
            yield f"amount[{index}].unit: {row.unit!r} is none of {', '.join(allowed()['units'])}"
        if row.start and row.end and row.end < row.start:
            yield f"amount[{index}].until: {row.end} lies before {row.start}"
        if row.end is not None and row.end < as_of and not row.past:
            later = any(each.start and each.start > row.end for each in policy.amount if each.region == row.region)
            if not later:
                yield f"amount[{index}].until: lapsed on {row.end} with no later row (add it, or mark it past: true)"
    for same in rows.values():
        ordered = sorted(same, key=lambda each: each[1].start or date.min)
        for (_, before), (index, after) in pairwise(ordered):
            if after.start and (before.end is None or after.start <= before.end):
                yield f"amount[{index}].from: {after.start} lies within the row before it (end that one with until)"
            elif after.start and before.end and not before.past and after.start != before.end + _ONE_DAY:
                day = before.end + _ONE_DAY
                yield f"amount[{index}].from: nothing holds from {day} until {after.start} (close the gap)"


def _conditions(library: Library, policy: Policy) -> Iterator[str]:
    for node in walk(policy.conditions):
        if isinstance(node, Group):
            yield from _dated(node)
        elif isinstance(node, Leaf):
            yield from _places(library, node)
    known = (*_office_names(library), *allowed()["asked"])
    for where, ask in asks_of(policy).items():
        if not any(name in ask for name in known):
            yield f"{where}: {ask!r} names no office (name one of offices.yml, or add it to asked in lint.yml)"
    yield from _free_text(policy)


def asks_of(policy: Policy) -> dict[str, str]:
    """By the place in the file, to whom people are sent for what is not decided here."""
    found = {f"silent_on[{index}].ask": ask for index, (_, ask) in enumerate(policy.silent_on)}
    for node in walk(policy.conditions):
        if isinstance(node, Judge):
            found[f"conditions: {node.says}: ask"] = node.ask
        elif isinstance(node, Leaf) and node.local:
            found[f"conditions: {node.says}: local"] = node.local
    return found


def _dated(group: Group) -> Iterator[str]:
    """Conditions that follow one another in time leave no day without one and none with two."""
    dated = [each for each in group.children if isinstance(each, Group) and (each.since or each.until)]
    ordered = sorted(dated, key=lambda each: each.since or date.min)
    for before, after in pairwise(ordered):
        if before.until and after.since and after.since != before.until + _ONE_DAY:
            how = "overlaps" if after.since <= before.until else "leaves a gap after"
            yield f"conditions: from {after.since}: {how} the one until {before.until} (begin it on the next day)"


def _office_names(library: Library) -> set[str]:
    return {name for office in library.offices.by_id.values() for name in names_of(office)}


def names_of(office: Office) -> set[str]:
    """What people and files call it, without what stands in brackets."""
    return {part for name in (office.name, *office.also) for part in (name, *re.split("[（）]", name)) if len(part) > 1}


def _places(library: Library, leaf: Leaf) -> Iterator[str]:
    if library.facts[leaf.fact].kind == "region":
        for code in leaf.want if isinstance(leaf.want, tuple) else (leaf.want,):
            if not library.regions.knows(code):
                yield f"conditions: {leaf.says}: {code!r} is no region code (see knowledge/regions/)"


def _free_text(policy: Policy) -> Iterator[str]:
    """A number that people are told and that no condition has."""
    nodes = list(walk(policy.conditions))
    cites = {cite for node in nodes for cite in node.cites}
    told = "".join([*(node.says for node in nodes), *(says for says, _ in policy.silent_on)])
    known = {*re.findall(r"\d+", told), *allowed()["told_only"].get(policy.id, ())}
    for node in nodes:
        if isinstance(node, Leaf) and isinstance(node.want, int | float):
            known.add(f"{node.want:g}")
    for index, words in enumerate(policy.who):
        numbers = {first or second for first, second in re.findall(allowed()["binding_number"], words.says)} - known
        if numbers and not set(words.cites) & cites:
            yield (
                f"who[{index}]: {', '.join(sorted(numbers))} stands in no condition "
                "(write a leaf, a judge or silent_on; or told_only in lint.yml)"
            )


def _facts(library: Library) -> Iterator[str]:
    for fact in library.facts.values():
        for key in ("title", "question", "question_child", "again", "closing", "why", "why_child"):
            if not str(getattr(fact, key)).strip():
                yield f"facts/{fact.topic}.yml: {fact.id}.{key}: is empty (write it)"
        if fact.unit and fact.unit not in allowed()["fact_units"]:
            units = ", ".join(allowed()["fact_units"])
            yield f"facts/{fact.topic}.yml: {fact.id}.unit: {fact.unit!r} is none of {units}"
