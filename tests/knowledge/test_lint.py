"""Each fault that `knowledge check` knows is planted in a copy of the knowledge base, and is told with its file."""

# ruff: noqa: E501 - a row of a table is read as a row
from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from knowledge import coverage, lint, unused
from knowledge.check import check, notices
from knowledge.errors import KnowledgeError
from knowledge.library import HERE, Library

DAY = date(2026, 11, 22)
AGE = "fact: child.age, below: 18"
AWAY = "    - {fact: child.hukou_region, in: ['999999'], says: 户口在那里, cite: order-381#6条}\n"
OLD, LATER = (
    f"{when}, fact: child.age, below: 18, says: 小, cite: order-381#6条"
    for when in ("until: 2025-12-31", "from: 2026-02-01")
)
TWICE = f"    - {{any: [{{{OLD}}}, {{{LATER}}}]}}\n"
Planted = tuple[str, str, str, str]  # the file, a pattern found in it, what is put in its place, what is to be told

# All in one copy, which loads; each row has lines of its own.
FAULTS: list[Planted] = [
    # ids
    ("dibao", r"\{with: temp_relief,", "{with: temp_releif,", r"dibao.yml: combines.*no other entitlement 'temp_releif'"),
    ("hukou", r"instead: \[\w+", "instead: [hukuo", r"hukou.yml: says_no.instead\[0\]: no other entitlement 'hukuo'"),
    # what every file tells
    ("adoption", r"^  first_step: ", "  elsewhere: ", r"adoption.yml: apply.first_step: is missing"),
    ("bullying", r"^  at_18: .*\n", "", r"bullying.yml: duration.at_18: is missing"),
    ("yulu", r"^asked_as:\n(  - .*\n)+", "asked_as: [一句]\n", r"yulu.yml: asked_as: has fewer than 6"),
    ("legal_aid", r"^appeal: \{says: [^,]*,", "appeal: {says: ' ',", r"legal_aid.yml: appeal.says: is empty"),
    # one entitlement beside another
    ("adoption", r"with: foster_care, how: \w+", "with: foster_care, how: together", r"foster_care.yml: combines: says choose_one with adoption"),
    ("long_guardianship", r"^  - \{with: adoption, .*\n", "", r"long_guardianship.yml: combines: does not name adoption"),
    # amounts: unit, order, gap, overlap, lapse
    ("../35/orphan_living", r"unit: 元/月", "unit: 元每月", r"orphan_living.yml: amount\[\d+\].unit: '元每月' is none of"),
    ("../35/orphan_living", r"from: 2024-07-01", "from: 2024-08-01", r"orphan_living.yml: amount.*nothing holds from 2024-07-01"),
    ("../35/defacto_living", r"from: 2024-07-01", "from: 2024-06-01", r"defacto_living.yml: amount.*2024-06-01 lies within"),
    ("../35/hiv_child_living", r"until: 2024-06-30", "until: 2023-01-01", r"hiv_child_living.yml: amount.*2023-01-01 lies before"),
    ("voc_free_and_aid", r"until: null", "until: 2026-01-01", r"voc_free_and_aid.yml: amount.*lapsed on 2026-01-01"),
    # conditions
    ("visit_parent", r"ask: [^,}]+", "ask: 有关部门", r"visit_parent.yml: .*'有关部门' names no office"),
    ("street_child", r"^conditions:\n  all:\n", f"conditions:\n  all:\n{AWAY}{TWICE}", r"street_child.yml: conditions: .*'999999' is no region code"),
    ("street_child", r"\Z", "\n", r"street_child.yml: conditions: from 2026-02-01: leaves a gap after the one until 2025-12-31"),
    ("street_child", r"says: 孩子还没满18周岁。, cite: \S+\}", "says: 孩子满13周岁。, cite: order-381#15条}", r"street_child.yml: who\[0\]: 13 stands in no condition"),
    ("../11/preschool_aid", r"from: 2019-11-18, checked: 2026-11-22, ", "", r"preschool_aid.yml: amount\[\d\] of 11: names a sum without its day"),
    # sources and facts
    ("../../sources", r"^(civil-code-2020:\n(?:  .*\n)*?)  ended:\n", "\\1  ended: 2026-01-01\n", r"sources.yml: civil-code-2020.ended: lapsed"),
    ("../../sources", r"^(order-381:\n(?:  .*\n)*?)  checked: .*\n", "\\1  checked: 2027-01-01\n", r"sources.yml: order-381.checked: lies in the future"),
    ("../../facts/household", r"why: [^\n]+", "why: ' '", r"facts/household.yml: household\.\w+\.why: is empty"),
    ("../../facts/parents", r"unit: 月", "unit: 个月", r"facts/parents.yml: father\.\w+\.unit: '个月' is none of"),
    # what nothing uses
    ("../../concepts", r"\A", "lonely:\n  conditions:\n    all: []\n", r"concepts.yml: lonely: is used by no condition"),
    ("../../documents", r"\A", "old_form: {name: 一张表, plain: 没人要的表。, substitute: 不用。}\n", r"documents.yml: old_form: is asked for by no"),
    ("../35/sources", r"\A", "old-paper: {title: 旧文件, read: excerpt, grade: B, checked: 2026-11-22}\n", r"35/sources.yml: old-paper: is never cited"),
    ("../../offices", r"\A", "moon_office: {level: 县, name: 月亮局, person: 无, does: 无。, says: 无。, cite: minfa-2019-62#一}\n", r"offices.yml: moon_office: no route"),
    ("../../facts/child", r"^facts:\n", "facts:\n  - {id: child.height, kind: bool, title: 身高, question: 高不高？, why: 没用。}\n", r"facts/child.yml: child.height: stands in no condition"),
]  # fmt: skip

