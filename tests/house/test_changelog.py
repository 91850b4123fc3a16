"""Whoever reads the changelog learns of every entitlement whose rules are others than in the last release."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from bot.settings import ROOT
from knowledge.library import Library
from knowledge.released import changed, record, rule_hash
from knowledge.rules import Group

LIBRARY = Library.load()
RELEASED = ROOT / "knowledge" / "released.yml"


def unreleased(changelog: str) -> str:
    """The part of the version that is not released yet; empty when there is none."""
    parts = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]
    return "".join(part for part in parts if "Unreleased" in part.splitlines()[0])


def test_the_changelog_names_every_entitlement_whose_rules_changed() -> None:
    section = unreleased((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    silent = [name for name in changed(LIBRARY, RELEASED) if f"`{name}`" not in section]

    assert [] == silent, "say under Unreleased what changed for families; `tongxing knowledge diff TAG` tells it"


def test_a_recorded_release_has_nothing_to_tell(tmp_path: Path) -> None:
    record(LIBRARY, tmp_path / "released.yml")

    assert [] == changed(LIBRARY, tmp_path / "released.yml")


def test_a_changed_a_new_and_a_removed_entitlement_have_to_be_told(tmp_path: Path) -> None:
    record(LIBRARY, tmp_path / "released.yml")
    dibao, hukou, yulu = (LIBRARY.policies[name] for name in ("dibao", "hukou", "yulu"))
    turned = dataclasses.replace(dibao, conditions=Group("not", (dibao.conditions,)))
    others = {name: policy for name, policy in LIBRARY.policies.items() if name not in ("dibao", "hukou")}
    now = dataclasses.replace(
        LIBRARY, policies={**others, "dibao": turned, "coats": dataclasses.replace(yulu, id="coats")}
    )

    assert {"dibao", "hukou", "coats"} == set(changed(now, tmp_path / "released.yml"))
    assert hukou.id not in now.policies


def test_other_words_and_another_order_are_the_same_rules() -> None:
    policy = LIBRARY.policies["dibao"]
    tree = policy.conditions
    assert isinstance(tree, Group)
    other = dataclasses.replace(tree, says="in other words", children=tree.children[::-1])

    assert rule_hash(policy) == rule_hash(dataclasses.replace(policy, conditions=Group("all", (other,))))
