"""What is due when: pure, from events that are written down here."""

from datetime import date, datetime, timedelta, timezone

import pytest

from casework import followup
from casework.events import Event
from casework.followup import HERE, matters, plan, working_days_later
from casework.hours import Day
from casework.rules import rules

START = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)  # a Friday, ten in the morning here


def event(number, kind, days=0.0, subject=None, detail=None, due_at=None, **data):
    return Event(number, kind, START + timedelta(days=days), subject, None, detail, due_at, data)


def opened(urgency="routine"):
    return event(1, "opened", detail=urgency)


def applied(days, to="applied", number=2, **more):
    return event(number, "application", days, "dibao", to=to, on="2026-11-20", **more)


def days(events):
    return {(due.what, round((due.at - START) / timedelta(days=1), 2)) for due in plan(events).values()}


def test_an_open_case_alone_has_nothing_due():
    assert {} == plan([opened()])


def test_return_calls_come_seven_thirty_and_ninety_days_after_the_first_application():
    found = days([opened(), applied(1), event(3, "closed", 5)])

    assert {("return_call", 8), ("return_call", 31), ("return_call", 91)} == {one for one in found if "call" in one[0]}


def test_a_case_that_closes_without_an_application_is_called_too():
    assert {("return_call", 12), ("return_call", 35), ("return_call", 95)} == days([opened(), event(2, "closed", 5)])


@pytest.mark.parametrize("urgency", ["urgent", "emergency"])
def test_distress_is_asked_after_in_72_hours_and_14_days(urgency):
    assert {("distress_call", 3), ("distress_call", 14)} == days([opened(urgency)])


def test_distress_that_comes_again_counts_from_then():
    assert {("distress_call", 5), ("distress_call", 16)} == days(
        [opened("urgent"), event(2, "raised", 2, detail="urgent")]
    )


def test_danger_heard_anew_at_the_same_level_starts_the_clock_again():
    assert {("distress_call", 5), ("distress_call", 16)} == days(
        [opened("urgent"), event(2, "again", 2, detail="urgent")]
    )


def test_a_call_that_was_due_already_is_not_excused_by_new_danger():
    assert {("distress_call", 3), ("distress_call", 7), ("distress_call", 18)} == days(
        [opened("urgent"), event(2, "again", 4, detail="urgent")]
    )


def test_a_receipt_is_due_on_the_next_working_day_and_the_answer_five_days_after_it():
    sent = event(2, "referral", 0, "1", office="town", asks="visit")

    assert {("receipt", 3)} == days([opened(), sent])
    assert {("answer", 6)} == days([opened(), sent, event(3, "received", 1, "1")])
    assert set() == days([opened(), sent, event(3, "received", 1, "1"), event(4, "answered", 2, "1")])


def test_working_days_are_those_of_the_kept_calendar(monkeypatch):
    """A holiday on the Monday after, a make-up workday on the Saturday before it."""
    kept = {date(2026, 11, 23): False, date(2026, 11, 21): True}
    monkeypatch.setattr(followup, "day_kind", lambda on: Day(kept.get(on, on.weekday() < 5), True))

    assert [date(2026, 11, 21), date(2026, 11, 24)] == [
        working_days_later(START, number).astimezone(HERE).date() for number in (1, 2)
    ]


def test_a_decision_is_asked_for_on_the_day_it_was_expected_until_there_is_one():
    expected = applied(0, expected="2026-12-31")
    found = [due for due in plan([opened(), expected]).values() if due.what == "decision"]

    assert ["2026-12-31 09:00"] == [due.at.astimezone(HERE).strftime("%Y-%m-%d %H:%M") for due in found]
    assert "decision" not in {what for what, _ in days([opened(), expected, applied(3, "approved", 3)])}


def test_approved_money_is_looked_for_until_it_arrives():
    approved = [opened(), applied(0), applied(3, "approved", 3)]

    assert ("money", 33) in days(approved)
    assert "money" not in {what for what, _ in days([*approved, applied(9, "arrived", 4, month="2026-11", amount="1")])}


def told_by_family(number, answer, on=9.0):
    return event(number, "reported", on, "talk", answer=answer)


def test_without_a_promised_day_a_decision_is_asked_for_after_two_months():
    assert ("decision", 61) in days([opened(), applied(1)])


def test_what_was_asked_once_without_a_step_is_asked_again_a_month_later_until_there_is_one():
    done = [event(number, "done", on, key) for number, on, key in ((4, 35, "money:30:3"), (5, 70, "money:again:4"))]
    approved = [opened(), applied(0), applied(3, "approved", 3)]

    assert {33, 65, 100} == {on for what, on in days([*approved, *done]) if what == "money"}
    arrived = applied(80, "arrived", 6, month="2026-11", amount="1")
    assert "money" not in {what for what, _ in days([*approved, *done, arrived])}


