import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from casework.cases import case, cases, claim, close, events, open_case, release, reply, transfer
from casework.errors import BadTransition, HeldByAnother, Missing, NotFound, NotYours, Unanswered
from casework.follow import finish, tasks
from casework.ledger import Draft, append, append_turn, erase, find, messages, start, unanswered, waiting_for_bot


@pytest.fixture
def opened(store, conversation):
    return open_case(store, conversation.id, "caseworker", "routine", "asked", {"known": {"father.term_months": 36}})


def test_a_case_waits_with_its_packet(store, conversation, opened, clock):
    assert opened == case(store, opened.ref)
    assert (opened.state, opened.conversation, opened.waiting_since) == ("waiting", conversation.id, clock.now)
    assert opened.packet == {"known": {"father.term_months": 36}}


def test_a_ref_can_be_read_out_on_the_telephone(opened):
    assert re.fullmatch(r"TX-[2-9A-HJKMNP-TV-Z]{6}", opened.ref)


def test_a_ref_is_found_however_it_is_typed(store, opened):
    assert case(store, f" {opened.ref.lower()} ") == opened


def test_the_bot_goes_on_while_the_case_waits(store, conversation, opened):
    assert append_turn(store, conversation.id, conversation.epoch, [Draft("已转给工作人员。")], answers=1)


def test_danger_raises_an_open_case(store, conversation, opened):
    raised = open_case(store, conversation.id, "counselor", "emergency", "danger", {"safety": "violence"})

    assert (raised.ref, raised.queue, raised.urgency) == (opened.ref, "counselor", "emergency")
    assert (raised.reason, raised.packet) == ("danger", {"safety": "violence"})


def test_a_case_is_never_lowered(store, conversation):
    danger = open_case(store, conversation.id, "counselor", "emergency", "danger", {"a": 1})

    assert open_case(store, conversation.id, "caseworker", "routine", "asked") == danger
    assert [event.kind for event in events(store, danger.ref)] == ["opened"]


def test_danger_after_a_pause_is_noted_again_at_the_same_level_and_the_next_sentence_is_not(store, conversation, clock):
    danger = open_case(store, conversation.id, "counselor", "emergency", "danger")
    for minutes, urgency in ((10, "emergency"), (25, "urgent"), (10, "emergency")):
        clock.forward(minutes=minutes)
        open_case(store, conversation.id, "counselor", urgency, "danger")
    clock.forward(minutes=60)
    open_case(store, conversation.id, "caseworker", "routine", "asked")
    noted = [(event.kind, event.detail) for event in events(store, danger.ref)]

    assert [("opened", "emergency"), ("again", "urgent")] == noted


def test_a_claimed_case_is_raised_but_stays_with_its_holder(store, conversation, opened, wang):
    claim(store, opened.ref, wang.id)
    raised = open_case(store, conversation.id, "counselor", "urgent", "danger")

    assert (raised.state, raised.worker_name, raised.urgency) == ("active", "演示王", "urgent")
    assert find(store, conversation.id).holder == "worker"


def test_a_closed_case_is_followed_by_a_new_one(store, conversation, opened, wang):
    close(store, opened.ref, wang.id, "已解答")

    assert open_case(store, conversation.id, "caseworker", "routine", "asked").ref != opened.ref


def test_many_who_open_at_once_open_one(store, conversation):
    def ask(_):
        return open_case(store, conversation.id, "caseworker", "routine", "asked").ref

    with ThreadPoolExecutor(8) as pool:
        refs = set(pool.map(ask, range(8)))

    assert {c.ref for c in cases(store, "waiting")} == refs
    assert len(refs) == 1


def test_no_case_opens_for_a_conversation_that_is_gone(store, conversation):
    erase(store, conversation.id)

    with pytest.raises(NotFound):
        open_case(store, conversation.id, "caseworker", "routine", "asked")


@pytest.mark.parametrize("queue, urgency", [("police", "urgent"), ("counselor", "high")])
def test_an_unknown_queue_or_urgency_is_a_fault(store, conversation, queue, urgency):
    with pytest.raises(ValueError, match="no such"):
        open_case(store, conversation.id, queue, urgency, "danger")


def test_the_most_urgent_then_the_longest_waiting_comes_first(store, clock):
    urgencies = ["routine", "emergency", "urgent", "emergency", "routine"]
    refs = []
    for urgency in urgencies:
        refs.append(open_case(store, start(store)[0].id, "caseworker", urgency, "asked").ref)
        clock.forward(minutes=1)

    assert [c.ref for c in cases(store, "waiting")] == [refs[place] for place in (1, 3, 2, 0, 4)]


