"""The stories that the encoder learns facts from: in the words of the vocabulary, and none of those that measure."""

from pathlib import Path

import pytest
import yaml

from knowledge.errors import FactError
from knowledge.known import parse, parse_partial
from knowledge.library import Library
from tests.alike import copies

HERE = Path(__file__).parent
TO_LEARN = sorted((HERE.parents[2] / "data" / "reading").glob("*.yml"))
HELD_OUT = [*sorted(HERE.glob("heldout*.yml")), HERE / "checked_voices.yml"]


def stories(paths):
    return [story for path in paths for story in yaml.safe_load(path.read_text(encoding="utf-8"))]


def wrong(library, told):
    """Facts and values that the vocabulary does not have."""
    for store, check in (("facts", parse), ("partial", parse_partial)):
        for fact, value in (told.get(store) or {}).items():
            try:
                check(library.facts[fact], value, False, library.regions)
            except (FactError, KeyError) as error:
                yield f"{fact}: {value} ({type(error).__name__})"


@pytest.mark.parametrize("path", TO_LEARN, ids=lambda path: path.stem)
def test_every_expectation_is_in_the_vocabulary(path):
    library = Library.load()
    told = [(story["says"], part) for story in stories([path]) for part in (story, *_children(story))]
    assert [] == [f"{says}: {fault}" for says, part in told for fault in wrong(library, part)]


def _children(story):
    return [{"facts": facts} for facts in story.get("told", {}).values()]


def test_there_are_enough_and_none_twice():
    says = [story["says"] for story in stories(TO_LEARN)]
    assert len(says) >= 2500 and len(says) == len(set(says))


def test_none_of_them_measures_nor_nearly_so():
    assert [] == copies([each["says"] for each in stories(TO_LEARN)], [each["says"] for each in stories(HELD_OUT)])
