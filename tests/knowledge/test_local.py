"""What differs in a place: who gets it, who does not, and which files are refused."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.assess import assess
from knowledge.check import check, notices
from knowledge.errors import KnowledgeError
from knowledge.interview import opened
from knowledge.library import Library
from knowledge.overlay import policy_at

DAY = date(2026, 11, 22)
ROOT = Path(__file__).parents[2] / "knowledge"
CHILD = {"child.age": 7, "household.income": "below_dibao", "household.assets_within_limit": True}


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def write(knowledge: Path, place: str, name: str, **record: Any) -> None:
    path = knowledge / "policies" / place / f"{name}.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump({"id": name, "checked": DAY, **record}, allow_unicode=True), encoding="utf-8")


def leaf(**more: Any) -> dict[str, Any]:
    return {"fact": "child.age", "says": "孩子还小", "cite": "minfa-2021-57#8条", **more}


def dibao(library: Library, place: str | None, **more: Any) -> str:
    where = {"child.hukou_region": place} if place else {}
    return assess(library, "dibao", library.parse({**CHILD, **where, **more}), DAY).outcome


def test_a_widened_branch_holds_in_its_place_only(knowledge: Path) -> None:
    write(knowledge, "3504", "dibao", widen=[leaf(below=8)])
    library = Library.load(knowledge)
    rich = {"household.income": "above"}

    assert "eligible" == dibao(library, "350404", **rich)
    assert "not_eligible" == dibao(library, "350102", **rich)
    assert "not_eligible" == dibao(library, None, **rich)
    assert "needs_facts" == dibao(library, "35", **rich)


def test_a_refusal_does_not_speak_of_other_places(knowledge: Path) -> None:
    write(knowledge, "3504", "dibao", widen=[leaf(below=8)])
    library = Library.load(knowledge)
    elsewhere = assess(library, "dibao", library.parse({**CHILD, "household.income": "above"}), DAY)

    assert "三明" not in "".join(elsewhere.because)


def test_a_narrowed_condition_is_asked_in_its_place_only_and_is_always_reported(knowledge: Path) -> None:
    basis = {"says": "三明另外要求孩子未满7周岁。", "cite": "minfa-2021-57#8条"}
    write(knowledge, "3504", "dibao", narrow=[{"conditions": leaf(below=7), "legal_basis": basis}])
    library = Library.load(knowledge)

    assert "not_eligible" == dibao(library, "350404")
    assert "eligible" == dibao(library, "350102")
    assert "eligible" == dibao(library, None)
    assert ["3504/dibao.yml: narrow"] == [each.partition(": 三明")[0] for each in notices(library, DAY)]
    assert any("3504_dibao.yml: is missing" in each for each in check(library, Path("no such folder"), DAY))


def test_a_clause_from_memory_may_widen_to_a_question_and_never_narrows(knowledge: Path) -> None:
    memory = leaf(below=8, cite="sanming-purchase-2020#提到")
    write(knowledge, "3504", "dibao", widen=[memory])
    library = Library.load(knowledge)

    assert "ask_local" == dibao(library, "350404", **{"household.income": "above"})
    assert "not_eligible" == dibao(library, None, **{"household.income": "above"})


BASIS = {"says": "三明另外要求。", "cite": "minfa-2021-57#8条"}
MEMORY = leaf(below=8, cite="sanming-purchase-2020#提到")
BAD = {
    "settles[0].target": {"settles": [{"target": "nothing", "says": "都可以", "cite": "minfa-2021-57#8条"}]},
    "narrow[0].conditions": {"narrow": [{"conditions": MEMORY, "legal_basis": BASIS}]},
    "narrow[0].legal_basis": {"narrow": [{"conditions": leaf(below=7)}]},
    "widen[0].cite": {"widen": [{"fact": "child.age", "says": "孩子还小", "below": 8}]},
    "set_table[0].checked": {
        "set_table": [
            {"value": "9", "unit": "元/月", "kind": "floor", "from": DAY, "grade": "B", "cite": "fujian-2025#报道"}
        ]
    },
    "words.apply.here": {"words": {"apply": {"here": {"says": "去那里。", "cite": "fujian-2025#报道"}}}},
    "belongs": {"belongs": "birthplace"},
    "raise": {"raise": 3},
}


@pytest.mark.parametrize("field", BAD)
def test_a_fault_names_file_and_field(knowledge: Path, field: str) -> None:
    write(knowledge, "3504", "dibao", **BAD[field])

    with pytest.raises(KnowledgeError) as raised:
        Library.load(knowledge)
    assert "3504/dibao.yml" in str(raised.value) and field in str(raised.value)


@pytest.mark.parametrize("place, name, told", [("3599", "dibao", "3599"), ("3504", "no_such_aid", "no_such_aid")])
def test_a_strange_place_or_entitlement_is_refused(knowledge: Path, place: str, name: str, told: str) -> None:
    write(knowledge, place, name)

    with pytest.raises(KnowledgeError, match=told):
        Library.load(knowledge)


def test_the_nearest_place_has_the_last_word(knowledge: Path) -> None:
    for place, says in (("15", "去自治区。"), ("1504", "去赤峰。")):
        words = {"apply": {"where": {"says": says, "cite": "minfa-2021-57#8条"}}}
        write(knowledge, place, "dibao", words=words)
    policy = Library.load(knowledge).policies["dibao"]

    assert "去赤峰。" == policy_at(policy, "150426", None).apply["where"].says
    assert "去自治区。" == policy_at(policy, "1502", None).apply["where"].says
    assert policy.apply["where"] == policy_at(policy, None, "150426").apply["where"]


def test_what_a_place_adds_calls_for_nothing_elsewhere(knowledge: Path) -> None:
    write(knowledge, "3504", "dibao", widen=[{**leaf(), "fact": "household.relief", "includes": "dibao_edge"}])
    library = Library.load(knowledge)
    edge = {"household.relief": ["dibao_edge"]}

    assert "dibao" in opened(library, library.parse({**edge, "child.hukou_region": "350404"}), DAY)
    assert "dibao" not in opened(library, library.parse({**edge, "child.hukou_region": "350102"}), DAY)


def test_every_local_clause_has_a_grade_and_nothing_of_grade_c_decides() -> None:
    library = Library.load()
    for policy in library.policies.values():
        for local in policy.local:
            for row in local.set_table:
                assert row.value is None or (row.checked and row.grade in ("A", "B"))
            assert all(
                library.sources[cite.partition("#")[0]].grade for _, said in local.sentences for cite in said.cites
            )


def test_offices_are_called_as_the_place_calls_them() -> None:
    regions = Library.load().regions

    assert "问苏木、乡镇（街道），或者旗（县、区）民政局。" == regions.worded(
        "150426", "问乡镇（街道），或者县民政局。"
    )
    assert "去嘎查问。" == regions.worded("150426", "去嘎查问。")
    assert (
        "问乡镇（街道）。" == regions.worded("350404", "问乡镇（街道）。") == regions.worded(None, "问乡镇（街道）。")
    )