# Files that do not load; the first fault of each is told, and all together.
BROKEN: list[Planted] = [
    ("dibao", r"\Z", "wrong_key: 1\n", r"dibao.yml: wrong_key: is not a known key"),
    ("hukou", r"^kind: \w+", "kind: monye", r"hukou.yml: kind: must be one of"),
    ("yulu", r"^name: .*\n", "", r"yulu.yml: name: is missing"),
    ("dibao_edge", r"^conditions:\n", "conditions:\n  any: [{fact: child.agee, below: 18}]\nx:\n", r"dibao_edge.yml: conditions.*no fact 'child.agee'"),
    ("street_child", AGE, "fact: child.age, is: 18", r"street_child.yml: conditions.*child.age is a number"),
    ("bullying", AGE, "fact: child.age, below: 十八", r"bullying.yml: conditions.*'十八' is not a value"),
    ("left_behind", r"concept: \w+", "concept: awya_parent", r"left_behind.yml: conditions.*no concept 'awya_parent'"),
    ("victim_support", r"(fact: child.age, below: 18, says: [^,]+), cite: [^},]+", "\\1", r"victim_support.yml: conditions.*cite: is missing"),
    ("adoption", r", ask: [^,}]+", "", r"adoption.yml: conditions.*ask: is missing"),
    ("legal_aid", r"^summary: (.*)cite: \[?[\w-]+#", "summary: \\1cite: [no-such-law#", r"legal_aid.yml: summary.cite: no source 'no-such-law'"),
    ("temp_relief", r"^(documents:\n  - )\{id: \w+", "\\1{id: hukuo_book", r"temp_relief.yml: documents\[0\].id: no document 'hukuo_book'"),
    ("foster_care", r"how: together", "how: togehter", r"foster_care.yml: combines.*how: must be one of"),
    ("orphan_adult", r"^opened_by: \[", "opened_by: [child.agee, ", r"orphan_adult.yml: opened_by: no fact 'child.agee'"),
    ("../35/orphan_living", r"kind: floor", "kind: flor", r"35/orphan_living.yml: set_table.*kind: must be floor"),
    ("../11/disab_care", r"^id: \w+", "id: disab_crae", r"11/disab_care.yml: id: 'disab_crae' must be the file's name"),
]  # fmt: skip

