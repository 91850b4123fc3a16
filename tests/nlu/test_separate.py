"""Training and held-out sentences are different people's, and different sentences."""

from pathlib import Path

import pytest
import yaml

from bot.components.asked import said_of
from knowledge.library import Library
from tests.alike import copies

HERE = Path(__file__).parent
TRAINING = HERE.parents[1] / "data" / "nlu"
HELD_OUT = sorted(HERE.glob("*heldout*.yml"))


def blocks():
    for path in sorted(TRAINING.rglob("*.yml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]


def sentences(block):
    return [line.removeprefix("- ").strip() for line in block.get("examples", "").splitlines()]


@pytest.fixture(scope="module")
def training():
    return [text for block in blocks() if "intent" in block for text in sentences(block)]


@pytest.fixture(scope="module")
def held_out():
    return [each for path in HELD_OUT for each in yaml.safe_load(path.read_text(encoding="utf-8"))]


def test_no_held_out_sentence_is_in_training_nor_nearly_so(training, held_out):
    assert [] == copies(training, [each["text"] for each in held_out])


def test_no_held_out_question_beside_entitlements_is_in_training_nor_nearly_so():
    held_out = yaml.safe_load((HERE / "matters_heldout.yml").read_text(encoding="utf-8"))
    taught = [text for _, text in said_of(Library.load())]

    assert [] == copies(taught, [each["text"] for each in held_out])


def test_what_is_taught_of_a_matter_is_of_one_that_there_is():
    library = Library.load()
    taught = {name for name, _ in said_of(library)}
    alone = {matter.id for matter in library.beside if matter.words is None}

    assert set() == taught - set(library.matters)
    assert alone <= taught


def test_a_copy_is_noticed():
    assert ["abcdefghijkm"] == copies(["abcdefghijkm", "mlkjihgfedcb"], ["abcdefghijkl"])


def test_there_are_enough_sentences(training, held_out):
    assert len(set(training)) >= 4000
    assert len([each for each in held_out if "voice" in each]) >= 1500


def test_the_voices_of_training_are_not_those_that_measure(held_out):
    taught = {(block.get("metadata") or {}).get("voice") for block in blocks()} - {None}
    measured = {each["voice"] for each in held_out if "voice" in each}

    assert len(taught) >= 10
    assert set() == taught & measured


def test_every_voice_file_notes_its_speaker_in_every_block():
    wrong = [
        path.name
        for path in sorted((TRAINING / "voices").glob("*.yml"))
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        if block["metadata"]["voice"] != path.stem
    ]

    assert [] == wrong
