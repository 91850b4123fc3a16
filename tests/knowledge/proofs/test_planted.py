"""A fault planted in a copy of the knowledge base is found by its proof and told as a family."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import knowledge
from knowledge.library import Library
from knowledge.proofs.prove import Proofs, Report

NATIONAL = "policies/national"


@pytest.fixture
def planted(tmp_path: Path) -> Callable[[str, str, str], Proofs]:
    """Proofs about a copy in which one text was put in the place of another."""

    def plant(file: str, before: str, after: str) -> Proofs:
        root = tmp_path / "knowledge"
        shutil.copytree(Path(knowledge.__file__).parent, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        text = (root / file).read_text(encoding="utf-8")
        assert before in text
        (root / file).write_text(text.replace(before, after, 1), encoding="utf-8")
        none = tmp_path / "cases"
        return Proofs(Library.load(root), date(2026, 11, 22), none, none)

    return plant


PLANTED = {
    "an age gap": (
        f"{NATIONAL}/defacto_living.yml",
        "{fact: child.age, below: 18,",
        "{fact: child.age, below: 7,",
        Proofs.covered,
        "有一份基本生活的钱",
    ),
    "a lost way in": (
        "concepts.yml",
        '{fact: "{parent}.lost_contact_months", at_least: 6,',
        '{fact: "{parent}.lost_contact_months", at_least: 60,',
        Proofs.covered,
        "失联满6个月、不管孩子",
    ),
    "a lost exclusion": (
        f"{NATIONAL}/disab_care.yml",
        "not: {concept: told_tekun}",
        "not: {fact: child.hiv, is: true, presume: false, says: 感染, cite: guofa-2015-52#二（四）}",
        Proofs.excluded,
        "tekun_minor excludes disab_care, a family receives",
    ),
    "a condition that cannot hold": (
        f"{NATIONAL}/compulsory_two_free_one_sub.yml",
        "    - {fact: child.schooling,",
        "    - {fact: child.age, below: 0, says: 没出生, cite: compulsory-education-law-2018#2条}\n"
        "    - {fact: child.schooling,",
        Proofs.reached,
        "nobody gets it",
    ),
    "a presumption nobody stated a reason for": (
        f"{NATIONAL}/hiv_child_living.yml",
        "{fact: child.hiv, is: true,",
        "{fact: child.hiv, is: true, presume: true,",
        Proofs.refined,
        "withdrawn by child.hiv",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(name: str, planted: Callable[[str, str, str], Proofs]) -> None:
    file, before, after, proof, told = PLANTED[name]
    report: Report = proof(planted(file, before, after))

    assert any(told in line for line in report.faults), report.faults
