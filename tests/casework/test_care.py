from datetime import timedelta

from casework.care import Spell, minutes, rest_due, spells, spells_of_week
from casework.cases import claim, close, open_case, reply, transfer
from casework.ledger import append
from casework.store import CaseEvent
from tests.casework.values import THEN


def after(number):
    return THEN + timedelta(minutes=number)


def test_a_pause_counts_as_long_as_a_pause_counts():
    assert 2 + 3 + 5 + 1 == minutes(THEN, after(60), [after(2), after(5), after(59)])


def test_each_pair_of_hands_has_its_own_spell_at_its_severity():
    events = [
        CaseEvent("opened", None, "routine", THEN),
        CaseEvent("claimed", "演示王", None, after(1)),
        CaseEvent("raised", None, "emergency", after(2)),
        CaseEvent("transferred", "演示王", "演示李", after(4)),
        CaseEvent("closed", "演示李", None, after(6)),
    ]

    assert [("演示王", "emergency", 3), ("演示李", "emergency", 2)] == [
        (spell.worker, spell.severity, spell.minutes) for spell in spells("TX", events, [], after(90))
    ]


def test_severity_weighs():
    assert 3 * 20 == Spell("演示李", "TX", "emergency", 20, None).strain


def test_a_rest_is_due_after_a_hard_conversation_and_not_for_ever():
    hard = [Spell("演示李", "TX", "emergency", 20, THEN)]

    assert "hard" == rest_due(hard, after(29))
    assert rest_due(hard, after(31)) is None
    assert rest_due([Spell("演示李", "TX", "routine", 20, THEN)], after(1)) is None


def test_many_conversations_make_a_hard_day():
    many = [Spell("演示李", f"TX-{each}", "routine", 44, THEN) for each in range(11)]

    assert "day" == rest_due(many, after(1))
    assert rest_due(many, after(24 * 60)) is None


def test_it_is_read_off_the_log_and_the_times_of_what_was_said(store, clock, conversation, wang, li):
    case = open_case(store, conversation.id, "counselor", "urgent", "danger")
    clock.forward(days=1)
    claim(store, case.ref, li.id)
    for number in range(4):
        clock.forward(minutes=2)
        append(store, conversation.id, "family", "……", f"g{number}")
        reply(store, case.ref, li.id, "我在", f"w{number}")
    transfer(store, case.ref, li.id, wang.name)
    clock.forward(minutes=1)
    close(store, case.ref, wang.id, "已说清楚")

    assert [("演示李", 8.0, 16.0), ("演示王", 1.0, 2.0)] == [
        (spell.worker, spell.minutes, spell.strain) for spell in spells_of_week(store)
    ]
    assert ["演示李"] == [spell.worker for spell in spells_of_week(store, "演示李")]
    clock.forward(days=8)
    assert [] == spells_of_week(store)