def test_a_claim_silences_the_bot_and_takes_over_what_is_open(store, conversation, opened, wang):
    claimed = claim(store, opened.ref, wang.id)
    after = find(store, conversation.id)

    assert (claimed.case.state, claimed.case.worker_name, claimed.seq) == ("active", "演示王", 2)
    assert (after.holder, after.worker_id, after.epoch) == ("worker", wang.id, conversation.epoch + 1)
    assert (waiting_for_bot(store), unanswered(store, conversation.id)) == ([], [])


def test_a_bot_turn_that_was_under_way_is_dropped(store, conversation, opened, wang):
    claim(store, opened.ref, wang.id)

    assert append_turn(store, conversation.id, conversation.epoch, [Draft("晚了")], answers=1) is None
    assert len(messages(store, conversation.id)) == 1


def test_no_bot_word_appears_while_a_worker_holds_it(store, conversation, opened, wang):
    seq = claim(store, opened.ref, wang.id).seq
    said = append(store, conversation.id, "family", "我在", "f2").seq
    epoch = find(store, conversation.id).epoch

    assert append_turn(store, conversation.id, epoch, [Draft("您好")], answers=said) is None
    assert append(store, conversation.id, "system", "110", "s1").sender == "system"
    assert [m.sender for m in messages(store, conversation.id) if m.seq >= seq] == ["family", "system"]


def test_claiming_and_speaking_at_once_leaves_no_bot_word_after_the_claim(store, wang):
    for _ in range(10):
        conversation, _ = start(store)
        append(store, conversation.id, "family", "你好", "f1")
        ref = open_case(store, conversation.id, "caseworker", "routine", "asked").ref
        barrier = Barrier(2)

        def speak(conversation=conversation, barrier=barrier):
            barrier.wait()
            append_turn(store, conversation.id, conversation.epoch, [Draft("一"), Draft("二")], answers=1)

        with ThreadPoolExecutor(1) as pool:
            speaking = pool.submit(speak)
            barrier.wait()
            seq = claim(store, ref, wang.id).seq
            speaking.result()

        assert "bot" not in {m.sender for m in messages(store, conversation.id) if m.seq >= seq}


def test_of_many_who_claim_at_once_one_wins_and_the_others_hear_who(store, opened, wang, li):
    workers = [wang, li] * 3
    barrier = Barrier(len(workers))

    def take(worker):
        barrier.wait()
        try:
            return claim(store, opened.ref, worker.id).case.worker_name
        except HeldByAnother as error:
            return error.name

    with ThreadPoolExecutor(len(workers)) as pool:
        heard = set(pool.map(take, workers))

    assert heard == {case(store, opened.ref).worker_name}


def test_claiming_again_is_the_same_claim(store, conversation, opened, wang, clock):
    first = claim(store, opened.ref, wang.id)
    append(store, conversation.id, "family", "我在", "f2")
    clock.forward(minutes=5)

    assert claim(store, opened.ref, wang.id) == first
    assert find(store, conversation.id).epoch == conversation.epoch + 1


def test_a_release_gives_the_conversation_back_to_the_bot(store, conversation, opened, wang, clock):
    claim(store, opened.ref, wang.id)
    append(store, conversation.id, "family", "我在", "f2")
    clock.forward(hours=1)
    released = release(store, opened.ref, wang.id)
    back = find(store, conversation.id)

    assert (released.state, released.worker_id, released.waiting_since) == ("waiting", None, clock.now)
    assert (back.holder, back.worker_id, back.epoch) == ("bot", None, conversation.epoch + 2)


def test_the_bot_answers_only_what_comes_after_the_release(store, conversation, opened, wang):
    claim(store, opened.ref, wang.id)
    append(store, conversation.id, "family", "我在", "f2")
    release(store, opened.ref, wang.id)

    assert unanswered(store, conversation.id) == []
    later = append(store, conversation.id, "family", "还有一个问题", "f3")
    assert unanswered(store, conversation.id) == [later]
    assert append_turn(store, conversation.id, conversation.epoch + 2, [Draft("请说。")], answers=later.seq)


def test_a_turn_begun_before_the_change_of_hands_stays_out_for_good(store, conversation, opened, wang):
    claim(store, opened.ref, wang.id)
    release(store, opened.ref, wang.id)
    later = append(store, conversation.id, "family", "还有一个问题", "f2")

    assert append_turn(store, conversation.id, conversation.epoch, [Draft("晚了")], answers=later.seq) is None
    assert unanswered(store, conversation.id) == [later]


def test_a_transfer_moves_the_case_to_a_colleague(store, conversation, opened, wang, li):
    claim(store, opened.ref, wang.id)
    moved = transfer(store, opened.ref, wang.id, "演示李")

    assert (moved.state, moved.worker_id, moved.worker_name) == ("active", li.id, "演示李")
    assert find(store, conversation.id).epoch == conversation.epoch + 2
    with pytest.raises(NotYours):
        reply(store, opened.ref, wang.id, "您好", "w1")
    assert reply(store, opened.ref, li.id, "您好", "w1").worker == "演示李"


