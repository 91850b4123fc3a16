"""Whether the golden cases meet every condition: once where it holds and once where it does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from knowledge.errors import FactError, KnowledgeError
from knowledge.files import read_yaml
from knowledge.follow import of_parent
from knowledge.known import Facts
from knowledge.library import Library
from knowledge.rules import Leaf, leaves

_Notion = tuple[object, ...]


def faults(library: Library, golden: Path) -> Iterator[str]:
    """One line for each; a condition on a parent, or shared by several entitlements, is one."""
    told: dict[str, list[Facts]] = defaultdict(list)
    for path in sorted(golden.glob("**/*.yml")):
        for name, facts in _families(library, path):
            told[name].append(facts)
    seen: dict[_Notion, set[object]] = defaultdict(set)
    written: dict[_Notion, tuple[str, Leaf]] = {}
    for policy in library.policies.values():
        for leaf in leaves(policy.conditions):
            notion: _Notion = (of_parent(leaf.fact), leaf.operator, leaf.want)
            written.setdefault(notion, (policy.id, leaf))
            seen[notion] |= {leaf.test(facts[leaf.fact]) for facts in told[policy.id] if leaf.fact in facts}
    for met, (name, leaf) in written.items():
        for side, word in ((True, "holds"), (False, "does not hold")):
            if side not in seen[met]:
                yield f"{name}.yml: conditions: {leaf.says}: no golden case in which it {word} (write one)"


def _families(library: Library, path: Path) -> Iterator[tuple[str, Facts]]:
    """What cannot be read is a fault of its own (knowledge/check.py)."""
    try:
        cases = read_yaml(path, list)
        for case in cases:
            facts = library.parse(case.get("facts") or {}, case.get("partial") or {})
            completed = library.completed(facts, case["as_of"])
            yield from ((name, completed) for name in case["expect"])
    except (KnowledgeError, FactError, KeyError, TypeError, AttributeError):
        return
