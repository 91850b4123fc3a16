"""The page of a case beside its talk: forms that work without scripts, and what they leave on the page."""

import re

import pytest

from casework.ledger import append, messages, start
from desk.filework import DEEDS, SENIOR_DEEDS
from tests.desk.conftest import act, audited, do

DAY = "2026-01-05"


def page_of(client, case):
    return client.get(f"/desk/cases/{case.ref}/file").text


def refused(answer, status):
    assert status == answer.status_code
    return re.search(r"<p[^>]*>(.*?)</p>", answer.text.split("<main")[1]).group(1)


def test_the_page_offers_every_deed_and_those_of_supervisors_to_supervisors(wang, signed_in, waiting):
    case = waiting()
    always = {"child", "need", "evidence", "category", "refer", "owner", "coordinator", "application", "date", "agree"}
    always |= {"visited", "link", "understood"}
    asked = set(re.findall(r'name="do" value="(\w+)"', page_of(wang, case)))

    assert always == asked
    senior = signed_in("演示督导", "supervisor")
    assert {*always, *SENIOR_DEEDS} == set(re.findall(r'name="do" value="(\w+)"', page_of(senior, case)))


def test_nothing_is_done_without_the_token_of_the_session(wang, waiting):
    case = waiting()

    assert 403 == wang.post(f"/desk/cases/{case.ref}/file", data={"do": "need", "need": "school"}).status_code


def test_what_is_recorded_stands_on_the_page(wang, waiting):
    case = waiting()
    do(wang, case, "child", band="from_8", carer="paternal", place="列东街道", words="下午在家")
    do(wang, case, "need", need="school")
    do(wang, case, "need", need="money")
    do(wang, case, "need_met", need="school")
    do(wang, case, "visited")
    do(wang, case, "coordinator", office="town")
    answer = do(wang, case, "owner", owner="演示王", part="referrals")
    text = page_of(wang, case)

    assert (303, f"/desk/cases/{case.ref}/file#referrals") == (answer.status_code, answer.headers["location"])
    for said in (
        "8 到 13 岁",
        "爷爷、奶奶",
        "列东街道",
        "下午在家",
        "已经解决：上学",
        "负责人：<strong>演示王",
        "儿童督导员",
    ):
        assert said in text
    assert {"file.viewed", "file.child", "file.owner"} <= {verb for verb, _ in audited_of(wang)}


def audited_of(client):
    return audited(client.store)


@pytest.fixture(autouse=True)
def with_store(store, wang):
    wang.store = store


def test_a_category_shows_its_strength_and_a_contradiction_stops_it(wang, waiting):
    case = waiting()
    assert "还差“证据”" in refused(do(wang, case, "category", category="lost_contact:mother"), 422)
    do(wang, case, "evidence", about="mother", shows="lost_contact", grade="B", seen_on=DAY, note="派出所回函")
    do(wang, case, "category", category="lost_contact:mother")
    assert "B 级证据" in page_of(wang, case)

    today = re.search(r'name="seen_on" value="([\d-]+)"', page_of(wang, case)).group(1)
    do(wang, case, "evidence", about="mother", shows="sent_money", grade="D", seen_on=today)
    assert "停：前后矛盾" in page_of(wang, case)
    do(wang, case, "category_ended", category="lost_contact:mother")
    assert "前后矛盾" in refused(do(wang, case, "category", category="lost_contact:mother"), 409)


def test_a_refused_application_shows_its_reason_and_the_appeal_path_with_its_clauses(wang, waiting, library):
    case = waiting()
    do(wang, case, "application", policy="defacto_living", to="applied", on=DAY, expected="2026-02-05")
    assert "该有结果了" in page_of(wang, case)
    do(
        wang,
        case,
        "application",
        policy="defacto_living",
        to="refused",
        on="2026-01-20",
        reason="papers",
        words="差一张纸",
    )
    text = page_of(wang, case)
    policy = library.policies["defacto_living"]

    for said in ("材料不齐", "差一张纸", policy.appeal.says, library.cite(policy.appeal.cites[0])):
        assert said in text
    assert "办事的步骤接不上" in refused(
        do(
            wang,
            case,
            "application",
            policy="defacto_living",
            to="arrived",
            on="2026-01-20",
            month="2026-01",
            amount="1",
        ),
        409,
    )


def test_money_that_arrived_is_shown_with_its_month_and_sum(wang, waiting):
    case = waiting()
    for to, more in (("applied", {}), ("approved", {}), ("arrived", {"month": "2026-01", "amount": "1891"})):
        assert 303 == do(wang, case, "application", policy="dibao", to=to, on=DAY, **more).status_code

    assert "2026-01 的，1891.00 元" in page_of(wang, case)
    wrong = do(wang, case, "application", policy="dibao", to="arrived", on=DAY, month="2026-02", amount="很多")
    assert "金额" in refused(wrong, 422)


