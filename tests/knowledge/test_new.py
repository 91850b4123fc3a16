"""Beginning an entitlement, reading one, and the page of what is still to be verified."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import ROOT
from knowledge.errors import KnowledgeError
from knowledge.library import Library
from knowledge.new import begin
from knowledge.questions import open_questions
from knowledge.show import sections

LIBRARY = Library.load()
DAY = date(2026, 11, 22)


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge"))


def test_a_new_entitlement_is_begun_and_says_what_is_missing(knowledge: Path, tmp_path: Path) -> None:
    made = begin(knowledge, tmp_path, "winter_coats", DAY)

    assert ["winter_coats.yml", "winter_coats.yml"] == [path.name for path in made]
    with pytest.raises(KnowledgeError, match=r"winter_coats\.yml: summary\.cite: no source .<source"):
        Library.load(knowledge)


@pytest.mark.parametrize("name", ["Coats", "a b", "../x", "", "dibao"])
def test_an_id_that_cannot_be_is_refused(knowledge: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError):
        begin(knowledge, tmp_path, name, DAY)


def test_one_entitlement_is_shown_with_its_clauses(capsys: pytest.CaptureFixture[str]) -> None:
    policy = LIBRARY.policies["defacto_living"]

    assert 0 == main(["knowledge", "show", "defacto_living"])
    shown = capsys.readouterr().out
    assert policy.name in shown and "民发〔2019〕62号" in shown
    assert all(line.text in shown for section in sections(LIBRARY, policy) for line in section.lines)


def test_showing_what_does_not_exist_says_what_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["knowledge", "show", "moon_cheese"])
    assert "defacto_living" in capsys.readouterr().err


def test_the_page_of_open_questions_is_the_one_generated() -> None:
    page = (ROOT / "knowledge" / "OPEN_QUESTIONS.md").read_text(encoding="utf-8")

    assert open_questions(LIBRARY) == page, "run: tongxing knowledge questions"