def test_a_transfer_to_nobody_changes_nothing(store, conversation, opened, wang):
    claimed = claim(store, opened.ref, wang.id)

    with pytest.raises(NotFound):
        transfer(store, opened.ref, wang.id, "没有这个人")
    assert case(store, opened.ref) == claimed.case


def test_a_close_says_how_it_ended_and_wakes_the_bot(store, conversation, opened, wang, clock):
    claim(store, opened.ref, wang.id)
    closed = close(store, opened.ref, wang.id, "已陪同申请")

    assert (closed.state, closed.outcome, closed.closed_at) == ("closed", "已陪同申请", clock.now)
    assert closed.worker_name == "演示王"
    assert (find(store, conversation.id).holder, cases(store, "closed")) == ("bot", [closed])


def test_a_close_needs_an_outcome(store, opened, wang):
    with pytest.raises(Missing):
        close(store, opened.ref, wang.id, "  ")


def test_closing_a_waiting_case_does_not_disturb_the_bot(store, conversation, opened, wang):
    close(store, opened.ref, wang.id, "重复")

    assert append_turn(store, conversation.id, conversation.epoch, [Draft("您好")], answers=1)


@pytest.mark.parametrize("verb", [release, lambda *a: transfer(*a, "演示李"), lambda *a: close(*a, "完")])
def test_only_the_holder_moves_an_active_case(store, opened, wang, li, verb):
    claim(store, opened.ref, wang.id)

    with pytest.raises(NotYours):
        verb(store, opened.ref, li.id)


@pytest.mark.parametrize("verb", [claim, release, lambda *a: transfer(*a, "演示王"), lambda *a: close(*a, "完")])
def test_a_closed_case_does_not_move(store, opened, wang, verb):
    close(store, opened.ref, wang.id, "完")

    with pytest.raises(BadTransition) as error:
        verb(store, opened.ref, wang.id)
    assert error.value.from_state == "closed"


@pytest.mark.parametrize("verb", [release, lambda *a: transfer(*a, "演示王")])
def test_a_waiting_case_cannot_be_handed_on(store, opened, wang, verb):
    with pytest.raises(BadTransition) as error:
        verb(store, opened.ref, wang.id)
    assert error.value.from_state == "waiting"


def test_an_unknown_ref_is_not_found(store, wang):
    with pytest.raises(NotFound):
        claim(store, "TX-222222", wang.id)


def test_a_reply_names_its_worker_and_is_written_once(store, conversation, opened, wang):
    claim(store, opened.ref, wang.id)
    first = reply(store, opened.ref, wang.id, "我是工作人员。", "w1")

    assert reply(store, opened.ref, wang.id, "我是工作人员。", "w1") == first
    assert [(m.sender, m.worker) for m in messages(store, conversation.id, after=1)] == [("worker", "演示王")]


def test_two_workers_may_count_their_client_ids_alike(store, conversation, opened, wang, li):
    claim(store, opened.ref, wang.id)
    reply(store, opened.ref, wang.id, "我请同事来。", "1")
    transfer(store, opened.ref, wang.id, "演示李")
    reply(store, opened.ref, li.id, "您好。", "1")

    assert [m.text for m in messages(store, conversation.id, after=1)] == ["我请同事来。", "您好。"]


def test_a_repeated_reply_is_still_answered_after_the_release(store, opened, wang):
    claim(store, opened.ref, wang.id)
    first = reply(store, opened.ref, wang.id, "再见。", "w1")
    release(store, opened.ref, wang.id)

    assert reply(store, opened.ref, wang.id, "再见。", "w1") == first


def test_nobody_replies_without_holding_the_case(store, opened, wang):
    with pytest.raises(NotYours):
        reply(store, opened.ref, wang.id, "您好", "w1")


def test_an_empty_reply_is_refused(store, opened, wang):
    claim(store, opened.ref, wang.id)

    with pytest.raises(Missing):
        reply(store, opened.ref, wang.id, " ", "w1")


def test_a_worker_hears_that_the_family_has_erased_it(store, conversation, opened, wang):
    claim(store, opened.ref, wang.id)
    erase(store, conversation.id)

    with pytest.raises(BadTransition) as error:
        reply(store, opened.ref, wang.id, "您好", "w1")
    assert error.value.from_state == "erased"


def reply_of_bot(store, conversation):
    return append_turn(store, conversation.id, conversation.epoch, [Draft("好的。")], answers=1)


