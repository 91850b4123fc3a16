import json

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from bot.components.facts import FactReader, as_json, context_of

DOMAIN = Domain.from_yaml(
    'version: "3.1"\nslots: {session: {type: any, influence_conversation: false, mappings: [{type: custom}]}}'
)


def read(pipeline, text, session=None):
    tracker = DialogueStateTracker("a", DOMAIN.slots)
    if session is not None:
        tracker.update(SlotSet("session", session), DOMAIN)
    (message,) = pipeline.make(FactReader).process([Message({"text": text})], tracker)
    return message.as_dict(only_output_properties=True)["reading"]


def test_a_first_message_is_read(pipeline):
    reading = read(pipeline, "孩子他爸坐牢了，判了三年")

    assert reading["facts"]["father.situation"] == ["imprisoned"]
    assert reading["facts"]["father.term_months"] == 36


def test_an_answer_is_read_as_the_answer_to_the_pending_question(pipeline):
    reading = read(pipeline, "七岁", {"child": "1", "asking": "child.age", "children": {"1": {"facts": {}}}})

    assert reading["facts"] == {"child.age": 7}
    assert reading["answered"] is True


def test_who_asks_decides_whose_son_it_is(pipeline):
    reading = read(pipeline, "我儿子坐牢了", {"asker": "grandparent_paternal"})

    assert reading["facts"].get("father.situation") == ["imprisoned"]


def test_a_tracker_without_a_session_is_a_first_message(pipeline):
    tracker = DialogueStateTracker.from_events("a", [])

    (message,) = pipeline.make(FactReader).process([Message({"text": "七岁"})], tracker)

    assert message.get("reading")["answered"] is False


def test_what_was_read_can_travel_as_json(pipeline):
    reading = read(pipeline, "好像他爸死了，或者失踪了，孩子七八岁")

    assert json.loads(json.dumps(reading)) == reading


def test_sets_become_sorted_lists():
    assert as_json({"a": frozenset({"c", "b"}), "d": (1, {2})}) == {"a": ["b", "c"], "d": [1, [2]]}


def test_the_context_is_of_the_present_child():
    session = {
        "child": 2,
        "asking": "child.age",
        "asker": "mother",
        "children": {"1": {"facts": {"child.age": 3}}, "2": {"facts": {"child.age": 9}}},
    }

    context = context_of(session)

    assert ("child.age", "mother", {"child.age": 9}) == (context.asking, context.asker, context.facts)


def test_a_reader_that_breaks_reads_nothing_and_logs_no_word(pipeline, capsys):
    class Broken:
        def read(self, text, context):
            raise ValueError(text)

    reader = pipeline.make(FactReader)
    reader._reader = Broken()

    (message,) = reader.process([Message({"text": "我叫李小明"})], DialogueStateTracker.from_events("a", []))

    assert message.get("reading")["facts"] == {}
    assert "李小明" not in "".join(capsys.readouterr())


def test_the_children_of_the_session_are_known_those_not_looked_at_first():
    session = {
        "child": "1",
        "children": {
            "1": {"facts": {"child.age": 9, "father.situation": ["dead"]}, "finished": True},
            "2": {"facts": {"father.situation": ["dead"]}, "called": {"words": "小的", "rank": "younger"}},
        },
    }

    assert [(2, "younger", None, False), (1, None, (9, 9), True)] == [
        (each.number, each.rank, each.age, each.told) for each in context_of(session).children
    ]


def test_what_is_told_of_another_child_travels_as_json(pipeline):
    reading = read(pipeline, "老大九岁，老二十二")

    assert json.loads(json.dumps(reading)) == reading
    assert {"1": 9, "2": 12} == {
        number: each["facts"]["child.age"] for number, each in reading["siblings"]["told"].items()
    }
