import json

import pytest

from casework.ledger import append, messages
from casework.staff import add_worker, issue_token
from tests.desk.conftest import PAGE, bot_says, csrf


@pytest.fixture
def wang(browser, token):
    return program(browser, token("演示王"))


@pytest.fixture
def li(browser, token):
    return program(browser, token("演示李", "counselor"))


def program(browser, header):
    """A client that is no browser: a token, and no headers of a page."""
    client = browser()
    del client.headers["Sec-Fetch-Site"]
    client.headers.update(header)
    return client


def url(case, verb=""):
    return f"/desk/api/cases/{case.ref}{verb and '/'}{verb}"


def test_waiting_cases_are_listed_in_order(wang, waiting):
    routine, urgent = waiting(), waiting(queue="counselor", urgency="urgent", reason="danger")
    listed = wang.get("/desk/api/cases?state=waiting").json()["cases"]

    assert [urgent.ref, routine.ref] == [case["ref"] for case in listed]
    assert {
        "ref": urgent.ref,
        "conversation": urgent.conversation,
        "queue": "counselor",
        "urgency": "urgent",
        "reason": "danger",
        "state": "waiting",
        "holder": None,
        "waiting_since": urgent.waiting_since.isoformat(),
        "opened_at": urgent.opened_at.isoformat(),
        "claimed_at": None,
        "closed_at": None,
        "outcome": None,
    } == listed[0]


def test_a_claim_says_from_which_message_on_the_bot_is_silent(wang, store, waiting):
    case = waiting()
    bot_says(store, case.conversation, "您好")
    answer = wang.post(url(case, "claim"))

    assert (200, {"ref": case.ref, "conversation": case.conversation, "seq": 3}) == (answer.status_code, answer.json())
    assert bot_says(store, case.conversation, "太晚了") is None
    assert 3 == wang.post(url(case, "messages"), json={"client_id": "1", "text": "您好"}).json()["seq"]


def test_the_slower_of_two_learns_who_was_faster(wang, li, waiting):
    case = waiting()
    wang.post(url(case, "claim"))
    answer = li.post(url(case, "claim"))

    assert 409 == answer.status_code
    assert {"error": "演示王已经接手了这个个案。", "holder": "演示王"} == answer.json()


def test_the_same_client_id_is_one_message(wang, store, waiting):
    case = waiting()
    wang.post(url(case, "claim"))
    body = {"client_id": "1", "text": "您好"}
    first, again = wang.post(url(case, "messages"), json=body), wang.post(url(case, "messages"), json=body)

    assert first.json() == again.json()
    assert 2 == len(messages(store, case.conversation))


def test_a_case_goes_round_and_ends(wang, li, waiting):
    case = waiting()
    wang.post(url(case, "claim"))

    assert "waiting" == wang.post(url(case, "release")).json()["state"]
    wang.post(url(case, "claim"))
    assert "演示李" == wang.post(url(case, "transfer"), json={"to": "演示李"}).json()["holder"]
    assert "closed" == li.post(url(case, "close"), json={"outcome": "已说清楚"}).json()["state"]
    closed = wang.get("/desk/api/cases?state=closed").json()["cases"]
    assert [(case.ref, "已说清楚")] == [(one["ref"], one["outcome"]) for one in closed]


def test_a_case_is_told_whole_to_its_holder_and_without_words_to_others(wang, li, waiting):
    case = waiting("孩子爸爸判了三年")
    wang.post(url(case, "claim"))
    own, others = wang.get(url(case)).json(), li.get(url(case)).json()

    assert ["孩子爸爸判了三年"] == [message["text"] for message in own["messages"]]
    assert [{"seq": 1, "words": "孩子爸爸判了三年"}] == own["packet"]["ends"]
    assert "演示王" == others["holder"]
    assert {"messages", "packet"} & others.keys() == set()


BODIES = {
    "transfer": {"to": "演示李"},
    "messages": {"client_id": "1", "text": "您好"},
    "close": {"outcome": "已说清楚"},
}


