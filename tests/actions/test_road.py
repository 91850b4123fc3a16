"""The road of a family through the actions: stories, digressions, corrections, danger, a person."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.library import Library
from tests.actions.talk import RESPONSES, RULES, Talk, every_action

STORY: dict[str, Any] = {
    "facts": {
        "father.situation": ["imprisoned"],
        "father.term_months": 36,
        "mother.situation": ["lost_contact"],
        "asker.role": "grandparent_paternal",
        "child.lives_with": "grandparents",
    },
    "partial": {"mother.lost_contact_months": {"min": 7, "max": 11}},
    "evidence": {"father.term_months": "判了三年"},
}
AGE: dict[str, Any] = {"facts": {"child.age": 9}, "answered": True}


def outcomes(turn: dict[str, Any]) -> dict[str, str]:
    return {each["id"]: each["outcome"] for each in turn["results"]}


def test_five_facts_in_one_story_are_never_asked_again() -> None:
    talk = Talk()
    asked = []
    said = talk.say("儿子判了三年 媳妇走了大半年没音信 俩孙子跟我过", **STORY)
    while said.turn["asking"]:
        asked.append(said.turn["asking"])
        said = talk.say("不清楚", "unsure", declined="unknown")

    assert not set(asked) & (set(STORY["facts"]) | set(STORY["partial"]))
    assert len(asked) == len(set(asked))


def test_the_story_and_the_age_tell_what_can_be_applied_for_with_its_source() -> None:
    talk = Talk()
    talk.say("儿子判了三年 媳妇走了大半年没音信", **STORY)
    said = talk.say("九岁", **AGE)

    assert "eligible" == outcomes(said.turn)["defacto_living"]
    assert "符合条件，可以申请，由主管部门认定" in said.text
    assert "民发〔2019〕62号" in said.text
    assert "核对 2026-11-22" in said.text
    assert said.turn["done"]


def test_evidence_names_the_message_its_words_came_from() -> None:
    talk = Talk()
    talk.say("你好", "greet")
    said = talk.say("儿子判了三年 媳妇走了大半年没音信", **STORY)

    assert [{"seq": 2, "words": "判了三年"}] == said.turn["evidence"]["father.term_months"]


def test_a_correction_and_a_digression_end_where_the_clean_conversation_ends() -> None:
    clean = Talk()
    clean.say("…", **STORY)
    wanted = clean.say("九岁", **AGE).turn

    talk = Talk()
    talk.say("儿子判了三个月", **{**STORY, "facts": {**STORY["facts"], "father.term_months": 3}})
    digression = talk.say("要带什么材料", "ask_documents", ["defacto_living"])
    assert digression.turn["asking"]
    talk.say("不对，是三年", "correct", corrects=True, facts={"father.term_months": 36})
    said = talk.say("九岁", **AGE).turn

    assert wanted["facts"] == said["facts"]
    assert outcomes(wanted) == outcomes(said)


def test_a_digression_brings_the_pending_question_back() -> None:
    talk = Talk()
    pending = talk.say("…", **STORY).turn["asking"]
    said = talk.say("一个月多少钱", "ask_amount", ["defacto_living"])

    assert pending == said.turn["asking"]
    assert "依据" in said.texts[0]
    assert said.texts[-1].endswith("？")


def test_not_him_but_her_moves_what_was_said() -> None:
    talk = Talk()
    talk.say("爸爸坐牢判了三年", facts={"father.situation": ["imprisoned"], "father.term_months": 36})
    said = talk.say("不对，是他妈", "correct", corrects=True, moves=["father", "mother"])

    assert {"mother.situation": ["imprisoned"], "mother.term_months": 36} == said.turn["facts"]


def test_a_no_names_its_clause_and_what_to_try_instead() -> None:
    talk = Talk()
    talk.say("能领事实孤儿补贴吗", "ask_eligibility", ["defacto_living"])
    said = talk.say(
        "爸爸坐牢 妈妈在家带",
        facts={"child.age": 9, "father.situation": ["imprisoned"], "mother.situation": ["caring"]},
        complete=["mother.situation"],
    )

    assert "not_eligible" == outcomes(said.turn)["defacto_living"]
    assert "62号" in said.text
    assert "可以看看：低保、临时救助" in said.text


@pytest.mark.parametrize(
    "already", [{"topics": ["defacto_living", "dibao"]}, {"facts": {"household.relief": ["dibao"]}}]
)
def test_what_the_family_already_has_is_the_first_thing_told_of_together(already: dict[str, Any]) -> None:
    said = Talk().say("能一起领吗", "ask_combine", **{"topics": ["defacto_living"], **already})

    assert "低于补贴标准的，补发差额" in said.text.split("· ")[1]


def test_what_goes_together_fits_a_screen_and_the_rest_is_counted() -> None:
    said = Talk().say("能一起领吗", "ask_combine", ["dibao"])
    combines = Library.load().policies["dibao"].combines

    assert 5 == said.text.count("· ")
    assert f"另外还有{len(combines) - 5}项" in said.text
    assert any(each.how != "together" and each.words.says in said.text for each in combines)


def test_a_sum_in_a_sentence_of_a_place_is_told_with_its_day() -> None:
    said = Talk().say("北京的多少钱", "ask_amount", ["preschool_aid"], facts={"child.hukou_region": "11"})

    assert "6000元入园补贴。从2019-11-18起，核对 2026-11-22。" in said.text
    assert "没有查到核对过的" not in said.text


def test_an_unread_answer_is_asked_again_then_with_choices_and_a_person_then_left() -> None:
    talk = Talk()
    first = talk.say("…", **STORY)
    again = talk.say("嘿嘿", "tell")
    choices = talk.say("嘿嘿", "tell")
    left = talk.say("嘿嘿", "tell")

    assert first.turn["asking"] == again.turn["asking"] == choices.turn["asking"]
    assert "转人工" in choices.buttons
    assert "转人工" not in again.buttons
    assert first.turn["asking"] != left.turn["asking"]


def test_what_somebody_does_not_want_to_say_is_not_asked_again() -> None:
    talk = Talk()
    asked = talk.say("…", **STORY).turn["asking"]
    said = talk.say("不想说", "refuse", declined="refused")

    assert asked != said.turn["asking"]
    assert asked not in said.turn["facts"]


def test_danger_stops_policy_talk_and_asks_for_a_counsellor() -> None:
    talk = Talk()
    talk.say("…", **STORY)
    said = talk.say("我不想活了", safety={"level": "urgent", "kinds": ["self_harm"]})

    assert {"queue": "counselor", "urgency": "urgent", "reason": "danger"} == said.turn["handoff"]
    assert said.turn["asking"] is None
    assert [] == said.turn["results"]
    assert all(number in said.text for number in ("110", "120", "12356", "12355"))
    assert "补贴" not in said.text


def test_with_the_card_on_the_screen_only_one_question_is_said() -> None:
    said = Talk().say("我不想活了", alarm="urgent", safety={"level": "urgent", "kinds": ["self_harm"]})

    assert 1 == len(said.texts)
    assert said.text.count("？") == 1
    assert "110" not in said.text


def test_after_danger_the_interview_waits_until_it_is_asked_for() -> None:
    talk = Talk()
    talk.say("…", **STORY)
    talk.say("他要打死我们", alarm="emergency")

    assert talk.say("嗯", "affirm").turn["asking"] is None
    assert talk.say("那我孙子能领什么", "ask_eligibility").turn["asking"]


def test_concern_adds_one_gentle_check_once() -> None:
    talk = Talk()
    worry = {"level": "concern", "kinds": ["self_harm"]}
    first = talk.say("一个月多少钱，撑不下去了", "ask_amount", ["defacto_living"], safety=worry)
    second = talk.say("哎", "tell", safety=worry)

    assert "12356" in first.text
    assert "12356" not in second.text
    assert first.turn["handoff"] is None


def test_distress_is_never_told_that_it_is_out_of_scope() -> None:
    worry = {"level": "concern", "kinds": ["self_harm"]}
    talk = Talk()
    first = talk.say("我有点撑不下去", "out_of_scope", safety=worry)
    later = talk.say("没什么意思", "out_of_scope")

    for said in (first, later):
        assert "我在听" in said.text
        assert "不在我能帮的范围" not in said.text


def test_a_child_who_tells_of_home_is_heard_and_not_questioned() -> None:
    said = Talk().say("我爸走了，我跟奶奶", facts={"asker.role": "child", "father.situation": ["lost_contact"]})

    assert "这不是你的错" in said.text
    assert said.turn["asking"] is None


def test_a_short_try_at_an_answer_is_asked_again() -> None:
    talk = Talk()
    asked = talk.say("…", **STORY).turn["asking"]
    said = talk.say("哦哦", "out_of_scope")

    assert asked == said.turn["asking"]
    assert "不在我能帮的范围" not in said.text


def test_words_that_need_the_speaker_are_kept_until_it_is_known() -> None:
    talk = Talk()
    asked = talk.say("我儿子坐牢了判了三年")
    said = talk.say("我是奶奶", facts={"asker.role": "grandparent_paternal"}, answered=True)

    assert "asker.role" == asked.turn["asking"]
    assert (["imprisoned"], 36) == (said.turn["facts"]["father.situation"], said.turn["facts"]["father.term_months"])
    assert 1 == said.turn["evidence"]["father.term_months"][0]["seq"]
    assert [] == talk.session["unread"]


def test_a_person_is_asked_for_at_once_and_nothing_is_promised() -> None:
    said = Talk().say("转人工", "ask_human")

    assert {"queue": "caseworker", "urgency": "routine", "reason": "asked"} == said.turn["handoff"]
    assert "不能保证" in said.text


def test_a_guess_offers_readings_and_a_person() -> None:
    said = Talk().say("那个那个", "ask_amount", ["defacto_living"], confidence=0.2)

    assert "转人工" in said.buttons
    assert 3 >= len(said.buttons)


def test_a_child_never_reads_where_a_parent_is() -> None:
    talk = Talk()
    texts = []
    facts = {"asker.role": "child", "father.situation": ["imprisoned"], "father.term_months": 36}
    texts.append(talk.say("我想问问", facts=facts).text)
    texts.append(talk.say("能领什么", "ask_eligibility").text)
    texts.append(talk.say("看结果", "show_results").text)
    for _ in range(4):
        texts.append(talk.say("不知道", "unsure", declined="unknown").text)

    for word in ("服刑", "监狱", "坐牢", "犯罪", "判刑", "戒毒"):
        assert word not in "\n".join(texts)


def test_a_childs_card_does_not_say_where_a_parent_is() -> None:
    parents = {"father.situation": ["imprisoned"], "father.term_months": 36, "mother.situation": ["dead"]}
    said = Talk().say("能领什么", "ask_eligibility", facts={"asker.role": "child", "child.age": 14, **parents})

    assert "eligible" == outcomes(said.turn)["defacto_living"]
    for word in ("服刑", "监狱", "坐牢", "戒毒"):
        assert word not in said.text + str(said.turn["cards"])


@pytest.mark.parametrize("about", ["visit_parent", "prisoner_children"])
@pytest.mark.parametrize("asked", ["ask_what", "ask_who", "ask_documents", "ask_where", "ask_duration", "ask_basis"])
def test_a_child_who_misses_a_parent_never_reads_where_the_parent_is(asked: str, about: str) -> None:
    talk = Talk()
    talk.say("我想见妈妈", facts={"asker.role": "child", "child.age": 12})
    said = talk.say("怎么才能见到妈妈", asked, [about])
    told = said.text + str(said.turn["cards"]) + str(said.turn["sources"])

    for word in ("服刑", "监狱", "戒毒", "会见", "看守", "犯"):
        assert word not in told


def test_a_child_whose_parent_is_kept_away_reads_of_a_visit_without_where() -> None:
    parents = {"father.situation": ["imprisoned"], "father.term_months": 36, "mother.situation": ["dead"]}
    said = Talk().say("能不能看爸爸", "ask_eligibility", ["visit_parent"], facts={"asker.role": "child", **parents})

    assert "eligible" == outcomes(said.turn)["visit_parent"]
    for word in ("服刑", "监狱", "坐牢", "戒毒", "会见"):
        assert word not in said.text + str(said.turn["cards"]) + str(said.turn["sources"])


def test_a_child_that_ends_its_story_with_a_wish_is_asked_on() -> None:
    said = Talk().say("我14岁，和奶奶住，想领补助", facts={"asker.role": "child", "child.age": 14})

    assert said.turn["asking"]
    assert "你现在最想说的" not in said.text


def test_many_open_ones_are_named_in_one_line_and_all_stand_in_the_turn() -> None:
    talk = Talk()
    talk.say("能领什么", "ask_eligibility", facts={"asker.role": "grandparent_paternal", "child.age": 9})
    said = talk.say("看结果", "show_results")
    still_open = [name for name, outcome in outcomes(said.turn).items() if outcome == "needs_facts"]

    assert len(still_open) > 3
    assert 1 == said.text.count("不能下结论")
    assert f"还有{len(still_open)}项现在不能下结论" in said.text


def test_telling_of_a_parent_who_cannot_come_home_is_no_question_about_a_visit() -> None:
    talk = Talk()
    talk.say("他在外地，暂时不能回家", "tell", ["visit_parent"], facts={"asker.role": "child"})
    said = talk.say("要带什么", "ask_documents")

    assert "暂时不能回家的爸爸" not in said.text


def test_a_child_who_asks_what_goes_together_hears_of_no_visit() -> None:
    talk = Talk()
    talk.say("我跟奶奶过", facts={"asker.role": "child", "child.age": 12})
    said = talk.say("能一起领吗", "ask_combine", ["defacto_living"])

    assert "低保" in said.text
    assert "监狱" not in said.text + str(said.turn["sources"])


def test_the_amount_follows_once_the_place_is_told() -> None:
    talk = Talk()
    talk.say("一个月多少钱", "ask_amount", ["orphan_living"])
    said = talk.say("福建三明的", facts={"child.hukou_region": "3504"})

    assert "每人每月1891元" in said.text
    assert "从2025-07-01起" in said.text


def test_a_matter_without_conditions_is_pointed_to_and_never_decided() -> None:
    said = Talk().say("网友要照片怎么办", "ask_where", ["online_safety"])

    assert "别发照片" in said.text
    assert [] == said.turn["results"]
    assert "转人工" in said.buttons


def test_what_has_no_basis_says_so() -> None:
    assert "没有查到可靠依据" in Talk().say("养老金怎么办", "ask_where").text


def test_the_slot_survives_json_and_an_unknown_fact_in_it() -> None:
    import json

    talk = Talk()
    before = talk.say("…", **STORY).turn["facts"]
    talk.session = json.loads(json.dumps(talk.session))
    talk.session["children"]["1"]["facts"]["child.shoe_size"] = 30

    assert before == talk.say("嗯", "affirm").turn["facts"]


def test_a_broken_action_says_so_and_asks_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.interview.assessed", lambda now: 1 / 0)
    said = Talk().say("…", **STORY)

    assert "没有丢" in said.text
    assert "trouble" == said.turn["handoff"]["reason"]


def test_every_intent_has_an_action_and_every_action_a_rule() -> None:
    assert set(every_action()) == set(RULES.values())


def test_no_sentence_promises_congratulates_or_hurries() -> None:
    for name, variants in RESPONSES.items():
        for variant in variants:
            for word in ("恭喜", "一定能", "保证能", "尽快", "赶紧", "肯定可以"):
                assert word not in variant["text"], name


def test_a_place_changes_what_is_said_of_it() -> None:
    talk = Talk()
    talk.say("我们是翁旗的", facts={"child.hukou_region": "150426"})
    where = talk.say("去哪里办", "ask_where", ["defacto_living"])
    amount = talk.say("一个月多少钱", "ask_amount", ["defacto_living"])
    after = Talk().say("北京满了18还发吗", "ask_after_18", ["defacto_living"])

    assert "苏木、乡镇" in where.text
    assert "1663.8" not in amount.text
    assert "没有查到核对过的" in amount.text
    assert "北京接着发到毕业" in after.text and "京社委儿福发〔2019〕36号" in after.text


def test_a_province_is_asked_for_the_county_once_where_that_matters() -> None:
    talk = Talk()
    facts = {"child.age": 19, "child.schooling": "college", "child.hukou_region": "51", "father.situation": ["dead"]}
    story = facts | {"mother.situation": ["imprisoned"], "mother.term_months": 60}
    first = talk.say("…能领事实无人抚养补贴吗", "ask_eligibility", ["defacto_living"], facts=story)
    second = talk.say("四川的", facts={"child.hukou_region": "51"})

    assert "child.hukou_region" == first.turn["asking"]
    assert "child.hukou_region" != second.turn["asking"]
