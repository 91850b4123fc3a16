"""Bars as inline SVG: readable without colour, scripts or styles of its own. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

WIDTH, ROW, LABEL, NUMBER = 560, 30, 190, 60


def bars(name: str, counts: Mapping[str, int | None], small: str) -> Markup:
    """One bar for each row, labelled with its number; a hidden one says `small` and has no length.

    The label of the whole tells every row: a chart is a list to whoever cannot see it.
    """
    most = max((count for count in counts.values() if count), default=1)
    height = ROW * len(counts) + 8
    head = '<svg class="chart" role="img" viewBox="0 0 {0} {1}" width="{0}" height="{1}" aria-label="{2}">'
    rows = Markup("").join(
        _row(place, label, count, most, small) for place, (label, count) in enumerate(counts.items())
    )
    return Markup(head).format(WIDTH, height, f"{name} " + _told(counts, small)) + rows + Markup("</svg>")


def _row(place: int, label: str, count: int | None, most: int, small: str) -> Markup:
    top = ROW * place
    length = 0 if count is None else (WIDTH - LABEL - NUMBER) * count / most
    texts = '<text x="{0}" y="{1}" text-anchor="end">{2}</text><text x="{3:.1f}" y="{1}">{4}</text>'
    said = Markup(texts).format(LABEL - 8, top + 20, label, LABEL + length + 6, small if count is None else count)
    bar = '<rect class="bar" x="{0}" y="{1}" width="{2:.1f}" height="18"/>'
    return said + Markup(bar).format(LABEL, top + 6, length)


def _told(counts: Mapping[str, int | None], small: str) -> str:
    return ", ".join(f"{label} {small if count is None else count}" for label, count in counts.items())
