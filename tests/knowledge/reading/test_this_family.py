"""What a question, another family or another time tells is no fact of this one; its neighbours are."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge.library import Library
from knowledge.reading import Context, Reader
from knowledge.reading.learned import Sense
from knowledge.reading.siblings import Sibling

AS_OF = date(2026, 11, 23)
MESSAGES = [
    message
    for name in ("this_family.yml", "families.yml")
    for message in yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def reader():
    return Reader(Library.load())


def heard(message):
    """What the model would hear in these words, surely."""
    letters = "".join(message["says"].split())
    for label, words in message.get("hears", {}).items():
        fact, _, value = label.partition("=")
        yield Sense(fact, value, 0.999, letters.index(words))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["says"])
def test_a_message_tells_exactly_this(reader, message):
    known = message.get("known", {})
    context = Context(
        AS_OF,
        asking=message.get("asking"),
        asker=message.get("asker"),
        facts=known,
        last=tuple(known),
        children=(Sibling(1, told=True),) if message.get("known") else (),
    )
    reading = reader.read(message["says"], context, [*heard(message)])

    assert (message.get("facts", {}), message.get("partial", {})) == (dict(reading.facts), dict(reading.partial))
    assert message.get("moves") == (reading.moves and [*reading.moves])
    assert message.get("others", {}) == {number: dict(told["facts"]) for number, told in reading.siblings.told.items()}
