from datetime import date, timedelta

import pytest

from casework.errors import BadValue
from casework.evidence import Item, check_item, standing
from casework.rules import rules

DAY = date(2026, 11, 22)


def item(shows, grade, days_ago=0, about="mother"):
    return Item(about, shows, grade, DAY - timedelta(days=days_ago))


def test_a_category_is_as_strong_as_its_best_item_about_the_same_person():
    items = [item("lost_contact", "D"), item("lost_contact", "B"), item("lost_contact", "A", about="father")]

    found = standing("lost_contact", "mother", DAY, items)
    assert ("B", True, None) == (found.strength, found.is_enough, found.why)


def test_what_a_child_says_protects_and_decides_nothing():
    found = standing("lost_contact", "mother", DAY, [item("lost_contact", "E")])

    assert ("E", False) == (found.strength, found.is_enough)


def test_without_an_item_there_is_no_strength():
    assert standing("dead", "father", DAY, [item("dead", "A")]).strength is None


def test_lost_contact_with_a_transfer_last_month_is_stopped_even_by_an_official_paper():
    found = standing("lost_contact", "mother", DAY, [item("lost_contact", "A"), item("sent_money", "D", 30)])

    assert not found.is_enough
    assert "失联" in found.why


def test_a_transfer_of_two_years_ago_or_by_the_other_parent_stops_nothing():
    old = [item("lost_contact", "B"), item("sent_money", "A", 731)]
    other = [item("lost_contact", "B"), item("sent_money", "A", 30, about="father")]

    assert [True, True] == [standing("lost_contact", "mother", DAY, items).is_enough for items in (old, other)]


@pytest.mark.parametrize("rule", rules("evidence")["contradictions"], ids=lambda rule: rule["category"])
def test_every_rule_stops_its_category_on_its_last_day_and_no_longer(rule):
    category = rules("evidence")["categories"][rule["category"]]
    for_it = item(category["rests_on"][0], "A", about=category["of"][0])
    for shows in rule["against"]:
        last = rule.get("days", 20_000)
        against = item(shows, "D", last, category["of"][0])
        assert rule["why"] == standing(rule["category"], category["of"][0], DAY, [for_it, against]).why
        if "days" in rule:
            late = item(shows, "D", last + 1, category["of"][0])
            assert standing(rule["category"], category["of"][0], DAY, [for_it, late]).why is None


def test_the_lists_fit_together():
    known = rules("evidence")
    for category in known["categories"].values():
        assert set(category["rests_on"]) <= set(known["shows"]) and set(category["of"]) <= set(known["about"])
    for rule in known["contradictions"]:
        assert rule["category"] in known["categories"] and set(rule["against"]) <= set(known["shows"])
        assert not set(rule["against"]) & set(known["categories"][rule["category"]]["rests_on"])


@pytest.mark.parametrize("wrong", [("sister", "dead", "A"), ("father", "tired", "A"), ("father", "dead", "F")])
def test_what_is_on_no_list_is_refused(wrong):
    with pytest.raises(BadValue):
        check_item(Item(*wrong, DAY))
    with pytest.raises(BadValue):
        standing("lost_contact", "child", DAY, [])