@pytest.mark.parametrize("verb", ["release", "transfer", "messages", "close"])
def test_what_is_not_yours_is_refused(wang, li, waiting, verb):
    case = waiting()
    wang.post(url(case, "claim"))
    answer = li.post(url(case, verb), json=BODIES.get(verb))

    assert (403, ["error"]) == (answer.status_code, list(answer.json()))


@pytest.mark.parametrize("verb", ["", "claim", "release", "transfer", "messages", "close"])
def test_an_unknown_ref_is_not_found(wang, verb):
    path = f"/desk/api/cases/TX-222222{verb and '/'}{verb}"
    answer = wang.post(path, json=BODIES.get(verb)) if verb else wang.get(path)

    assert (404, {"error": "没有这个编号的个案。"}) == (answer.status_code, answer.json())


@pytest.mark.parametrize(
    "verb, body",
    [
        ("messages", {"client_id": "1", "text": ""}),
        ("messages", {"client_id": "1", "text": " \n"}),
        ("messages", {"client_id": "1", "text": 7}),
        ("messages", {"client_id": 1, "text": "您好"}),
        ("messages", {"client_id": "", "text": "您好"}),
        ("messages", {"client_id": "1", "text": "长" * 4001}),
        ("messages", ["1", "您好"]),
        ("messages", {}),
        ("transfer", {"to": ""}),
        ("transfer", {"to": "没有这个人"}),
        ("close", {"outcome": "  "}),
        ("close", {"outcome": None}),
    ],
)
def test_empty_and_wrong_fields_get_one_line(wang, waiting, verb, body):
    case = waiting()
    wang.post(url(case, "claim"))
    answer = wang.post(url(case, verb), json=body)

    assert (422, ["error"]) == (answer.status_code, list(answer.json()))


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 60_000])
def test_malformed_json_gets_one_line(wang, waiting, body):
    answer = wang.post(url(waiting(), "messages"), content=body)

    assert (400, {"error": "没有看懂这次请求：内容不是有效的 JSON。"}) == (answer.status_code, answer.json())


def test_a_body_larger_than_any_message_is_not_read(wang, waiting):
    assert 413 == wang.post(url(waiting(), "messages"), content=b" " * 70_000).status_code


def test_an_unknown_state_is_refused(wang):
    assert 422 == wang.get("/desk/api/cases?state=open").status_code


def test_a_closed_case_cannot_be_claimed(wang, waiting):
    case = waiting()
    wang.post(url(case, "close"), json={"outcome": "误触"})

    assert 409 == wang.post(url(case, "claim")).status_code


def test_a_session_may_call_it_with_its_token(signed_in, waiting):
    client, case = signed_in("演示赵"), waiting()

    assert 403 == client.post(url(case, "claim")).status_code
    assert 200 == client.post(url(case, "claim"), headers={**PAGE, "X-CSRF-Token": csrf(client)}).status_code


def test_a_token_of_somebody_who_never_signed_in_works(browser, store, waiting):
    worker, _ = add_worker(store, "演示程序", "caseworker")
    client = program(browser, {"Authorization": f"Bearer {issue_token(store, worker.id)}"})

    assert 200 == client.get("/desk/api/cases?state=waiting").status_code


@pytest.mark.parametrize("text", ["<b>您好</b>", "/restart", "\ud83d", "😀", "a\x00b"])
def test_odd_text_is_kept_as_text(wang, store, waiting, text):
    case = waiting()
    wang.post(url(case, "claim"))
    body = json.dumps({"client_id": "1", "text": text}).encode()

    assert 200 == wang.post(url(case, "messages"), content=body).status_code
    assert 200 == wang.get(url(case)).status_code


def test_closing_asks_a_program_nothing_unless_it_says_which_words_need_no_reply(wang, store, waiting):
    case = waiting()
    wang.post(url(case, "claim"))
    append(store, case.conversation, "family", "还有一句", "f2")
    late = wang.post(url(case, "close"), json={"outcome": "已说清楚", "needs_none": 1})

    assert 409 == late.status_code and "第 2 条" in late.json()["error"]
    assert 422 == wang.post(url(case, "close"), json={"outcome": "好", "needs_none": "1"}).status_code
    assert 200 == wang.post(url(case, "close"), json={"outcome": "已说清楚"}).status_code
