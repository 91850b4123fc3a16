"""Questions about one entitlement, answered out of its file with clause and check date."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from actions.base import Turn, TurnAction
from actions.cards import title
from knowledge.errors import LapsedAmount
from knowledge.known import to_json
from knowledge.pointer import Pointer
from knowledge.policy import Policy, Words, amounts_at

PLACES = ("child.hukou_region", "child.residence_region")  # the hukou decides who pays
Lines = tuple[list[str], list[str]]  # what is said, and its citations


class ActionAnswer(TurnAction):
    """What, who, how much, which papers, where, how long, together with what, after 18, refused, not arrived."""

    def name(self) -> str:
        return "action_answer"

    def speak(self, turn: Turn) -> None:
        policy = _about(turn)
        if policy is None:
            _unclear(turn)
            return
        _answer(turn, policy, turn.intent)


def _about(now: Turn) -> Policy | None:
    """The entitlement named now; else the one asked about last, else the first one told."""
    if now.topics:
        return now.library.policies.get(now.topics[0])
    name = now.session.topic or next(iter(now.session.told), None)
    return now.library.policies.get(name or "")


def _answer(now: Turn, policy: Policy, kind: str) -> None:
    lines, cites = ANSWERS[kind](now, policy)
    if not lines:
        now.reply.say("utter_not_known", title=title(now, policy))
        _offer(now)
        return
    sources = [now.library.cite(cite) for cite in dict.fromkeys(cites)]
    now.reply.cite(sources)
    now.reply.say(f"utter_{kind}", title=title(now, policy), lines="\n".join(lines), basis="；".join(sources[:3]))


def tell_amount_now(now: Turn) -> None:
    """Once the place is told, the amount that was asked for before."""
    policy = now.library.policies.get(now.session.amount_of or "")
    if policy is not None and set(now.heard.new + now.heard.replaced) & set(PLACES):
        _answer(now, policy, "ask_amount")


def _unclear(now: Turn) -> None:
    pointer = now.library.pointers.get(now.topics[0]) if now.topics else None
    if pointer is not None:
        point(now, pointer)
    else:
        now.reply.say("utter_no_basis")
    _offer(now)


def point(now: Turn, pointer: Pointer) -> None:
    """One sentence and where to turn, for a matter without conditions of its own yet."""
    sources = [now.library.cite(cite) for cite in pointer.cites]
    now.reply.cite(sources)
    response = "utter_pointer" if sources else "utter_pointer_unsourced"
    now.reply.say(response, title=pointer.name, says=pointer.says, basis="；".join(sources))


def _offer(now: Turn) -> None:
    now.session.offered = "ask_local"
    words = now.library.words
    now.reply.buttons = [{"title": words[key], "payload": words[key]} for key in ("ask_person", "start_everything")]
    now.reply.resumes = bool(now.session.asking)


def _told(sentences: Iterable[Words | None]) -> Lines:
    given = [each for each in sentences if each is not None]
    return [each.says for each in given], [cite for each in given for cite in each.cites]


def _what(now: Turn, policy: Policy) -> Lines:
    return _told([policy.summary_child if now.session.is_child else policy.summary])


def _who(_: Turn, policy: Policy) -> Lines:
    lines, cites = _told(policy.who)
    return [f"· {line}" for line in lines], cites


def _amount(now: Turn, policy: Policy) -> Lines:
    plain, _ = to_json(now.session.facts)
    region = next((plain[name] for name in PLACES if name in plain), None)
    words = now.library.words
    now.session.amount_of = None if region else policy.id
    try:
        rows = amounts_at(policy, region, now.as_of)
    except LapsedAmount:
        rows = tuple(row for row in policy.amount if row.value is None)
    lines = []
    for row in rows:
        if row.value is None:
            lines.append(row.says)
            continue
        where = now.library.regions.name(row.region) if row.region else words["everywhere"]
        lines.append(
            words[f"amount_{row.kind}"].format(
                where=where,
                label=row.label,
                value=f"{row.value:f}",
                unit=row.unit,
                start=row.start,
                checked=row.checked,
            )
        )
    if not region:
        lines.append(words["which_place"])
    return lines, [cite for row in rows for cite in row.cites]


def _documents(now: Turn, policy: Policy) -> Lines:
    words = now.library.words
    lines = []
    for paper in policy.documents:
        name = now.library.documents[paper.id]["name"]
        form = words["paper_when" if paper.when else "paper"]
        lines.append(form.format(name=name, when=paper.when, note=paper.note))
    lines += _told([policy.apply.get("easier")])[0]
    easier = policy.apply.get("easier") or policy.apply["where"]
    return lines, list(easier.cites)


def _where(_: Turn, policy: Policy) -> Lines:
    return _told(policy.apply.get(key) for key in ("first_step", "where", "who", "elsewhere"))


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


def _combine(_: Turn, policy: Policy) -> Lines:
    lines, cites = _told(each.words for each in policy.combines)
    return [f"· {line}" for line in lines], cites


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
