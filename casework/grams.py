"""Text cut into pairs of characters, so that Chinese words of two characters are found; pure."""

import unicodedata


def plain(text: str) -> str:
    """One form for what looks alike: full width and half width, large and small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def grams(text: str) -> set[str]:
    """The pairs that stand together in the text; none across a space, a mark, or the dots of a sealed number."""
    return {
        one + two for one, two in zip(plain(text), plain(text)[1:], strict=False) if _is_word(one) and _is_word(two)
    }


def _is_word(sign: str) -> bool:
    # Letters and figures of any script, and the marks that Mongolian and Tibetan put on them.
    return unicodedata.category(sign)[0] in "LNM"
