"""The figures of the desk, each a pure function of the log; what each means is in figures.yml.

A figure is a value and the size of the group it stands on; the value is None where there is nothing to count, which is
not the same as nought.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from casework.eventlog import Entry, Log
from casework.followup import HERE, working_days_later
from casework.rules import rules

DAY = timedelta(days=1)
CALLS = ("return_call", "distress_call")
TAKEN = ("claimed", "transferred", "owner")


@dataclass(frozen=True)
class Figure:
    """`group` is how many children, cases, referrals or turns the value stands on."""

    value: float | None
    group: int


def share(hits: Iterable[bool]) -> Figure:
    """In per cent."""
    found = list(hits)
    return Figure(100 * sum(found) / len(found) if found else None, len(found))


def middle(spans: Iterable[timedelta], unit: timedelta) -> Figure:
    """The median in units."""
    found = [span / unit for span in spans]
    return Figure(median(found) if found else None, len(found))


def screened(log: Log) -> dict[tuple[str, int], list[Entry]]:
    """The bot's turns about each child whose interview came to its end with a result."""
    turns: dict[tuple[str, int], list[Entry]] = {}
    for entry in log.begun("bot"):
        if "child" in entry.data:
            turns.setdefault((entry.talk, entry.data["child"]), []).append(entry)
    return {
        child: said
        for child, said in turns.items()
        if any(one.data.get("done") and one.data["outcomes"] for one in said)
    }


def screenings(log: Log) -> Figure:
    found = screened(log)
    return Figure(len(found), len(found))


def newly_eligible(log: Log) -> Figure:
    """By what each child was told last of every entitlement: an outcome that was taken back does not count."""
    found = [_last_told(said) for said in screened(log).values()]
    hits = share("eligible" in told.values() for told in found)
    return Figure(None if hits.value is None else hits.value * 10, hits.group)


def _last_told(said: Sequence[Entry]) -> dict[str, str]:
    return {name: outcome for entry in said for name, outcome in entry.data["outcomes"].items()}


def missed(log: Log) -> Figure:
    return share(entry.subject == "missed" for entry in log.begun("checked"))


def false_reports(log: Log) -> Figure:
    return share(entry.subject == "wrong" for entry in log.begun("checked"))


def one_owner(log: Log) -> Figure:
    """Cases that have had their 24 hours."""
    taken = first(log.of(*TAKEN))
    opened = [entry for entry in log.begun("opened") if entry.at + DAY <= log.until]
    return share(entry.case in taken and taken[entry.case].at <= entry.at + DAY for entry in opened)


def receipts(log: Log) -> Figure:
    """Referrals that have had their working day."""
    got: dict[tuple[str, str], Entry] = {}
    for entry in log.of("received", "answered"):
        got.setdefault((entry.case, entry.subject), entry)
    sent = [(entry, working_days_later(entry.at, 1)) for entry in log.begun("referral")]
    return share(
        (entry.case, entry.subject) in got and got[entry.case, entry.subject].at <= by
        for entry, by in sent
        if by <= log.until
    )


def first_visit(log: Log) -> Figure:
    seen = first(log.of("visited"))
    return middle((seen[entry.case].at - entry.at for entry in log.begun("opened") if entry.case in seen), DAY)


def to_money(log: Log) -> Figure:
    """From each approval to the first payment after it."""
    spans: list[timedelta] = []
    approved: dict[tuple[str, str], date] = {}
    for entry in log.of("application"):
        way, on = (entry.case, entry.subject), date.fromisoformat(entry.data["on"])
        if entry.data["to"] == "approved" and entry.at >= log.since:
            approved[way] = on
        elif entry.data["to"] == "arrived" and way in approved:
            spans.append(on - approved.pop(way))
    return middle(spans, DAY)


