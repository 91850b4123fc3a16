import pytest

from casework.agree import answer_of, ask_agreement, reply_to, take_answer
from casework.applications import Step
from casework.cases import claim, open_case
from casework.events import log_of, of_kind
from casework.follow import agreement, remind, tasks
from casework.ledger import append, erase, messages
from casework.rules import rules
from casework.trace import faults, read
from casework.work import take_step


@pytest.fixture
def ref(store, conversation):
    return open_case(store, conversation.id, "caseworker", "routine", "asked").ref


def press(store, conversation, text, number=1):
    return take_answer(store, append(store, conversation.id, "family", text, f"press{number}"))


def test_a_family_is_asked_once_with_two_buttons(store, conversation, ref, wang):
    assert [True, False] == [ask_agreement(store, ref, wang.id) for _ in range(2)]

    asked = messages(store, conversation.id)[-1]
    assert ("system", ["可以回访", "不用回访"]) == (asked.sender, [button["payload"] for button in asked.buttons])


def test_while_a_worker_holds_the_conversation_it_is_asked_too(store, ref, wang):
    claim(store, ref, wang.id)

    assert ask_agreement(store, ref, wang.id)


def test_beside_a_colleague_who_holds_it_nothing_is_asked(store, conversation, ref, wang, li):
    claim(store, ref, li.id)

    assert not ask_agreement(store, ref, wang.id)
    assert 1 == len(messages(store, conversation.id))


def test_what_a_worker_has_asked_is_not_the_bot_beside_them(store, conversation, ref, wang):
    claim(store, ref, wang.id)
    ask_agreement(store, ref, wang.id)

    assert [] == faults(read(store, conversation.id))


def test_a_family_that_erased_its_conversation_is_not_asked(store, conversation, ref, wang):
    erase(store, conversation.id)

    assert not ask_agreement(store, ref, wang.id)


def test_what_a_family_says_counts_until_it_says_otherwise(store, conversation, ref):
    assert "agree" == press(store, conversation, "可以回访")
    assert agreement(log_of(store, ref), conversation.id) is True
    press(store, conversation, "不用回访", 2)
    assert agreement(log_of(store, ref), conversation.id) is False


def test_the_same_press_is_recorded_once(store, conversation, ref):
    pressed = append(store, conversation.id, "family", "可以回访", "p")
    for _ in range(2):
        assert "agree" == take_answer(store, pressed)

    assert 1 == len(of_kind(log_of(store, ref), "agreed"))


def test_words_that_only_sound_like_a_button_are_words(store, conversation, ref):
    assert [None, None] == [press(store, conversation, text, text) for text in ("可以回访吗", "钱到了")]


def test_without_a_case_a_button_is_nothing(store, conversation):
    assert press(store, conversation, "可以回访") is None


def test_an_answer_ends_the_call_it_answers_and_trouble_opens_a_new_one(store, conversation, ref, wang, clock):
    take_step(store, ref, wang.id, "dibao", Step("applied", clock.now.date()))
    clock.forward(days=7)
    (call,) = tasks(store, clock.now)
    remind(store, ref, call.matter.key, "message")
    press(store, conversation, "回访：没人来")
    clock.forward(hours=48)

    assert ["trouble"] == [task.matter.what for task in tasks(store, clock.now)]


@pytest.mark.parametrize("report", rules("followup")["reports"])
def test_every_button_is_known_and_has_its_reply(report):
    told = rules("followup")["reports"][report]

    assert report == answer_of(f" {told['payload']} ")
    assert told["says"] == reply_to(report)
