from datetime import datetime, timezone

import pytest

from bot.slip import make_slip, slip_words
from casework.store import Message
from knowledge.library import Library
from tests.bot.scripted import turn

LIBRARY = Library.load()
NOON = datetime(2026, 11, 22, 4, tzinfo=timezone.utc)
FACTS = {
    "child.age": 9,
    "father.situation": ["imprisoned"],
    "father.term_months": 36,
    "mother.situation": ["dead"],
}
BASIS = "《关于进一步加强事实无人抚养儿童保障工作的意见》（民发〔2019〕62号）一，核对 2026-11-22"


def result(name="defacto_living", outcome="eligible", **more):
    return {"id": name, "outcome": outcome, "missing": [], "because": [], "sources": [], **more}


def said(*turns):
    """The bot's messages with these turns."""
    return [Message("c", seq, "bot", "…", str(seq), (), each, None, NOON) for seq, each in enumerate(turns, 1)]


def slip(*turns):
    return make_slip(LIBRARY, said(*turns))


def as_text(made):
    return repr(made)


def test_it_says_what_where_with_what_why_how_long_and_where_to_complain():
    [entry] = slip(turn(facts=FACTS, results=[result(sources=[BASIS])])).entries
    policy = LIBRARY.policies["defacto_living"]

    assert (policy.short, policy.apply["first_step"].says, policy.appeal.says) == (entry.title, entry.say, entry.appeal)
    assert policy.apply["where"].says in entry.where
    assert "户口簿" in entry.papers
    assert f"{BASIS}（2020-01-01 起施行）" == entry.clauses[0]
    assert any("15个工作日内" in line for line in entry.days)


def test_the_day_on_it_is_the_day_in_china():
    late = datetime(2026, 11, 22, 17, tzinfo=timezone.utc)
    [message] = said(turn(facts=FACTS, results=[result()]))

    assert 23 == make_slip(LIBRARY, [Message(**{**vars(message), "at": late})]).made_on.day


@pytest.mark.parametrize("outcome", ["needs_facts", "not_eligible"])
def test_what_is_open_or_refused_is_not_carried(outcome):
    assert slip(turn(facts=FACTS, results=[result(outcome=outcome)])) is None


def test_a_conversation_without_a_turn_has_none():
    assert slip() is None


def test_what_was_told_before_stays_on_it_while_it_holds():
    assert slip(turn(facts=FACTS, results=[result()]), turn(facts=FACTS)).entries


def test_what_no_longer_holds_by_the_latest_facts_is_left_out():
    corrected = {**FACTS, "mother.situation": ["none_of_these"]}
    begun_anew = {}

    for facts in (corrected, begun_anew):
        assert slip(turn(facts=FACTS, results=[result()]), turn(facts=facts)) is None


def test_the_latest_word_on_an_entitlement_counts():
    assert (
        slip(turn(facts=FACTS, results=[result()]), turn(facts=FACTS, results=[result(outcome="needs_facts")])) is None
    )


def test_another_child_is_not_on_it():
    assert slip(turn(facts=FACTS, results=[result()]), turn(child=2, facts=FACTS)) is None


def test_what_the_office_decides_is_asked_there():
    asks = "满18周岁还在上学的，生活补贴还发不发由当地定，要问孩子户籍地乡镇（街道）。"
    [entry] = slip(turn(facts=FACTS, results=[result(outcome="ask_local", because=[asks])])).entries

    assert (asks,) == entry.asks


def test_a_form_that_is_filled_in_there_is_not_to_be_brought():
    [entry] = slip(turn(facts=FACTS, results=[result()])).entries

    assert ("事实无人抚养儿童基本生活补贴申请表",) == entry.there
    assert "申请表" not in "".join(entry.papers + entry.if_so)


@pytest.mark.parametrize("name", slip_words()["not_on_paper"])
def test_what_the_wrong_eyes_might_read_is_not_on_paper(name):
    made = slip(turn(facts=FACTS, results=[result(), result(name)]))

    assert (False, ["事实无人抚养儿童补贴"]) == (made.is_whole, [entry.title for entry in made.entries])


@pytest.mark.parametrize("name", [name for name in LIBRARY.policies if name not in slip_words()["not_on_paper"]])
@pytest.mark.parametrize("outcome", ["eligible", "ask_local"])
def test_a_childs_slip_says_of_no_entitlement_where_a_parent_is(name, outcome):
    facts = {**FACTS, "asker.role": "child"}
    [entry] = slip(turn(facts=facts, results=[result(name, outcome, because=["符合：爸爸在服刑。"])])).entries
    shown = as_text(entry)

    assert [] == [sign for sign in slip_words()["reveals"] if sign in shown]
    assert entry.say and entry.where and entry.clauses and entry.appeal
    assert LIBRARY.policies[name].name_child == entry.title


@pytest.mark.parametrize("name", LIBRARY.policies)
def test_every_entitlement_can_be_written_for_a_grown_up(name):
    if name in slip_words()["not_on_paper"]:
        pytest.skip("is not on paper")
    [entry] = slip(turn(facts=FACTS, results=[result(name)])).entries

    assert entry.say and entry.where and entry.clauses and entry.appeal
    assert all("核对" in clause for clause in entry.clauses)
