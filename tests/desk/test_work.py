"""A day's work: canned replies, notes, drafts, and what calls for attention."""

import re

import pytest

from casework.ledger import append, messages
from desk.words import canned
from tests.desk.conftest import act, audited, csrf


def page_of(client, case):
    return client.get(f"/desk/cases/{case.ref}").text


def save(client, case, text):
    header = {"X-CSRF-Token": csrf(client)}
    return client.post(f"/desk/api/cases/{case.ref}/draft", json={"text": text}, headers=header)


def typed(client, case):
    return re.search(r'<textarea id="text"[^>]*>([^<]*)</textarea>', page_of(client, case)).group(1)


@pytest.mark.parametrize("reply", canned(), ids=lambda reply: reply["name"])
def test_a_canned_reply_is_short_and_promises_nothing(reply):
    assert {"name", "text"} == set(reply)
    assert len(reply["text"]) <= 80 and reply["text"][-1] in "。？"
    assert not re.search("一定|保证|马上就能|恭喜|尽快|为什么不", reply["text"])


def test_canned_replies_are_offered_with_their_keys(wang, waiting):
    text = page_of(wang, waiting())

    assert all(f'data-insert="{reply["text"]}"' in text for reply in canned())
    assert "<kbd>Alt+1</kbd>" in text
    assert 9 >= len(canned())


def test_a_note_is_seen_by_colleagues_and_never_by_the_family(wang, store, waiting):
    case = waiting()
    act(wang, case, "notes", note="奶奶下午在家", client_id="n1")

    assert "奶奶下午在家" in page_of(wang, case)
    assert ("note.added", case.ref) in audited(store)
    assert "奶奶" not in str(messages(store, case.conversation))


def test_a_number_in_a_note_is_whole_only_for_whoever_may_look(wang, waiting):
    case = waiting()
    act(wang, case, "notes", note="奶奶手机13800001234", client_id="n1")

    assert "13800001234" not in page_of(wang, case)

    act(wang, case, "claim")
    assert "13800001234" in page_of(wang, case)


def test_a_colleagues_case_takes_no_notes_of_others(wang, li, store, waiting):
    case = waiting()
    act(wang, case, "claim")

    assert 403 == act(li, case, "notes", note="看看", client_id="n1").status_code
    assert 403 == save(li, case, "看看").status_code


def test_a_draft_comes_back_and_is_sent_to_nobody(wang, store, waiting):
    case = waiting()
    act(wang, case, "claim")

    assert 200 == save(wang, case, "您好 <b>").status_code
    assert "您好 &lt;b&gt;" == typed(wang, case)
    assert ["family"] == [message.sender for message in messages(store, case.conversation)]


def test_a_draft_is_its_writers_own(wang, signed_in, waiting):
    case = waiting()
    act(wang, case, "claim")
    save(wang, case, "只有我看见")

    assert "只有我看见" not in page_of(signed_in("演示督导", "supervisor"), case)


def test_sending_and_emptying_both_end_a_draft(wang, waiting):
    case = waiting()
    act(wang, case, "claim")
    save(wang, case, "您好")
    act(wang, case, "messages", text="您好", client_id="1")
    assert "" == typed(wang, case)

    save(wang, case, "还有")
    save(wang, case, "")
    assert "" == typed(wang, case)


def test_a_draft_that_is_no_text_is_refused(wang, waiting):
    case = waiting()

    assert 422 == save(wang, case, 3).status_code
    assert 422 == save(wang, case, "长" * 4001).status_code


def test_what_waits_and_what_is_unanswered_calls_once_for_each_new_thing(wang, store, waiting):
    first, own = waiting(urgency="urgent"), waiting()
    act(wang, own, "claim")
    append(store, own.conversation, "family", "在吗", "f9")
    calls = re.findall(r'data-call="([^"]+)"', wang.get("/desk/").text)

    assert [f"{first.ref}:urgent", f"{own.ref}:2"] == calls

    act(wang, own, "messages", text="在。", client_id="1")
    assert [f"{first.ref}:urgent"] == re.findall(r'data-call="([^"]+)"', wang.get("/desk/").text)


def test_sound_is_off_until_it_is_asked_for(wang):
    assert 'id="sound" class="quiet" aria-pressed="false" hidden' in wang.get("/desk/").text
