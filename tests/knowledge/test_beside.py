"""What is asked beside an entitlement: every example is heard as its own matter, and no plain story is."""

from __future__ import annotations

import pytest

from knowledge.beside import Beside, asked_beside
from knowledge.library import Library

LIBRARY = Library.load()
NEGLECT = ("neglect", "abandonment")  # kinds of danger, once a card was shown


IN_WORDS = [matter for matter in LIBRARY.beside if matter.words]


@pytest.mark.parametrize("matter", IN_WORDS, ids=lambda matter: matter.id)
def test_each_example_is_heard_as_its_own_matter(matter: Beside) -> None:
    heard = {
        text: getattr(asked_beside(LIBRARY.beside, text, voice, matter.after), "id", None)
        for text in matter.asked_as
        for voice in matter.voices
    }

    assert dict.fromkeys(matter.asked_as, matter.id) == heard


@pytest.mark.parametrize(
    "text",
    [
        "他爸判了三年",
        "孙子跟我过",
        "孩子不识字",
        "我想找个心理老师聊聊",
        "残疾证丢了",
        "我爸坐过牢影响当兵吗",
        "他在那边打工",
        "孩子不想上学",
        "没有了",
    ],
)
def test_a_story_or_another_question_is_none_of_them(text: str) -> None:
    assert asked_beside(LIBRARY.beside, text, "adult") is None


def test_what_a_matter_leans_on_is_known() -> None:
    known = {matter.id for matter in LIBRARY.beside} | {*LIBRARY.policies, "children", *NEGLECT}
    known |= {f"found.{name}" for name in LIBRARY.policies}
    known |= {str(choice.value) for choice in LIBRARY.facts["father.situation"].choices}

    assert not [(matter.id, each) for matter in LIBRARY.beside for each in matter.after if each not in known]
    assert not [matter.of for matter in LIBRARY.beside if matter.of and matter.of not in LIBRARY.policies]


def test_a_short_question_leans_on_what_was_spoken_of() -> None:
    fresh, after = (asked_beside(LIBRARY.beside, "怎么要", "adult", at_hand) for at_hand in ((), ("child_support",)))

    assert (None, "claim_support") == (fresh, getattr(after, "id", None))


def test_what_a_child_hears_tells_nothing_of_a_parent() -> None:
    reveals = LIBRARY.words["reveals"].split("|")
    said = [matter.said_to("child") for matter in LIBRARY.beside if "child" in matter.voices]

    assert not [text for text in said if any(word in text for word in reveals)]


def test_no_law_that_a_child_is_shown_tells_where_a_parent_is() -> None:
    reveals = ("prison", "detention", "anti-drug", "criminal", "chengdu-visits")
    shown = [(matter.id, cite) for matter in LIBRARY.beside if "child" in matter.voices for cite in matter.cites]

    assert not [(name, cite) for name, cite in shown if cite.startswith(reveals)]
