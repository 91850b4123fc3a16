"""隔壁家孙子他爸坐牢，每个月领一千多，我家这个有没有: what is told of another family only to compare."""

from __future__ import annotations

from knowledge.reading.patterns import pattern

_COMPARED = pattern("elsewhere.compared")
_HAVE_IT = pattern("elsewhere.have_it")


def without(text: str) -> str:
    """The text with the other family left out, every place kept."""
    for told in (_COMPARED, _HAVE_IT):
        text = told.sub(lambda found: "," * len(found[0]), text)
    return text
