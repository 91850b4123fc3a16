from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.names import names_of, spoken_of
from bot.components.topics import TopicRanker
from knowledge.library import Library

COMPONENTS = Path(__file__).parents[2] / "bot" / "components"
MADE_UP = """
moon_aid:
  name: 登月儿童生活补助
  aliases: [登月补助, 月补]
  misnomers: [月饼钱]
  asked_as: [孩子要去月亮上能领钱吗, 登月的娃国家给不给补贴, 坐火箭上月球有没有补助, 娃在月亮上生活费谁出]
  says: 登月的事问航天局。
star_aid:
  name: 摘星登月补助
  aliases: [摘星补助]
  asked_as: [孩子摘星星有没有钱, 摘星星的娃怎么申请, 星星上的孩子有补贴吗, 摘星要花钱谁管]
  says: 摘星的事问天文台。
"""


@pytest.fixture
def library(knowledge):
    """A knowledge base that knows two made-up things more than ours."""
    path = knowledge / "pointers.yml"
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + MADE_UP, encoding="utf-8")
    return knowledge


@pytest.fixture
def topics(pipeline, library):
    data, message = pipeline.featurised()
    pipeline.make(TopicRanker, knowledge=str(library), no_topic=["greet", "out_of_scope"]).train(data)
    ranker = pipeline.again(TopicRanker)
    return lambda text: [one["id"] for one in ranker.process([message(text)])[0].get("topics")]


@pytest.mark.parametrize(
    "text", ["登月补助怎么办", "登月不住怎么办", "登月補助要甚麼材料", "月饼钱是啥", "我想问下月补"]
)
def test_a_made_up_entitlement_is_found_by_its_names(topics, text):
    assert topics(text)[:1] == ["moon_aid"]


def test_a_made_up_entitlement_is_found_by_how_people_ask(topics):
    assert topics("俺娃上月亮去了，给不给生活费")[:1] == ["moon_aid"]


def test_two_that_are_named_are_both_topics_in_their_order(topics):
    assert topics("摘星补助和登月补助能不能一起领") == ["star_aid", "moon_aid"]


def test_a_longer_name_swallows_the_shorter_one_inside_it(topics):
    assert topics("摘星登月补助怎么办") == ["star_aid"]


@pytest.mark.parametrize("text", ["", "你好", "😭", "今天天气怎么样", "。。。"])
def test_a_message_about_nothing_has_no_topic(topics, text):
    assert topics(text) == []


def test_every_entitlement_of_ours_is_found_by_each_of_its_names(topics):
    wrong = [
        (name, subject.id)
        for subject in Library.load().subjects.values()
        for name in subject.names
        if subject.id not in topics(f"{name}怎么申请")
    ]

    assert wrong == []


def test_topics_are_part_of_the_output_even_when_there_are_none(pipeline, library):
    data, message = pipeline.featurised()
    ranker = pipeline.make(TopicRanker, knowledge=str(library))
    ranker.train(data)

    (parsed,) = ranker.process([message("你好")])

    assert parsed.as_dict(only_output_properties=True)["topics"] == []


def test_a_short_name_must_sound_right_to_the_letter(library):
    subject = Library.load(library).subjects["moon_aid"]
    names = list(names_of(subject))

    assert spoken_of("我的约补呢", names) == {"moon_aid": pytest.approx(0.9)}
    assert spoken_of("我的院补呢", names) == {}


def test_a_policy_of_another_name_is_not_written_in_the_code():
    texts = "".join(path.read_text(encoding="utf-8") for path in COMPONENTS.glob("*.py"))

    assert [name for name in Library.load().subjects if f'"{name}"' in texts or f"'{name}'" in texts] == []


def test_an_untrained_message_has_no_say(pipeline, library):
    data, _ = pipeline.featurised()
    ranker = pipeline.make(TopicRanker, knowledge=str(library))
    ranker.train(data)

    assert ranker.process([Message({"text": None})])[0].get("topics") == []
