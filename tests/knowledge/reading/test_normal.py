"""One spelling for all that is typed, and the words that were really said."""

from knowledge.reading.normal import LONGEST, normalise


def test_traditional_script_and_wide_figures_are_read_as_one_spelling():
    assert normalise("媽媽跑了，孩子８歲").text == "妈妈跑了,孩子8岁"


def test_the_words_said_are_kept_behind_the_spelling():
    normal = normalise("媽媽跑了，孩子８歲")

    assert normal.words(0, 4) == "媽媽跑了"


def test_invisible_characters_and_half_emoji_fall_out():
    assert normalise("爸\u200b爸\ufeff").text == "爸爸"


def test_a_flood_is_cut():
    assert len(normalise("我" * 10_000).text) == LONGEST


def test_nothing_stays_nothing():
    assert normalise("").text == ""
