from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from casework.cases import claim, close, open_case
from casework.errors import NotFound
from casework.ledger import (
    Draft,
    append,
    append_turn,
    at_address,
    by_address,
    by_token,
    erase,
    find,
    mark_harm,
    messages,
    remark,
    start,
    unanswered,
    waiting_for_bot,
)
from casework.store import Erased, open_store
from casework.tables import conversation as conversation_table
from casework.tables import erasure, message, outbox


def count(store, table):
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


def test_a_new_conversation_is_held_by_the_bot_and_opened_by_its_token(store):
    conversation, token = start(store)

    assert by_token(store, token) == conversation
    assert (conversation.holder, conversation.channel, conversation.last_seq) == ("bot", "web", 0)


def test_a_wrong_token_opens_nothing(store):
    start(store)

    assert by_token(store, "wrong") is None


def test_the_token_itself_is_not_stored(store):
    _, token = start(store)

    with store.reading() as connection:
        assert connection.execute(select(conversation_table.c.token_hash)).scalar() != token


def test_times_are_aware_utc(store, clock):
    conversation, _ = start(store)
    written = append(store, conversation.id, "family", "你好", "f1")

    assert (find(store, conversation.id).created_at, written.at) == (clock.now, clock.now)


def test_the_same_client_id_again_is_the_same_message(store, conversation):
    first = append(store, conversation.id, "family", "七岁", "f2")
    again = append(store, conversation.id, "family", "七岁", "f2")

    assert again == first
    assert [m.seq for m in messages(store, conversation.id)] == [1, 2]


def test_the_same_client_id_of_another_sender_is_another_message(store, conversation):
    append(store, conversation.id, "system", "110", "f1")

    assert [m.sender for m in messages(store, conversation.id)] == ["family", "system"]


def test_a_repeat_side_by_side_is_written_once(store, conversation):
    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(lambda _: append(store, conversation.id, "family", "在吗", "same").seq, range(16)))

    assert written == [2] * 16


TEXTS = {"empty": "", "long": "字" * 10_000, "emoji": "😀😀", "html": "<b>", "slash": "/restart", "spaces": " 空 \n"}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_text_is_kept_whole(store, conversation, text):
    assert append(store, conversation.id, "family", text, "x").text == text


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"], ids=["nul", "surrogate"])
def test_what_no_database_stores_is_shown_as_replaced(store, conversation, text):
    assert append(store, conversation.id, "family", text, text).text == "a\ufffdb"


def test_twenty_threads_leave_no_gap_and_lose_nothing(store, conversation):
    def talk(thread):
        for number in range(10):
            append(store, conversation.id, "family", f"{thread} {number}", f"{thread}-{number}")

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(talk, range(20)))
    written = messages(store, conversation.id)

    assert [m.seq for m in written] == list(range(1, 202))
    assert len({m.text for m in written}) == 201


def test_each_thread_finds_its_own_order_kept(store, conversation):
    def talk(thread):
        return [append(store, conversation.id, "family", "…", f"{thread}-{number}").seq for number in range(10)]

    with ThreadPoolExecutor(4) as pool:
        orders = list(pool.map(talk, range(4)))

    assert [sorted(order) for order in orders] == orders


def test_messages_are_read_from_where_one_was(store, conversation):
    for number in range(2, 6):
        append(store, conversation.id, "family", str(number), f"f{number}")

    assert [m.seq for m in messages(store, conversation.id, after=2, limit=2)] == [3, 4]


def test_a_message_to_nowhere_is_refused(store):
    with pytest.raises(NotFound):
        append(store, "nowhere", "family", "喂", "f1")


def test_the_bot_cannot_go_past_the_fence(store, conversation):
    with pytest.raises(ValueError, match="append_turn"):
        append(store, conversation.id, "bot", "您好", "b1")


def test_a_turn_is_written_whole_and_marks_what_it_answers(store, conversation):
    buttons = ({"title": "半年以上", "payload": "半年以上"},)
    turn = {"asking": "mother.lost_contact_months", "facts": {"father.term_months": 36}}
    drafts = [Draft("记下了。"), Draft("妈妈多久没联系了？", buttons, turn)]
    written = append_turn(store, conversation.id, conversation.epoch, drafts, answers=1)

    assert [(m.seq, m.sender, m.buttons, m.turn) for m in written] == [(2, "bot", (), None), (3, "bot", buttons, turn)]
    assert find(store, conversation.id).answered_seq == 1


def test_a_turn_that_answers_again_is_refused(store, conversation):
    append_turn(store, conversation.id, conversation.epoch, [Draft("一")], answers=1)

    assert append_turn(store, conversation.id, conversation.epoch, [Draft("二")], answers=1) is None
    assert [m.text for m in messages(store, conversation.id, after=1)] == ["一"]


def test_two_turns_side_by_side_become_one(store, conversation):
    def speak(number):
        return append_turn(store, conversation.id, conversation.epoch, [Draft(str(number))], answers=1)

    with ThreadPoolExecutor(8) as pool:
        turns = list(pool.map(speak, range(8)))

    assert sum(turn is not None for turn in turns) == 1
    assert len(messages(store, conversation.id)) == 2


