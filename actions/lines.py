"""What is said of one entitlement, by kind of question: sentences out of its file, each with its clause."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from actions.cards import at_once, hushed, title
from actions.meant import fitting
from actions.papers import papers
from actions.pointers import offer
from actions.together import pairs_of
from knowledge.amount import Amount, amounts_at, who_sets
from knowledge.errors import LapsedAmount
from knowledge.known import to_json
from knowledge.overlay import policy_at
from knowledge.policy import Policy, Words
from knowledge.reading.places import find

if TYPE_CHECKING:
    from actions.base import Turn

PLACES = ("child.hukou_region", "child.residence_region")  # the hukou decides who pays
TOGETHER = 5  # lines of what goes together: a telephone's screen, and what can be kept in mind
SHORTEST = 14  # signs that name an entitlement and ask nothing else of it
Lines = tuple[list[str], list[str]]  # what is said, and its citations


def answer(now: Turn, policy: Policy, kind: str) -> None:
    """One answer with its basis, as it is where the family is, or an honest not-known with a person."""
    hukou, residence = _places(now)
    now.session.kind, now.session.is_unnamed = kind, False
    policy = policy_at(fitting(now, policy, kind), hukou, residence)
    if kind == "ask_payment" and policy.kind != "money":
        kind = "ask_amount"  # no money can be late where none is paid
    lines, cites = _what(now, policy) if hushed(now, policy) else ANSWERS[kind](now, policy)
    if not lines:
        now.reply.say("utter_not_known", title=title(now, policy))
        offer(now)
        return
    if now.session.is_child:
        lines, cites = _for_child(now, policy, lines, cites)
    lines = [now.library.regions.worded(hukou or residence, line) for line in lines]
    sources = [now.library.cite(cite) for cite in dict.fromkeys(cites)]
    now.reply.cite(sources)
    now.reply.spoken_of.append(policy.id)
    now.reply.say(
        f"utter_{kind}", title=title(now, policy), lines="\n".join(lines), basis="；".join(at_once(sources)[:3])
    )


def _for_child(now: Turn, policy: Policy, lines: list[str], cites: list[str]) -> Lines:
    """Without the lines that tell where a parent may be; what they said is said as a child may hear it."""
    reveals = re.compile(now.library.words["reveals"])
    kept = [line for line in lines if not reveals.search(line)]
    if len(kept) == len(lines):
        return lines, cites
    told = policy.summary_child
    return [told.says, *(line for line in kept if told.says not in line)], [*told.cites, *cites]


def tell_amount_now(now: Turn) -> None:
    """Once the place is told, the amount that was asked for before."""
    policy = now.library.policies.get(now.session.amount_of or "")
    if policy is not None and set(now.heard.new + now.heard.replaced) & set(PLACES):
        answer(now, policy, "ask_amount")


def _places(now: Turn) -> tuple[str | None, str | None]:
    """The hukou and the residence; a place that the question itself names counts as the hukou."""
    plain, _ = to_json(now.session.facts)
    named = find(now.library.regions, str(now.message.get("text") or ""))
    hukou, residence = (plain.get(name) for name in PLACES)
    return named or hukou, residence


def _told(sentences: Iterable[Words | None]) -> Lines:
    given = [each for each in sentences if each is not None]
    return [each.says for each in given], [cite for each in given for cite in each.cites]


def _what(now: Turn, policy: Policy) -> Lines:
    return _told([policy.summary_child if now.session.is_child else policy.summary])


def _who(_: Turn, policy: Policy) -> Lines:
    lines, cites = _told(policy.who)
    return [f"· {line}" for line in lines], cites


def _amount(now: Turn, policy: Policy) -> Lines:
    hukou, residence = _places(now)
    region = hukou or residence
    words = now.library.words
    now.session.amount_of = None
    try:
        rows = amounts_at(policy.amount, region, now.as_of)
    except LapsedAmount:
        rows = who_sets(policy.amount, region)
    rows = _narrowed(now, rows)
    lines = []
    for row in rows:
        if row.value is None:
            form = words["amount_said"] if row.start else "{says}"
            lines.append(form.format(says=row.says, start=row.start, checked=row.checked))
            continue
        where = now.library.regions.name(row.region) if row.region else words["everywhere"]
        lines.append(
            words[f"amount_{row.kind}"].format(
                where=where,
                label=words["said_class"].get(row.label, row.label),
                each=_each(now, row),
                start=row.start,
                checked=row.checked,
            )
        )
    if any(row.value is not None and row.kind == "floor" for row in rows):
        lines.append(words["floor_note"])
    if any(row.region and row.kind == "standard" for row in rows) and any(
        each.how == "top_up" for each in policy.combines
    ):
        lines.append(words["amount_top_up"])
    if policy.kind != "money" and not any(row.value for row in policy.amount):
        return lines, [cite for row in rows for cite in row.cites]  # nothing is paid: no place has a number
    if not region:
        is_national = any(row.value is not None for row in rows)
        lines.append(words["which_place_more" if is_national else "which_place"])
        now.session.amount_of = policy.id
    elif not any(row.value is not None or row.start for row in rows):
        lines.append(words["no_checked_amount"].format(where=now.library.regions.name(region)))
    return lines, [cite for row in rows for cite in row.cites]


def _narrowed(now: Turn, rows: Sequence[Amount]) -> list[Amount]:
    """小学住校一年补多少 wants one number of four; a word that no sum bears narrows nothing."""
    left, text = list(rows), str(now.message.get("text") or "")
    for form in now.library.words["amount_narrows"]:
        sums = [each for each in left if each.value is not None and re.search(form, each.label)]
        if sums and re.search(form, text):
            left = [each for each in left if each.value is None or each in sums]
    return left


def _each(now: Turn, row: Amount) -> str:
    """每人每月1891元, as it is said, and not 1891元/月."""
    coin, _, time = row.unit.partition("/")
    return now.library.words["amount_value"].format(time=time, value=f"{row.value:f}", coin=coin)


def _documents(now: Turn, policy: Policy) -> Lines:
    easier = policy.apply.get("easier") or policy.apply["where"]
    return papers(now, policy) + _told([policy.apply.get("easier")])[0], list(easier.cites)


def _where(now: Turn, policy: Policy) -> Lines:
    lines, cites = _told(policy.apply.get(key) for key in ("first_step", "where", "who", "elsewhere"))
    hukou, residence = _places(now)
    office = now.library.offices.of_owner(policy.owner, hukou or residence)
    if office is not None and office.phone:
        lines.append(now.library.words["office_phone"].format(office=office))
    return lines, cites


def _duration(now: Turn, policy: Policy) -> Lines:
    words = now.library.words
    lines, cites = [], []
    for step in policy.steps:
        days = step.working_days or step.days
        form = "step_working" if step.working_days else "step_days" if step.days else "step"
        lines.append(words[form].format(name=step.name, days=days, says=step.words.says))
        cites += step.words.cites
    more, more_cites = _told(policy.duration.get(key) for key in ("starts", "ends"))
    return lines + more, cites + more_cites


def _combine(now: Turn, policy: Policy) -> Lines:
    """Of a pair whether it goes together; else what was named or found open, then what limits; the rest is counted."""
    others, words = now.library.policies, now.library.words
    if pairs := pairs_of(now, policy):
        lines, cites = _told(each.words for each in pairs)
        return [words[f"combine_{each.how}"] + line for each, line in zip(pairs, lines, strict=True)], cites
    plain, _ = to_json(now.session.facts)
    found = (name for name, outcome in now.session.told.items() if outcome == "eligible")
    held = (*now.topics, *found, *plain.get("household.relief", ()))  # relief tekun is the entitlement tekun_minor
    told = [each for each in policy.combines if each.with_id not in others or not hushed(now, others[each.with_id])]
    told.sort(key=lambda each: (not each.with_id.startswith(held), each.how == "together"))
    lines, cites = _told(each.words for each in told[:TOGETHER])
    more = [words["combine_more"].format(count=len(told) - TOGETHER)] if len(told) > TOGETHER else []
    return [*(f"· {line}" for line in lines), *more], cites


def _after_18(_: Turn, policy: Policy) -> Lines:
    return _told([policy.duration.get("at_18")])


def _appeal(_: Turn, policy: Policy) -> Lines:
    return _told([policy.appeal])


ANSWERS: dict[str, Callable[[Turn, Policy], Lines]] = {
    "ask_what": _what,
    "ask_who": _who,
    "ask_amount": _amount,
    "ask_documents": _documents,
    "ask_where": _where,
    "ask_duration": _duration,
    "ask_combine": _combine,
    "ask_after_18": _after_18,
    "ask_appeal": _appeal,
    "ask_payment": _appeal,
}
