import json

import pytest
from starlette.requests import Request

from casework.cases import claim
from casework.leaving import remove_worker
from casework.ledger import append
from desk.board import Board
from desk.live import Watch
from desk.office import Office
from desk.session import Visitor, seal
from tests.desk.conftest import act, bot_says


def happened(client, path, **headers):
    """(kind, content) of each event that one look at a stream gives."""
    answer = client.get(path, headers=headers)
    assert "text/event-stream; charset=utf-8" == answer.headers["content-type"]
    events = []
    for block in answer.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in lines:
            events.append((lines["event"], json.loads(lines["data"]) | ({"id": lines["id"]} if "id" in lines else {})))
    return events


def parts(events):
    return {content["id"]: content["html"] for kind, content in events if kind == "part"}


def seqs(events):
    return [content["seq"] for kind, content in events if kind == "message"]


@pytest.fixture
def case(wang, waiting):
    case = waiting("孩子爸爸判了三年", "在吗")
    act(wang, case, "claim")
    return case


def test_a_stream_goes_on_after_the_last_message_that_was_seen(wang, store, case):
    append(store, case.conversation, "family", "还在吗", "f9")
    path = f"/desk/cases/{case.ref}/events"

    assert [1, 2, 3] == seqs(happened(wang, path))
    assert [3] == seqs(happened(wang, f"{path}?after=2"))
    assert [] == seqs(happened(wang, f"{path}?after=1", **{"Last-Event-ID": "3"}))


def test_only_messages_carry_a_number_to_resume_from(wang, case):
    events = happened(wang, f"/desk/cases/{case.ref}/events")

    assert {"message"} == {kind for kind, content in events if "id" in content and kind != "part"}
    assert ["1", "2"] == [content["id"] for kind, content in events if kind == "message"]


@pytest.mark.parametrize("after", ["x", "-1", "9" * 20])
def test_a_stream_from_nowhere_is_refused(wang, case, after):
    assert 422 == wang.get(f"/desk/cases/{case.ref}/events?after={after}").status_code


def test_danger_rings_while_a_worker_holds_the_conversation(wang, store, case):
    path = f"/desk/cases/{case.ref}/events?after=2"
    assert "有危险信号" not in parts(happened(wang, path))["ring"]

    append(store, case.conversation, "family", "我不想活了，今晚就跳楼", "f9")
    card = {"safety": {"level": "emergency", "kinds": ["self_harm"]}}
    append(store, case.conversation, "system", "先别一个人待着。", "card", turn=card)
    events = happened(wang, path)

    assert "有危险信号" in parts(events)["ring"]
    assert 'class="message safety"' in [content for kind, content in events if kind == "message"][-1]["html"]


def test_the_ringing_stops_once_the_worker_has_written(wang, store, case):
    append(store, case.conversation, "family", "我不想活了，今晚就跳楼", "f9")
    act(wang, case, "messages", text="我在，您现在一个人吗？", client_id="1")
    shown = parts(happened(wang, f"/desk/cases/{case.ref}/events"))

    assert "有危险信号" not in shown["ring"]
    assert "伤害自己" in shown["packet"]


def test_the_queue_is_live_with_the_number_that_waits(wang, waiting):
    case = waiting(urgency="emergency", queue="counselor", reason="danger")
    events = happened(wang, "/desk/events")

    assert case.ref in parts(events)["queue"]
    assert ("title", {"title": "▲ (1) 工作台"}) in events


@pytest.fixture
def watch(desk, library, store, hire, waiting):
    """What a worker's page shows of a waiting case, and that case."""
    worker, case = hire("演示王"), waiting()
    office = Office(store, library, print, seal("secret"), False, Board(store))
    scope = {"type": "http", "app": desk, "root_path": "/desk", "state": {"visitor": Visitor(worker, "token")}}
    return Watch(office, Request(scope), worker, case.ref), case


def test_whoever_loses_the_case_is_told_to_look_away(watch, store, hire):
    watching, case = watch
    watching.look()
    claim(store, case.ref, hire("演示李").id)

    assert ["event: gone\ndata: {}\n\n"] == watching.look()
    assert watching.is_over


def test_a_second_look_tells_only_what_changed(watch, store):
    watching, case = watch
    watching.look()

    assert [] == watching.look()
    bot_says(store, case.conversation, "您好")
    assert ["event: message"] == [line for line in "".join(watching.look()).splitlines() if line.startswith("event")]


def test_a_page_that_is_open_shows_no_more_to_who_was_removed(watch, store):
    watching, _ = watch
    watching.look()
    remove_worker(store, "演示王")

    assert ["event: gone\ndata: {}\n\n"] == watching.look()
    assert watching.is_over
