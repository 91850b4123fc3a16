"""The one place where Chinese text is cut into words."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

import jieba
import spacy
from spacy.language import Language

_COMMON, _LONGEST = 60, 4  # how often a word stands in jieba's texts
WORDS = Path(__file__).with_name("words.txt")


@cache
def words() -> Language:
    """spaCy's blank Chinese with jieba behind it; jieba's dictionary is process-global, so everybody uses this one."""
    jieba.setLogLevel(logging.WARNING)
    pipeline = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    for word in WORDS.read_text(encoding="utf-8").split():
        jieba.add_word(word, freq=200_000)
    return pipeline


def shares() -> dict[str, float]:
    """The common words of the language and how large a share of all words each is."""
    words()
    jieba.initialize()
    total = jieba.dt.total
    return {word: count / total for word, count in jieba.dt.FREQ.items() if count >= _COMMON and len(word) <= _LONGEST}


def known_words(text: str) -> list[tuple[int, int]]:
    """Where common words of two signs or more stand: what is written there is no slip of the ear."""
    words()
    known = jieba.dt.FREQ
    return [
        (start, end) for word, start, end in jieba.tokenize(text) if end - start > 1 and known.get(word, 0) >= _COMMON
    ]
