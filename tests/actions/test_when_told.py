"""What time will change is told with the outcome, and the turn names the rules it was decided by."""

from __future__ import annotations

from actions.base import the_library
from tests.actions.talk import Said, Talk

FAMILY = {
    "child.age": 10,
    "child.hukou_region": "350402",
    "father.situation": ["dead"],
    "mother.situation": ["lost_contact"],
    "mother.lost_contact_months": 4,
}


def asked(role: str) -> Said:
    talk = Talk()
    talk.say("爸爸不在了，妈妈四个月没音信", facts={"asker.role": role, **FAMILY}, complete=["mother.situation"])
    return talk.say("能领吗", "ask_eligibility", ["defacto_living"])


def test_months_that_will_be_full_are_told_with_the_refusal() -> None:
    said = asked("grandparent_paternal")

    assert "not_eligible" == next(each["outcome"] for each in said.turn["results"] if each["id"] == "defacto_living")
    assert "到时候再来申请" in said.text
    assert the_library().ruleset == said.turn["ruleset"]


def test_a_child_is_told_nothing_of_how_long_a_parent_is_gone() -> None:
    assert "满6个月" not in asked("child").text