@pytest.mark.parametrize("policy", ["", "no_such_thing"])
def test_only_what_is_in_the_library_is_applied_for(wang, waiting, policy):
    assert 422 == do(wang, waiting(), "application", policy=policy, to="applied", on=DAY).status_code


def test_a_matter_is_done_with_a_word_and_leaves_the_list(wang, waiting):
    case = waiting()
    do(wang, case, "application", policy="dibao", to="applied", on=DAY)
    keys = re.findall(r'name="key" value="([^"]+)"', page_of(wang, case))
    assert ["decision", "return_call", "return_call", "return_call"] == sorted(key.partition(":")[0] for key in keys)
    do(wang, case, "done", key=keys[0], how="打过电话")
    assert keys[1:] == re.findall(r'name="key" value="([^"]+)"', page_of(wang, case))
    assert 404 == do(wang, case, "done", key="no such").status_code


def test_the_family_is_asked_in_its_conversation_and_its_page_is_woken(wang, store, waiting, noticed):
    case = waiting()
    for _ in range(2):
        do(wang, case, "agree")

    assert ["family", "system"] == [message.sender for message in messages(store, case.conversation)]
    assert [case.conversation] == noticed
    assert "已经问过家人，还没有回答" in page_of(wang, case)


def test_closing_asks_the_family_where_the_form_says_so(wang, store, waiting):
    asked, silent = waiting(), waiting()
    for case, more in ((asked, {"agree": "ask"}), (silent, {})):
        act(wang, case, "claim")
        act(wang, case, "close", outcome="已说清楚，家人自己去办", needs_none="1", **more)

    assert "system" == messages(store, asked.conversation)[-1].sender
    assert "family" == messages(store, silent.conversation)[-1].sender


def test_a_day_that_a_worker_names_becomes_a_reminder(wang, waiting):
    case = waiting()
    do(wang, case, "date", date="father.sentence_ends", on="2040-05-01")
    text = page_of(wang, case)

    assert "爸爸刑期结束：2040-05-01" in text and "服刑期满" in text
    assert 422 == do(wang, case, "date", date="father.birthday", on=DAY).status_code
    assert 422 == do(wang, case, "date", date="born", on="tomorrow").status_code


def linked(wang, store, waiting):
    guardian = waiting("我是孩子奶奶，想问补助")
    teenager, _ = start(store)
    append(store, teenager.id, "family", "我不想让奶奶知道这句", "t1")
    from casework.cases import open_case

    other = open_case(store, teenager.id, "counselor", "routine", "asked")
    do(wang, guardian, "link", other=other.ref, voice="teenager")
    return guardian, other


def test_two_talks_about_one_child_are_linked_and_neither_page_shows_the_others_words(wang, store, waiting):
    guardian, teenager = linked(wang, store, waiting)
    for page in ("", "/file", "/paper"):
        one = wang.get(f"/desk/cases/{guardian.ref}{page}").text.split('id="main"')[1]
        two = wang.get(f"/desk/cases/{teenager.ref}{page}").text.split('id="main"')[1]
        assert "不想让奶奶知道" not in one and "我是孩子奶奶" not in two
    api = wang.get(f"/desk/api/cases/{guardian.ref}").json()
    assert "不想让奶奶知道" not in str(api)
    assert teenager.ref in page_of(wang, guardian) and guardian.ref in page_of(wang, teenager)
    assert "孩子自己" in page_of(wang, guardian)
    assert 409 == do(wang, guardian, "link", other=teenager.ref, voice="teenager").status_code


def test_a_colleagues_case_is_neither_read_nor_written_nor_linked(wang, li, waiting):
    held, own = waiting(), waiting()
    act(wang, held, "claim")

    assert 403 == li.get(f"/desk/cases/{held.ref}/file").status_code
    assert 403 == do(li, held, "need", need="school").status_code
    assert 403 == do(li, own, "link", other=held.ref, voice="other").status_code


@pytest.mark.parametrize("deed", SENIOR_DEEDS)
def test_only_supervisors_check_and_report_incidents(wang, signed_in, waiting, deed):
    case, field = waiting(), {"checked": {"found": "wrong"}, "incident": {"incident": "leak"}}[deed]

    assert 403 == do(wang, case, deed, **field).status_code
    assert 303 == do(signed_in("演示督导", "supervisor"), case, deed, **field).status_code


@pytest.mark.parametrize("deed", [*DEEDS, "erase"])
def test_an_empty_or_unknown_form_breaks_nothing(wang, waiting, deed):
    answer = do(wang, waiting(), deed)

    assert answer.status_code in ((303,) if deed in ("child", "visited", "agree") else (400, 403, 404, 409, 422))


def test_a_form_that_says_too_much_is_refused(wang, waiting):
    assert 422 == do(wang, waiting(), "child", words="长" * 501).status_code
