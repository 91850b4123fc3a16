import json

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.danger_sentences import FOLDER
from bot.components.safety import SafetyClassifier


@pytest.fixture
def folder(tmp_path):
    """One file of dangers and one of harmless sentences: enough to learn something in a second or two."""
    place = tmp_path / "sentences"
    place.mkdir()
    for name in ("self_harm.yml", "harmless_talk.yml"):
        (place / name).write_bytes((FOLDER / name).read_bytes())
    return place


@pytest.fixture
def parse(pipeline, folder):
    pipeline.make(SafetyClassifier, sentences=str(folder)).train(TrainingData())
    component = pipeline.again(SafetyClassifier, sentences=str(folder))
    return lambda text: component.process([Message({"text": text})])[0]


def test_danger_is_set_with_kinds_and_source(parse):
    seen = parse("我爸天天打我").get("safety")

    assert (seen["level"], seen["kinds"], seen["source"]) == ("urgent", ["violence"], "words")


@pytest.mark.parametrize("text", ["", "你好", "没有", "谢谢"])
def test_an_ordinary_message_is_safe(parse, text):
    assert parse(text).get("safety") == {"level": "none", "kinds": [], "source": "none", "weight": 0}


def test_what_is_set_is_part_of_the_output_and_travels_as_json(parse):
    seen = parse("我不想活了").as_dict(only_output_properties=True)["safety"]

    assert json.loads(json.dumps(seen)) == seen


def test_another_sentence_makes_the_model_out_of_date(folder):
    before = SafetyClassifier.fingerprint_addon({"sentences": str(folder)})
    with (folder / "harmless_talk.yml").open("a", encoding="utf-8") as file:
        file.write("  - about: 新的\n    texts:\n      - 一句新话\n")

    assert SafetyClassifier.fingerprint_addon({"sentences": str(folder)}) != before
