"""The one place where Chinese text is cut into words."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

import jieba
import spacy
from spacy.language import Language

WORDS = Path(__file__).with_name("words.txt")


@cache
def words() -> Language:
    """spaCy's blank Chinese with jieba behind it; jieba's dictionary is process-global, so everybody uses this one."""
    jieba.setLogLevel(logging.WARNING)
    pipeline = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    for word in WORDS.read_text(encoding="utf-8").split():
        jieba.add_word(word, freq=200_000)
    return pipeline
