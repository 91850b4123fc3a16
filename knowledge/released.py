"""Which entitlements were other ones when the last version was released: their conditions, not their words."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from knowledge.files import read_yaml
from knowledge.library import Library
from knowledge.policy import Policy
from knowledge.rules import Group, Judge, Node

_HEAD = "# What each entitlement hung on when the last version was released. Written by `tongxing knowledge release`.\n"


def changed(library: Library, path: Path) -> list[str]:
    """The ids whose conditions differ from the recorded ones, with those that are new or gone."""
    recorded = read_yaml(path, dict)
    now = {policy.id: rule_hash(policy) for policy in library.policies.values()}
    return [name for name in dict.fromkeys([*now, *recorded]) if now.get(name) != recorded.get(name)]


def record(library: Library, path: Path) -> None:
    """Writes what every entitlement hangs on now."""
    lines = [f'{policy.id}: "{rule_hash(policy)}"\n' for policy in library.policies.values()]
    path.write_text(_HEAD + "".join(sorted(lines)), encoding="utf-8")


def rule_hash(policy: Policy) -> str:
    """The same for rules that decide the same way: neither words nor citations nor the order of conditions count."""
    whole = f"{policy.started} {policy.ended} {_plain(policy.conditions)}"
    return sha256(whole.encode()).hexdigest()[:12]


def _plain(node: Node) -> str:
    if isinstance(node, Judge):
        return "judge"
    if not isinstance(node, Group):
        want = sorted(map(str, node.want)) if isinstance(node.want, tuple) else [str(node.want)]
        return f"({node.fact} {node.operator} {' '.join(want)} {bool(node.local)} {node.presume})"
    if len(node.children) == 1 and node.kind != "not" and not (node.since or node.until):
        return _plain(node.children[0])
    return f"{node.kind}[{node.since} {node.until} {' '.join(sorted({_plain(each) for each in node.children}))}]"
