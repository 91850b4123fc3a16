"""Numerals, lengths of time, ages and births."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge.reading import ages, durations
from knowledge.reading.numerals import number, spread, year

AS_OF = date(2026, 11, 22)
HERE = Path(__file__).parent
LENGTHS = yaml.safe_load((HERE / "lengths.yml").read_text(encoding="utf-8"))
AGES = yaml.safe_load((HERE / "ages.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "words, expected",
    [("两", 2), ("俩", 2), ("廿", 20), ("十二", 12), ("一百零五", 105), ("七八", None), ("很", None)],
)  # fmt: skip
def test_one_number_is_named(words, expected):
    assert expected == number(words)


@pytest.mark.parametrize(
    "words, expected",
    [
        ("七八", (7, 8)),
        ("十七八", (17, 18)),
        ("十几", (11, 19)),
        ("十来", (9, 13)),
        ("好几", (3, 9)),
        ("九", (9, 9)),
        ("三九", None),
    ],
)
def test_a_rough_number_keeps_both_ends(words, expected):
    assert expected == spread(words)


@pytest.mark.parametrize(
    "words, expected", [("零八", 2008), ("98", 1998), ("二零零八", 2008), ("2030", None), ("三年", None)]
)
def test_a_year_is_never_in_the_future(words, expected):
    assert expected == year(words, AS_OF.year)


@pytest.mark.parametrize("case", LENGTHS, ids=lambda case: case["says"])
def test_a_length_is_read_in_months(case):
    found = durations.find(case["says"], AS_OF)

    assert case.get("months") == (found[0].json() if found else None)


@pytest.mark.parametrize("case", AGES, ids=lambda case: case["says"])
def test_an_age_is_read_in_completed_years(case):
    found = ages.find(case["says"], AS_OF)
    read = (found[0].born, None if found[0].born else found[0].json()) if found else (None, None)

    assert (case.get("born"), case.get("age")) == read


def test_everything_read_is_rendered_as_plain_numbers():
    assert durations.amount(6.0, 6.0) == 6
    assert durations.amount(None, 5.9) == {"max": 5.9}
