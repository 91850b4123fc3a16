"""How a text sounds: fuzzy syllables. Without Rasa, for the front door hears with it too."""

import re
from functools import lru_cache

from pypinyin import lazy_pinyin

# What southern speakers and keyboards confuse: zh/z, ch/c, sh/s, n/l, h/f, and -ng/-n.
CONFUSED = ((re.compile("^([zcs])h"), r"\1"), (re.compile("^n"), "l"), (re.compile("^f"), "h"))
# There are some 1,300 syllables; what is not Chinese comes and goes.
REMEMBERED = 4096
NASAL = re.compile("(?<=[aei])ng$")


def syllables(text: str) -> list[str]:
    """The text as fuzzy toneless pinyin, one per character; what is not Chinese stays as it is."""
    return [fuzzy(sound) for sound in pinyin(text)]


# What people do, topics, names and danger all ask how the same message sounds.
@lru_cache(maxsize=256)
def pinyin(text: str) -> tuple[str, ...]:
    """The text as toneless pinyin, one per character."""
    return tuple(lazy_pinyin(text, errors=list))


@lru_cache(maxsize=REMEMBERED)
def fuzzy(syllable: str) -> str:
    for confused, kept in CONFUSED:
        syllable = confused.sub(kept, syllable)
    return NASAL.sub("n", syllable)
