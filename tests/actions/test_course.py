"""Danger over several messages: each mild by itself, together a card and a counsellor."""

from __future__ import annotations

from tests.actions.talk import Said, Talk


def sigh(talk: Talk, text: str, weight: int) -> Said:
    level = "concern" if weight == 2 else "none"
    return talk.say(text, safety={"level": level, "kinds": ["self_harm"] if level != "none" else [], "weight": weight})


def test_three_hints_in_a_row_are_a_concern() -> None:
    talk = Talk()
    levels = [sigh(talk, text, 1).turn["safety"]["level"] for text in ("没意思", "不想上学", "没人会在意我")]

    assert levels == ["none", "none", "concern"]


def test_three_concerns_bring_the_card_and_a_counsellor() -> None:
    talk = Talk()
    said = [sigh(talk, text, 2) for text in ("活着没意思", "撑不下去了", "没人会在意我")][-1]

    assert (said.turn["safety"]["level"], said.turn["handoff"]["queue"]) == ("urgent", "counselor")
    assert "110" in said.text


def test_what_has_been_answered_does_not_ring_again() -> None:
    talk = Talk()
    for text in ("活着没意思", "撑不下去了", "没人会在意我"):
        sigh(talk, text, 2)

    assert sigh(talk, "嗯", 0).turn["safety"]["level"] == "none"


def test_plain_answers_between_them_do_not_hide_them() -> None:
    talk = Talk()
    weights = [2, 0, 2, 0, 2]

    assert "urgent" == [sigh(talk, "…", weight) for weight in weights][-1].turn["safety"]["level"]
