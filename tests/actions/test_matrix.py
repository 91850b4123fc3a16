"""Every kind of question about every entitlement is answered from its file, to a grown-up and to a child."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from actions.base import Turn
from actions.hear import Heard
from actions.lines import ANSWERS, answer
from actions.reply import Reply
from actions.session import load
from knowledge.library import Library
from knowledge.matrix import faults, matrix, reasons

LIBRARY = Library.load()
DAY = date(2026, 11, 22)


def turn(role: str, facts: dict[str, Any]) -> Turn:
    session = load(LIBRARY, None)
    session.facts.update(LIBRARY.parse({"asker.role": role, **facts}))
    return Turn(LIBRARY, session, {"text": ""}, Heard((), (), False, None), DAY, Reply())


@pytest.mark.parametrize("role", ["grandparent_paternal", "child"])
@pytest.mark.parametrize("kind", ANSWERS)
def test_every_entitlement_answers_this_kind_of_question_with_its_clause(kind: str, role: str) -> None:
    silent = []
    for policy in LIBRARY.policies.values():
        now = turn(role, {"child.hukou_region": "350402"})
        answer(now, policy, kind)
        said = [name for name, _ in now.reply.says]
        if "utter_not_known" in said or not now.reply.sources:
            silent.append(policy.id)

    assert [] == silent


@pytest.mark.parametrize("kind", ANSWERS)
def test_no_answer_tells_a_child_where_a_parent_may_be(kind: str) -> None:
    told = []
    for policy in LIBRARY.policies.values():
        now = turn("child", {"child.hukou_region": "350402"})
        answer(now, policy, kind)
        told += [
            policy.id for _, values in now.reply.says if re.search(LIBRARY.words["reveals"], values.get("lines", ""))
        ]

    assert [] == told


def test_no_cell_of_the_matrix_is_empty_without_a_stated_reason() -> None:
    assert [] == list(faults(LIBRARY))
    assert set(LIBRARY.policies) == set(matrix(LIBRARY))
    assert all(len(why) > 10 for row in reasons(LIBRARY).values() for why in row.values())


def test_what_pays_nothing_speaks_of_no_late_money() -> None:
    now = turn("grandparent_paternal", {})
    answer(now, LIBRARY.policies["adoption"], "ask_payment")

    (name, values) = now.reply.says[0]
    assert "utter_ask_amount" == name
    assert LIBRARY.words["which_place"] not in values["lines"]
