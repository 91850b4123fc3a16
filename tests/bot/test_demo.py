from datetime import date

from bot.demo import add_demo
from casework.cases import cases
from casework.ledger import messages
from casework.store import open_store
from knowledge.library import Library


def test_the_demo_is_marked_in_every_message_and_opens_cases(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/demo.db", secret="a test secret of some length")
    added = add_demo(store, Library.load(), date(2026, 11, 22))

    assert {case.ref for case in added} == {case.ref for case in cases(store, "waiting")}
    said = [message for case in added for message in messages(store, case.conversation)]
    assert all(message.text.startswith("【演示】") for message in said)


def test_the_outcomes_of_the_demo_are_decided_by_the_knowledge_base(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/demo.db", secret="a test secret of some length")
    first, *_ = add_demo(store, Library.load(), date(2026, 11, 22))

    turn = messages(store, first.conversation)[-1].turn
    assert {"defacto_living": "eligible", "prisoner_children": "eligible"} == {
        each["id"]: each["outcome"] for each in turn["results"]
    }
