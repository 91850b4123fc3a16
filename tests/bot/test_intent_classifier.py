import json

import pytest

from bot.components.intent import IntentClassifier


@pytest.fixture
def parse(pipeline):
    data, message = pipeline.featurised()
    pipeline.make(IntentClassifier, folds=3).train(data)
    classifier = pipeline.again(IntentClassifier)
    return lambda text: classifier.process([message(text)])[0]


@pytest.mark.parametrize(
    ("text", "intent"), [("你好呀", "greet"), ("一个月给多少", "ask_amount"), ("他爸爸坐牢", "tell")]
)
def test_a_new_sentence_is_understood(parse, text, intent):
    message = parse(text)

    assert message.get("intent")["name"] == intent
    assert message.get("out_of_scope") is False


def test_something_else_is_out_of_scope(parse):
    assert parse("明天天气怎么样").get("out_of_scope") is True


@pytest.mark.parametrize("text", ["", "  ", "😭😭", "\n"])
def test_a_text_without_any_known_sign_is_out_of_scope(parse, text):
    message = parse(text)

    assert message.get("intent") == {"name": "out_of_scope", "confidence": 1.0}
    assert message.get("out_of_scope") is True


def test_the_ranking_adds_up_and_can_travel_as_json(parse):
    message = parse("判了三年")
    ranking = message.get("intent_ranking")

    assert sum(one["confidence"] for one in ranking) == pytest.approx(1, abs=1e-5)
    assert ranking[0] == message.get("intent")
    assert json.loads(json.dumps(ranking)) == ranking


def test_a_guess_counts_as_out_of_scope(pipeline):
    data, message = pipeline.featurised()
    classifier = pipeline.make(IntentClassifier, folds=3, lowest=1.1)
    classifier.train(data)

    assert classifier.process([message("你好")])[0].get("out_of_scope") is True


def test_what_is_understood_is_part_of_the_output(parse):
    assert {"intent", "intent_ranking", "out_of_scope"} <= parse("你好").as_dict(only_output_properties=True).keys()
