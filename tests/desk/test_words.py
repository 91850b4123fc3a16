import pytest

from casework.again import REASON
from casework.cases import QUEUES, URGENCIES
from casework.rules import rules
from casework.staff import ROLES
from desk.words import words
from knowledge.alarm import KINDS, LEVELS

# docs/http.md, "One turn of dialogue".
REASONS = ("asked", "danger", "ask_local", "unreadable", "trouble")
OUTCOMES = ("eligible", "ask_local", "needs_facts", "not_eligible")
# Why a case is opened by what a family answers to a question of ours.
REPORTED = [report["opens"]["reason"] for report in rules("followup")["reports"].values() if "opens" in report]


@pytest.mark.parametrize(
    "section, keys",
    [
        ("urgency", URGENCIES),
        ("queue", QUEUES),
        ("role", ROLES),
        ("kind", KINDS),
        ("level", LEVELS[1:]),
        ("reason", (*REASONS, REASON, *REPORTED)),
        ("outcome", OUTCOMES),
    ],
)
def test_everything_that_is_shown_has_a_word(section, keys):
    assert set(keys) == set(words()[section])


def test_the_urgencies_differ_in_word_and_in_shape():
    shown = words()["urgency"].values()

    assert 3 == len({one["word"] for one in shown}) == len({one["shape"] for one in shown})
