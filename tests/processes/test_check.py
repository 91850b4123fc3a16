"""The chaos benchmark's checker sees each broken promise: one is planted at a time in a ledger without fault."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from benchmarks.check import Evidence, Held, Sent, check_outside
from casework.trace import Carried, Line, Step, Trace, faults

BEGIN = datetime(2026, 11, 22, 1, 0, tzinfo=timezone.utc)
# A question and its answer, danger and its card, a worker's hour, and the assistant again.
SAID = [
    ("family", "能领什么", "f1"),
    ("bot", "孩子几岁了？", "turn-1-0"),
    ("family", "我不想活了", "f2"),
    ("system", "先说一句暖的。", "safety-3-0"),
    ("system", "已经请了人。", "safety-3-asked"),
    ("bot", "现在安全吗？", "turn-3-0"),
    ("family", "在吗", "f3"),
    ("worker", "我来了。", "w1"),
    ("family", "看结果", "f4"),
    ("bot", "好。", "turn-9-0"),
]


def at(minute):
    return BEGIN + timedelta(minutes=minute)


def ledger():
    """Line n is of minute n."""
    return [
        Line(seq, sender, text, at(seq), client_id, "演示1" if sender == "worker" else None, "safety" in client_id)
        for seq, (sender, text, client_id) in enumerate(SAID, 1)
    ]


def steps():
    return [
        Step("opened", None, None, at(4.5)),
        Step("claimed", "演示1", None, at(6.5)),
        Step("released", "演示1", None, at(8.5)),
    ]


def evidence():
    card = ("先说一句暖的。", "已经请了人。")
    sent = [Sent(line.client_id, line.text, seq=line.seq) for line in ledger() if line.sender == "family"]
    sent[1].card = card
    return Evidence("c", sent, [(0, [1, 2, 3]), (3, [4, 5])], [Sent("w1", "我来了。", seq=8)], [Held("演示1", 7, 8)])


def outside(seen, said, holder="bot"):
    return {fault.kind for fault in check_outside(seen, said, holder)}


def inside(said, steps, holder="bot", **more):
    return {fault.kind for fault in faults(Trace("c", said, steps, holder, **more), at_rest=True)}


def renumbered(said):
    return [replace(line, seq=seq) for seq, line in enumerate(said, 1)]


def test_a_good_ledger_has_no_fault():
    assert set() == outside(evidence(), ledger())
    assert set() == inside(ledger(), steps())


def test_a_missing_number_is_a_loss():
    said = ledger()
    del said[1]

    assert "lost" in outside(evidence(), said)
    assert "lost" in inside(said, steps())


@pytest.mark.parametrize("place", [0, 7])
def test_an_acknowledged_message_that_is_gone_is_lost(place):
    said = ledger()
    del said[place]

    assert "lost" in outside(evidence(), renumbered(said))


def test_a_message_that_was_given_up_may_be_missing():
    seen = evidence()
    seen.sent.append(Sent("f5", "没发出去", is_retried=False))

    assert set() == outside(seen, ledger())


@pytest.mark.parametrize("place", [0, 7])
def test_the_same_words_twice_are_doubled(place):
    said = ledger()

    assert "doubled" in outside(evidence(), renumbered([*said[: place + 1], said[place], *said[place + 1 :]]))


def test_a_turn_that_stands_twice_is_doubled():
    said = ledger()

    assert "doubled" in inside(renumbered([*said, said[-1]]), steps())


def test_messages_that_changed_places_are_out_of_order():
    seen = evidence()
    seen.sent[0], seen.sent[1] = seen.sent[1], seen.sent[0]

    assert "out of order" in outside(seen, ledger())


def test_other_words_than_were_sent_are_altered():
    seen = evidence()
    seen.sent[0].text = "能领多少"

    assert {"altered"} == outside(seen, ledger())


@pytest.mark.parametrize("sender", ["bot", "system"])
def test_a_word_of_the_assistant_after_a_claim_is_seen(sender):
    said = ledger()
    said.insert(7, replace(said[1], sender=sender, client_id="turn-7-0", at=at(7.5)))

    assert "bot after claim" in outside(evidence(), renumbered(said))
    assert "bot after claim" in inside(renumbered(said), steps())


def test_safety_words_after_a_claim_are_no_fault():
    said = ledger()
    card = [replace(line, client_id=line.client_id.replace("3", "7"), at=at(7.5)) for line in said[3:5]]
    said[7:7] = card
    seen = evidence()
    seen.sent[3].seq, seen.replies[0].seq, seen.held[0].until = 11, 10, 10
    said[-1] = replace(said[-1], client_id="turn-11-0")

    assert set() == outside(seen, renumbered(said))
    assert set() == inside(renumbered(said), steps())


def test_two_holders_are_seen_by_those_who_were_told_that_they_hold_it():
    seen = evidence()
    seen.held.append(Held("演示2", 8, 9))

    assert {"two holders"} == outside(seen, ledger())


def test_two_holders_are_seen_in_the_steps_of_the_case():
    claimed = Step("claimed", "演示2", None, at(7.2))

    assert "two holders" in inside(ledger(), [*steps(), claimed])


def test_words_of_a_worker_who_does_not_hold_it_are_seen():
    assert "two holders" in inside(ledger(), steps()[:1])


def test_last_words_without_an_answer_are_seen_only_while_the_assistant_holds_it():
    said = ledger()[:-1]

    assert {"unanswered"} == outside(evidence(), said)
    assert set() == outside(evidence(), said, holder="worker")


@pytest.mark.parametrize("place", [3, 4])
def test_a_torn_safety_card_is_seen(place):
    said = ledger()
    del said[place]

    assert "safety card" in outside(evidence(), renumbered(said))
    assert "safety card" in inside(renumbered(said), steps())


@pytest.mark.parametrize("stream", [(0, [1, 3]), (0, [1, 1, 2]), (3, [3, 4])])
def test_a_stream_that_skips_or_repeats_is_seen(stream):
    seen = evidence()
    seen.streams.append(stream)

    assert {"stream"} == outside(seen, ledger())


def carried(*changed):
    """All but the family's lines, each delivered in its minute, except what is changed."""
    owed = {line.seq: Carried(line.seq, line.at, False) for line in ledger() if line.sender != "family"}
    return [*(owed | {each.seq: each for each in changed}).values()]


def test_what_was_carried_in_order_has_no_fault():
    assert set() == inside(ledger(), steps(), carried=carried())


def test_words_that_no_channel_owes_or_ever_carried_are_lost():
    assert {"lost"} == inside(ledger(), steps(), carried=carried()[1:])
    assert {"lost"} == inside(ledger(), steps(), carried=carried(Carried(10, None, True)))


def test_words_that_are_owed_twice_are_doubled():
    assert {"doubled"} == inside(ledger(), steps(), carried=[*carried(), carried()[0]])


def test_words_that_were_carried_before_older_ones_are_out_of_order():
    assert {"out of order"} == inside(ledger(), steps(), carried=carried(Carried(4, at(60), False)))


def test_words_of_the_family_that_still_wait_at_rest_are_lost():
    assert {"lost"} == inside(ledger(), steps(), waits=True)


@pytest.mark.parametrize("key", ["unread-1", "refused-1"])
def test_a_notice_that_something_cannot_be_read_is_no_fault_while_a_worker_holds_it(key):
    notice = replace(ledger()[3], client_id=key, at=at(7.5), is_card=False)

    assert set() == inside(renumbered([*ledger()[:7], notice]), steps()[:2], holder="worker")
