import pytest

from knowledge.safety.voice import speaks_as_child


@pytest.mark.parametrize(
    "text",
    [
        "我爸打我，奶奶让我别说出去",
        "后爸喝多了踹门，我不敢回家",
        "我今年十四，爸妈都不在",
        "高三，妈妈跟别人走了，爸爸天天骂我",
        "班里同学都孤立我",
    ],
)
def test_a_child_is_heard_in_its_own_words(text):
    assert speaks_as_child(text)


@pytest.mark.parametrize(
    "text",
    [
        "我女儿不想活了",
        "我是中学老师，学生说不想活了",
        "孩子身上有淤青",
        "他爸打孩子，我该找谁",
        "我孙子说不敢回家",
        "一个月多少钱",
    ],
)
def test_an_adult_who_speaks_of_a_child_is_no_child(text):
    assert not speaks_as_child(text)
