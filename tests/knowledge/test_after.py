"""What is said after the safety card: no promise, no reproach, nothing that tells where a parent is."""

from __future__ import annotations

import re

import pytest

from knowledge.alarm import KINDS
from knowledge.files import read_yaml
from knowledge.safety.acts import act_of, acts, doers_in
from knowledge.safety.after import again, comfort_line, is_practical, steps_of
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
    said = [line for act in acts() for by in act.lines.values() for lines in by.values() for line in lines]
    steps = [step for kind in KINDS for voice in VOICES for step in steps_of(kind, voice)]
    more = [part for voice in VOICES for turn in range(4) for part in (*again(voice, turn), comfort_line(voice, turn))]
    return [*said, *steps, *more]


@pytest.mark.parametrize(
    "word", ["服刑", "坐牢", "监狱", "保证不", "马上就到", "在路上", "已通知", "别想不开", "坚强", "你应该", "为什么不"]
)
def test_no_line_reveals_promises_or_scolds(word: str) -> None:
    assert [line for line in every_line() if word in line] == []


def test_no_line_to_a_child_says_nin() -> None:
    lines = [line for act in acts() for by in act.lines.values() for line in by.get("child", ())]
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
        for act in acts()
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


# Asked by whoever was harmed, one answer each; beside it what sounds alike and is something else.
ASKED = [
    ("sexual_harm", "我该不该告诉我妈", "tell_parent"),
    ("sexual_harm", "你会告诉我妈吗", "tells"),
    ("sexual_harm", "会不会怀孕", "pregnant"),
    ("sexual_harm", "能不能自己买药", "own_medicine"),
    ("sexual_harm", "他说帮我盖被子", "unsure"),
    ("sexual_harm", "我不敢锁门", "no_lock"),
    ("sexual_harm", "会不会报警", "fear_report"),
    ("sexual_harm", "我可以报警吗", "report"),
    ("sexual_harm", "他会不会被抓", "what_becomes"),
    ("sexual_harm", "警察会抓我吗", "am_i_guilty"),
    ("violence", "我爸会坐牢吗", "what_becomes"),
    ("sexual_harm", "我不想去派出所", "no_station"),
    ("sexual_harm", "去派出所了", "help"),
    ("sexual_harm", "我怕他知道", "fear_found"),
    ("violence", "我不敢打110 怕他知道", "afraid"),
    ("violence", "我没地方去", "nowhere"),
    ("sexual_harm", "他又来要", "demands"),
    ("sexual_harm", "他说不给就发出去", "threatens"),
    ("bullying", "他们说告诉老师就打得更狠", "afraid"),
    ("sexual_harm", "我已经转了500了", "paid"),
    ("violence", "给了两千块钱", "hush_money"),
    ("sexual_harm", "照片发出去了怎么办", "spread"),
    ("sexual_harm", "我把他拉黑了可以吗", "blocks"),
    ("violence", "学费没钱交", "more"),
    ("violence", "住院没钱交", "hospital_bill"),
    ("violence", "年龄报错了 他十二", "more"),
    ("violence", "报错了怎么办", "wrong_report"),
    ("hunger", "我不好意思跟别人说", "hunger_shame"),
    ("hunger", "我可以去食堂捡剩饭吗", "scraps"),
    ("bullying", "我跟老师说了 他说你们闹着玩", "school_shrugs"),
    ("bullying", "我跟老师说了", "help"),
    ("bullying", "我妈叫我忍一忍", "told_to_bear"),
    ("bullying", "可以转学吗", "school_move"),
    ("bullying", "我想拿刀去学校", "strike_back"),
    ("bullying", "他们拿刀", "more"),
    ("bullying", "他们说我爸是劳改犯", "called_names"),
    ("self_harm", "没有人在乎我", "nobody_cares"),
    ("self_harm", "有没有人在", "person"),
    ("self_harm", "打电话说什么", "phone_words"),
    ("self_harm", "打12356要钱吗", "line_cost"),
    ("self_harm", "他们会不会把我送精神病院", "ward"),
    ("self_harm", "不深", "wound_small"),
    ("self_harm", "怎么才能不划", "coping"),
    ("self_harm", "你能陪我吗", "stay_with_me"),
    ("neglect", "我们晚上怎么办", "no_grown_up"),
    ("neglect", "我不想跟妹妹分开", "not_parted"),
]


@pytest.mark.parametrize(("kind", "text", "act"), ASKED)
def test_what_a_child_asks_after_the_card_has_an_answer_of_its_own(kind: str, text: str, act: str) -> None:
    assert act == act_of(text, (kind,), "child").id


OF_A_CHILD = [
    ("sexual_harm", "她妈说娃撒谎", "adult", "doubted"),
    ("sexual_harm", "我该咋跟她妈说", "adult", "tell_mother_of_it"),
    ("sexual_harm", "要不要去医院检查", "adult", "checkup"),
    ("sexual_harm", "我没文化不会报警", "adult", "phone_words"),
    ("sexual_harm", "她不肯去派出所", "adult", "no_station"),
    ("sexual_harm", "俺闺女说莫声张", "adult", "hushed"),
    ("sexual_harm", "要不要给她拍照留证据", "adult", "evidence"),
    ("violence", "我怕他们知道是我报的", "adult", "who_told"),
    ("sexual_harm", "校长让先不要报", "office", "told_to_wait"),
    ("sexual_harm", "她求我别说出去", "office", "secret"),
    ("sexual_harm", "我不报会怎样", "office", "duty"),
    ("sexual_harm", "娃今晚住哪", "office", "child_stays"),
    ("self_harm", "告诉老师她会恨我", "friend", "friend_hates"),
    ("self_harm", "我该怎么劝她", "friend", "friend_copes"),
    ("sexual_harm", "我妈说不关我们的事", "friend", "believed"),
]


@pytest.mark.parametrize(("kind", "text", "voice", "act"), OF_A_CHILD)
def test_what_is_asked_for_a_child_has_an_answer_of_its_own(kind: str, text: str, voice: str, act: str) -> None:
    assert act == act_of(text, (kind,), voice).id


def test_nobody_is_told_to_go_to_whoever_did_the_harm() -> None:
    said = ("我要不要告诉我爸", "我要不要告诉我妈")

    assert [False, True] == [act_of(text, ("violence",), "child", ["爸"]).id == "tell_parent" for text in said]


def test_every_act_has_its_place_and_none_is_written_twice() -> None:
    assert len(acts()) == len({act.id for act in acts()})


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
