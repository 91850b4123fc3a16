from casework.cases import claim, close, open_case, reply
from casework.ledger import append, erase, start
from casework.queue import queue


def test_each_open_case_stands_with_the_familys_last_line(store, conversation, wang):
    ref = open_case(store, conversation.id, "caseworker", "routine", "asked").ref
    append(store, conversation.id, "family", "在吗", "f2")
    append(store, conversation.id, "system", "记下了。", "s1")
    [row] = queue(store)

    assert (ref, "在吗", 2, 2) == (row.case.ref, row.last_line, row.unanswered, row.family_seq)


def test_a_workers_answer_begins_the_count_anew(store, conversation, wang):
    ref = open_case(store, conversation.id, "caseworker", "routine", "asked").ref
    claim(store, ref, wang.id)
    reply(store, ref, wang.id, "您好。", "w1")

    assert [0] == [row.unanswered for row in queue(store)]

    append(store, conversation.id, "family", "好的", "f2")
    assert [(1, "好的")] == [(row.unanswered, row.last_line) for row in queue(store)]


def test_waiting_cases_stand_before_active_ones_and_closed_ones_nowhere(store, wang, clock):
    refs = []
    for urgency in ("routine", "urgent", "emergency", "routine"):
        refs.append(open_case(store, start(store)[0].id, "caseworker", urgency, "asked").ref)
        clock.forward(minutes=1)
    claim(store, refs[2], wang.id)
    close(store, refs[3], wang.id, "完")

    assert [refs[1], refs[0], refs[2]] == [row.case.ref for row in queue(store)]


def test_an_open_case_without_words_or_with_an_erased_conversation_still_stands(store, conversation):
    silent = open_case(store, start(store)[0].id, "caseworker", "routine", "asked")
    told = open_case(store, conversation.id, "caseworker", "routine", "asked")
    erase(store, conversation.id)

    assert {silent.ref: "", told.ref: "孩子爸爸判了三年"} == {row.case.ref: row.last_line for row in queue(store)}