def test_news_of_the_family_has_to_be_written_down_until_a_step_is():
    approved = [opened(), applied(0), applied(3, "approved", 3)]

    assert ("record", 12) in days([*approved, told_by_family(4, "arrived")])
    step = applied(10, "arrived", 5, month="2026-11", amount="1")
    assert "record" not in {what for what, _ in days([*approved, told_by_family(4, "arrived"), step])}


@pytest.mark.parametrize("answer, state", [("went", "applied"), ("approved", "approved"), ("arrived", "arrived")])
def test_what_is_written_down_already_is_no_news(answer, state):
    known = [opened(), applied(0), applied(1, state, 3, month="2026-11", amount="1")]

    assert "record" not in {what for what, _ in days([*known, told_by_family(4, answer)])}
    assert ("record", 12) in days([opened(), told_by_family(4, answer)])


def test_a_refusal_is_explained_within_two_days():
    assert ("appeal", 5) in days([opened(), applied(0), applied(3, "refused", 3, reason="papers")])


@pytest.mark.parametrize("name, report", rules("followup")["reports"].items())
def test_only_trouble_that_a_family_reports_is_answered_within_48_hours(name, report):
    told = event(2, "reported", 1, "talk", answer=name)

    found = {what for what, _ in days([opened(), told])}

    assert ("trouble", 3) in days([opened(), told]) if report.get("trouble") else "trouble" not in found


def day_of(what, **dates):
    told = event(2, "dates", 0, **dates)
    return [due.at.astimezone(HERE).date().isoformat() for due in plan([opened(), told]).values() if due.what == what]


def test_the_eighteenth_birthday_is_told_sixty_days_before():
    assert ["2030-03-02"] == day_of("eighteen", born="2012-05-01")


def test_within_the_sixty_days_it_is_due_at_once_and_afterwards_not_at_all():
    assert ["2026-11-20"] == day_of("eighteen", born="2008-12-24")
    assert [] == day_of("eighteen", born="2008-11-19")


def test_who_is_born_on_the_29th_of_february_is_of_age_on_the_28th():
    assert ["2029-12-30"] == day_of("eighteen", born="2012-02-29")


def test_six_months_of_lost_contact_and_the_end_of_a_sentence_are_told_on_their_day():
    assert ["2027-02-28"] == day_of("half_year", lost_since="2026-08-31")
    assert ["2027-06-01"] == day_of("sentence_end", sentence_ends="2027-06-01")
    assert [] == day_of("half_year", lost_since="2025-01-01")


def test_a_trigger_that_is_overdue_stays_when_another_day_becomes_known():
    first = event(2, "dates", 0, lost_since="2026-06-01")
    later = event(3, "dates", 60, lost_since="2026-06-01", sentence_ends="2027-06-01")

    assert {"half_year", "sentence_end"} == {due.what for due in plan([opened(), first, later]).values()}


def test_a_corrected_day_moves_its_trigger():
    wrong = event(2, "dates", 0, born="2012-05-01")
    right = event(3, "dates", 1, born="2013-05-01")

    assert ["eighteen:2031-05-01"] == list(plan([opened(), wrong, right]))


def test_the_plan_does_not_change_when_it_is_made_again():
    events = [opened("urgent"), applied(1), event(3, "dates", 2, born="2012-05-01")]

    assert plan(events) == plan([*events, event(4, "claimed", 3)])


def test_a_matter_knows_what_became_of_it():
    put = event(2, "due", 0, "return_call:7:1", due_at=START + timedelta(days=7), what="return_call")
    found = matters(
        [opened(), put, event(3, "reminded", 7, "return_call:7:1"), event(4, "escalated", 9, "return_call:7:1")]
    )
    (matter,) = found.values()

    assert matter.is_open
    assert [7, 9] == [(at - START).days for at in (matter.reminded_at, matter.escalated_at)]
    (done,) = matters([put, event(5, "done", 10, "return_call:7:1")]).values()
    assert not done.is_open


def test_the_rules_fit_together():
    known = rules("followup")
    named = {rule["what"] for rule in [*known["plan"], *known["triggers"]]} | {"decision"}

    assert named == set(known["names"]) == set(known["escalates"])
    assert {*known["at_once"], *known["again_after"]} <= named
    assert set(known["asks"]) == set(known["ask"]) == set(known["answers"])
    heard = [*known["answers"].values(), *known["hears"].values(), ["unclear"]]
    assert {answer for answers in heard for answer in answers} == set(known["reports"])
    payloads = [report["payload"] for report in known["reports"].values()]
    payloads += [button["payload"] for button in known["agree"]["buttons"]]
    assert len(payloads) == len(set(payloads))


def test_nothing_said_to_a_family_tells_whoever_else_looks_what_it_was_about():
    known = rules("followup")
    texts = [known["agree"]["text"], *known["ask"].values(), *(report["says"] for report in known["reports"].values())]

    assert not [text for text in texts for word in ("孩子", "补", "服刑", "监", "救助", "低保", "案") if word in text]
