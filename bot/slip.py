"""The slip a family carries to an office: what to say, what to bring, the clause. Any channel may show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from casework.store import Message
from knowledge.assess import assess
from knowledge.errors import FactError
from knowledge.files import read_yaml
from knowledge.library import Library
from knowledge.policy import Policy, Words
from knowledge.rules import leaves

HERE = ZoneInfo("Asia/Shanghai")
TO_CARRY = ("eligible", "ask_local")
MOST_CLAUSES = 4


@dataclass(frozen=True)
class Entry:
    """One entitlement; `asks` is what the office decides, `if_so` are papers that only some families need.

    `id` names its public page; empty for a child, for whom that page may say too much.
    """

    id: str
    title: str
    outcome: str
    say: str
    where: tuple[str, ...]
    asks: tuple[str, ...]
    papers: tuple[str, ...]
    there: tuple[str, ...]
    if_so: tuple[str, ...]
    days: tuple[str, ...]
    clauses: tuple[str, ...]
    appeal: str


@dataclass(frozen=True)
class Slip:
    """`is_whole`: nothing was left off because of who might find the paper."""

    made_on: date
    entries: tuple[Entry, ...]
    is_whole: bool


@cache
def slip_words() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(Path(__file__).with_name("slip.yml"), dict)
    return found


def make_slip(library: Library, said: Sequence[Message]) -> Slip | None:
    """From the turns in the ledger; None while nothing was told that could be carried anywhere."""
    turns = [message for message in said if message.sender == "bot" and message.turn]
    if not turns:
        return None
    latest: Mapping[str, Any] = turns[-1].turn or {}
    made_on = turns[-1].at.astimezone(HERE).date()
    is_child = latest.get("facts", {}).get("asker.role") == "child"
    writer, hidden = _Writer(library, is_child), slip_words()["not_on_paper"]
    carried = _carried(library, turns, made_on)
    entries = tuple(writer.entry(library.policies[each["id"]], each) for each in carried if each["id"] not in hidden)
    return Slip(made_on, entries, len(entries) == len(carried)) if carried else None


def _carried(library: Library, turns: Sequence[Message], as_of: date) -> list[Mapping[str, Any]]:
    """What was told last of each entitlement, where an office can be asked for it.

    What an earlier turn told must still hold by the facts of the last: they may have been corrected or begun anew.
    """
    latest: Mapping[str, Any] = turns[-1].turn or {}
    told: dict[str, tuple[bool, Mapping[str, Any]]] = {}
    for message in turns:
        turn = message.turn or {}
        if turn.get("child", 1) == latest.get("child", 1):
            told.update({each["id"]: (turn is latest, each) for each in turn.get("results", [])})
    return [
        each
        for name, policy in library.policies.items()
        if name in told
        for is_now, each in (told[name],)
        if each["outcome"] in TO_CARRY and (is_now or _holds(library, policy, latest, as_of))
    ]


def _holds(library: Library, policy: Policy, turn: Mapping[str, Any], as_of: date) -> bool:
    try:
        facts = library.parse(turn.get("facts", {}), turn.get("partial", {}))
    except FactError:
        return False
    return assess(library, policy.id, facts, as_of).outcome in TO_CARRY


class _Writer:
    """Words for a grown-up or for a child, who carries nothing that says where a parent is."""

    def __init__(self, library: Library, is_child: bool) -> None:
        self._library, self._is_child = library, is_child
        self._words = slip_words()
        self._reveals = re.compile("|".join(self._words["reveals"]))
        self._of_parents = re.compile("|".join(self._words["of_parents"]))

    def entry(self, policy: Policy, result: Mapping[str, Any]) -> Entry:
        papers, there, if_so = self._papers(policy)
        first_step = self._fit(policy.apply["first_step"].says)
        return Entry(
            id="" if self._is_child else policy.id,
            title=policy.name_child if self._is_child else policy.short,
            outcome=self._library.words[f"outcome_{result['outcome']}"],
            say=first_step or self._words["say_instead"],
            where=self._told(policy.apply.get(key) for key in ("where", "who")),
            asks=tuple(result.get("because", ())) if result["outcome"] == "ask_local" and not self._is_child else (),
            papers=papers,
            there=there,
            if_so=if_so,
            days=self._days(policy),
            clauses=self._clauses(policy, result),
            appeal=self._fit(policy.appeal.says) or self._words["appeal_instead"],
        )

    def _told(self, sentences: Iterable[Words | None]) -> tuple[str, ...]:
        return tuple(told for each in sentences if each and (told := self._fit(each.says)))

    def _fit(self, text: str) -> str:
        """A child's text without the sentences that would say where a parent is."""
        if not self._is_child:
            return text
        return "".join(one for one in re.findall(r"[^。；]+[。；]?", text) if not self._reveals.search(one))

    def _papers(self, policy: Policy) -> tuple[tuple[str, ...], ...]:
        """To bring; to fill in there; to bring in some cases."""
        lists: tuple[list[str], ...] = ([], [], [])
        for paper in policy.documents:
            name = self._library.documents[paper.id]["name"]
            if self._is_child and (self._reveals.search(name) or self._of_parents.search(name + paper.when)):
                continue
            is_there = any(sign in paper.when for sign in self._words["filled_there"])
            more = self._words["more"].join(each for each in ("" if is_there else paper.when, paper.note) if each)
            line = self._words["paper_more"].format(name=name, more=more) if more else name
            lists[1 if is_there else 2 if paper.when else 0].append(line)
        return tuple(tuple(one) for one in lists)

    def _days(self, policy: Policy) -> tuple[str, ...]:
        lines = []
        for step in policy.steps:
            form = "step_working" if step.working_days else "step_days" if step.days else "step"
            days = step.working_days or step.days
            lines.append(self._words[form].format(name=step.name, days=days, says=step.words.says))
        return tuple(fit for each in lines if (fit := self._fit(each))) + self._told([policy.duration.get("starts")])

    def _clauses(self, policy: Policy, result: Mapping[str, Any]) -> tuple[str, ...]:
        """Those the outcome stands on, then those of the way to the office."""
        of_rules = [cite for leaf in leaves(policy.conditions) for cite in leaf.cites]
        as_told = {self._library.cite(cite): cite for cite in of_rules}
        cites = [as_told[each] for each in result.get("sources", ()) if each in as_told][: MOST_CLAUSES - 1]
        cites += [*policy.apply["first_step"].cites, *policy.summary.cites]
        dated = [self._dated(cite) for cite in dict.fromkeys(cites)]
        return tuple(each for each in dated if not (self._is_child and self._reveals.search(each)))[:MOST_CLAUSES]

    def _dated(self, cite: str) -> str:
        source = self._library.sources[cite.partition("#")[0]]
        clause = self._library.cite(cite)
        return clause if source.in_force is None else self._words["in_force"].format(clause=clause, day=source.in_force)
