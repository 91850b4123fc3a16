import re

import pytest

from casework.cases import case as find_case
from casework.cases import events
from casework.ledger import append, erase, find, messages
from tests.desk.conftest import act, audited, bot_says


def test_of_two_who_claim_the_second_sees_who_has_it(wang, li, waiting):
    case = waiting()

    assert f"/desk/cases/{case.ref}" == act(wang, case, "claim").headers["location"]
    late = act(li, case, "claim")
    assert 409 == late.status_code
    assert "演示王已经接手了这个个案。" in late.text


def test_the_bot_is_silent_after_a_claim_and_speaks_again_after_a_release(wang, store, waiting):
    case = waiting()
    act(wang, case, "claim")

    assert bot_says(store, case.conversation, "您好") is None

    act(wang, case, "release")
    held = find(store, case.conversation)
    assert ("bot", None) == (held.holder, held.worker_id)
    assert "waiting" == find_case(store, case.ref).state


def test_the_workers_words_reach_the_family_once_however_often_they_are_sent(wang, store, waiting, noticed):
    case = waiting()
    act(wang, case, "claim")
    for _ in range(2):
        act(wang, case, "messages", text="您好，我是工作人员。", client_id="same")

    said = [message.text for message in messages(store, case.conversation) if message.sender == "worker"]
    assert ["您好，我是工作人员。"] == said
    assert case.conversation in noticed


def test_without_holding_the_case_the_reply_box_is_shut_and_says_why(wang, waiting):
    text = wang.get(f"/desk/cases/{waiting().ref}").text

    assert '<fieldset id="box" disabled>' in text
    assert "先点“接手”才能回话" in text


def test_a_reply_without_a_claim_is_refused(wang, waiting):
    assert 403 == act(wang, waiting(), "messages", text="您好", client_id="1").status_code


def test_an_erased_conversation_takes_no_more_replies(wang, store, waiting):
    case = waiting()
    act(wang, case, "claim")
    erase(store, case.conversation)

    assert "家人已经删除了对话" in wang.get(f"/desk/cases/{case.ref}").text
    assert 409 == act(wang, case, "messages", text="您好", client_id="1").status_code


def test_what_a_family_writes_stays_text(wang, waiting):
    case = waiting('<script>alert("x")</script><img src=x onerror=alert(1)>')
    for path in ("/desk/", f"/desk/cases/{case.ref}", f"/desk/cases/{case.ref}/events"):
        text = wang.get(path).text

        assert "<script>alert" not in text and "<img src=x" not in text
        assert "&lt;script&gt;alert" in text


def test_a_colleagues_conversation_is_not_shown(wang, li, waiting):
    case = waiting("只给接手的人看")
    act(wang, case, "claim")
    for path in (f"/desk/cases/{case.ref}", f"/desk/cases/{case.ref}/events"):
        answer = li.get(path)

        assert 403 == answer.status_code
        assert "演示王" in answer.text and "只给接手的人看" not in answer.text


def test_a_transfer_hands_everything_to_the_named_colleague(wang, li, store, waiting):
    case = waiting()
    act(wang, case, "claim")
    act(wang, case, "transfer", to="演示李")

    assert "演示李" == find_case(store, case.ref).worker_name
    assert 200 == li.get(f"/desk/cases/{case.ref}").status_code
    assert 403 == wang.get(f"/desk/cases/{case.ref}").status_code


def test_a_transfer_to_nobody_is_refused(wang, waiting):
    case = waiting()
    act(wang, case, "claim")

    assert 422 == act(wang, case, "transfer", to="没有这个人").status_code


def test_closing_asks_for_an_outcome(wang, store, waiting):
    case = waiting()
    act(wang, case, "claim")

    assert 422 == act(wang, case, "close", note="没有选结果").status_code
    assert "active" == find_case(store, case.ref).state


