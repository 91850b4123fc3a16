"""What a family writes when it was asked how it went: recorded, answered, and lost by nobody."""

from datetime import timedelta

import pytest

from bot.dialogue import Answer
from bot.follow_up import follow
from bot.receipt import say_heard, stand_in
from casework.agree import take_answer
from casework.applications import Step
from casework.cases import cases, claim, close, open_case, reply
from casework.events import log_of, of_kind
from casework.follow import agreement, finish, tasks
from casework.ledger import append, append_turn, find, messages, start, unanswered
from casework.rules import rules
from casework.store import Draft
from casework.work import take_step
from tests.clock import START

UNREAD = Answer((Draft("我在听，这句我没听明白。"),), {"offered": "unreadable"})


@pytest.fixture
def talk(store):
    conversation, _ = start(store)
    append(store, conversation.id, "family", "想问问", "f1")
    append_turn(store, conversation.id, find(store, conversation.id).epoch, [Draft("好")], 1)
    return conversation


@pytest.fixture
def ref(store, talk, wang):
    """Applied, and the family agreed to being asked."""
    ref = open_case(store, talk.id, "caseworker", "routine", "asked").ref
    take_step(store, ref, wang.id, "dibao", Step("applied", START.date()))
    take_answer(store, append(store, talk.id, "family", "可以回访", "yes"))
    append_turn(store, talk.id, find(store, talk.id).epoch, [Draft("好")], find(store, talk.id).family_seq)
    return ref


@pytest.fixture
def asked(store, ref, clock):
    clock.forward(days=7)
    follow(store)
    return ref


def says(store, talk, text):
    append(store, talk.id, "family", text, text)
    return say_heard(store, find(store, talk.id), unanswered(store, talk.id))


def last(store, talk):
    return messages(store, talk.id)[-1].text


def answers(store, ref):
    return [event.data["answer"] for event in of_kind(log_of(store, ref), "reported")]


def open_now(store, clock, **later):
    return [task.matter.what for task in tasks(store, clock.now + timedelta(**later))]


def test_an_answer_in_words_is_what_the_button_is(store, talk, asked, clock):
    assert says(store, talk, "交上去了还没信呢")

    assert (["went"], rules("followup")["reports"]["went"]["says"]) == (answers(store, asked), last(store, talk))
    assert [] == open_now(store, clock)


def test_trouble_in_words_is_a_matter_of_a_worker(store, talk, asked, clock):
    assert says(store, talk, "没人理我们")

    assert ["trouble"] == open_now(store, clock, hours=48)


def test_without_a_question_the_same_words_are_for_the_assistant(store, talk, ref):
    assert says(store, talk, "交上去了还没信呢") is None
    assert [] == answers(store, ref)


def test_danger_is_never_only_an_answer(store, talk, asked):
    assert says(store, talk, "没人理我，我不想活了") is None
    assert [] == answers(store, asked)


def test_who_says_more_is_recorded_and_answered_by_the_assistant(store, talk, asked):
    assert says(store, talk, "钱没到怎么办") is None
    assert ["not_arrived"] == answers(store, asked)


def test_what_nobody_could_read_is_put_before_a_worker(store, talk, asked, clock):
    append(store, talk.id, "family", "唉一言难尽", "f9")
    said = stand_in(store, unanswered(store, talk.id), UNREAD)

    assert [rules("followup")["reports"]["unclear"]["says"]] == [draft.text for draft in said.drafts]
    assert ["return_call", "trouble"] == sorted(open_now(store, clock, hours=48))


def test_what_the_assistant_understood_stays_its_own(store, talk, asked):
    append(store, talk.id, "family", "学费能减吗", "f9")
    understood = Answer((Draft("能的"),), {"topics": ["tuition"]})

    assert understood is stand_in(store, unanswered(store, talk.id), understood)
    assert [] == answers(store, asked)


