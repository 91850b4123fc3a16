"""Every figure against data counted by hand, and the faults that were found in public systems."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from statistics import median

import pytest
import yaml

from casework.applications import Step
from casework.cases import claim, open_case
from casework.eventlog import Entry, Log, read
from casework.figures import FIGURES, Figure, opened, unmet_needs, wait_for_answer, wait_for_person
from casework.ledger import append, append_turn, find
from casework.rules import rules
from casework.store import Draft
from casework.suppress import rows_shown, shown
from casework.work import need, take_step

GOLDEN = yaml.safe_load(Path(__file__).with_name("figures.yml").read_text(encoding="utf-8"))
START = datetime(2026, 1, 1, 1, 0, tzinfo=timezone.utc)


def later(days):
    return START + timedelta(days=days)


def entry(given):
    given = dict(given)
    due = given.pop("due", None)
    return Entry(later(given.pop("at")), **given, due_at=None if due is None else later(due))


def log_of(entries, end=100):
    return Log(START, later(end), tuple(sorted(map(entry, entries), key=lambda each: each.at)))


@pytest.fixture(scope="module")
def log():
    return log_of(GOLDEN["log"])


def close(figure):
    value = None if figure.value is None else round(figure.value, 3)
    return value, figure.group


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_what_was_counted_by_hand(log, name):
    value, group = GOLDEN["expected"][name]
    counted, of = close(FIGURES[name](log))

    assert (group, pytest.approx(value, abs=0.01)) == (of, counted)


def test_needs_and_months_are_what_was_counted_by_hand(log):
    assert (GOLDEN["unmet_needs"], GOLDEN["opened"]) == (unmet_needs(log), opened(log))


@pytest.mark.parametrize("name", FIGURES)
def test_of_nothing_there_is_no_share_and_no_wait(name):
    found = FIGURES[name](Log(START, later(1), ()))

    assert found in (Figure(None, 0), Figure(0, 0))
    assert (found.value == 0) == (rules("figures")["figures"][name]["unit"] == "count")


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_moves_with_its_events(log, name):
    """The fault of the filter that let nothing through: a figure that is the same whatever happened."""
    counted = FIGURES[name](log)
    kinds = {each.kind for each in log.entries}
    without = [FIGURES[name](replace(log, entries=tuple(e for e in log.entries if e.kind != kind))) for kind in kinds]

    assert [each for each in without if each != counted]
    assert counted.value != 0


def test_what_was_not_understood_is_counted_though_it_led_nowhere(log):
    """Bürokratt's share of what was understood is always 0: one WHERE clause drops every row that it is to count."""
    assert FIGURES["fallback"](log).value > 0
    silent = tuple(replace(e, data={k: v for k, v in e.data.items() if k != "offered"}) for e in log.entries)

    assert Figure(None, 0) == FIGURES["fallback"](replace(log, entries=silent))


def test_a_wait_is_one_pair_and_not_every_pair():
    """Bürokratt's median wait pairs every message of a family with every later answer: of minutes it makes days."""
    days = [0, 1, 2, 3]
    said = [{"at": day, "kind": "family", "talk": "t"} for day in days]
    answered = [{"at": day + 1 / 1440, "kind": "bot", "talk": "t"} for day in days]
    log = log_of([*said, *answered])
    pairs = [a["at"] - s["at"] for s in said for a in answered if a["at"] > s["at"]]

    assert Figure(pytest.approx(60), 4) == wait_for_answer(log)
    assert median(pairs) * 86_400 > 1000 * 60


def test_each_wait_for_a_person_ends_with_its_own_claim():
    times = [("opened", 0), ("claimed", 1), ("released", 10), ("claimed", 11), ("released", 20), ("claimed", 21)]
    log = log_of({"at": at / 1440, "kind": kind, "talk": "t", "case": "TX-1"} for kind, at in times)

    assert Figure(pytest.approx(1), 3) == wait_for_person(log)


def test_a_case_that_is_closed_unclaimed_has_no_wait_for_a_later_claim():
    steps = [("opened", 0, "TX-1"), ("closed", 1, "TX-1"), ("opened", 5, "TX-2"), ("claimed", 7, "TX-2")]
    log = log_of({"at": at / 1440, "kind": kind, "talk": "t", "case": case} for kind, at, case in steps)

    assert Figure(pytest.approx(2), 1) == wait_for_person(log)


def test_what_began_before_the_time_asked_for_is_not_counted(log):
    later_on = replace(log, since=later(9))

    assert 1 == FIGURES["wait_for_person"](later_on).group
    assert 0 == FIGURES["screenings"](later_on).group


def test_every_figure_has_its_name_and_no_name_is_left_over():
    known = rules("figures")

    assert set(FIGURES) == set(known["figures"])
    assert {said["unit"] for said in known["figures"].values()} <= set(known["units"])


@pytest.mark.parametrize("group, value", [(9, None), (10, 12.3)])
def test_nothing_that_stands_on_fewer_than_ten_is_shown(group, value):
    assert value == shown("receipts", Figure(12.34, group))


def test_an_incident_is_shown_though_it_is_one():
    assert 1 == shown("incidents", Figure(1, 1))


def test_a_hidden_row_does_not_follow_from_the_total():
    assert {"a": 30, "b": None, "c": None} == rows_shown({"a": 30, "b": 12, "c": 3})
    assert {"a": 30, "b": None, "c": None} == rows_shown({"a": 30, "b": 9, "c": 3})
    assert {"a": 30, "b": 12} == rows_shown({"a": 30, "b": 12})
    assert {"a": None} == rows_shown({"a": 3})


def test_the_log_is_read_off_talks_and_cases_without_a_word(store, conversation, wang, clock):
    held = find(store, conversation.id)
    told = {"child": 1, "done": True, "results": [{"id": "dibao", "outcome": "eligible"}], "facts": {"child.age": 9}}
    append_turn(store, conversation.id, held.epoch, [Draft("可以申请", turn=told)], held.family_seq)
    append(store, conversation.id, "family", "转人工", "f2")
    ref = open_case(store, conversation.id, "caseworker", "routine", "asked").ref
    clock.forward(hours=1)
    claim(store, ref, wang.id)
    need(store, ref, wang.id, "school")
    take_step(store, ref, wang.id, "dibao", Step("applied", date(2026, 11, 22), words="说过的话"))
    log = read(store, clock.now - timedelta(days=1), clock.now + timedelta(days=1))

    assert ["family", "bot", "family", "opened", "claimed", "need", "application"] == [
        each.kind for each in log.entries if each.kind != "due"
    ]
    assert "转人工" not in str(log.entries) and "child.age" not in str(log.entries)
    assert [Figure(1, 1), Figure(1000, 1), Figure(60, 1), Figure(0, 1)] == [
        FIGURES[name](log) for name in ("screenings", "newly_eligible", "wait_for_person", "contained")
    ]
    assert {"school": 1} == unmet_needs(log)
