"""What is said after the safety card: no promise, no reproach, nothing that tells where a parent is."""

from __future__ import annotations

import re

import pytest

from knowledge.alarm import KINDS
from knowledge.safety.after import _acts, act_of, again, comfort_line, is_practical, steps_of
from knowledge.safety.voice import VOICES, voice_of

SAID = {
    "嗯": "little",
    "。。。": "little",
    "没事了": "safe",
    "逗你的啦": "safe",
    "现在安全": "safe",
    "现在不安全": "unsafe",
    "他醒了": "unsafe",
    "他又回来了": "unsafe",
    "你别大惊小怪": "light",
    "谢谢": "thanks",
    "你是真人吗": "identity",
    "有人吗": "person",
    "什么时候来": "person",
    "有人来了 给了面条": "help",
    "老师来接我了": "help",
    "你会告诉我奶奶吗": "tells",
    "我不敢打110": "afraid",
    "打了12356没人接": "no_line",
    "孩子电话打不通": "gone",
    "她头很烫": "sick",
    "我肚子饿": "hungry",
    "是不是我的错": "blame",
    "我答应她不说的": "secret",
    "那我怎么办": "what_now",
    "我妹妹也在": "more",
}


@pytest.mark.parametrize("text", SAID)
def test_what_is_done_after_the_card_is_recognised(text: str) -> None:
    assert SAID[text] == act_of(text, ("violence",), "child").id


def every_line() -> list[str]:
    acts = [line for act in _acts() for by in act.lines.values() for lines in by.values() for line in lines]
    steps = [step for kind in KINDS for voice in VOICES for step in steps_of(kind, voice)]
    more = [part for voice in VOICES for turn in range(4) for part in (*again(voice, turn), comfort_line(voice, turn))]
    return [*acts, *steps, *more]


@pytest.mark.parametrize(
    "word", ["服刑", "坐牢", "监狱", "保证不", "马上就到", "在路上", "已通知", "别想不开", "坚强", "你应该", "为什么不"]
)
def test_no_line_reveals_promises_or_scolds(word: str) -> None:
    assert [line for line in every_line() if word in line] == []


def test_no_line_to_a_child_says_nin() -> None:
    lines = [line for act in _acts() for by in act.lines.values() for line in by.get("child", ())]
    said = [*lines, *(step for kind in KINDS for voice in ("child", "friend") for step in steps_of(kind, voice))]

    assert [line for line in said if "您" in line] == []


def test_no_line_is_longer_than_a_telephone_shows() -> None:
    assert [line for line in every_line() if len(line) > 90 or len(re.findall("[。？]", line)) > 4] == []


def test_money_and_school_are_practical_and_a_cry_is_not() -> None:
    said = {"住校的话有没有钱": True, "能领啥钱不": True, "我没钱了": False, "谁来救救我": False}

    assert said == {text: is_practical(text) for text in said}


@pytest.mark.parametrize(
    ("text", "role", "voice"),
    [
        ("我不想活了 外孙女咋办啊", "grandparent_maternal", "self"),
        ("我孙子说不想活了", None, "adult"),
        ("他打我孙子", None, "adult"),
        ("我不想活了", None, "self"),
        ("又划了", None, "anyone"),
        ("后爸打我", None, "child"),
        ("我八岁儿子被打了", None, "adult"),
        ("他后妈打他", None, "adult"),
        ("我室友割腕了", None, "friend"),
        ("我打了孩子一巴掌", None, "doer"),
        ("我要弄死他 他天天在学校打我", "child", "child"),
    ],
)
def test_the_words_fit_who_writes(text: str, role: str | None, voice: str) -> None:
    assert voice == voice_of([text], role)
