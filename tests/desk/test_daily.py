"""Offers between colleagues, where a case belongs, what the rota gives to whom, search, who carries what."""

import re
from datetime import timedelta

import pytest

from casework import care, outlook
from casework.cases import case as find_case
from casework.cases import claim
from casework.daily import offer, place
from casework.hours import Day
from casework.ledger import append
from casework.rota import read, rota
from casework.rules import rules
from casework.staff import workers
from casework.writing import Writing
from desk import daily, lists, pages
from tests.desk.conftest import act, audited, csrf

ALWAYS = {"queue": "caseworker", "days": "every", "from": "00:00", "to": "00:00"}


def refs(text):
    return re.findall(r'data-ref="([^"]+)"', text)


def id_of(store, name):
    return next(worker.id for worker in workers(store) if worker.name == name)


@pytest.fixture
def on_rota(monkeypatch):
    """Puts these shifts on the rota."""

    def put(*shifts):
        made = read({**rules("rota"), "shifts": [{**ALWAYS, **shift} for shift in shifts]})
        for module in (lists, daily, outlook, pages):
            monkeypatch.setattr(module, "rota", lambda: made)

    return put


def look_for(client, words, purpose="接着办手上的个案"):
    return client.post("/desk/search", data={"csrf": csrf(client), "words": words, "purpose": purpose})


def test_a_colleague_is_asked_and_takes_it_over(store, wang, li, waiting):
    case = waiting()
    act(wang, case, "claim")
    assert 303 == act(wang, case, "offer", to="演示李").status_code
    assert id_of(store, "演示王") == find_case(store, case.ref).worker_id
    page = li.get("/desk/").text
    assert "请您接手" in page and f'data-call="{case.ref}:asked"' in page
    act(li, case, "purpose", purpose="接手")

    assert 303 == act(li, case, "accept").status_code

    assert id_of(store, "演示李") == find_case(store, case.ref).worker_id
    assert {("case.offered", case.ref), ("case.accepted", case.ref)} <= set(audited(store))


def test_a_colleague_declines_and_the_case_stays(store, wang, li, waiting):
    case = waiting()
    act(wang, case, "claim")
    act(wang, case, "offer", to="演示李")
    act(li, case, "decline")

    assert (id_of(store, "演示王"), None) == (
        find_case(store, case.ref).worker_id,
        find_case(store, case.ref).offered_to,
    )
    assert "请您接手" not in li.get("/desk/").text


def test_nobody_else_accepts_what_was_offered(wang, li, signed_in, waiting):
    case = waiting()
    act(wang, case, "claim")
    act(wang, case, "offer", to="演示李")

    assert 403 == act(signed_in("演示赵"), case, "accept").status_code


def test_labels_language_and_place_are_shown_and_filtered_by(wang, waiting):
    case, other = waiting(), waiting()
    act(wang, case, "place", region="永安市", language="mn", **{"label-visit": "1"})
    page = wang.get("/desk/").text
    assert "福建省三明市永安市" in page and "蒙古语" in page and "要上门" in page

    assert [case.ref] == refs(wang.get("/desk/?label=visit").text)
    assert [other.ref] == refs(wang.get("/desk/?language=zh").text)
    assert {case.ref, other.ref} == set(refs(wang.get("/desk/?region=3504").text))
    assert [other.ref] == refs(wang.get("/desk/?region=15").text)


def test_a_place_or_language_that_is_no_such_thing_is_refused(wang, waiting):
    case = waiting()

    assert 422 == act(wang, case, "place", region="99").status_code
    assert 422 == act(wang, case, "place", region="没有这个县").status_code
    assert 422 == act(wang, case, "place", language="klingon").status_code


def test_the_rota_gives_a_case_to_whoever_is_on_duty_for_it(store, wang, li, waiting, on_rota):
    on_rota({"who": "演示王", "regions": ["3504"]}, {"who": "演示李", "regions": ["15"]})
    case = waiting()
    place(store, case.ref, id_of(store, "演示王"), "350481", None, [])

    assert "轮到您" in wang.get("/desk/").text and "值班：演示王" in wang.get("/desk/").text
    assert "轮到您" not in li.get("/desk/").text


def test_what_nobody_claimed_in_time_stands_first_before_supervisors(store, wang, signed_in, waiting):
    case = waiting(queue="counselor", urgency="emergency", reason="danger")
    senior = signed_in("演示督导", "supervisor")
    soon = store.clock() + timedelta(minutes=5)
    assert [case.ref] == [one.ref for one in outlook.overdue([case], rota().acknowledge, soon)]
    assert outlook._called(store, case.ref, store.clock())

    page = senior.get("/desk/").text
    assert "到时没人接" in page and f'data-call="{case.ref}:emergency:called"' in page
    assert "已请督导" in wang.get("/desk/").text and "到时没人接" not in wang.get("/desk/").text


def test_two_characters_are_found_and_who_saw_them_is_written_down(store, wang, waiting):
    case = waiting("孩子爸爸判了三年")
    page = look_for(wang, "爸爸").text

    assert f"/desk/cases/{case.ref}#m1" in page and "孩子爸爸判了三年" in page
    assert ("case.found", case.ref) in audited(store)


def test_a_colleagues_case_is_not_found(store, wang, li, waiting):
    case = waiting("孩子爸爸判了三年")
    claim(store, case.ref, id_of(store, "演示王"))

    assert case.ref not in look_for(li, "爸爸").text
    assert case.ref in look_for(wang, "爸爸").text


