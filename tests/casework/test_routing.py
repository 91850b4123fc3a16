from datetime import date, datetime, timezone

import pytest

from casework import hours
from casework.rota import BadRota, read
from casework.routing import HERE, Wants, language_of, names, next_turn, on_duty, region_told
from casework.rules import rules
from tests.casework.values import case_of

DAY = {"queue": "caseworker", "days": "workdays", "from": "09:00", "to": "17:00"}


def rota(*shifts, closed=()):
    return read({"shifts": [{**DAY, **shift} for shift in shifts], "closed": list(closed), "acknowledge": {}})


def at(day, clock="10:00"):
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("on", "is_workday"),
    [
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 17), False),  # a Tuesday of the Spring Festival
        (date(2026, 10, 10), True),
        (date(2026, 11, 22), False),
    ],
)
def test_holidays_and_make_up_workdays_are_known(on, is_workday):
    assert hours.Day(is_workday, True) == hours.day(on)


def test_a_year_that_the_calendar_does_not_know_goes_by_plain_weeks_unconfirmed():
    assert hours.Day(True, False) == hours.day(date(2037, 1, 5))
    assert hours.Day(False, False) == hours.day(date(2037, 1, 4))
    assert [2037, 2038] == hours.unconfirmed_years(date(2037, 3, 1))
    assert [] == hours.unconfirmed_years(date(2025, 3, 1))


def test_whoever_is_on_duty_for_the_place_goes_before_whoever_is_for_all():
    both = rota({"who": "演示王"}, {"who": "演示李", "regions": ["3504"]})

    assert ["演示李", "演示王"] == names(on_duty(both, Wants("caseworker", "350481"), at("2026-11-23")))
    assert ["演示王"] == names(on_duty(both, Wants("caseworker", "150402"), at("2026-11-23")))


def test_a_place_that_is_not_known_excludes_nobody():
    only = rota({"who": "演示李", "regions": ["3504"]})

    assert ["演示李"] == names(on_duty(only, Wants("caseworker"), at("2026-11-23")))
    assert ["演示李"] == names(on_duty(only, Wants("caseworker", "35"), at("2026-11-23")))


def test_skill_and_language_are_needed():
    both = rota(
        {"who": "演示王"}, {"who": "演示包", "languages": ["mn", "zh"]}, {"who": "演示李", "queue": "counselor"}
    )

    assert ["演示包"] == names(on_duty(both, Wants("caseworker", language="mn"), at("2026-11-23")))
    assert ["演示李"] == names(on_duty(both, Wants("counselor"), at("2026-11-23")))


def test_a_night_shift_lasts_into_the_morning():
    night = rota({"who": "演示王", "days": "every", "from": "22:00", "to": "06:00"})

    assert ["演示王"] == names(on_duty(night, Wants("caseworker"), at("2026-11-23", "05:59")))
    assert [] == on_duty(night, Wants("caseworker"), at("2026-11-23", "06:00"))


def test_numbers_of_weekdays_are_kept_only_where_they_are_working_days():
    thursdays = rota({"who": "演示王", "days": [4]})

    assert ["演示王"] == names(on_duty(thursdays, Wants("caseworker"), at("2026-11-26")))
    assert [] == on_duty(thursdays, Wants("caseworker"), at("2026-10-01"))


def test_the_next_turn_skips_a_holiday_and_days_that_are_closed():
    assert at("2026-10-08", "09:00") == next_turn(rota({}), Wants("caseworker"), at("2026-09-30", "18:00")).begin
    closed = rota({}, closed=[date(2026, 10, 8)])
    assert at("2026-10-09", "09:00") == next_turn(closed, Wants("caseworker"), at("2026-09-30", "18:00")).begin


def test_the_next_turn_says_whether_its_day_is_confirmed():
    assert next_turn(rota({}), Wants("caseworker"), at("2026-11-22")).is_confirmed
    assert not next_turn(rota({}), Wants("caseworker"), at("2037-01-02")).is_confirmed
    assert next_turn(rota({"days": "every"}), Wants("caseworker"), at("2037-01-02")).is_confirmed


def test_hours_are_those_of_china_whatever_the_clock_says():
    utc = datetime(2026, 11, 23, 1, 0, tzinfo=timezone.utc)

    assert [at("2026-11-23", "09:00")] == [turn.begin for turn in on_duty(rota({}), Wants("caseworker"), utc)]


def test_the_place_is_read_off_the_packet_and_where_the_child_lives_goes_first():
    told = [{"id": "child.hukou_region", "value": "350481"}, {"id": "child.residence_region", "value": "350402"}]

    assert "350402" == region_told(case_of(packet={"children": [{"facts": told}]}))
    assert "350481" == region_told(case_of(packet={"children": [{"facts": told[:1]}]}))
    assert region_told(case_of()) is None


def test_a_language_is_told_by_its_script():
    assert "mn" == language_of("ᠰᠠᠢᠨ")
    assert language_of("孩子爸爸判了三年") is None


@pytest.mark.parametrize(
    ("shift", "field"),
    [
        ({"queue": "police"}, "queue"),
        ({"days": "sometimes"}, "days"),
        ({"days": [0]}, "days"),
        ({"from": 900}, "from"),
        ({"to": "25:00"}, "to"),
        ({"regions": [3504]}, "regions"),
        ({"who": ""}, "who"),
        ({"phone": "1"}, "fields"),
    ],
)
def test_a_faulty_shift_is_named_with_its_field(shift, field):
    with pytest.raises(BadRota, match=f"shift 2: {field}"):
        rota({}, shift)


def test_the_rota_that_is_shipped_is_read_and_assumes_nothing():
    assert () == read(rules("rota")).shifts


@pytest.mark.parametrize(
    ("wanted", "when", "who"),
    [
        (Wants("caseworker", "350481"), at("2026-11-23"), ["演示林", "演示王"]),  # a Monday
        (Wants("caseworker", "150430", "mn"), at("2026-11-23"), ["演示其"]),
        (Wants("caseworker", "150430", "mn"), at("2026-11-24"), []),
        (Wants("caseworker", "350481"), at("2026-12-31"), []),
        (Wants("counselor"), at("2026-11-23", "03:00"), ["演示周"]),
    ],
)
def test_the_example_that_is_shipped_is_read_and_does_what_its_comments_say(wanted, when, who):
    example = read({**rules("rota.example"), "acknowledge": {}})

    assert who == names(on_duty(example, wanted, when))
