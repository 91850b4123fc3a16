"""What a model hears counts where no rule reads anything, and only when it is sure."""

from datetime import date

import pytest

from knowledge.library import Library
from knowledge.reading import Context, Reader
from knowledge.reading.learned import Sense

NOW = Context(date(2026, 11, 22))


@pytest.fixture(scope="module")
def reader():
    return Reader(Library.load())


def sense(label, sure=0.999, letter=20):
    fact, _, value = label.partition("=")
    return Sense(fact, value, sure, letter)


def test_a_sense_tells_what_no_rule_reads(reader):
    silent = reader.read("想给他问个补助，平时全是靠那边照应", NOW)
    heard = reader.read("想给他问个补助，平时全是靠那边照应", NOW, [sense("child.lives_with=grandparents", letter=12)])

    assert "child.lives_with" not in silent.facts
    assert heard.facts["child.lives_with"] == "grandparents"
    assert heard.evidence["child.lives_with"] == "平时全是靠那边照应"


def test_what_a_rule_reads_stands(reader):
    text = "我是奶奶，孙子九岁，跟我过，他爸在监狱"
    read = reader.read(text, NOW, [sense("child.lives_with=mother"), sense("father.situation=dead")])

    assert read.facts["child.lives_with"] == "grandparents"
    assert read.facts["father.situation"] == ["imprisoned"]


def test_care_may_stand_beside_a_disability(reader):
    text = "我是孩子妈妈，有肢体二级残疾证，孩子上小学"
    read = reader.read(text, NOW, [sense("mother.situation=caring"), sense("mother.situation=lost_contact")])

    assert "caring" in read.facts["mother.situation"]
    assert "lost_contact" not in read.facts["mother.situation"]


@pytest.mark.parametrize("sure", [0.0, 0.5, 0.7])
def test_what_is_not_sure_is_not_told(reader, sure):
    assert not reader.read("想给他问个补助，平时全是靠那边照应", NOW, [sense("child.lives_with=alone", sure)]).facts


def test_what_the_conversation_knows_is_left(reader):
    known = Context(date(2026, 11, 22), facts={"child.lives_with": "mother"})
    read = reader.read("想给他问个补助，平时全是靠那边照应", known, [sense("child.lives_with=grandparents")])

    assert "child.lives_with" not in read.facts


def test_a_short_answer_is_left_to_the_question(reader):
    assert not reader.read("那边", NOW, [sense("child.lives_with=grandparents")]).facts


def test_of_several_children_only_what_they_share_is_told(reader):
    text = "老大十二岁，老二七岁，他们妈妈那边早就指望不上"
    read = reader.read(text, NOW, [sense("child.lives_with=alone"), sense("mother.situation=lost_contact")])

    assert "child.lives_with" not in read.facts
    assert read.facts["mother.situation"] == ["lost_contact"]


def test_brothers_and_sisters_are_heard_to_live_together(reader):
    text = "老大十二岁，老二七岁，平时全是靠那边照应"
    together = reader.read(text, NOW, [sense("child.lives_with=grandparents")])
    apart = reader.read("老大跟他妈，老二七岁，平时全是靠那边照应", NOW, [sense("child.lives_with=grandparents")])

    assert together.facts["child.lives_with"] == "grandparents"
    assert "child.lives_with" in together.siblings.for_all
    assert "grandparents" not in {apart.facts.get("child.lives_with")}


def test_what_was_left_open_between_two_values_is_not_told(reader):
    read = reader.read("想给他问个补助，他妈那边早就指望不上", NOW, [sense("mother.situation=?")])

    assert "mother.situation" not in {*read.facts, *read.partial}


def test_who_writes_opens_the_words_for_kin(reader):
    text = "领不动了想问能不能送福利院，儿子判了无期"
    read = reader.read(text, NOW, [sense("asker.role=grandparent_paternal")])

    assert read.facts["asker.role"] == "grandparent_paternal"
    assert read.facts["father.situation"] == ["imprisoned"]


def test_two_roles_are_none(reader):
    text = "领不动了想问能不能送福利院，儿子判了无期"
    both = [sense("asker.role=grandparent_paternal"), sense("asker.role=grandparent_maternal")]

    assert "asker.role" not in reader.read(text, NOW, both).facts


