from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from itertools import product

import opencc
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.alarm import KINDS, LEVELS, Alarm, alarm, safety_words
from knowledge.safety.signals import FILE, lexicon
from knowledge.safety.words import HOTLINES, PHRASES

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=8)))
MIDNIGHT = datetime(2026, 11, 22, 16, tzinfo=timezone.utc)

EMERGENCIES = {
    "我要跳下去": "self_harm",
    "吃了一瓶药": "self_harm",
    "我现在站在楼顶上，没人会找我": "self_harm",
    "哪种死法不痛苦": "self_harm",
    "他正在打我妈妈": "violence",
    "爸爸拿着菜刀追我": "violence",
    "三岁的娃一个人锁在家里": "neglect",
    "后妈半夜把我锁在门外，好冷": "neglect",
    "爸妈今天都被抓走了，家里就剩我和妹妹，我七岁": "neglect",
    "垃圾桶旁边捡到一个婴儿": "abandonment",
    "四岁的孙女走丢了": "missing",
    "奶奶晕倒了叫不醒": "medical",
    "弟弟三天没吃饭了，饿得没力气": "hunger",
    # Told calmly, without a word of danger: it is done, it is the edge, it is this moment.
    "药刚咽下去，我躺着": "self_harm",
    "整瓶都吞了": "self_harm",
    "我坐在窗沿，十一楼": "self_harm",
    "他翻过护栏了，我拉着他": "self_harm",
    "水到我胸口了，手机快拿不住": "medical",
    "血捂不住，两条毛巾了": "self_harm",
    "他正砸我们的门": "violence",
    "正打着呢，快来人": "violence",
    "他提着斧头上楼了": "violence",
    "娃趴着，拍他没反应": "medical",
    "外公倒在地上不动了": "medical",
    "他抽了半个钟头，抽得停不下来": "medical",
    "妹妹喝了洗衣液": "medical",
    "一锅热油泼到娃身上": "medical",
    "炉子边上，两个人都头晕站不住": "medical",
    "娃撞了头，吐了三次，老想睡": "medical",
    "路边篮子里有个娃，冰凉的": "abandonment",
    "他们把她塞进面包车": "trafficking",
}
URGENT = {
    "我想死": "self_harm",
    "我不想活了": "self_harm",
    "我同学说她不想活": "self_harm",
    "昨晚我又割手了": "self_harm",
    "我爸天天打我": "violence",
    "孩子身上青一块紫一块": "violence",
    "他爸快出狱了，以前老打人，我怕": "violence",
    "叔叔摸我下面": "sexual_harm",
    "我被性侵了": "sexual_harm",
    "两天没吃饭了，家里没人": "hunger",
    "妈妈把我丢在车站走了": "abandonment",
    "我被赶出来了，没地方去": "neglect",
    "几个同学堵我要钱，不给就打": "bullying",
    "孩子昨天放学没回家": "missing",
    "爸爸要把妹妹卖给别人": "trafficking",
    "有人出五万块钱要买我孙女去当媳妇": "trafficking",
    "被摸": "sexual_harm",
    "昨天被人摸了": "sexual_harm",
    "他打我": "violence",
    "打游戏我爸就打我": "violence",
    "我拿圆规扎自己": "self_harm",
    "好饿，家里没饭": "hunger",
}
CONCERNS = ["活着没意思", "我快撑不下去了", "晚上睡不着老是哭", "奶奶总骂我", "同学都孤立我", "他们都不管我"]
HARMLESS = [
    "我没有想不开，就是想问问学费",
    "家暴人身安全保护令怎么申请",
    "打游戏又被打死了 烦",
    "昨晚看的电影，男的一刀把人捅了",
    "这个酒店我以后再也不去了",
    "住的房间靠马路，睡不踏实",
    "电脑卡了，重开一下",
    "触摸板那里有点烫手",
    "妹妹跟同学手拉手过马路",
    "奶奶切肉，我洗菜",
    "清明去给他烧纸",
    "材料被打回来了",
    "满十八岁就没人管了吗",
    "不给钱也不来看孩子",
    "卡住了，网页不动",
    "天黑了孩子还在写作业",
    "哥哥出来两天就找到工作了",
    "孙子初中毕业没地方去，想学个技术",
    "三天没吃辣了，嘴里没味",
    "药费单子攒了一沓，哪些能报",
    "农药打完了，剩的锁柜子里",
    "发烧39度，医生给开了药",
    "医生让他脱衣服听一听",
    "终于解脱了，手续跑完了",
    "累死了，跑了一天",
    "笑死我了",
    "打死我也不去",
    "气死人了",
    "想死你了",
    "奶奶想死孙子了",
    "爱死这个颜色了",
    "在游戏里我死了三次",
    "电视剧里女主跳河了",
    "有一句歌词是我想死",
    "父母都去世了",
    "死亡证明去哪里开",
    "他爸判了杀人罪",
    "他爸因为打人坐牢了",
    "爸爸是喝农药去世的",
    "儿子判了三年 媳妇走了大半年没音信 俩孙子跟我过",
    "孩子他爸失踪三年了",
    "她妈扔下孩子跑了，现在跟我过",
    "你打我电话",
    "补贴打给我还是打给奶奶",
    "我爸是死缓",
    "饿死了，先煮饭",
    "紫砂壶多少钱",
    "换牙出了点血，流了好多血他也不怕",
    "睡得太沉，叫不醒他",
    "孩子骑车摔断了手，打着石膏，报销要什么",
    "腿都快断了，跑了六趟",
    "救命，这张表太长了",
    "下辈子不当老师了",
    "手机掉河里了",
    "早产儿补助怎么办",
    "想原地消失",
    "书锁柜子里了",
    "谁出的题，出来挨打",
    "外公的胡子扎我",
    "催收打我电话",
    "没米了，我去买",
    "流浪未成年人救助归谁管",
    "当年在卫生院门口捡的，养了八年",
    "没有",
]
DENIED = ["没有被打", "我不会自杀的", "没人打我", "他从来没打过孩子", "以前想死，现在好多了", "小时候被打过"]
# Grave by their words, and yet a gentle question fits better than a card.
MILD = [
    "考试考砸了 我妈要打死我",
    "我七十了带不动了，想把孩子送福利院",
    "我真的撑不下去了，我要是走了孩子怎么办",
]
ABSTRACT = ["家暴了可以申请什么", "什么叫性骚扰", "校园欺凌学校不管怎么投诉"]


