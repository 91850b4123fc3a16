"""From the signs told of one parent to the facts: 走了 with 没音信 is lost contact, with 车祸 a death, alone open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HELD = ("imprisoned", "detained", "compulsory_rehab", "liberty_restricted")
_PLAIN = ("declared_missing", "suspended_sentence", "liberty_restricted", "disabled", "major_illness",
          "guardianship_revoked", "deported", "unidentified")  # fmt: skip
_AWAY_SIGNS = ("lost_contact", "left", "gone_for_good")


@dataclass
class Verdict:
    """What the signs add up to; `because` are the signs behind each value."""

    values: list[str] = field(default_factory=list)
    one_of: list[str] = field(default_factory=list)
    supports: bool | None = None
    because: dict[str, tuple[str, ...]] = field(default_factory=dict)


def judge(signs: Mapping[str, Any], asked_support: bool) -> Verdict:
    """What the signs mean together; a call counts as support only when support was asked for."""
    has = set(signs)
    verdict = Verdict()
    if "dead" in has or ({"left", "mortal"} <= has and not has & {"lost_contact", "gone_for_good"}):
        return _only(verdict, "dead", ("dead", "left"))
    for value in _PLAIN:
        if value in has and not (value in ("disabled", "major_illness") and "recovered" in has):
            _add(verdict, value, (value,))
    _judge_custody(verdict, has)
    _judge_contact(verdict, has)
    verdict.supports = _support(has, asked_support)
    return verdict


def _judge_custody(verdict: Verdict, has: set[str]) -> None:
    if "released" in has:
        return
    if "suspended_sentence" in has:
        return
    if "compulsory_rehab" in has:
        _add(verdict, "compulsory_rehab", ("compulsory_rehab",))
    elif "not_judged" in has and has & {"detained", "caught", "imprisoned"}:
        _add(verdict, "detained", ("detained", "not_judged", "caught", "imprisoned"))
    elif "imprisoned" in has:
        _add(verdict, "imprisoned", ("imprisoned",))
    elif "detained" in has or ("not_judged" in has and "lost_contact" not in has):
        _add(verdict, "detained", ("detained", "not_judged"))
    elif "caught" in has and not verdict.values:
        verdict.one_of = ["detained", "imprisoned"]
        verdict.because["?"] = ("caught",)


def _judge_contact(verdict: Verdict, has: set[str]) -> None:
    held = any(value in HELD or value == "declared_missing" for value in verdict.values)
    if held or verdict.one_of or "deported" in has or "unidentified" in has:
        return
    careless = has & {"not_caring", "no_money"}
    gone = bool(has & set(_AWAY_SIGNS)) and "returned" not in has
    if "hardly_caring" in has and has & {"working_away", "elsewhere"} and not (careless or gone):
        verdict.one_of = ["contactable_not_caring", "working_away"]
        verdict.because["?"] = ("hardly_caring",)
        return
    if has & {"contact", "calls", "support", "visit"}:
        _judge_reachable(verdict, has, bool(careless))
    elif gone and (
        "lost_contact" in has
        or {"left", "gone_for_good"} <= has
        or ("left" in has and "divorced" not in has and careless | (has & {"remarried"}))
    ):
        _add(verdict, "lost_contact", ("lost_contact", "left", "gone_for_good"))
    elif gone and "left" in has and has & {"divorced", "fed_up"}:
        verdict.one_of = ["contactable_not_caring", "lost_contact"]
        verdict.because["?"] = ("left", "divorced", "fed_up")
    elif gone and "left" in has:
        verdict.one_of = ["dead", "lost_contact"]
        verdict.because["?"] = ("left",)
    elif careless and not verdict.values:
        verdict.one_of = ["contactable_not_caring", "lost_contact"]
        verdict.because["?"] = tuple(careless)
    elif "comes_home" in has and not verdict.values and not gone:
        _add(verdict, "caring", ("comes_home", "working_away", "caring"))
    elif "caring" in has and "returned" not in has and not gone:
        _add(verdict, "caring", ("caring",))  # 在超市做收银员，自己带孩子
    elif "working_away" in has and "gone_for_good" not in has:
        _add(verdict, "working_away", ("working_away",))
    elif "at_home" in has and not verdict.values and not gone:
        _add(verdict, "caring", ("at_home",))


def _judge_reachable(verdict: Verdict, has: set[str], careless: bool) -> None:
    helps = bool(has & {"support", "visit"})
    if (careless or has & {"left", "lost_contact"}) and not helps:
        _add(verdict, "contactable_not_caring", ("contact", "calls", "not_caring", "no_money", "remarried"))
    elif has & {"working_away", "elsewhere"} and not careless and has & {"support", "contact", "working_away"}:
        _add(verdict, "working_away", ("working_away", "elsewhere", "support", "contact", "calls"))
    elif "caring" in has:
        _add(verdict, "caring", ("caring",))


def _support(has: set[str], asked: bool) -> bool | None:
    if has & {"support", "visit"} or (asked and has & {"contact", "calls"} and "no_money" not in has):
        return None if has & {"not_caring"} else True
    if has & {"not_caring", "no_visit"} or ("no_money" in has and "calls" not in has):
        return False
    return None


def _add(verdict: Verdict, value: str, because: tuple[str, ...]) -> None:
    if value not in verdict.values:
        verdict.values.append(value)
        verdict.because[value] = because


def _only(verdict: Verdict, value: str, because: tuple[str, ...]) -> Verdict:
    verdict.values, verdict.because = [value], {value: because}
    return verdict
