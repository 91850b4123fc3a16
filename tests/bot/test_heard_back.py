"""A family that was asked how it went answers in its own words, and is heard as if it had tapped."""

from datetime import datetime, timedelta, timezone

import pytest

from bot.heard_back import questions, read, wants_peace
from casework.rules import rules
from casework.store import Message

ASK = rules("followup")["ask"]
SAYS = {name: report["says"] for name, report in rules("followup")["reports"].items()}
START = datetime(2026, 11, 22, 1, 0, tzinfo=timezone.utc)


def name_of(text, *asked):
    found = read(text, asked)
    return found and found.name


@pytest.mark.parametrize(
    "text, answer",
    [
        ("交上去了还没信呢", "went"),
        ("去了，说等公示", "went"),
        ("昨天去村里交了表", "went"),
        ("还没批下来", "went"),
        ("还在等", "went"),
        ("交给村主任了", "went"),
        ("还没去呢 家里忙", "waiting"),
        ("没空去", "waiting"),
        ("没人理我们", "no_one"),
        ("去了三趟都没人管", "no_one"),
        ("交了两个月一点动静没有 没动静", "no_one"),
        ("说不符合条件", "refused"),
        ("人家不给办", "refused"),
        ("说我材料不够", "lacking"),
        ("让我们开失联证明", "lacking"),
        ("批下来了", "approved"),
        ("批了 钱还没到", "not_arrived"),
        ("钱到账了", "arrived"),
        ("上个月就领到钱了", "arrived"),
        ("别来问我了", "disagree"),
    ],
)
def test_how_it_went_is_heard_in_their_own_words(text, answer):
    assert answer == name_of(text, "return_call")


@pytest.mark.parametrize(
    "text, answer",
    [
        ("到了", "arrived"),
        ("领了", "arrived"),
        ("收到了谢谢", "arrived"),
        ("嗯到账了", "arrived"),
        ("没有", "not_arrived"),
        ("还没呢", "not_arrived"),
        ("一分都没见着", "not_arrived"),
        ("没到", "not_arrived"),
        ("卡里没有", "not_arrived"),
    ],
)
def test_whether_the_money_came_is_heard_in_their_own_words(text, answer):
    assert answer == name_of(text, "money")


@pytest.mark.parametrize(
    "text, answer",
    [
        ("好多了", "fine"),
        ("还好", "fine"),
        ("没那么难受了", "fine"),
        ("不怎么好", "not_fine"),
        ("还是那样", "not_fine"),
        ("睡不着", "not_fine"),
        ("不想说", None),
        ("好一点 但还是难受", "not_fine"),
    ],
)
def test_how_somebody_is_is_heard_and_the_worse_counts(text, answer):
    assert answer == name_of(text, "distress_call")


@pytest.mark.parametrize(
    "text, answer",
    [
        ("可以的", "agree"),
        ("好，问吧", "agree"),
        ("行", "agree"),
        ("不用了", "disagree"),
        ("你想问就问", "agree"),
        ("别打电话就行", None),
    ],
)
def test_whether_we_may_ask_is_heard_in_their_own_words(text, answer):
    assert answer == name_of(text, "agree")


@pytest.mark.parametrize("text", ["钱什么时候到", "批下来了多少钱", "可以领吗", "他妈回来了", "孩子上学要什么"])
def test_a_question_and_other_news_answer_nothing(text):
    assert [None, None, None] == [name_of(text, asked) for asked in ("return_call", "money", "agree")]


@pytest.mark.parametrize(
    "text, is_all",
    [("交上去了", True), ("没人理我们", True), ("去了，还让孩子他妈回来签字", False), ("钱没到怎么办", False)],
)
def test_who_says_more_than_an_answer_is_heard_by_the_assistant_too(text, is_all):
    assert is_all is read(text, ["return_call"]).is_all


@pytest.mark.parametrize("text", ["别再来问了", "以后不要问我们了", "不用再回访了", "取消回访"])
def test_who_wants_to_be_left_alone_says_it_in_any_words(text):
    assert wants_peace(text)


@pytest.mark.parametrize("text", ["别再问我了", "不要打孩子", "回访是什么", "不想再说了"])
def test_other_refusals_are_not_that(text):
    assert not wants_peace(text)


def said(*lines):
    return [
        Message("c", seq, sender, text, f"m{seq}", (), None, None, START + timedelta(minutes=seq))
        for seq, (sender, text) in enumerate(lines, 1)
    ]


def test_a_question_stands_until_the_family_speaks_of_something_else():
    asked = ("system", ASK["return_call"])

    assert ["return_call"] == questions(said(("family", "好"), ("bot", "嗯"), asked))
    assert ["money", "return_call"] == questions(said(asked, ("system", ASK["money"])))
    assert [] == questions(said(asked, ("family", "学费呢"), ("bot", "学费是…")))
    assert [] == questions(said(asked, ("family", "好"), ("worker", "您好")))


def test_after_our_receipt_the_next_words_may_belong_to_the_answer():
    talk = said(("system", ASK["return_call"]), ("family", "去了"), ("system", SAYS["went"]))

    assert ["return_call"] == questions(talk)


def test_every_answer_that_is_read_is_known():
    known = rules("followup")
    for what, listed in rules("heard")["questions"].items():
        answers = {"agree", "disagree"} | (
            set() if what == "agree" else {*known["answers"][what], *known["hears"].get(what, ())}
        )

        assert {name for name, _ in listed} <= answers
