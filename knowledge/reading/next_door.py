"""隔壁家孙子他爸坐牢，每个月领一千多，我家这个有没有: what is told of another family only to compare."""

from __future__ import annotations

import re

from knowledge.reading.patterns import pattern

_COMPARED = pattern("elsewhere.compared")
_HAVE_IT = pattern("elsewhere.have_it")
_ALONE = pattern("elsewhere.alone")
_THEIRS = pattern("elsewhere.theirs")
_OUTSIDE = ("neighbour", "teacher", "child_director", "professional")


def without(text: str, asker: str | None, asking: str | None) -> str:
    """The text with the other family left out, every place kept.

    Who belongs to a family tells of the next one only to compare; whoever is not known yet may write for the child
    next door, but says more of it than one clause.
    """
    if asker is None and asking != "asker.role":
        others: tuple[re.Pattern[str], ...] = (_ALONE,)
    else:
        others = () if asker is None or asker in _OUTSIDE else (_THEIRS,)
    for told in (_COMPARED, _HAVE_IT, *others):
        text = told.sub(lambda found: "," * len(found[0]), text)
    return text
