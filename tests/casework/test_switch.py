import pytest
from sqlalchemy import select

from casework.errors import Missing, NotSenior
from casework.store import open_store
from casework.switch import CAPABILITIES, Off, switched_off, turn_off, turn_on
from casework.tables import audit


@pytest.fixture
def senior(hiring):
    return hiring("演示督导", "supervisor")


def test_everything_is_on_at_first(store):
    assert {} == switched_off(store)


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_what_is_off_says_who_when_and_why_and_stays_off_over_a_restart(store, senior, capability, clock):
    turn_off(store, senior.id, capability, "金额说错了")
    again = open_store(store.engine.url, clock)
    try:
        assert {capability: Off("演示督导", "金额说错了", clock.now)} == switched_off(again)
    finally:
        again.close()


def test_turned_on_again_it_is_on_and_both_steps_are_audited(store, senior):
    turn_off(store, senior.id, "all", "金额说错了")
    turn_off(store, senior.id, "all", "又错了")
    turn_on(store, senior.id, "all", "改好了")

    assert {} == switched_off(store)
    with store.reading() as connection:
        steps = [(row.verb, row.subject, row.purpose) for row in connection.execute(select(audit))]
    assert [("assistant.off", "金额说错了"), ("assistant.off", "又错了"), ("assistant.on", "改好了")] == [
        (verb, why) for verb, _, why in steps
    ]


@pytest.mark.parametrize("turn", [turn_off, turn_on])
def test_only_a_supervisor_with_a_reason_turns_it(store, senior, wang, turn):
    with pytest.raises(NotSenior):
        turn(store, wang.id, "all", "试试")
    with pytest.raises(Missing):
        turn(store, senior.id, "all", " ")
    with pytest.raises(ValueError, match="no such capability"):
        turn(store, senior.id, "everything", "试试")
    assert {} == switched_off(store)