# Shared files that do not load; each alone.
SHARED: list[Planted] = [
    ("../../concepts", r"^unable_parent:\n", "unable_parent:\n  of: parent\n  conditions:\n    all: [{concept: unable_parent, of: father}]\nx:\n", r"concept 'unable_parent' holds itself"),
    ("../../sources", r"grade: B", "grade: D", r"sources.yml: .*grade: must be A, B or C"),
    ("../../facts/child", r"kind: bool", "kind: boole", r"child.yml: .*kind: 'boole' is none of"),
    ("../../facts/child", r"    question: .*\n", "", r"child.yml: .*question: is missing"),
    ("../../routes", r"leads: \w+", "leads: nobody", r"routes.yml: .*no office 'nobody'"),
]  # fmt: skip


def plant(folder: Path, rows: list[Planted]) -> Path:
    """A copy of the knowledge base with these faults."""
    copy = Path(shutil.copytree(HERE, folder / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__")))
    for name, before, after, _ in rows:
        path = copy / "policies" / "national" / f"{name}.yml"
        text, found = re.subn(before, after, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
        assert found, f"{name}: {before} is nowhere"
        path.write_text(text, encoding="utf-8")
    return copy


def told(error: KnowledgeError) -> str:
    return "\n".join(map(str, (error, *error.others)))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> str:
    library = Library.load(plant(tmp_path_factory.mktemp("faults"), FAULTS))
    return "\n".join((*lint.faults(library, DAY), *unused.faults(library)))


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> str:
    with pytest.raises(KnowledgeError) as raised:
        Library.load(plant(tmp_path_factory.mktemp("broken"), BROKEN))
    return told(raised.value)


@pytest.mark.parametrize("row", FAULTS, ids=lambda row: row[3])
def test_a_fault_in_a_file_that_loads_is_told(row: Planted, found: str) -> None:
    assert re.search(row[3], found), found


def test_no_file_is_blamed_that_was_not_touched(found: str) -> None:
    blamed = {Path(line.partition(":")[0]).name for line in found.splitlines()}

    assert set() == {name for name in blamed if not any(name in row[3] for row in FAULTS)}


@pytest.mark.parametrize("row", BROKEN, ids=lambda row: row[3])
def test_a_policy_that_cannot_be_read_is_told(row: Planted, refused: str) -> None:
    assert re.search(row[3], refused), refused


@pytest.mark.parametrize("row", SHARED, ids=lambda row: row[3])
def test_a_shared_file_that_cannot_be_read_is_told(row: Planted, tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as raised:
        Library.load(plant(tmp_path, [row]))

    assert re.search(row[3], told(raised.value))


def test_what_was_not_looked_at_for_180_days_is_noticed_and_is_no_fault() -> None:
    library = Library.load()
    later = DAY + timedelta(days=181)

    assert [] == list(lint.stale(library, DAY))
    seen = list(notices(library, later))
    assert {f"{name}.yml" for name in library.policies} <= {line.partition(":")[0] for line in seen}
    assert any(line.startswith("sources.yml: civil-code-2020.checked: was") for line in seen)


def test_an_allowance_that_nothing_needs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    spare = {"asked": ["月亮局"], "told_only": {"dibao": ["77"]}, "in_no_condition": {"child.age": "no reason"}}
    monkeypatch.setattr(unused, "allowed", lambda: spare)

    told = "\n".join(unused.faults(Library.load()))

    assert all(
        f"lint.yml: {each}" in told for each in ("asked: nobody", "told_only.dibao: 77", "in_no_condition.child.age")
    )


def test_a_condition_that_no_golden_case_meets_is_told(tmp_path: Path) -> None:
    golden = Path(shutil.copytree(HERE.parent / "tests" / "golden", tmp_path / "golden"))
    (golden / "voc_free_and_aid.yml").unlink()

    lines = list(coverage.faults(Library.load(), golden))

    assert any("no golden case in which it holds" in line for line in lines)


def test_the_knowledge_base_and_its_golden_cases_have_no_fault() -> None:
    assert [] == check(Library.load(), HERE.parent / "tests" / "golden", DAY)
