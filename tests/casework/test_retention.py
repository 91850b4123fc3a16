from datetime import datetime, timedelta, timezone

import pytest

from casework.cases import URGENCIES, case, claim, close, events, open_case
from casework.errors import NotFound
from casework.ledger import append, erase, find, mark_harm, messages, start
from casework.notes import add_note, keep_draft, notes
from casework.retention import Kept, decide, keep_to_terms, terms

NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)


def ago(**span):
    return NOW - timedelta(**span)


@pytest.mark.parametrize(
    "kept, expected",
    [
        (Kept(ago(days=29, hours=23), False, False, ()), "keep"),
        (Kept(ago(days=30), False, False, ()), "erase"),
        (Kept(ago(days=3000), True, False, ()), "keep"),
        (Kept(ago(days=3000), False, False, (("asked", None),)), "keep"),
        (Kept(ago(days=3000), False, False, (("asked", ago(days=364)),)), "keep"),
        (Kept(ago(days=3000), False, False, (("asked", ago(days=365)),)), "empty"),
        (Kept(ago(days=29), False, False, (("asked", ago(days=900)),)), "keep"),
        (Kept(ago(days=30), False, False, (("asked", ago(days=900)),)), "empty"),
        (Kept(ago(days=1), False, True, (("asked", ago(days=900)),)), "empty"),
        (Kept(ago(days=3000), False, True, (("trouble", ago(days=365)),)), "empty"),
        (Kept(ago(days=3000), False, False, (("asked", ago(days=900)), ("asked", ago(days=10)))), "keep"),
        (Kept(ago(days=3000), False, False, (("asked", ago(days=900)), ("asked", None))), "keep"),
        (Kept(ago(days=3000), True, False, (("danger", ago(days=364)),)), "keep"),
        (Kept(ago(days=3000), True, False, (("danger", ago(days=365)),)), "lock"),
        (Kept(ago(days=1), True, True, (("danger", ago(days=1)),)), "lock"),
        (Kept(ago(days=1), True, True, (("danger", None),)), "keep"),
        (Kept(ago(days=3000), True, False, (("asked", ago(days=3000)),)), "lock"),
        (Kept(ago(days=3000), False, False, (("danger", ago(days=3000)), ("asked", ago(days=3000)))), "lock"),
    ],
)
def test_each_purpose_has_its_term(kept, expected):
    assert expected == decide(kept, terms(), NOW)


def test_every_reason_for_a_case_has_a_purpose():
    reasons = {"asked", "danger", "ask_local", "unreadable", "trouble", "follow_up", "not_well"}

    assert reasons == set(terms().of_case)
    assert set(terms().of_case.values()) <= set(terms().by_purpose)


@pytest.fixture
def forgotten():
    return []


def test_a_conversation_without_a_case_goes_after_thirty_silent_days(store, conversation, clock, forgotten):
    clock.forward(days=29)
    append(store, conversation.id, "family", "还在", "f2")
    clock.forward(days=29)

    assert {} == keep_to_terms(store, forgotten.extend)
    clock.forward(days=1)
    assert {"erase": 1} == keep_to_terms(store, forgotten.extend)
    assert None is find(store, conversation.id)
    assert [conversation.id] == forgotten


def test_nobody_who_never_wrote_is_kept_for_ever(store, clock):
    held, _ = start(store)
    clock.forward(days=30)
    keep_to_terms(store)

    assert None is find(store, held.id)


def test_a_closed_case_loses_its_words_and_stays_for_figures(store, conversation, clock, wang, forgotten):
    opened = open_case(store, conversation.id, "caseworker", "urgent", "asked", {"summary": "判了三年"})
    claim(store, opened.ref, wang.id)
    add_note(store, opened.ref, wang.id, "电话打过了", "n1")
    keep_draft(store, opened.ref, wang.id, "您好")
    close(store, opened.ref, wang.id, "已说清楚")
    clock.forward(days=365)

    assert {"empty": 1} == keep_to_terms(store, forgotten.extend)
    left = case(store, opened.ref)
    assert ("closed", "urgent", "asked", None, {}) == (left.state, left.urgency, left.reason, left.outcome, left.packet)
    assert [] == messages(store, conversation.id)
    assert [] == notes(store, opened.ref)
    assert ["opened", "claimed", "closed"] == [event.kind for event in events(store, opened.ref)]
    assert find(store, conversation.id).erased_at == clock.now
    assert [conversation.id] == forgotten
    assert {} == keep_to_terms(store, forgotten.extend)


def test_harm_is_kept_whole_and_locked(store, conversation, clock, wang):
    mark_harm(store, conversation.id)
    opened = open_case(store, conversation.id, "counselor", URGENCIES[-1], "danger")
    close(store, opened.ref, wang.id, "已向公安或主管部门报告")
    clock.forward(days=365)

    assert {"lock": 1} == keep_to_terms(store)
    assert clock.now == case(store, opened.ref).locked_at
    assert 1 == len(messages(store, conversation.id))
    clock.forward(days=3650)
    assert {} == keep_to_terms(store)


def test_harm_that_the_family_erased_is_locked_once_nobody_works_on_it(store, conversation, wang):
    mark_harm(store, conversation.id)
    opened = open_case(store, conversation.id, "counselor", "emergency", "danger")
    erase(store, conversation.id)

    assert None is case(store, opened.ref).locked_at
    close(store, opened.ref, wang.id, "已向公安或主管部门报告")
    assert {"lock": 1} == keep_to_terms(store)
    assert case(store, opened.ref).locked_at


def test_harm_erased_after_the_case_was_closed_is_locked_at_once(store, conversation, wang):
    mark_harm(store, conversation.id)
    opened = open_case(store, conversation.id, "counselor", "emergency", "danger")
    close(store, opened.ref, wang.id, "已向公安或主管部门报告")
    erase(store, conversation.id)

    assert case(store, opened.ref).locked_at


def test_an_emptied_case_takes_no_more_words_of_the_family(store, conversation, clock, wang):
    opened = open_case(store, conversation.id, "caseworker", "routine", "asked")
    close(store, opened.ref, wang.id, "已说清楚")
    clock.forward(days=365)
    keep_to_terms(store)

    with pytest.raises(NotFound):
        append(store, conversation.id, "family", "还在", "f2")
