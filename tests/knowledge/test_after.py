"""What is said after the safety card: no promise, no reproach, nothing that tells where a parent is."""

from __future__ import annotations

import re

import pytest

from knowledge.alarm import KINDS
from knowledge.files import read_yaml
from knowledge.safety.after import _acts, act_of, again, comfort_line, doers_in, is_practical, steps_of
from knowledge.safety.voice import VOICES, voice_of
from knowledge.safety.words import HOTLINES

SAID = {
    "嗯": "little",
    "。。。": "little",
    "没事了": "safe",
    "逗你的啦": "safe",
    "现在安全": "safe",
    "现在不安全": "not_safe",
    "他醒了": "comes_back",
    "他又回来了": "comes_back",
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
        ("他说这是我们的秘密", None, "self"),
        ("他说这是他们的秘密", None, "adult"),
        ("他让我晚上去他房间看电视", None, "self"),
        ("老师让我去学校 说他割手了", None, "adult"),
        ("我躲屋里", None, "self"),
    ],
)
def test_the_words_fit_who_writes(text: str, role: str | None, voice: str) -> None:
    assert voice == voice_of([text], role)


# What is said of one kind of danger, and after which kinds it may be.
OF_KIND = {
    "动手的人|打孩子|打人不|告诫书": {"violence", "sexual_harm", "bullying", "trafficking"},
    "丢人的|聊天记录|照片|那天的衣服": {"violence", "sexual_harm", "bullying", "trafficking"},
    "买卖孩子|订婚": {"trafficking", "abandonment"},
    "疾病应急救助|120照样": {"medical"},
    "守着电话|接着找": {"missing"},
    "收走锁好|准备好的东西": {"self_harm"},
}
# Whatever the alarm was, these are asked or told in words of their own.
OF_ITS_OWN = {"gone", "emergency_fee", "hospital_bill"}


@pytest.mark.parametrize("words", OF_KIND)
def test_an_act_says_nothing_of_another_kind_of_danger(words: str) -> None:
    found = [
        (act.id, kind, line)
        for act in _acts()
        if act.id not in OF_ITS_OWN
        for kind in act.only or KINDS
        for voice in ("child", "adult")
        if not act.voices or voice in act.voices
        for line in act.said(kind, voice)
        if re.search(words, line) and kind not in OF_KIND[words]
    ]

    assert found == []


AFTER = [
    ("sexual_harm", "她爷爷天天带她睡", "still_with"),
    ("sexual_harm", "她跟我睡", "with_me"),
    ("self_harm", "她睡我屋", "with_me"),
    ("self_harm", "我一个人扛不住", "tired"),
    ("missing", "有个大哥说可以去他那住", "stranger"),
    ("missing", "还没找到", "not_found"),
    ("missing", "他回来了", "home"),
    ("violence", "他回来了", "comes_back"),
    ("missing", "找到了", "found"),
    ("missing", "派出所说等24小时", "report"),
    ("self_harm", "他走了", "went_out"),
    ("violence", "他走了", "doer_gone"),
    ("neglect", "他走了", "more"),
    ("self_harm", "她睡了", "asleep"),
    ("medical", "她睡了", "more"),
    ("medical", "救护车说二十分钟到", "on_the_way"),
    ("self_harm", "在医院抢救", "in_hospital"),
    ("self_harm", "没钱交", "hospital_bill"),
    ("bullying", "老师说管不了", "brushed_off"),
    ("violence", "给了两千块钱", "hush_money"),
    ("violence", "国家给钱不", "more"),
    ("sexual_harm", "钱要不要给", "photos"),
    ("trafficking", "她妈说明天来接", "comes_back"),
    ("violence", "我带着孩子躲在邻居家", "moved_out"),
    ("violence", "报警他爸会坐牢吗", "what_becomes"),
    ("self_harm", "家长说没事", "hushed"),
    ("violence", "联系上了，在姑姑家", "found"),
    ("violence", "他找到我了", "more"),
    ("self_harm", "找到了遗书", "more"),
    ("neglect", "有邻居给饭", "only_fed"),
    ("hunger", "有邻居给饭", "fed"),
    ("hunger", "没饿着", "not_so"),
    ("abandonment", "有人说给五万块钱", "money_for_child"),
    ("violence", "俺舍不得报警", "loath"),
    ("violence", "报警了", "reported"),
    ("self_harm", "12356晚上有人吗", "line_hours"),
    ("self_harm", "12356没人接", "no_line"),
    ("violence", "你给我找个人说话", "person"),
    ("violence", "我要不要报警", "report"),
    ("violence", "求你别报警", "fear_report"),
    ("medical", "没动静了", "locked"),
    ("violence", "没动静了", "quiet"),
    ("self_harm", "没打过他", "not_so"),
    ("bullying", "没有人打他", "not_so"),
    ("bullying", "没有人帮他", "more"),
]


@pytest.mark.parametrize(("kind", "text", "act"), AFTER)
def test_what_is_said_is_met_by_the_kind_of_danger(kind: str, text: str, act: str) -> None:
    assert act == act_of(text, (kind,), "adult").id


@pytest.mark.parametrize(
    ("alarm", "doers"),
    [
        ("我孙女说她爷爷摸她", ["爷爷"]),
        ("俺孙子老挨他爸揍", ["爸"]),
        ("我爸打我妈", ["爸"]),
        ("邻居家小孩被后妈打", ["妈"]),
        ("我孙子说他不想活了", []),
        ("我奶奶病了没人管我", []),
    ],
)
def test_who_does_the_harm_is_known_from_the_alarm(alarm: str, doers: list[str]) -> None:
    assert doers == doers_in(alarm)


def test_whoever_did_the_harm_is_no_help() -> None:
    said = ("爷爷把她接走了", "姑姑把她接走了")

    assert ["help" == act_of(text, ("sexual_harm",), "adult", ["爷爷"]).id for text in said] == [False, True]


def test_the_hours_of_the_lines_are_those_that_were_checked() -> None:
    line = act_of("12356晚上有人吗", ("self_harm",), "adult").said("self_harm", "adult")[0]
    hours = {each["number"]: each["hours"] for each in read_yaml(HOTLINES)}

    assert hours["12356"] in line and hours["12355"] in line and hours["110"] in line
