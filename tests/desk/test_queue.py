import re

from casework.cases import claim
from casework.ledger import append
from casework.staff import workers
from tests.desk.conftest import act


def refs(text):
    return re.findall(r'data-ref="([^"]+)"', text)


def id_of(store, name):
    return next(worker.id for worker in workers(store) if worker.name == name)


def test_the_most_urgent_stands_first_then_the_longest_waiting(wang, waiting):
    first, second = waiting(), waiting()
    urgent = waiting(queue="counselor", urgency="urgent", reason="danger")

    assert [urgent.ref, first.ref, second.ref] == refs(wang.get("/desk/").text)


def test_a_counselor_sees_the_counselor_queue_first(li, waiting):
    other = waiting()
    own = waiting(queue="counselor")

    assert [own.ref, other.ref] == refs(li.get("/desk/").text)


def test_danger_stands_before_the_families_in_hand_and_these_before_all_who_wait(wang, waiting):
    calm, own, urgent = waiting(), waiting(), waiting(urgency="urgent", reason="danger")
    act(wang, own, "claim")
    text = wang.get("/desk/").text

    assert [urgent.ref, own.ref, calm.ref] == refs(text)
    assert "急的，先看" in text


def test_urgency_is_said_in_words_and_shape_not_in_colour_alone(wang, waiting):
    waiting(queue="counselor", urgency="emergency", reason="danger")
    text = wang.get("/desk/").text

    assert '<span aria-hidden="true">▲</span> 紧急' in text
    assert "有危险信号" in text


def test_a_claimed_case_moves_to_its_workers_own_group_and_away_from_others(wang, li, waiting):
    case = waiting()
    act(wang, case, "claim")

    assert "我的 <span" in wang.get("/desk/").text
    assert [case.ref] == refs(wang.get("/desk/").text)
    assert [] == refs(li.get("/desk/").text)


def test_a_supervisor_sees_who_holds_what(signed_in, wang, waiting):
    case = waiting()
    act(wang, case, "claim")
    text = signed_in("演示督导", "supervisor").get("/desk/").text

    assert [case.ref] == refs(text)
    assert "同事在办" in text and "演示王" in text


def test_a_closed_case_is_shown_to_whoever_closed_it(wang, li, waiting):
    case = waiting()
    act(wang, case, "claim")
    act(wang, case, "close", outcome="误触或重复", note="点错了", needs_none="1")

    assert "误触或重复：点错了" in wang.get("/desk/").text
    assert case.ref not in li.get("/desk/").text


def test_the_title_counts_who_waits_and_says_nothing_else(wang, waiting):
    waiting(), waiting()

    assert "<title>(2) 工作台</title>" in wang.get("/desk/").text


def test_a_worker_is_told_how_much_is_unanswered(wang, store, waiting):
    case = waiting()
    claim(store, case.ref, id_of(store, "演示王"))
    append(store, case.conversation, "family", "在吗", "f9")

    assert "2 句还没回" in wang.get("/desk/").text
