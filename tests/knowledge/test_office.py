"""Who leads, who helps, and what a county calls its offices."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.errors import KnowledgeError
from knowledge.library import HERE, Library


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def test_a_county_names_its_office_and_telephone_without_code(copy: Path) -> None:
    given = (
        'county_civil_affairs: {name: 翁牛特旗民政局, phone: "0476-0000000", hours: 工作日白天, checked: 2026-11-22}'
    )
    (copy / "offices" / "150426.yml").write_text(given, encoding="utf-8")
    offices = Library.load(copy).offices

    here = offices.of_owner("民政", "150426")
    assert here is not None and ("翁牛特旗民政局", "0476-0000000") == (here.name, here.phone)
    assert "旗（县、区）民政局" == offices.at("150430")["county_civil_affairs"].name
    assert ("县民政局", "") == (offices.at("350404")["county_civil_affairs"].name, offices.at(None)["township"].phone)


@pytest.mark.parametrize(
    "file, text, told",
    [
        ("offices/150426.yml", 'county_civil_affairs: {phone: "0476-0000000"}', "county_civil_affairs.checked"),
        ("offices/150426.yml", "no_such_office: {name: 某局}", "no_such_office"),
        ("offices/999999.yml", "county_civil_affairs: {name: 某局}", "999999"),
        ("routes.yml", "a: {when: 某事, leads: nobody, helps: [], within: 立即, cite: minfa-2019-62#一}", "nobody"),
    ],
)
def test_a_fault_names_the_file_and_the_office(copy: Path, file: str, text: str, told: str) -> None:
    (copy / file).write_text(text, encoding="utf-8")

    with pytest.raises(KnowledgeError, match=told):
        Library.load(copy)


def test_protection_is_coordinated_by_the_women_and_children_office_and_relief_by_civil_affairs() -> None:
    routes = Library.load().offices.routes

    assert "women_children_office" == routes["passed_around_protection"].leads
    assert "county_civil_affairs" == routes["passed_around_relief"].leads
    assert "township" == routes["unattended_tonight"].leads


def test_only_emergency_numbers_are_said_to_answer_at_any_hour() -> None:
    hotlines = Library.load().hotlines

    assert {"110", "119", "120"} == {each["number"] for each in hotlines if each["always"]}
    assert all(each["hours"] and each["checked"] and each["grade"] in ("A", "B", "C") for each in hotlines)
    assert "18小时" in next(each["hours"] for each in hotlines if each["number"] == "12356")