def test_closing_on_words_without_a_reply_asks_once_more(wang, store, waiting):
    case = waiting("孩子爸爸判了三年", "那我还去不去")
    act(wang, case, "claim")
    asked = act(wang, case, "close", outcome="误触或重复", note="点错了", agree="ask")
    assert 409 == asked.status_code and "家人最后的话还没有人回。要是不用回了，请再确认一次。" in asked.text
    assert "active" == find_case(store, case.ref).state
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.text))

    assert 303 == wang.post(f"/desk/cases/{case.ref}/close", data=sent).status_code
    assert "误触或重复：点错了" == find_case(store, case.ref).outcome
    assert "system" == messages(store, case.conversation)[-1].sender


def test_closing_after_a_reply_asks_nothing(wang, store, waiting):
    case = waiting()
    act(wang, case, "claim")
    act(wang, case, "messages", text="去民政所。", client_id="w1")

    assert 303 == act(wang, case, "close", outcome="误触或重复").status_code
    assert "closed" == find_case(store, case.ref).state


@pytest.mark.parametrize("role", ["supervisor", "admin"])
def test_a_senior_gives_back_a_colleagues_case_under_their_own_name(signed_in, wang, store, waiting, role):
    case = waiting()
    act(wang, case, "claim")
    senior = signed_in("演示督导", role)

    assert 200 == senior.get(f"/desk/cases/{case.ref}").status_code
    assert 303 == act(senior, case, "release").status_code
    assert "waiting" == find_case(store, case.ref).state
    assert ("case.released", case.ref) in audited(store)


@pytest.mark.parametrize("role", ["caseworker", "counselor"])
def test_others_do_not_give_back_a_colleagues_case(signed_in, wang, waiting, role):
    case = waiting()
    act(wang, case, "claim")

    assert 403 == act(signed_in("演示赵", role), case, "release").status_code


def test_a_supervisor_takes_over_a_colleagues_case(signed_in, wang, store, waiting):
    case = waiting()
    act(wang, case, "claim")
    senior = signed_in("演示督导", "supervisor")
    page = senior.get(f"/desk/cases/{case.ref}").text

    assert '<option value="演示督导">' in page and '<option value="演示王">' not in page
    assert 303 == act(senior, case, "transfer", to="演示督导").status_code
    assert ("演示督导", "演示督导") == (find_case(store, case.ref).worker_name, events(store, case.ref)[-1].worker)


def test_every_step_leaves_a_trace(wang, store, waiting):
    case = waiting()
    act(wang, case, "claim")
    wang.get(f"/desk/cases/{case.ref}")
    act(wang, case, "release")
    act(wang, case, "claim")
    act(wang, case, "close", outcome="误触或重复", needs_none="1")

    done = ["case.claimed", "case.viewed", "case.released", "case.claimed", "case.closed"]
    assert [("signed_in", "desk"), *((verb, case.ref) for verb in done)] == audited(store)
    steps = [event.kind for event in events(store, case.ref) if event.worker or event.kind == "opened"]
    assert ["opened", "claimed", "released", "claimed", "closed", "no_reply"] == steps


def test_a_reason_or_turn_that_nobody_knows_breaks_no_page(wang, store, waiting):
    case = waiting(reason="weather")
    result = {"id": "dibao", "outcome": "perhaps", "missing": ["no.such_fact"], "because": [], "sources": []}
    turn = {"facts": {"no.such_fact": 1}, "asking": "no.such_fact", "results": [result, {**result, "id": "nothing"}]}
    bot_says(store, case.conversation, "您好", turn)
    append(store, case.conversation, "system", "提示", "s1", turn={"other": 1})

    assert "其他" in wang.get(f"/desk/cases/{case.ref}").text


def test_an_unknown_case_is_not_found(wang):
    assert 404 == wang.get("/desk/cases/TX-222222").status_code


def test_a_link_preview_claims_nothing(wang, store, waiting):
    case = waiting()

    assert 405 == wang.get(f"/desk/cases/{case.ref}/claim").status_code
    assert "waiting" == find_case(store, case.ref).state
