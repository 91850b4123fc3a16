import pytest

from knowledge.alarm import alarm
from knowledge.safety.course import CONCERN, HINT, REMEMBERED, together, weight


@pytest.mark.parametrize(
    ("weights", "level"),
    [
        ((), "none"),
        ((HINT, HINT), "none"),
        ((CONCERN,), "none"),
        ((HINT, HINT, HINT), "concern"),
        ((CONCERN, 0, HINT), "concern"),
        ((CONCERN, CONCERN), "concern"),
        ((CONCERN, 0, CONCERN, 0, CONCERN), "urgent"),
        ((HINT,) * REMEMBERED, "urgent"),
    ],
)
def test_mild_messages_add_up(weights, level):
    assert together(weights) == level


def test_not_safe_after_one_concern_is_asked_again():
    heard = alarm("现在不安全")

    assert (heard.level, together((CONCERN, weight(heard.level, heard.hinted, heard.calmed)))) == ("none", "concern")


def test_what_was_said_long_ago_is_forgotten():
    assert together((CONCERN, CONCERN, *(0,) * REMEMBERED)) == "none"


def test_more_of_the_same_never_lowers_the_level():
    order = ("none", "concern", "urgent")
    heights = [order.index(together((HINT,) * count)) for count in range(REMEMBERED + 3)]

    assert heights == sorted(heights)


def test_a_denial_and_a_question_about_the_rules_add_nothing():
    assert [weight(level, True, calmed=True) for level in ("none", "concern")] == [0, 0]


def test_a_concern_weighs_more_than_a_hint_and_a_plain_answer_nothing():
    assert [weight("concern", True, False), weight("none", True, False), weight("none", False, False)] == [2, 1, 0]
