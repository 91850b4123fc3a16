from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from casework.cases import claim, open_case, reply
from casework.delivery import LEASE, TRIES
from casework.errors import NotFound
from casework.ledger import Draft, append, append_turn, erase, start
from casework.outbox import delivered, due, failed, given_up, is_owed, postponed


@pytest.fixture
def pushed(store):
    conversation, _ = start(store, "telegram", address="1001")
    append(store, conversation.id, "family", "你好", "f1")
    return conversation


def speak(store, conversation, *texts):
    return append_turn(store, conversation.id, conversation.epoch, [Draft(text) for text in texts], answers=1)


def test_words_to_a_push_channel_are_owed(store, pushed, clock):
    speak(store, pushed, "您好。")
    (owed,) = due(store, clock.now, 10)

    assert (owed.channel, owed.address, owed.seq, owed.text, owed.tries) == ("telegram", "1001", 2, "您好。", 0)


def test_the_web_is_owed_nothing(store, conversation, clock):
    speak(store, conversation, "您好。")

    assert due(store, clock.now, 10) == []


def test_what_the_family_said_is_not_sent_back(store, pushed, clock):
    assert due(store, clock.now, 10) == []


def test_a_worker_and_the_system_are_delivered_too(store, pushed, wang, clock):
    ref = open_case(store, pushed.id, "caseworker", "routine", "asked").ref
    claim(store, ref, wang.id)
    reply(store, ref, wang.id, "我来了。", "w1")
    other, _ = start(store, "telegram", address="1002")
    append(store, other.id, "system", "110", "s1")

    assert [owed.sender for owed in due(store, clock.now, 10)] == ["worker", "system"]


def test_a_repeated_message_is_owed_once(store, pushed, clock):
    append(store, pushed.id, "system", "110", "s1")
    append(store, pushed.id, "system", "110", "s1")
    (owed,) = due(store, clock.now, 10)
    delivered(store, owed)

    assert due(store, clock.now, 10) == []


def test_the_messages_of_one_conversation_go_out_in_order(store, pushed, clock):
    speak(store, pushed, "一", "二")
    (first,) = due(store, clock.now, 10)

    assert due(store, clock.now, 10) == []
    delivered(store, first)
    assert [owed.text for owed in due(store, clock.now, 10)] == ["二"]


def test_a_leased_message_is_not_leased_again_until_the_lease_ends(store, pushed, clock):
    speak(store, pushed, "您好。")
    first = due(store, clock.now, 10)

    assert due(store, clock.now + LEASE - timedelta(seconds=1), 10) == []
    assert due(store, clock.now + LEASE, 10) == first


def test_two_senders_never_lease_the_same_message(store, clock):
    for number in range(12):
        conversation, _ = start(store, "telegram", address=str(number))
        append(store, conversation.id, "system", "您好。", "s1")

    with ThreadPoolExecutor(4) as pool:
        parts = pool.map(lambda _: due(store, clock.now, 12), range(4))
        leased = [owed.conversation for part in parts for owed in part]

    assert len(leased) == len(set(leased)) == 12


def test_failures_wait_longer_each_time(store, pushed, clock):
    speak(store, pushed, "您好。")
    pauses = []
    for _ in range(4):
        (owed,) = due(store, clock.now, 10)
        failed(store, owed, "timeout")
        failed_at = clock.now
        while not (again := due(store, clock.now, 10)):
            clock.forward(seconds=5)
        pauses.append((clock.now - failed_at).total_seconds())
        clock.forward(seconds=LEASE.total_seconds())
        assert again[0].tries == len(pauses)

    assert pauses == [5, 10, 20, 40]


def test_after_a_day_of_failures_the_next_message_gets_its_turn(store, pushed, clock):
    speak(store, pushed, "一", "二")
    began = clock.now
    for _ in range(TRIES):
        while not (owed := due(store, clock.now, 10)):
            clock.forward(minutes=5)
        failed(store, owed[0], "blocked")

    assert timedelta(hours=18) < clock.now - began < timedelta(hours=30)
    assert [owed.text for owed in due(store, clock.now, 10)] == ["二"]


def test_a_failure_of_nothing_is_a_fault(store, pushed, clock):
    speak(store, pushed, "您好。")
    (owed,) = due(store, clock.now, 10)
    erase(store, pushed.id)

    with pytest.raises(NotFound):
        failed(store, owed, "timeout")


def test_a_pause_named_by_the_other_side_is_kept_and_is_no_failed_try(store, pushed, clock):
    speak(store, pushed, "您好。")
    (owed,) = due(store, clock.now, 10)
    postponed(store, owed, timedelta(minutes=7), "too_fast")

    assert due(store, clock.now + timedelta(minutes=6), 10) == []
    assert due(store, clock.now + timedelta(minutes=7), 10) == [owed]


def test_what_was_given_up_lets_the_next_message_go(store, pushed, clock):
    speak(store, pushed, "一", "二")
    (first,) = due(store, clock.now, 10)
    given_up(store, first, "blocked")

    assert [owed.text for owed in due(store, clock.now + LEASE, 10)] == ["二"]


def test_the_turn_travels_with_its_message(store, pushed, clock):
    append(store, pushed.id, "system", "110", "s1", turn={"safety": {"level": "urgent", "kinds": []}})
    (owed,) = due(store, clock.now, 10)

    assert owed.turn == {"safety": {"level": "urgent", "kinds": []}}


def test_what_was_erased_meanwhile_is_no_fault(store, pushed, clock):
    speak(store, pushed, "您好。")
    (owed,) = due(store, clock.now, 10)
    erase(store, pushed.id)

    delivered(store, owed)
    postponed(store, owed, LEASE, "too_fast")
    given_up(store, owed, "blocked")
    assert due(store, clock.now + LEASE, 10) == []


@pytest.mark.parametrize("end", [delivered, partial(given_up, why="x"), partial(postponed, pause=LEASE, why="x")])
def test_what_is_said_of_an_erased_delivery_never_falls_on_another(store, pushed, clock, end):
    """SQLite gives the highest number again: the words behind it were marked as sent and never went out."""
    speak(store, pushed, "您好。")
    (owed,) = due(store, clock.now, 10)
    erase(store, pushed.id)
    other, _ = start(store, "telegram", address="1002")
    append(store, other.id, "system", "110", "s1")
    end(store, owed)

    assert ["110"] == [each.text for each in due(store, clock.now, 10)]


def test_what_was_erased_while_it_is_carried_is_owed_no_more(store, pushed, clock):
    speak(store, pushed, "您好。")
    (owed,) = due(store, clock.now, 10)
    assert is_owed(store, owed)
    erase(store, pushed.id)

    assert not is_owed(store, owed)
