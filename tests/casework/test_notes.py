import pytest
from sqlalchemy import select

from casework.cases import open_case
from casework.errors import Missing, NotFound
from casework.ledger import messages
from casework.notes import add_note, draft_of, keep_draft, notes
from casework.tables import draft, note

SAID = "奶奶手机13800001234，下午在家"


@pytest.fixture
def ref(store, conversation):
    return open_case(store, conversation.id, "caseworker", "routine", "asked").ref


def stored(store, table):
    with store.reading() as connection:
        return [row.sealed for row in connection.execute(select(table))]


def test_a_note_is_kept_once_whole_and_sealed(store, conversation, ref, wang, clock):
    for _ in range(2):
        add_note(store, ref, wang.id, SAID, "same")

    assert [("演示王", SAID, clock.now)] == [(each.worker, each.text, each.at) for each in notes(store, ref)]
    assert all("奶奶" not in sealed and "1380000" not in sealed for sealed in stored(store, note))


def test_a_note_is_no_message(store, conversation, ref, wang):
    add_note(store, ref, wang.id, SAID, "1")

    assert ["family"] == [message.sender for message in messages(store, conversation.id)]


def test_notes_of_several_workers_stand_in_their_order(store, ref, wang, li):
    add_note(store, ref, wang.id, "一", "1")
    add_note(store, ref, li.id, "二", "1")

    assert ["一", "二"] == [each.text for each in notes(store, ref)]


def test_an_empty_note_and_a_note_on_nothing_are_refused(store, ref, wang):
    with pytest.raises(Missing):
        add_note(store, ref, wang.id, "  ", "1")
    with pytest.raises(NotFound):
        add_note(store, "TX-222222", wang.id, "一", "1")


def test_each_worker_has_one_draft_for_each_case(store, ref, wang, li):
    keep_draft(store, ref, wang.id, "您好")
    keep_draft(store, ref, wang.id, "您好，" + SAID)
    keep_draft(store, ref, li.id, "别人写的")

    assert ("您好，" + SAID, "别人写的") == (draft_of(store, ref, wang.id), draft_of(store, ref, li.id))
    assert 2 == len(stored(store, draft))
    assert all("您好" not in sealed for sealed in stored(store, draft))


def test_a_blank_draft_is_thrown_away(store, ref, wang):
    keep_draft(store, ref, wang.id, "您好")
    keep_draft(store, ref, wang.id, " ")

    assert "" == draft_of(store, ref, wang.id)
    assert [] == stored(store, draft)
