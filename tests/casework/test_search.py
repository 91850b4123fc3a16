import pytest
from sqlalchemy import func, select

from casework.cases import claim, close, open_case, reply
from casework.erasure import erase
from casework.errors import BadValue
from casework.grams import grams
from casework.ledger import append, append_turn, start
from casework.search import excerpt, search
from casework.store import Draft
from casework.tables import gram


def all_of_them(case):
    return True


def found(store, words, may_read=all_of_them):
    return [(each.case.ref, each.seq) for each in search(store, words, may_read)]


@pytest.fixture
def case(store, conversation):
    return open_case(store, conversation.id, "caseworker", "routine", "asked")


def test_pairs_stop_at_spaces_marks_and_dots():
    assert {"孩子", "tv"} == grams("孩子，ＴＶ ••••")


def test_two_characters_are_found(store, case):
    assert [(case.ref, 1)] == found(store, "爸爸")
    assert [(case.ref, 1)] == found(store, "判了三年")
    assert [] == found(store, "妈妈")


def test_all_words_must_be_there_and_each_in_one_piece(store, case):
    append(store, case.conversation, "family", "三年前判的案了", "f2")

    assert [(case.ref, 1)] == found(store, "爸爸 三年")
    assert [(case.ref, 1)] == found(store, "判了三年")


def test_the_newest_stands_first_and_what_workers_wrote_is_found_too(store, clock, case, wang):
    claim(store, case.ref, wang.id)
    clock.forward(minutes=1)
    reply(store, case.ref, wang.id, "爸爸的判决书在家吗", "w1")

    assert [(case.ref, 2), (case.ref, 1)] == found(store, "爸爸")


def test_what_the_bot_said_is_not_looked_through(store, conversation, case):
    append_turn(store, conversation.id, 1, [Draft("低保要去乡镇办")], 1)

    assert [] == found(store, "低保")


def test_numbers_of_people_are_in_no_index(store, case):
    append(store, case.conversation, "family", "电话13800001234打这个", "f2")

    assert [(case.ref, 2)] == found(store, "电话")
    assert [] == found(store, "0000")


def test_who_may_not_read_a_case_does_not_find_it(store, case):
    assert [] == found(store, "爸爸", lambda each: False)


def test_of_several_cases_of_a_conversation_the_newest_that_may_be_read_is_named(store, case, wang):
    claim(store, case.ref, wang.id)
    close(store, case.ref, wang.id, "误触或重复")
    again = open_case(store, case.conversation, "caseworker", "routine", "asked")

    assert [(again.ref, 1)] == found(store, "爸爸")
    assert [(case.ref, 1)] == found(store, "爸爸", lambda each: each.ref == case.ref)


def test_one_character_is_too_little(store):
    for words in ("", "爸", "爸爸 我"):
        with pytest.raises(BadValue):
            search(store, words, all_of_them)


def test_erasing_takes_the_index_with_it(store):
    held, _ = start(store)
    append(store, held.id, "family", "孩子爸爸判了三年", "f1")
    erase(store, held.id)

    with store.reading() as connection:
        assert 0 == connection.execute(select(func.count()).select_from(gram)).scalar()


def test_what_is_found_is_shown_with_its_surroundings():
    assert "…" + "一" * 20 + "爸爸" + "二" * 60 + "…" == excerpt("一" * 30 + "爸爸" + "二" * 70, "爸爸")
