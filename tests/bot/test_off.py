"""docs/turning-it-off.md, rehearsed."""

import re

import pytest
from scripted import UNHURRIED, ScriptedRasa, answer, said, until

from bot.dialogue import Answer
from bot.gateway import Gateway
from bot.off import cut
from bot.words import words
from casework.cases import cases
from casework.ledger import messages, start, waiting_for_bot
from casework.staff import add_worker
from casework.store import Draft, open_store
from casework.switch import turn_off, turn_on
from knowledge.library import Library

LINES = {name: line["text"] for name, line in words()["turned_off"].items()}


@pytest.fixture
def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/front.db", secret="a secret of at least thirty-two signs")
    yield store
    store.close()


@pytest.fixture
def rasa():
    return ScriptedRasa()


@pytest.fixture
async def gateway(store, rasa):
    gateway = Gateway(store, rasa.dialogue(), UNHURRIED)
    await gateway.start()
    yield gateway
    await gateway.stop()


@pytest.fixture
def family(store):
    return start(store)[0].id


@pytest.fixture
def senior(store):
    return add_worker(store, "演示督导", "supervisor")[0].id


async def say(gateway, family, *texts):
    """Say it and wait until everything is answered."""
    for text in texts:
        await gateway.receive(family, f"{text}-{len(messages(gateway.store, family))}", text)
        await until(lambda: not gateway._rooms)


async def test_off_as_a_whole_words_are_kept_and_one_honest_line_is_said(gateway, store, family, senior, rasa):
    turn_off(store, senior, "all", "金额说错了")
    await say(gateway, family, "想问补助", "在吗")

    assert ["想问补助", LINES["all"], "在吗"] == said(store, family)
    assert [] == rasa.asked
    assert [] == waiting_for_bot(store)


async def test_off_as_a_whole_danger_is_heard_and_a_counselor_called(gateway, store, family, senior):
    turn_off(store, senior, "all", "金额说错了")
    await say(gateway, family, "我不想活了")

    assert ["danger"] == [case.reason for case in cases(store, "waiting")]
    cards = [message for message in messages(store, family) if message.turn and message.turn.get("safety")]
    assert cards and all(message.sender == "system" for message in cards)


async def test_off_as_a_whole_a_person_can_be_asked_for(gateway, store, family, senior):
    turn_off(store, senior, "all", "金额说错了")
    await say(gateway, family, "想问补助", "转人工")

    assert ["asked"] == [case.reason for case in cases(store, "waiting")]
    assert words()["system"]["asked"] == said(store, family)[-1]


async def test_turned_on_again_it_answers_what_is_said_from_then_on(gateway, store, family, senior, rasa):
    turn_off(store, senior, "all", "金额说错了")
    await say(gateway, family, "想问补助")
    turn_on(store, senior, "all", "改好了")
    await say(gateway, family, "现在呢")

    assert ["现在呢"] == [asked["message"] for asked in rasa.asked]
    assert "嗯，我在听。" == said(store, family)[-1]


async def test_a_turn_under_way_is_not_said_when_it_is_turned_off_meanwhile(gateway, store, family, senior, rasa):
    async def slowly():
        turn_off(store, senior, "all", "金额说错了")
        return answer("每月一百万元。")

    rasa.script = [slowly]
    await say(gateway, family, "一个月多少钱")

    assert ["一个月多少钱", LINES["all"]] == said(store, family)


async def test_with_the_interview_off_answers_go_on_and_facts_reach_the_page(gateway, store, family, senior, rasa):
    turn_off(store, senior, "interview", "问错了")
    rasa.script = [
        answer("这项补贴一个月 1891 元。"),
        answer("记下了。", "孩子几岁？", asking="child.age", facts={"x": 1}),
    ]
    await say(gateway, family, "多少钱", "爸爸坐牢了")

    assert ["多少钱", "这项补贴一个月 1891 元。", "爸爸坐牢了", "记下了。", LINES["interview"]] == said(store, family)
    assert ({"x": 1}, None) == tuple(messages(store, family)[-1].turn[name] for name in ("facts", "asking"))


def parts(off, *texts, **turn):
    drafts = tuple(Draft(text) for text in texts)
    return [draft.text for draft in cut(Answer(drafts, {"asking": None, **turn}), off).drafts]


@pytest.mark.parametrize(
    "off, turn, heard",
    [
        ((), {"asking": "child.age"}, ["答", "问"]),
        (("interview",), {"asking": "child.age"}, ["答", LINES["interview"]]),
        (("interview",), {"done": True, "results": [{"id": "dibao"}]}, ["答", LINES["interview"]]),
        (("interview",), {"done": True, "results": []}, ["答", "问"]),
        (("interview",), {}, ["答", "问"]),
        (("answers",), {"asking": "child.age"}, ["问"]),
        (("answers",), {}, [LINES["answers"]]),
        (("interview", "answers"), {"asking": "child.age"}, [LINES["interview"]]),
        (("interview", "answers"), {"handoff": {"queue": "caseworker"}}, ["答", "问"]),
        (("interview", "answers"), {"safety": {"level": "concern"}, "asking": "x"}, ["答", "问"]),
    ],
)
def test_only_what_is_off_is_cut(off, turn, heard):
    assert heard == parts(off, "答", "问", **turn)


def test_every_number_in_the_lines_is_one_we_know():
    known = {line["number"] for line in Library.load().hotlines}

    assert {number for text in LINES.values() for number in re.findall(r"\d{3,}", text)} <= known