def calls_on_time(log: Log) -> Figure:
    """Calls whose last day has passed; one that was dropped before that day was no call."""
    done = {(entry.case, entry.subject): entry for entry in reversed(log.of("done"))}
    dropped = {(entry.case, entry.subject): entry for entry in log.of("dropped")}
    hits = []
    for entry in log.of("due"):
        what, key = entry.subject.partition(":")[0], (entry.case, entry.subject)
        due = entry.due_at or entry.at
        last = due + DAY * rules("followup")["escalates"].get(what, 0) + DAY
        if what not in CALLS or due < log.since or last > log.until:
            continue
        if key in dropped and entry.at <= dropped[key].at < last:
            continue
        hits.append(key in done and done[key].at <= last)
    return share(hits)


def first_need_met(log: Log) -> Figure:
    """The need named first in a case, where thirty days have passed since."""
    met = {(entry.case, entry.subject): entry for entry in reversed(log.of("need_met"))}
    named = [entry for entry in first(log.of("need")).values() if log.since <= entry.at <= log.until - 30 * DAY]
    return share(
        (need.case, need.subject) in met and met[need.case, need.subject].at <= need.at + 30 * DAY for need in named
    )


def understood(log: Log) -> Figure:
    return share(entry.subject == "yes" for entry in log.begun("understood"))


def incidents(log: Log) -> Figure:
    found = log.begun("incident")
    return Figure(len(found), len(found))


def contained(log: Log) -> Figure:
    """Talks in which the assistant answered; opened at any time counts, so that a late case is not forgotten."""
    with_case = {entry.talk for entry in log.of("opened")}
    return share(talk not in with_case for talk in {entry.talk for entry in log.begun("bot")})


def fallback(log: Log) -> Figure:
    """Of turns that say whether they understood; where none says so there is no figure, and it is not nought."""
    told = [entry for entry in log.begun("bot") if "offered" in entry.data]
    return share(entry.data["offered"] == "unreadable" for entry in told)


def wait_for_person(log: Log) -> Figure:
    """Each time a case begins to wait, to the one claim that ends this wait: never to later ones as well."""
    spans: list[timedelta] = []
    waiting: dict[str, Entry] = {}
    # In a case that a worker opened to write to a family (`reached`) nobody waited.
    for entry in log.of("opened", "released", "reached", "claimed", "closed"):
        began = waiting.pop(entry.case, None)
        if entry.kind in ("opened", "released"):
            waiting[entry.case] = entry
        elif entry.kind == "claimed" and began and began.at >= log.since:
            spans.append(entry.at - began.at)
    return middle(spans, timedelta(minutes=1))


def wait_for_answer(log: Log) -> Figure:
    """From the first unanswered message of a family to the one message that answers it; a burst is one wait."""
    spans: list[timedelta] = []
    asked: dict[str, Entry] = {}
    for entry in log.of("family", "bot", "worker"):
        if entry.kind == "family":
            asked.setdefault(entry.talk, entry)
        elif entry.talk in asked:
            began = asked.pop(entry.talk)
            if began.at >= log.since:
                spans.append(entry.at - began.at)
    return middle(spans, timedelta(seconds=1))


def unmet_needs(log: Log) -> dict[str, int]:
    """How many cases have each need open, the most frequent first."""
    met = {(entry.case, entry.subject) for entry in log.of("need_met")}
    named = dict.fromkeys((entry.case, entry.subject) for entry in log.begun("need"))
    counts: dict[str, int] = {}
    for case, need in named:
        if (case, need) not in met:
            counts[need] = counts.get(need, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def opened(log: Log) -> dict[str, int]:
    """New cases by month."""
    counts: dict[str, int] = {}
    for entry in log.begun("opened"):
        month = entry.at.astimezone(HERE).strftime("%Y-%m")
        counts[month] = counts.get(month, 0) + 1
    return counts


def first(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The earliest entry of each case."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry.case, entry)
    return found


FIGURES: dict[str, Callable[[Log], Figure]] = {
    each.__name__: each
    for each in (
        *(screenings, newly_eligible, missed, false_reports, one_owner, receipts, first_visit, to_money),
        *(calls_on_time, first_need_met, understood, incidents, contained, fallback),
        *(wait_for_person, wait_for_answer),
    )
}