def test_what_was_noted_is_found_by_whoever_may_read_it_and_never_a_number(store, wang, li, waiting):
    case = waiting("孩子爸爸判了三年")
    act(wang, case, "claim")
    act(wang, case, "notes", note="周三陪去镇里，电话13800001234", client_id="n1")
    page = look_for(wang, "周三 镇里").text

    assert f"/desk/cases/{case.ref}#notes-title" in page and "周三陪去镇里" in page and "13800001234" not in page
    assert case.ref not in look_for(wang, "13800001234").text
    assert case.ref not in look_for(li, "周三").text


def test_the_reason_of_a_search_need_not_be_chosen_twice(wang):
    assert "<option selected>督导抽查</option>" in look_for(wang, "爸爸", "督导抽查").text


def test_one_character_is_refused_with_a_word(wang):
    answer = look_for(wang, "爸")

    assert (422, True) == (answer.status_code, "至少要两个字" in answer.text)


def test_who_carries_what_is_for_supervisors(store, wang, signed_in, waiting):
    case = waiting()
    claim(store, case.ref, id_of(store, "演示王"))
    page = signed_in("演示督导", "supervisor").get("/desk/team").text

    assert case.ref in page and "值班表还没有填" in page
    assert 403 == wang.get("/desk/team").status_code


def test_everybody_reads_that_no_rota_is_set_until_one_is(wang, on_rota):
    assert 1 == wang.get("/desk/").text.count("值班表还没有填")
    on_rota({"who": "演示王"})

    assert "值班表还没有填" not in wang.get("/desk/").text


def test_a_name_of_the_rota_that_nobody_has_is_pointed_out(signed_in, on_rota):
    on_rota({"who": "没有的人"})

    assert "不认识的名字：没有的人" in signed_in("演示督导", "supervisor").get("/desk/team").text


def test_unconfirmed_hours_are_called_so_on_the_desk(wang, monkeypatch):
    monkeypatch.setattr("casework.hours.day", lambda on: Day(on.weekday() < 5, False))

    assert "那时的值班时间未确认" in wang.get("/desk/").text


def test_a_rest_is_proposed_after_a_hard_conversation_to_that_worker_only(store, wang, li, waiting, monkeypatch):
    case = waiting(urgency="emergency", reason="danger")
    act(wang, case, "claim")
    spell = care.Spell("演示王", case.ref, "emergency", 30, store.clock())
    monkeypatch.setattr(daily, "spells_of_week", lambda store, name: [spell] if name == "演示王" else [])

    assert "不用一个人扛" in wang.get("/desk/").text
    assert "不用一个人扛" not in li.get("/desk/").text


def test_typing_shows_the_family_that_somebody_writes_and_not_a_word(store, desk, wang, waiting, noticed):
    case = waiting()
    act(wang, case, "claim")
    noticed.clear()
    token = {"X-CSRF-Token": csrf(wang)}
    wang.post(f"/desk/api/cases/{case.ref}/draft", json={"text": "我想"}, headers=token)
    wang.post(f"/desk/api/cases/{case.ref}/draft", json={"text": "我想问"}, headers=token)

    assert [case.conversation] == noticed
    assert ["family"] == [message.sender for message in _said(store, case)]


def test_whoever_does_not_hold_the_case_is_never_seen_writing(wang, waiting, noticed):
    case = waiting()
    headers = {"X-CSRF-Token": csrf(wang)}
    wang.post(f"/desk/api/cases/{case.ref}/draft", json={"text": "我想"}, headers=headers)

    assert [] == noticed


def test_the_desk_sees_that_the_family_writes(store, library, browser, hire, waiting):
    from starlette.applications import Starlette
    from starlette.routing import Mount
    from starlette.testclient import TestClient

    from desk.app import create_app
    from desk.office import Pace
    from tests.desk.conftest import PAGE, PASSWORD, SECRET, sign_in

    writing = Writing()
    app = create_app(store, library, lambda conversation: None, SECRET, pace=Pace(lifetime=0), writing=writing)
    client = TestClient(Starlette(routes=[Mount("/desk", app)]), headers=PAGE, follow_redirects=False)
    hire("演示王")
    sign_in(client, "演示王", PASSWORD)
    case = waiting()
    act(client, case, "purpose", purpose="接手")
    assert "家人正在写" not in client.get(f"/desk/cases/{case.ref}").text
    writing.begins(case.conversation, "family")

    assert "家人正在写" in client.get(f"/desk/cases/{case.ref}").text


def _said(store, case):
    from casework.ledger import messages

    return messages(store, case.conversation)


def test_an_offer_lets_the_colleague_read(store, wang, li, waiting):
    case = waiting()
    act(wang, case, "claim")
    assert 403 == li.get(f"/desk/cases/{case.ref}").status_code
    offer(store, case.ref, id_of(store, "演示王"), "演示李")
    act(li, case, "purpose", purpose="接手")

    assert 200 == li.get(f"/desk/cases/{case.ref}").status_code


def test_a_family_that_comes_back_keeps_the_case_where_it_is(store, wang, waiting):
    case = waiting()
    act(wang, case, "claim")
    append(store, case.conversation, "family", "我回来了", "f9")

    assert "2 句还没回" in wang.get("/desk/").text
