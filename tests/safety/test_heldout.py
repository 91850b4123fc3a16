"""A floor under the lexicon: the figures of the day are in docs/safeguarding.md; a change that falls below is wrong."""

from pathlib import Path

from bot.components.danger_sentences import sentences
from knowledge.alarm import LEVELS, alarm
from tests.alike import copies

TRAINING = Path(__file__).parents[2] / "data" / "safety"
LATER = ("heldout_second.yml", "heldout_third.yml", "heldout_fourth.yml")
HELD_OUT = sentences(Path(__file__).parent / "heldout.yml")


def share(chosen, bar):
    levels = [LEVELS.index(alarm(one.text).level) for one in chosen]
    return sum(level >= LEVELS.index(bar) for level in levels) / len(levels)


def test_the_held_out_sentences_are_enough():
    dangerous = [one for one in HELD_OUT if one.level != "none"]

    assert len(dangerous) >= 100 and len(HELD_OUT) - len(dangerous) >= 200


def test_the_lexicon_alone_hears_most_of_what_is_urgent():
    assert share([one for one in HELD_OUT if one.level in ("urgent", "emergency")], "urgent") >= 0.75


def test_the_lexicon_alone_rarely_rings_at_an_ordinary_message():
    assert share([one for one in HELD_OUT if one.level == "none" and not one.lenient], "urgent") <= 0.03


def test_no_harmless_message_is_called_an_emergency():
    assert share([one for one in HELD_OUT if one.level == "none"], "emergency") == 0


def test_no_sentence_that_measures_is_in_training_nor_nearly_so():
    held = [one.text for name in LATER for one in sentences(Path(__file__).parent / name)]

    # How many, not which: whoever trains must not read them.
    assert 0 == len(copies([one.text for one in sentences(TRAINING)], held))


def test_the_last_set_is_as_large_as_was_asked():
    levels = [one.level for one in sentences(Path(__file__).parent / LATER[-1])]

    assert levels.count("urgent") + levels.count("emergency") >= 400
    assert levels.count("none") >= 1000