def test_a_family_that_wants_peace_has_it_in_every_case(store, talk, asked, wang):
    claim(store, asked, wang.id)
    close(store, asked, wang.id, "已说清楚", needs_none=99)
    other = open_case(store, talk.id, "caseworker", "routine", "asked").ref
    assert says(store, talk, "别再来问了")

    assert [False, False] == [agreement(log_of(store, one), talk.id) for one in (asked, other)]
    assert last(store, talk).startswith("好，我们不会来问")


def test_an_answer_belongs_to_the_case_that_asked(store, talk, asked, wang):
    claim(store, asked, wang.id)
    close(store, asked, wang.id, "已说清楚", needs_none=99)
    other = open_case(store, talk.id, "caseworker", "routine", "asked").ref
    says(store, talk, "没人理我们")

    assert (["no_one"], []) == (answers(store, asked), answers(store, other))


def test_who_is_still_unwell_is_told_of_a_counselor_who_was_asked(store, talk, wang, clock):
    first = open_case(store, talk.id, "counselor", "urgent", "danger").ref
    take_answer(store, append(store, talk.id, "family", "可以回访", "yes"))
    append_turn(store, talk.id, find(store, talk.id).epoch, [Draft("好")], find(store, talk.id).family_seq)
    claim(store, first, wang.id)
    close(store, first, wang.id, "已说清楚", needs_none=99)
    clock.forward(hours=72)
    follow(store)
    assert says(store, talk, "还是那样")

    (waiting,) = cases(store, "waiting")
    assert ("counselor", "urgent", "not_well") == (waiting.queue, waiting.urgency, waiting.reason)
    assert "已经请值班老师来看" in last(store, talk)


def test_one_question_waits_for_the_answer_to_another(store, talk, ref, wang, clock):
    take_step(store, ref, wang.id, "dibao", Step("approved", START.date()))
    clock.forward(days=30)
    follow(store)
    asks = set(rules("followup")["ask"].values())
    assert 1 == len([one for one in messages(store, talk.id) if one.text in asks])

    assert says(store, talk, "去了")
    for _ in range(2):
        follow(store)
    assert 2 == len([one for one in messages(store, talk.id) if one.text in asks])


def test_nobody_is_asked_at_night(store, talk, ref, clock):
    clock.forward(days=7, hours=13)  # ten in the evening
    follow(store)
    assert "好" == last(store, talk)

    clock.forward(hours=11)
    follow(store)
    assert rules("followup")["ask"]["return_call"] == last(store, talk)


def silent(store, clock):
    follow(store)
    return open_now(store, clock, hours=1).count("unanswered")


def test_words_that_wait_for_their_worker_become_a_matter_until_there_is_a_reply(store, talk, ref, wang, clock):
    claim(store, ref, wang.id)
    append(store, talk.id, "family", "老师在吗", "f5")
    clock.forward(hours=23)
    assert 0 == silent(store, clock)
    clock.forward(hours=2)
    assert [1, 1] == [silent(store, clock), silent(store, clock)]
    reply(store, ref, wang.id, "在的", "w1")
    assert 0 == silent(store, clock)


def test_words_that_need_no_reply_are_no_matter_again(store, talk, ref, wang, clock):
    claim(store, ref, wang.id)
    append(store, talk.id, "family", "谢谢", "f5")
    clock.forward(hours=25)
    assert 1 == silent(store, clock)
    (key,) = (task.matter.key for task in tasks(store, clock.now) if task.matter.what == "unanswered")
    finish(store, ref, key, wang.id)
    clock.forward(hours=25)

    assert 0 == silent(store, clock)


def test_danger_waits_two_hours_for_a_word_and_not_a_day(store, talk, wang, clock):
    ref = open_case(store, talk.id, "counselor", "urgent", "danger").ref
    claim(store, ref, wang.id)
    append(store, talk.id, "family", "在吗", "f5")
    clock.forward(hours=3)

    assert 1 == silent(store, clock)
