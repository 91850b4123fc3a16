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
        "他们放学天天堵我打我 还要我交保护费",
        "室友天天扔我东西",
        "作业没写完，不敢去学校",
        "下课他们就围着我",
        "有人堵在校门口要钱，我怕",
        "我在宿舍哭了一晚上",
        "我校服被剪了",
        "老师叫我去办公室摸我",
        "妈妈在天上",
    ],
)
def test_a_child_is_heard_in_its_own_words(text):
    assert speaks_as_child(text)


@pytest.mark.parametrize(
    "text",
    [
        "我女儿不想活了",
        "孩子妈妈在天上",
        "我是中学老师，学生说不想活了",
        "孩子身上有淤青",
        "他爸打孩子，我该找谁",
        "我孙子说不敢回家",
        "一个月多少钱",
        "孙子放学被同学打",
        "孙女放学路上有人堵她，我怕",
        "老师叫我去学校",
        "班主任叫我去，说孙子打架",
        "孩子同学的家长骂我",
        "娃的老师骂我不会教",
        "我放学去接孩子，看见他被打",
        "孙子作业我不会教",
        "我住工地宿舍，儿子在老家",
    ],
)
def test_an_adult_who_speaks_of_a_child_is_no_child(text):
    assert not speaks_as_child(text)