@pytest.mark.parametrize("text", EMERGENCIES)
def test_a_life_in_danger_now_is_an_emergency(text):
    found = alarm(text)

    assert (found.level, EMERGENCIES[text] in found.kinds) == ("emergency", True)


@pytest.mark.parametrize("text", URGENT)
def test_a_stated_harm_is_urgent(text):
    found = alarm(text)

    assert (found.level, EMERGENCIES.get(text, URGENT[text]) in found.kinds) == ("urgent", True)


@pytest.mark.parametrize("text", CONCERNS)
def test_a_hint_is_a_concern(text):
    assert alarm(text).level == "concern"


@pytest.mark.parametrize("text", MILD)
def test_a_figure_of_speech_or_a_tired_guardian_is_asked_gently(text):
    assert alarm(text).level == "concern"


@pytest.mark.parametrize("text", HARMLESS)
def test_an_idiom_a_story_or_a_loss_is_no_alarm(text):
    assert alarm(text).level == "none"


@pytest.mark.parametrize("text", DENIED + ABSTRACT)
def test_denied_past_and_abstract_harm_is_a_concern_at_most(text):
    assert alarm(text).level in ("none", "concern")


@pytest.mark.parametrize(
    "text",
    [
        "我想自殺",
        "自sha",
        "我想紫砂",
        "不想活辽",
        "我想zs",
        "跳lou",
        "又隔腕了",
        "自 杀",
        "自.杀",
        "自🔪杀",
        "我，想，死",
        "不 想 活 了",
        "ＷＯ想死",
        "我想\u200b死",
        "爺爺摸我下面",
        "我被強姦了",
        "他要殺了我媽",
    ],
)
def test_a_disguised_spelling_is_read(text):
    assert alarm(text).level in ("urgent", "emergency")


def test_danger_in_the_middle_of_a_long_story_is_found():
    story = "孩子今年读三年级，学费不用交，可是吃饭穿衣都要钱。" * 40

    assert alarm(f"{story}后爸昨晚又拿皮带抽他。{story}").level == "urgent"


def test_a_mask_on_one_word_does_not_hide_another():
    assert alarm("累死了，我不想活了").level == "urgent"


def test_double_negation_is_no_denial():
    assert alarm("没有一天不打我").level == "urgent"


def test_explained_words_are_told_as_calmed():
    assert [alarm(text).calmed for text in ("想死你了", "没有被打", "我不想活了", "今天下雨")] == [
        True,
        True,
        False,
        False,
    ]


def test_the_worst_kind_comes_first():
    assert alarm("同学总笑我，我不想活了").kinds[0] == "self_harm"


@pytest.mark.parametrize("value", ["", "   ", "。。。", "😀😀", None, 7, "\ud800", "x" * 100_000])
def test_odd_input_is_none_and_never_raises(value):
    assert alarm(value) == Alarm("none")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_a_known_level_and_known_kinds(text):
    found = alarm(text)

    assert found.level in LEVELS and set(found.kinds) <= set(KINDS) and bool(found.kinds) == (found.level != "none")


