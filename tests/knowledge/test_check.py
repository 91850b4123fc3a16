from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from knowledge.check import check
from knowledge.errors import KnowledgeError
from knowledge.library import HERE, Library

DAY = date(2026, 11, 22)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def test_the_knowledge_base_has_no_fault() -> None:
    assert [] == check(Library.load(), None, DAY)


def test_every_broken_policy_is_named(copy: Path) -> None:
    for name in ("dibao", "temp_relief"):
        with (copy / "policies" / "national" / f"{name}.yml").open("a", encoding="utf-8") as file:
            file.write("wrong_key: 1\n")

    with pytest.raises(KnowledgeError) as raised:
        Library.load(copy)
    told = [str(raised.value), *map(str, raised.value.others)]
    assert all(any(name in line and "wrong_key" in line for line in told) for name in ("dibao", "temp_relief"))


@pytest.mark.parametrize("file", ["sources.yml", "pointers.yml", "concepts.yml", "documents.yml", "words.yml"])
def test_a_list_where_a_mapping_stands_names_the_file(copy: Path, file: str) -> None:
    (copy / file).write_text("- 3\n", encoding="utf-8")

    with pytest.raises(KnowledgeError, match=file):
        Library.load(copy)


def test_a_file_that_is_not_utf_8_is_named(copy: Path) -> None:
    (copy / "sources.yml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(KnowledgeError, match=r"sources\.yml.*UTF-8"):
        Library.load(copy)


def test_a_source_that_has_lapsed_is_a_fault(copy: Path) -> None:
    path = copy / "sources.yml"
    text = path.read_text(encoding="utf-8").replace("  ended:\n", "  ended: 2026-01-01\n", 1)
    path.write_text(text, encoding="utf-8")

    assert any("lapsed" in line for line in check(Library.load(copy), None, DAY))