def test_every_step_is_an_event_with_who_and_when(store, conversation, opened, wang, li, clock):
    began = clock.now
    steps = [
        lambda: open_case(store, conversation.id, "counselor", "urgent", "danger"),
        lambda: claim(store, opened.ref, wang.id),
        lambda: transfer(store, opened.ref, wang.id, "演示李"),
        lambda: release(store, opened.ref, li.id),
        lambda: claim(store, opened.ref, li.id),
        lambda: close(store, opened.ref, li.id, "完"),
    ]
    reply_of_bot(store, conversation)
    for step in steps:
        clock.forward(minutes=1)
        step()
    happened = events(store, opened.ref)

    assert [(event.kind, event.worker, event.detail) for event in happened] == [
        ("opened", None, "routine"),
        ("raised", None, "urgent"),
        ("claimed", "演示王", None),
        ("transferred", "演示王", "演示李"),
        ("released", "演示李", None),
        ("claimed", "演示李", None),
        ("closed", "演示李", None),
    ]
    assert [event.at - began for event in happened] == [timedelta(minutes=number) for number in range(7)]


@pytest.fixture
def mine(store, opened, wang):
    """In hand, with the family's first words unanswered."""
    return claim(store, opened.ref, wang.id).case


def left(store, clock):
    return [(task.case.ref, task.matter.what) for task in tasks(store, clock.now) if task.matter.what == "unanswered"]


def test_who_is_asked_must_say_that_the_last_words_need_no_reply(store, conversation, mine, wang, clock):
    append(store, conversation.id, "family", "那我还去不去", "f2")
    with pytest.raises(Unanswered) as asked:
        close(store, mine.ref, wang.id, "完", needs_none=1)
    assert (2, "active") == (asked.value.seq, case(store, mine.ref).state)

    close(store, mine.ref, wang.id, "完", needs_none=asked.value.seq)

    assert "no_reply" in [event.kind for event in events(store, mine.ref)]
    assert [] == left(store, clock)


def test_words_left_without_a_reply_are_a_matter_until_somebody_says_they_need_none(store, mine, wang, clock):
    close(store, mine.ref, wang.id, "完")
    assert [(mine.ref, "unanswered")] == left(store, clock)
    (key,) = (task.matter.key for task in tasks(store, clock.now) if task.matter.what == "unanswered")
    finish(store, mine.ref, key, wang.id)

    assert [] == left(store, clock)


def test_words_left_without_a_reply_are_a_matter_until_a_worker_writes(store, conversation, mine, wang, li, clock):
    close(store, mine.ref, wang.id, "完")
    later = open_case(store, conversation.id, "caseworker", "routine", "asked")
    claim(store, later.ref, li.id)
    assert [(mine.ref, "unanswered")] == left(store, clock)
    reply(store, later.ref, li.id, "您那天问的，我来答。", "w1")

    assert [] == left(store, clock)


@pytest.mark.parametrize("by", ["worker", "assistant"])
def test_words_with_a_reply_are_asked_after_by_nobody(store, conversation, opened, wang, clock, by):
    if by == "assistant":
        reply_of_bot(store, conversation)
    claim(store, opened.ref, wang.id)
    if by == "worker":
        reply(store, opened.ref, wang.id, "去民政所。", "w1")
    close(store, opened.ref, wang.id, "完", needs_none=0)

    assert [] == left(store, clock)


def test_a_case_that_waits_is_closed_unasked_for_the_assistant_answers(store, opened, wang, clock):
    close(store, opened.ref, wang.id, "误触", needs_none=0)

    assert [] == left(store, clock)


@pytest.mark.parametrize("role", ["supervisor", "admin"])
@pytest.mark.parametrize("verb", [release, lambda *a: transfer(*a, "演示督导")])
def test_a_supervisor_moves_a_colleagues_case_under_their_own_name(store, opened, wang, hiring, role, verb):
    claim(store, opened.ref, wang.id)
    verb(store, opened.ref, hiring("演示督导", role).id)

    assert "演示督导" == events(store, opened.ref)[-1].worker
    assert "演示王" != case(store, opened.ref).worker_name


def test_a_supervisor_does_not_speak_or_close_for_a_colleague(store, opened, wang, hiring):
    claim(store, opened.ref, wang.id)
    supervisor = hiring("演示督导", "supervisor")

    with pytest.raises(NotYours):
        close(store, opened.ref, supervisor.id, "完")
    with pytest.raises(NotYours):
        reply(store, opened.ref, supervisor.id, "您好", "1")


def test_the_newest_closed_cases_of_one_worker_are_listed_alone(store, wang, li, clock):
    refs = []
    for worker in (wang, wang, li, wang):
        ref = open_case(store, start(store)[0].id, "caseworker", "routine", "asked").ref
        claim(store, ref, worker.id)
        clock.forward(minutes=1)
        close(store, ref, worker.id, "完")
        refs.append(ref)

    assert [refs[3], refs[1]] == [c.ref for c in cases(store, "closed", limit=2, worker_id=wang.id)]
