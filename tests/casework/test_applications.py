from datetime import date

import pytest

from casework.applications import Step, check_step, from_data, next_steps, to_data
from casework.errors import BadTransition, BadValue, Missing
from casework.rules import rules

DAY = date(2026, 11, 22)
FULL = {"reason": "papers", "month": "2026-11", "amount": "1891"}


def step(to, **more):
    asked = {name: FULL[name] for name in rules("applications")["asks"].get(to, ())}
    return Step(to, DAY, **{**asked, **more})


def test_the_way_to_the_money_and_its_end():
    state = None
    for to in ("applied", "accepted", "approved", "arrived", "arrived", "stopped"):
        state = check_step(state, step(to)).to

    assert "stopped" == state


@pytest.mark.parametrize("state", [None, *rules("applications")["states"]])
@pytest.mark.parametrize("to", rules("applications")["states"])
def test_only_the_listed_steps_are_taken(state, to):
    if to in next_steps(state):
        assert to == check_step(state, step(to)).to
    else:
        with pytest.raises(BadTransition):
            check_step(state, step(to))


@pytest.mark.parametrize("field, to", [("reason", "refused"), ("month", "arrived"), ("amount", "arrived")])
def test_a_refusal_needs_its_reason_and_money_its_month_and_sum(field, to):
    before = "applied" if to == "refused" else "approved"
    with pytest.raises(Missing) as missing:
        check_step(before, step(to, **{field: ""}))
    assert field == missing.value.field


@pytest.mark.parametrize("amount", ["0", "-1", "many", "NaN", "Infinity", "1000000.01"])
def test_a_sum_is_a_sum(amount):
    with pytest.raises(BadValue):
        check_step("approved", step("arrived", amount=amount))


@pytest.mark.parametrize("month", ["2026", "2026-13", "26-11", "2026-1", "2026-11-01"])
def test_a_month_is_a_month(month):
    with pytest.raises(BadValue):
        check_step("approved", step("arrived", month=month))


def test_what_is_kept_comes_back():
    applied = check_step(None, step("applied", expected=date(2026, 12, 31)))
    arrived = check_step("approved", step("arrived", words="到了"))

    assert [applied, arrived] == [from_data(to_data(applied)), from_data(to_data(arrived))]
    assert "1891.00" == arrived.amount


def test_every_reason_is_known():
    with pytest.raises(BadValue):
        check_step("applied", step("refused", reason="bad luck"))