def test_a_son_told_of_by_nobody_knows_whom_is_no_father(reader):
    read = reader.read("我儿子坐牢了，判了三年", NOW, [sense("father.situation=imprisoned")])

    assert "father.situation" not in read.facts


def test_somebody_who_says_they_are_a_child_is_one(reader):
    doubts = [sense("asker.role=child", 0.001), sense("asker.role=sibling")]

    assert reader.read("我15岁了，初三，还有个弟弟上二年级", NOW, doubts).facts["asker.role"] == "child"


def test_what_the_model_is_sure_is_not_told_goes(reader):
    text = "我是奶奶，孙子九岁，跟我过，他爸在监狱"
    read = reader.read(text, NOW, [sense("child.lives_with=grandparents", 0.001)])

    assert "child.lives_with" not in read.facts
    assert read.facts["father.situation"] == ["imprisoned"]


def test_the_one_sentence_is_of_the_one_parent_who_serves_it(reader):
    text = "我那个不争气的判了五年，孙女四年级"
    heard = [sense("asker.role=grandparent_paternal"), sense("father.situation=imprisoned", letter=4)]

    assert reader.read(text, NOW, heard).facts["father.term_months"] == 60


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("我那个不争气的判了五年，还剩两年", 60),
        ("我那个不争气的判五年减了一年，孙女四年级", None),
        ("我那个不争气的已经坐了五年了", None),
    ],
)
def test_what_is_left_or_was_served_is_no_sentence(reader, text, months):
    heard = [sense("asker.role=grandparent_paternal"), sense("father.situation=imprisoned", letter=4)]

    assert reader.read(text, NOW, heard).facts.get("father.term_months") == months


def test_of_two_who_serve_the_sentence_is_nobodys(reader):
    heard = [sense("asker.role=grandparent_paternal"), sense("father.situation=imprisoned", letter=4)]
    heard.append(sense("mother.situation=imprisoned", letter=4))
    read = reader.read("我那个不争气的两个都在里面呢，判了五年，孙女四年级", NOW, heard)

    assert not {"father.term_months", "mother.term_months"} & {*read.facts}


def test_a_length_goes_with_the_situation_that_is_taken_back(reader):
    text = "我儿子把人打伤了判了五年，媳妇在家带孩子"
    assert reader.read(text, NOW).facts["father.term_months"] == 60
    doubted = [sense("father.situation=imprisoned", 0.01)]
    assert "father.term_months" not in reader.read(text, NOW, doubted).facts


def test_what_stories_seldom_tell_is_told_of_a_named_parent_only(reader):
    heard = [sense("mother.situation=deported", letter=14)]
    text = "我是孩子奶奶，孙子今年四岁，我那个崽是外国人 被遣返了"

    assert "mother.situation" not in reader.read(text, NOW, heard).facts


@pytest.mark.parametrize(
    "text",
    [
        "我孙子他爹坐牢去了 他妈跑了 能给低保不",
        "他爸坐牢 妈跑了 能吃低保吗",
        "我孙女爹妈都没了 想问问低保咋办",
        "儿子坐牢了 孙子跟着我 国家给不给低保",
        "儿子坐牢了 孙子跟着我 听说能吃低保",
        "他爸坐牢去了 他妈改嫁 村里说给我们低保",
    ],
)
def test_relief_that_is_only_asked_for_is_not_had(reader, text):
    read = reader.read(text, NOW, [sense("household.relief=dibao")])
    assert "household.relief" not in read.facts


def test_relief_that_the_village_gave_is_had(reader):
    read = reader.read("他爸坐牢去了 他妈改嫁 村里给了低保", NOW, [sense("household.relief=dibao")])
    assert ["dibao"] == read.facts["household.relief"]


def test_a_question_about_anybodys_child_tells_nothing_of_this_one(reader):
    read = reader.read("爸爸服刑的孩子有没有助学金", NOW, [sense("father.situation=imprisoned")])
    assert not read.facts


def test_what_stands_right_behind_its_parent_is_not_doubted(reader):
    doubts = [sense("mother.situation=lost_contact", 0.001), sense("mother.situation=working_away", 0.001)]

    read = reader.read("父亲坐牢母亲失联 算事实孤儿吗", NOW, doubts)
    assert ["lost_contact"] == read.facts["mother.situation"]
    read = reader.read("爸爸瘫了 妈妈在饭店端盘子养我们", NOW, doubts)
    assert "mother.situation" not in read.facts
