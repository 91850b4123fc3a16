import pytest
from sqlalchemy import Text, select

from casework.audit import verify
from casework.cases import case, claim, open_case, reply
from casework.errors import Unreadable, WrongSecret
from casework.ledger import append, by_address, start
from casework.notes import add_note, draft_of, keep_draft, notes
from casework.outbox import due
from casework.reveal import reveal
from casework.rotate import SEALED, rotate
from casework.seal import Seal
from casework.second_factor import check_code, code, new_secret, turn_on
from casework.staff import audit
from casework.store import open_store
from casework.tables import audit as audit_table
from casework.tables import conversation, metadata, note

FRESH = "the next secret, also of thirty-two signs"


def test_every_sealed_column_is_rotated():
    named = {
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text) and (column.name.startswith("sealed") or column.name in ("packet", "totp"))
    }

    assert named == {column for _, column, _ in SEALED}


@pytest.fixture
def full(store, wang, clock):
    """A conversation by Telegram with a case, and one sealed piece of every kind."""
    held, _ = start(store, "telegram", address="4711")
    append(store, held.id, "family", "打 13812345678", "f1")
    opened = open_case(store, held.id, "caseworker", "urgent", "asked", {"summary": "判了三年"})
    claim(store, opened.ref, wang.id)
    reply(store, opened.ref, wang.id, "您好", "w1")
    add_note(store, opened.ref, wang.id, "电话打过了", "n1")
    keep_draft(store, opened.ref, wang.id, "还没写完")
    secret = new_secret()
    turn_on(store, wang.id, secret, code(secret, int(clock.now.timestamp()) // 30))
    clock.forward(minutes=1)
    return held.id, opened.ref, secret


def test_after_rotation_everything_opens_with_the_new_key_only(store, ready_url, clock, wang, full):
    held, ref, secret = full
    assert 6 <= rotate(store, Seal(FRESH))
    store.close()
    with pytest.raises(WrongSecret):
        open_store(ready_url, clock, "a secret of at least thirty-two signs")
    again = open_store(ready_url, clock, FRESH)

    assert "打 13812345678" == reveal(again, wang.id, held, 1, "给家人回电话")
    assert {"summary": "判了三年"} == dict(case(again, ref).packet)
    assert ["电话打过了"] == [each.text for each in notes(again, ref)]
    assert "还没写完" == draft_of(again, ref, wang.id)
    assert held == by_address(again, "telegram", "4711").id
    assert ["4711"] == [each.address for each in due(again, clock.now, 10)]
    assert check_code(again, wang.id, code(secret, int(clock.now.timestamp()) // 30))
    again.close()


def test_the_audit_holds_after_rotation_and_goes_on_with_a_key_of_its_own(store, ready_url, clock, wang):
    audit(store, wang.id, "case.viewed", "TX-222222")
    noted = verify(store).head
    rotate(store, Seal(FRESH))
    store.close()
    again = open_store(ready_url, clock, FRESH)
    audit(again, wang.id, "case.viewed", "TX-222223")
    found = verify(again, [noted])
    with again.reading() as connection:
        keys = connection.execute(select(audit_table.c.key).order_by(audit_table.c.id)).scalars().all()
    again.close()

    assert (None, None, 0, [1, 2]) == (found.broken, found.lost, found.unkeyed, keys)


def test_one_piece_that_does_not_open_leaves_everything_as_it_is(store, wang, full):
    with store.writing() as connection:
        connection.execute(note.update().values(sealed=Seal(FRESH).close("x", "note 1")))
    with pytest.raises(Unreadable):
        rotate(store, Seal(FRESH))

    assert "打 13812345678" == reveal(store, wang.id, full[0], 1, "给家人回电话")


def test_an_address_that_stood_openly_is_sealed_at_the_next_start(ready_url, clock, store):
    held, _ = start(store, "telegram", address="4711")
    with store.writing() as connection:
        connection.execute(conversation.update().values(address="4711", sealed_address=None))
    store.close()
    again = open_store(ready_url, clock, "a secret of at least thirty-two signs")
    with again.reading() as connection:
        [row] = connection.execute(select(conversation.c.address, conversation.c.sealed_address)).all()

    assert "4711" not in str(row)
    assert held.id == by_address(again, "telegram", "4711").id
    again.close()
