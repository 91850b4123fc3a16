"""What was meant by what was typed by ear, in dialect or in letters, with the words still quoted as they were said."""

import pytest

from knowledge.library import Library
from knowledge.reading.normal import normalise
from knowledge.reading.spelling import in_common_words
from knowledge.reading.talk import listener

MEANT = {
    "他爸服型，他妈失连": "他爸服刑,他妈失联",
    "家里是低宝户": "家里是低保户",
    "孩子爸坐劳了": "孩子爸坐牢了",
    "妈妈参疾二级": "妈妈残疾二级",
    "事实无人扶养": "事实无人抚养",
    "孙紫今年九碎": "孙子今年九岁",
    "我ba在yu里，ma跑了lianxi不上": "我爸在狱里,妈跑了联系不上",
    "伊老爸破病死去三冬了": "他老爸得病死去三年了",
    "媳婦蹽了，我帶著孫子": "媳妇撩了,我带着孙子",
    "额吉外出打工": "妈妈外出打工",
    "旅儿判了三年": "女儿判了三年",
    "他妈走了三连没消息": "他妈走了三年没消息",
    "孩子没人赵顾，上散年级": "孩子没人照顾,上三年级",
}
AS_WRITTEN = [
    "孩子12岁，3年没见",
    "外孙女户口在翁牛特旗",
    "她爸在成都武侯",
    "QQ，WiFi，DNA鉴定，HIV",
    "emo了，yyds",
    "OK pass hello",
    "大孙子搁我这儿养着",
    "伊金霍洛旗",
]


@pytest.fixture(scope="module")
def ear():
    return listener(Library.load())


@pytest.mark.parametrize("said, meant", MEANT.items())
def test_words_are_heard_as_they_were_meant(ear, said, meant):
    assert meant == ear.hear(in_common_words(normalise(said))).text


@pytest.mark.parametrize("said", AS_WRITTEN)
def test_what_is_written_right_stays(ear, said):
    normal = in_common_words(normalise(said))

    assert normal.text == ear.hear(normal).text


def test_the_words_really_said_stay_behind_those_that_were_meant(ear):
    normal = ear.hear(in_common_words(normalise("我ba在yu里，他吧坐劳了")))

    assert "我ba在yu里" == normal.words(0, 5)
    assert "他吧坐劳了" == normal.words(6, 11)


@pytest.mark.parametrize("text", [*MEANT, *AS_WRITTEN])
def test_every_letter_keeps_its_origin(ear, text):
    normal = ear.hear(in_common_words(normalise(text)))

    assert len(normal.text) == len(normal.origins)
    assert [*normal.origins] == sorted({*normal.origins})
