"""What a story tells of father and mother."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from knowledge.reading import ascribed, times
from knowledge.reading.cues import SITUATION, Hit
from knowledge.reading.durations import Stretch
from knowledge.reading.judge import Verdict, judge
from knowledge.reading.numerals import number
from knowledge.reading.patterns import pattern
from knowledge.reading.polarity import Stance
from knowledge.reading.story import Findings, Story

# 他妈在我进去第二年改嫁: when, not that he is in again
_TELLS_WHEN = re.compile("了?(?:的)?(?:第[一二三四五]年|那年|时|以后|之后|后)")
_REACHED = ("caring", "contactable_not_caring", "working_away")
# Signs that somebody who was lost is not: seen, heard of, back.
_TURNED_UP = {"contact", "calls", "visit", "returned", "turned_up"}
# What an answer about a parent leaves open, by the sign that alone stands in it: 他在外地, 出来了, 改嫁了, 电话打得通.
_HALF_TOLD = {
    "elsewhere": ("contactable_not_caring", "lost_contact", "working_away"),
    "released": ("caring", "contactable_not_caring", "suspended_sentence", "working_away"),
    "contact": _REACHED,
    "calls": _REACHED,
    "visit": _REACHED,
    "remarried": ("caring", "contactable_not_caring", "lost_contact"),
}
# What may be instead of what is said not to be so after all.
_INSTEAD = {
    "working_away": ("caring", "contactable_not_caring", "lost_contact"),
    "imprisoned": ("caring", "contactable_not_caring", "lost_contact", "working_away"),
    "dead": ("caring", "contactable_not_caring", "imprisoned", "lost_contact", "working_away"),
}
# who is out of prison, and so is not what a prisoner may be besides
_LOOKED_AFTER = ("caring", "suspended_sentence", "working_away")
# no money, no visit: what those who are gone anyway are known by as well
_CARELESS = ("contactable_not_caring", "lost_contact")
_ABSENT = ("lost_contact", "declared_missing", "deported", "imprisoned", "detained", "compulsory_rehab", "dead",
           "unidentified", "contactable_not_caring")  # fmt: skip
_OR = pattern("parents.or")
_UNASSESSED = pattern("parents.unassessed")
_GRADE = re.compile(r"([一二三四1-4])级")
_SAY_SO = {
    "visual": "视力|眼|盲|瞎|失明",
    "hearing": "听力|听不[见到]|耳|聋",
    "speech": "言语|哑|不会说话",
    "physical": "肢体|脑瘫|瘫|截肢|瘸|腿|脚|手(?:压|轧|砸|被|断|没)|胳膊|半身不遂",
    "intellectual": "智力|智障|弱智|傻|脑子|呆",
    "mental": "精神|疯|癫|躁狂|双相",
}


def read(story: Story, findings: Findings, asking: str | None, known: Mapping[str, Any] = MappingProxyType({})) -> None:
    """Situation, terms, times, support and disability of each parent into `findings`; `known` are facts told before."""
    told = ascribed.told(story)
    ascribed.tell_one_and_other(story, findings)
    for parent in times.PARENTS:
        if told[parent]:
            held = known.get(f"{parent}.situation", ())
            _read_one(story, findings, parent, told[parent], asking or "", held)
        _take_back(story, findings, parent, known.get(f"{parent}.situation", ()))


def _take_back(story: Story, findings: Findings, parent: str, held: Collection[str]) -> None:
    """他妈没打工, of a mother who was said to be away for work: how it is with her is open again."""
    fact = f"{parent}.situation"
    if len(held) != 1 or fact in findings.facts or fact in findings.partial:
        return
    for hit in story.hits:
        value = hit.cue.value
        if value in _INSTEAD and [*held] == [value] and parent in story.people(hit) and _is_denied(story, hit):
            findings.tell(fact, {"one_of": [*_INSTEAD[value]]}, _span(story, hit))


def _is_denied(story: Story, hit: Hit) -> bool:
    clause = story.segment(hit.start).clause
    is_all = not story.text[hit.end : clause.end].strip("了的呀啊呢，。 ")
    return hit.cue.fact == SITUATION and is_all and story.stance(hit) is Stance.DENIED


def _read_one(
    story: Story, findings: Findings, parent: str, told: list[tuple[Hit, bool]], asking: str, held: Collection[str]
) -> None:
    signs: dict[str, list[tuple[Hit, bool]]] = defaultdict(list)
    for hit, doubted in told:
        signs[hit.cue.value].append((hit, doubted))
    _forget_what_was_undone(story, signs)
    if either := _either(story, [hit for hit, _ in told]):
        first, second = either
        findings.tell(
            f"{parent}.situation", {"one_of": sorted({first.cue.value, second.cue.value})}, (first.start, second.end)
        )
        return
    gone = times.gone_for(story, parent, [hit for sign in times.FLED for hit, _ in signs.get(sign, [])])
    verdict = judge(signs, asking == f"{parent}.sends_support")
    fact = f"{parent}.situation"
    for value in verdict.values:
        behind = [each for sign in verdict.because[value] for each in signs.get(sign, [])]
        span = _span(story, behind[0][0])
        main = next(signs[sign] for sign in verdict.because[value] if sign in signs)
        findings.add(fact, value, span, all(doubted for _, doubted in main))
    follow_up = asking.startswith(parent) and asking != fact
    is_known = verdict.one_of == [*_CARELESS] and {*held} & {*_ABSENT}
    if verdict.one_of and not verdict.values and not follow_up and not is_known:
        behind = [each for sign in verdict.because["?"] for each in signs.get(sign, [])]
        findings.tell(fact, {"one_of": verdict.one_of}, _span(story, behind[0][0]))
    half = next((sign for sign in _HALF_TOLD if sign in signs), None)
    if asking == fact and half and not verdict.values and not verdict.one_of:
        findings.tell(fact, {"one_of": [*_HALF_TOLD[half]]}, _span(story, signs[half][0][0]))
    if {*held} & {*ascribed.HELD} and "released" in signs and not verdict.values and not verdict.one_of:
        findings.tell(fact, {"one_of": [*_LOOKED_AFTER]}, _span(story, signs["released"][0][0]))
    if "lost_contact" in held and _TURNED_UP & {*signs} and not verdict.values and not verdict.one_of:
        sign = next(sign for sign in signs if sign in _TURNED_UP)  # 上个月回来过: no longer lost
        findings.tell(fact, {"one_of": [*_REACHED]}, _span(story, signs[sign][0][0]))
    if verdict.supports is not None and "dead" not in verdict.values:
        names = ("support", "visit", "calls", "contact") if verdict.supports else ("not_caring", "no_money", "no_visit")
        behind = [each for sign in names for each in signs.get(sign, [])]
        findings.tell(
            f"{parent}.sends_support", verdict.supports, _span(story, behind[0][0]), all(each[1] for each in behind)
        )
    _times(story, findings, parent, _likely(verdict), signs, gone)
    if "disabled" in verdict.values:
        _disability(story, findings, parent, [hit for hit, _ in signs["disabled"]])


def _likely(verdict: Verdict) -> list[str]:
    """The values whose lengths of time are worth keeping; 一年不回来 alone is no lost contact."""
    return verdict.values + (verdict.one_of if "contactable_not_caring" not in verdict.one_of else [])


def _forget_what_was_undone(story: Story, signs: dict[str, list[tuple[Hit, bool]]]) -> None:
    """出来又进去了: a release or return holds only when nothing of the kind follows."""
    for undo, signs_of in (("released", ascribed.HELD), ("returned", times.FLED)):
        last = max((hit.start for hit, _ in signs.get(undo, [])), default=-1)
        later = [hit for sign in signs_of for hit, _ in signs.get(sign, []) if hit.start > last]
        if any(not _TELLS_WHEN.match(story.text, hit.end) for hit in later):
            signs.pop(undo, None)


def _either(story: Story, hits: list[Hit]) -> tuple[Hit, Hit] | None:
    """死了还是失踪了."""
    for first, second in pairwise(hits):
        if first.cue.value == "left" and story.text[first.end : second.start] == "是":
            continue  # 走了是跑了 says which
        if first.cue.value != second.cue.value and _OR.fullmatch(story.text[first.end : second.start]):
            return first, second
    return None


def _times(
    story: Story, findings: Findings, parent: str, values: list[str], signs: dict[str, Any], gone: Stretch | None
) -> None:
    if gone and "lost_contact" in values:
        findings.tell(f"{parent}.lost_contact_months", gone.json(), times.around(story, gone))
    if "detained" in values and (
        held := times.gone_for(story, parent, _hits(signs, "detained", "caught", "imprisoned", "not_judged"))
    ):
        findings.tell(f"{parent}.detained_months", held.json(), times.around(story, held))
    if "imprisoned" in values or "compulsory_rehab" in values or "liberty_restricted" in values:
        hits = _hits(signs, "imprisoned", "compulsory_rehab", "liberty_restricted")
        for hit in sorted(hits, key=lambda hit: not story.text[: hit.start].endswith("改")):  # 改判两年 counts
            if term := times.term(story, hit) or times.written_term(story, parent):
                findings.tell(f"{parent}.term_months", *term)
                return
        for hit in _hits(signs, "imprisoned"):
            if "imprisoned" in values and (term := times.served(story, hit)):
                findings.tell(f"{parent}.term_months", *term)
                return


def _hits(signs: dict[str, list[tuple[Hit, bool]]], *names: str) -> list[Hit]:
    return [hit for name in names for hit, _ in signs.get(name, [])]


def _span(story: Story, hit: Hit) -> tuple[int, int]:
    """The stretch around a hit when it is short enough to quote, else the hit."""
    segment = story.segment(hit.start)
    if segment.end - segment.start <= 24:
        return min(segment.start, hit.start), max(segment.end, hit.end)
    return hit.start, hit.end


def _disability(story: Story, findings: Findings, parent: str, hits: list[Hit]) -> None:
    for hit in hits:
        said = "，".join(story.text[each.start : each.end] for each in story.segments if parent in each.people)
        for kind, words in _SAY_SO.items():
            if re.search(words, said):
                findings.add(f"{parent}.disability_kind", kind, _span(story, hit))
        if _UNASSESSED.search(said):
            findings.tell(f"{parent}.disability_grade", "unassessed", _span(story, hit))
        if grade := _GRADE.search(said):
            findings.tell(f"{parent}.disability_grade", str(int(number(grade[1]) or 0)), _span(story, hit))
