"""What the assistant offers to tap never brings the help card, but where the choice itself names a danger."""

import pytest

from bot.components.danger_known import known, level_of
from bot.components.danger_sentences import sentences
from knowledge.library import Library

# These ask whether the child is in danger: whoever taps one of them is answered as if it had been written.
DANGERS = "safety."
UNTAUGHT = {"是", "二级", "低保", "住校", "有", "没有", "没有残疾"}


def titles():
    for fact in Library.load().facts.values():
        if not fact.id.startswith(DANGERS) and fact.id != "child.lives_with":
            for choice in fact.choices:
                yield from {choice.title, choice.title_child or choice.title}


@pytest.fixture(scope="module")
def labelled():
    return known(sentences())


def test_every_choice_is_taught_as_no_danger(labelled):
    # 没有 and 低保 stand in held-out sets too, and may not be taught.
    assert {title for title in titles() if level_of(title, labelled) != "none"} <= UNTAUGHT
