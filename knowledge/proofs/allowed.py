"""What the proofs may find and why, read from allowed.yml."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from knowledge.fact import PARENTS
from knowledge.files import read_yaml

PATH = Path(__file__).with_name("allowed.yml")
_OUTCOMES = {"refused_untold": ("not_eligible",), "withdrawn": ("eligible", "ask_local")}


@dataclass(frozen=True)
class Kept:
    """A condition on which no outcome depends; `about` is a sentence at, above or below it."""

    file: str
    about: str
    reason: str


@dataclass(frozen=True)
class Presumption:
    """Entitlements with a fact of each that is taken for granted."""

    name: str
    outcomes: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


class Allowed:
    """Every entry gives its reason; one that nothing needs any more is a fault as well."""

    def __init__(self, path: Path = PATH) -> None:
        self._record: dict[str, Any] = read_yaml(path, dict)
        for entries in self._record.values():
            for entry in entries:
                if not entry.get("reason"):
                    raise ValueError(f"{path.name}: {entry}: reason: is missing")

    @cached_property
    def kept(self) -> list[Kept]:
        return [Kept(each["file"], each["about"], each["reason"]) for each in self._record["kept"]]

    @cached_property
    def universal(self) -> set[str]:
        """Entitlements that nobody is refused."""
        return {each["id"] for each in self._record["universal"]}

    @cached_property
    def both(self) -> dict[frozenset[str], dict[str, Any]]:
        """Pairs that exclude each other, with the condition of the families that may be told both and choose."""
        return {frozenset(each["pair"]): each["when"] for each in self._record["both"]}

    @cached_property
    def received(self) -> dict[str, str]:
        """The value of household.relief by which a family says that it receives an entitlement."""
        return {each["id"]: each["relief"] for each in self._record["received"]}

    @cached_property
    def groups(self) -> list[Presumption]:
        """What is taken for granted until somebody speaks of it, and which outcomes a statement may then withdraw."""
        return [
            Presumption(
                key, outcomes, tuple((policy_id, fact) for policy_id in entry["ids"] for fact in _facts(entry["fact"]))
            )
            for key, outcomes in _OUTCOMES.items()
            for entry in self._record[key]
        ]

    @cached_property
    def flips(self) -> dict[tuple[str, str], list[str]]:
        """By entitlement and outcome, the facts of which a statement may withdraw it."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for group in self.groups:
            for policy_id, fact in group.pairs:
                for outcome in group.outcomes:
                    found[policy_id, outcome].append(fact)
        return found


def _facts(written: str) -> list[str]:
    return [written.replace("{parent}", parent) for parent in PARENTS] if "{parent}" in written else [written]
