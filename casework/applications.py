"""An application on its way: applied, accepted, approved or refused, the money arrived, stopped. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from casework.errors import BadTransition, BadValue, Missing
from casework.events import Event, of_kind
from casework.rules import rules

MOST = Decimal(1_000_000)  # 元 a month; more is a slip of the finger


@dataclass(frozen=True)
class Step:
    """One step of an application; `month` is YYYY-MM, `amount` 元, `expected` when an answer was promised."""

    to: str
    on: date
    reason: str = ""
    words: str = ""
    month: str = ""
    amount: str = ""
    expected: date | None = None


@dataclass(frozen=True)
class Application:
    """All steps for one entitlement, oldest first; `state` is where it stands."""

    policy: str
    steps: tuple[Step, ...]

    @property
    def state(self) -> str:
        return self.steps[-1].to


def next_steps(state: str | None) -> tuple[str, ...]:
    return tuple(rules("applications")["steps"][state or "none"])


def check_step(state: str | None, step: Step) -> Step:
    """The step with its sum written plainly. Raises: BadTransition, Missing, BadValue."""
    known = rules("applications")
    if step.to not in known["states"]:
        raise BadValue("to")
    if step.to not in next_steps(state):
        raise BadTransition(state or "none", step.to)
    asked = known["asks"].get(step.to, ())
    for field in asked:
        if not getattr(step, field):
            raise Missing(field)
    if step.reason and ("reason" not in asked or step.reason not in known["reasons"]):
        raise BadValue("reason")
    if "month" not in asked:
        return Step(step.to, step.on, step.reason, step.words, expected=step.expected)
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", step.month):
        raise BadValue("month")
    return Step(step.to, step.on, words=step.words, month=step.month, amount=_sum(step.amount))


def _sum(text: str) -> str:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise BadValue("amount") from None
    if not amount.is_finite() or not 0 < amount <= MOST:
        raise BadValue("amount")
    return str(amount.quantize(Decimal("0.01")))


def applications(events: Sequence[Event]) -> dict[str, Application]:
    """By entitlement, in the order of their first step."""
    steps: dict[str, list[Step]] = {}
    for event in of_kind(events, "application"):
        steps.setdefault(str(event.subject), []).append(from_data(event.data))
    return {policy: Application(policy, tuple(taken)) for policy, taken in steps.items()}


def to_data(step: Step) -> dict[str, Any]:
    filled = {"to": step.to, "reason": step.reason, "words": step.words, "month": step.month, "amount": step.amount}
    expected = step.expected and step.expected.isoformat()
    return {name: value for name, value in {**filled, "on": step.on.isoformat(), "expected": expected}.items() if value}


def from_data(data: Mapping[str, Any]) -> Step:
    expected = data.get("expected")
    told = {name: str(data.get(name, "")) for name in ("to", "reason", "words", "month", "amount")}
    return Step(on=date.fromisoformat(data["on"]), expected=expected and date.fromisoformat(expected), **told)