def test_a_turn_may_carry_system_words(store, conversation):
    written = append_turn(store, conversation.id, conversation.epoch, [Draft("110", sender="system")], answers=1)

    assert [m.sender for m in written] == ["system"]


def test_an_empty_turn_still_counts_as_an_answer(store, conversation):
    assert append_turn(store, conversation.id, conversation.epoch, [], answers=1) == []
    assert waiting_for_bot(store) == []


def test_a_turn_cannot_answer_what_was_not_said(store, conversation):
    with pytest.raises(ValueError, match="message 2"):
        append_turn(store, conversation.id, conversation.epoch, [Draft("？")], answers=2)


def test_a_turn_for_a_conversation_that_is_gone_is_dropped(store, conversation):
    erase(store, conversation.id)

    assert append_turn(store, conversation.id, conversation.epoch, [Draft("您好")], answers=1) is None


def test_a_restart_finds_who_still_waits(ready_url, clock, store, conversation):
    answered, _ = start(store)
    append(store, answered.id, "family", "你好", "f1")
    append_turn(store, answered.id, answered.epoch, [Draft("您好")], answers=1)
    start(store)
    append(store, conversation.id, "family", "还在吗", "f2")
    store.close()
    reopened = open_store(ready_url, clock)

    assert waiting_for_bot(reopened) == [conversation.id]
    assert [m.seq for m in unanswered(reopened, conversation.id)] == [1, 2]
    reopened.close()


def test_system_words_after_the_family_do_not_count_as_an_answer(store, conversation):
    append(store, conversation.id, "system", "110", "s1")

    assert waiting_for_bot(store) == [conversation.id]
    assert [m.seq for m in unanswered(store, conversation.id)] == [1]


def test_erasing_deletes_every_word_and_is_journalled(store):
    conversation, token = start(store, "telegram", address="7")
    append(store, conversation.id, "family", "你好", "f1")
    append_turn(store, conversation.id, conversation.epoch, [Draft("您好")], answers=1)

    assert erase(store, conversation.id) == Erased(True, None)
    assert [count(store, table) for table in (conversation_table, message, outbox, erasure)] == [0, 0, 0, 1]
    assert by_token(store, token) is None


def test_erasing_one_leaves_the_others(store, conversation):
    other, _ = start(store)
    append(store, other.id, "family", "你好", "f1")
    erase(store, conversation.id)

    assert [m.text for m in messages(store, other.id)] == ["你好"]


def test_erasing_what_is_gone_says_so(store, conversation):
    erase(store, conversation.id)

    with pytest.raises(NotFound):
        erase(store, conversation.id)


def test_words_of_harm_are_kept_and_closed_to_the_family(store):
    conversation, token = start(store)
    append(store, conversation.id, "family", "他打孩子", "f1")
    mark_harm(store, conversation.id)

    assert erase(store, conversation.id) == Erased(False, "harm")
    assert by_token(store, token) is None
    assert [m.text for m in messages(store, conversation.id)] == ["他打孩子"]
    assert find(store, conversation.id).erased_at is not None


def test_a_case_keeps_its_conversation_even_when_closed(store, conversation, wang):
    ref = open_case(store, conversation.id, "caseworker", "routine", "asked").ref
    close(store, ref, wang.id, "已转街道")

    assert erase(store, conversation.id) == Erased(False, "case")


def test_a_kept_conversation_takes_nothing_more(store, conversation):
    mark_harm(store, conversation.id)
    erase(store, conversation.id)

    with pytest.raises(NotFound):
        append(store, conversation.id, "family", "喂", "f2")
    assert append_turn(store, conversation.id, conversation.epoch, [Draft("您好")], answers=1) is None
    assert waiting_for_bot(store) == []
    assert unanswered(store, conversation.id) == []


def test_erasing_a_kept_one_again_changes_nothing(store, conversation, clock):
    mark_harm(store, conversation.id)
    erase(store, conversation.id)
    before = find(store, conversation.id)
    clock.forward(days=1)

    assert erase(store, conversation.id) == Erased(False, "harm")
    assert find(store, conversation.id) == before
    assert count(store, erasure) == 1


def test_an_address_has_one_conversation(store):
    first = at_address(store, "telegram", "7")

    assert at_address(store, "telegram", "7") == first
    assert at_address(store, "telegram", "8") != first


def test_an_address_begun_side_by_side_has_one_conversation(store):
    with ThreadPoolExecutor(6) as pool:
        begun = {held.id for held in pool.map(lambda _: at_address(store, "telegram", "7"), range(12))}

    assert len(begun) == 1


def test_an_erased_conversation_leaves_its_address(store):
    held = at_address(store, "telegram", "7")
    mark_harm(store, held.id)
    erase(store, held.id)

    assert by_address(store, "telegram", "7") is None
    assert at_address(store, "telegram", "7").id != held.id


def test_a_remark_about_the_assistant_is_made_once_and_never_beside_a_worker(store, conversation, wang):
    first, again = (remark(store, conversation.id, "助手有点慢", "away-1") for _ in range(2))
    claim(store, open_case(store, conversation.id, "caseworker", "routine", "asked").ref, wang.id)

    assert first == again
    assert remark(store, conversation.id, "助手有点慢", "away-2") is None
    assert ["family", "system"] == [message.sender for message in messages(store, conversation.id)]
