import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from casework.cases import case, cases, claim, close, open_case, reply
from casework.errors import Missing, NoSecret, NotFound, Unreadable, WrongSecret
from casework.ledger import append, append_turn, erase, messages, start, unanswered
from casework.outbox import due
from casework.queue import queue
from casework.reveal import for_family, reveal
from casework.seal import Seal
from casework.store import Draft, open_store
from casework.tables import audit, message, sealed_with
from casework.tables import case as cases_table

PHONE, OFFICE = "13800001234", "0598-8223456"
SAID, MASKED = f"打我电话{PHONE}", "打我电话•••••••••••"


@pytest.fixture
def told(store, conversation):
    """The second message of the conversation, with a number in it."""
    return append(store, conversation.id, "family", SAID, "f2")


def stored(store, table):
    """Everything in that table as text."""
    with store.reading() as connection:
        return json.dumps([list(row) for row in connection.execute(select(table))], default=str, ensure_ascii=False)


def test_every_reader_gets_dots_and_the_database_holds_no_number(store, conversation, told):
    open_case(store, conversation.id, "caseworker", "routine", "asked")

    assert (MASKED, True) == (told.text, told.is_masked)
    assert [MASKED] == [m.text for m in messages(store, conversation.id, after=1)]
    assert [MASKED] == [m.text for m in unanswered(store, conversation.id) if m.seq == 2]
    assert [MASKED] == [row.last_line for row in queue(store)]
    assert [MASKED] == [m.text for m in for_family(store, conversation.id, after=1)]
    assert PHONE not in stored(store, message)


def test_the_same_message_again_is_the_same_row(store, conversation, told):
    assert told == append(store, conversation.id, "family", SAID, "f2")


def test_a_number_is_revealed_for_a_purpose_that_is_written_down(store, conversation, told, wang):
    assert SAID == reveal(store, wang.id, conversation.id, 2, f"回电 {PHONE}")

    with store.reading() as connection:
        [row] = connection.execute(select(audit)).all()
    assert (wang.id, "number.revealed", f"{conversation.id}#2") == (row.worker_id, row.verb, row.subject)
    assert "回电 •••••••••••" == row.purpose


def test_without_a_purpose_or_a_message_nothing_is_revealed_nor_audited(store, conversation, told, wang):
    with pytest.raises(Missing):
        reveal(store, wang.id, conversation.id, 2, " ")
    with pytest.raises(NotFound):
        reveal(store, wang.id, conversation.id, 9, "回电")

    assert "[]" == stored(store, audit)


def test_what_a_worker_tells_the_family_arrives_whole_and_is_dots_at_the_desk(store, wang, clock):
    held, _ = start(store, "telegram", "42")
    ref = open_case(store, held.id, "caseworker", "routine", "asked").ref
    claim(store, ref, wang.id)
    said = reply(store, ref, wang.id, f"镇里电话{OFFICE}", "1")

    assert "镇里电话••••••••••••" == said.text
    assert [f"镇里电话{OFFICE}"] == [m.text for m in for_family(store, held.id)]
    assert [f"镇里电话{OFFICE}"] == [delivery.text for delivery in due(store, clock.now + timedelta(1), 9)]


def test_what_bot_and_system_say_is_never_masked(store, conversation):
    append(store, conversation.id, "system", f"打{OFFICE}", "s1")
    append_turn(store, conversation.id, conversation.epoch, [Draft(f"打{OFFICE}")], 1)

    assert [f"打{OFFICE}"] * 2 == [m.text for m in messages(store, conversation.id, after=1)]


def test_erasing_erases_the_sealed_words_too(store, conversation, told):
    erase(store, conversation.id)

    assert "[]" == stored(store, message)


def test_a_packet_is_sealed_and_bound_to_its_case(store, conversation):
    ref = open_case(store, conversation.id, "caseworker", "routine", "asked", {"known": "父亲服刑"}).ref
    other = open_case(store, start(store)[0].id, "caseworker", "routine", "asked", {"known": "别人"}).ref

    assert {"known": "父亲服刑"} == case(store, ref).packet
    assert "父亲服刑" not in stored(store, cases_table)

    with store.writing() as connection:
        packets = {row.ref: row.packet for row in connection.execute(select(cases_table))}
        connection.execute(update(cases_table).where(cases_table.c.ref == other).values(packet=packets[ref]))
    with pytest.raises(Unreadable):
        case(store, other)


def test_a_number_in_an_outcome_becomes_dots(store, conversation, wang):
    ref = open_case(store, conversation.id, "caseworker", "routine", "asked").ref

    assert f"已回电{'•' * 11}" == close(store, ref, wang.id, f"已回电{PHONE}").outcome


def test_without_the_secret_words_are_read_and_nothing_is_sealed_or_opened(store, conversation, told, clock):
    open_case(store, conversation.id, "caseworker", "routine", "asked")
    bare = open_store(store.engine.url, clock)
    try:
        assert [MASKED] == [m.text for m in messages(bare, conversation.id, after=1)]
        assert 1 == len(cases(bare, "waiting"))
        with pytest.raises(NoSecret):
            append(bare, conversation.id, "family", SAID, "f3")
    finally:
        bare.close()


def test_another_secret_is_refused_at_once(store):
    with pytest.raises(WrongSecret):
        open_store(store.engine.url, secret="another secret of thirty-two signs")


def test_numbers_of_before_the_seal_are_sealed_on_the_first_day(store, conversation, told, wang, secret):
    """As a database of before: the number stands there openly and no key is known."""
    with store.writing() as connection:
        connection.execute(update(message).where(message.c.seq == 2).values(text=SAID, sealed=None))
        connection.execute(sealed_with.delete())
    again = open_store(store.engine.url, secret=secret)
    try:
        assert PHONE not in stored(again, message)
        assert SAID == reveal(again, wang.id, conversation.id, 2, "回电")
    finally:
        again.close()


def test_sealing_twice_gives_two_texts_and_the_secret_is_in_neither(secret):
    seal = Seal(secret)

    assert seal.close("同样的话", "here") != seal.close("同样的话", "here")
    assert "同样的话" == seal.open(seal.close("同样的话", "here"), "here")
    assert secret not in seal.key_id + seal.close("话", "here")