def test_every_signal_has_a_known_kind_and_level():
    wrong = [signal for signal in lexicon().signals if signal.kind not in KINDS or signal.level not in LEVELS[1:]]

    assert wrong == []


def test_what_a_pattern_needs_never_hides_a_match():
    """Each pattern finds in a known danger what it finds when run without the shortcut."""
    texts = [*EMERGENCIES, *URGENT, *CONCERNS, *HARMLESS]
    hidden = [
        (signal.words.pattern.pattern, text)
        for signal, text in product(lexicon().signals, texts)
        if signal.words.pattern.search(text) and not signal.words.spans(text, frozenset(text))
    ]

    assert hidden == []


def test_every_word_can_be_read_in_traditional_script():
    """Whoever adds a word pastes what is missing here into `traditional:` of signals.yml."""
    words = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    known = lexicon().simple
    simplify = opencc.OpenCC("t2s").convert
    used = set(re.findall(r"[\u4e00-\u9fff]", str({key: words[key] for key in words if key != "traditional"})))
    pairs = ((chr(code), simplify(chr(code))) for code in range(0x4E00, 0xA000))
    missing = " ".join(f"{old}{new}" for old, new in pairs if old != new and new in used and ord(old) not in known)

    assert missing == ""


def every_word() -> list[tuple[str, ...]]:
    return [
        safety_words((kind,), level, child, now)
        for kind, level, child, now in product(KINDS, LEVELS[1:], (True, False), (NOON, MIDNIGHT))
    ]


def test_no_alarm_says_nothing():
    assert safety_words((), "none", True, NOON) == ()


def test_every_card_opens_with_two_sentences_and_asks_one_question():
    wrong = [said for said in every_word() if said[0].count("。") != 2 or said[1].count("？") != 1]

    assert wrong == []


def test_every_sentence_is_short():
    said = {sentence for card in every_word() for text in card[:2] for sentence in re.split(r"[。？]", text)}

    assert [sentence for sentence in said if len(sentence) > 24] == []


def test_every_card_shows_the_police_and_the_ambulance_before_any_helpline():
    wrong = [
        said for said in every_word() if not (0 <= said[2].find("110") < said[2].find("120") < said[2].find("12356"))
    ]

    assert wrong == []


def test_at_night_the_card_says_who_always_answers():
    card = safety_words(("self_harm",), "urgent", True, MIDNIGHT)[2]

    assert card.startswith("现在是夜里，先打这两个，一直有人接")


def test_eight_in_the_morning_is_day_and_ten_in_the_evening_is_night():
    texts = [
        safety_words(("violence",), "urgent", True, NOON.replace(hour=hour))[2].startswith("现在是夜里")
        for hour in (7, 8, 21, 22)
    ]

    assert texts == [True, False, False, True]


def test_urgent_words_promise_nobody_and_say_who_was_asked():
    said = safety_words(("violence",), "urgent", True, NOON)

    assert "值班老师" in said[3] and "还不能保证" in said[3]


def test_a_concern_asks_gently_and_opens_no_case():
    said = safety_words(("self_harm",), "concern", True, NOON)

    assert (len(said), "值班老师" in "".join(said)) == (3, False)


def test_a_child_and_an_adult_hear_different_words():
    assert all(
        safety_words((kind,), "urgent", True, NOON)[0] != safety_words((kind,), "urgent", False, NOON)[0]
        for kind in KINDS
    )


def test_no_word_sends_a_child_to_the_family_that_harms_it():
    said = "".join("".join(safety_words((kind,), "urgent", True, NOON)) for kind in KINDS if kind != "medical")

    assert [word for word in ("爸爸", "妈妈", "父母", "家长", "监护人", "奶奶") if word in said] == []


@pytest.mark.parametrize(
    "word", ["服刑", "坐牢", "监狱", "保证不", "不告诉任何人", "马上就到", "已通知", "别想不开", "应该坚强", "12385"]
)
def test_no_word_reveals_promises_or_scolds(word):
    assert word not in "".join("".join(card) for card in every_word())


def test_every_kind_has_words():
    said = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))["kinds"]

    assert set(said) == set(KINDS)


def test_every_hotline_says_its_hours_grade_and_when_it_was_checked():
    lines = yaml.safe_load(HOTLINES.read_text(encoding="utf-8"))
    wanted = {"number", "name", "helps", "hours", "always", "shown", "grade", "checked", "source"}

    assert [line["number"] for line in lines if not wanted <= set(line) or line["grade"] not in ("A", "B", "C")] == []


def test_only_the_numbers_that_always_answer_say_so():
    lines = yaml.safe_load(HOTLINES.read_text(encoding="utf-8"))

    assert [line["number"] for line in lines if line["always"]] == ["110", "120", "119"]
