import pytest

from casework import cases
from casework.daily import accept, decline, offer, place
from casework.errors import BadTransition, BadValue, NotFound, NotYours
from casework.events import log_of
from casework.ledger import find


@pytest.fixture
def case(store, conversation, wang):
    opened = cases.open_case(store, conversation.id, "caseworker", "routine", "asked")
    return cases.claim(store, opened.ref, wang.id).case


def test_what_is_offered_stays_where_it_is_until_it_is_accepted(store, case, wang, li):
    offered = offer(store, case.ref, wang.id, li.name)
    assert (wang.id, li.id) == (offered.worker_id, offered.offered_to)
    before = find(store, case.conversation).epoch

    accepted = accept(store, case.ref, li.id)

    assert (li.id, None, "active") == (accepted.worker_id, accepted.offered_to, accepted.state)
    assert before + 1 == find(store, case.conversation).epoch
    assert ["offered", "transferred"] == [event.kind for event in log_of(store, case.ref)][-2:]


def test_a_declined_offer_changes_no_hands(store, case, wang, li):
    offer(store, case.ref, wang.id, li.name)

    declined = decline(store, case.ref, li.id)

    assert (wang.id, None) == (declined.worker_id, declined.offered_to)
    with pytest.raises(NotYours):
        accept(store, case.ref, li.id)


def test_only_who_was_asked_accepts(store, case, wang, li, hiring):
    offer(store, case.ref, wang.id, li.name)

    with pytest.raises(NotYours):
        accept(store, case.ref, hiring("演示赵", "caseworker").id)


def test_an_offer_is_over_with_every_step(store, case, wang, li):
    offer(store, case.ref, wang.id, li.name)
    cases.release(store, case.ref, wang.id)
    cases.claim(store, case.ref, wang.id)

    with pytest.raises(NotYours):
        accept(store, case.ref, li.id)


def test_only_the_holder_or_a_supervisor_offers(store, case, wang, li, hiring):
    with pytest.raises(NotYours):
        offer(store, case.ref, li.id, li.name)
    senior = hiring("演示督导", "supervisor")
    assert li.id == offer(store, case.ref, senior.id, li.name).offered_to
    assert li.id == accept(store, case.ref, li.id).worker_id


def test_nothing_is_offered_to_nobody_or_to_whoever_holds_it(store, case, wang):
    for name in ("没有这个人", wang.name):
        with pytest.raises(NotFound):
            offer(store, case.ref, wang.id, name)


def test_a_case_says_where_it_belongs(store, case, wang):
    place(store, case.ref, wang.id, "350481", "mn", ["visit", "visit"])

    placed = cases.case(store, case.ref)
    assert ("350481", "mn", ("visit",)) == (placed.region, placed.language, placed.labels)
    with pytest.raises(BadValue):
        place(store, case.ref, wang.id, "小镇", None, [])


def test_a_closed_case_is_placed_nowhere(store, case, wang):
    cases.close(store, case.ref, wang.id, "已说清楚")

    with pytest.raises(BadTransition):
        place(store, case.ref, wang.id, None, None, [])
