"""The real front door in random schedules: killed and cut off between its transactions, while workers race."""

import asyncio
from collections import Counter

import pytest
from scripted import UNHURRIED, ScriptedRasa, until

from benchmarks.one_schedule import Schedule
from benchmarks.schedules import KINDS, play
from bot.gateway import Gateway
from bot.state import tracker
from casework import protocol as p
from casework.alarms import owed_alarms
from casework.cases import cases, claim, close, open_case
from casework.ledger import append, messages, start
from casework.staff import add_worker
from casework.store import open_store

SECRET = "a secret of at least thirty-two signs"
DANGER = "我不想活了"


@pytest.fixture
def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/front.db", secret=SECRET)
    yield store
    store.close()


@pytest.fixture
def family(store):
    return start(store)[0].id


@pytest.fixture
async def gateway(store):
    gateway = Gateway(store, ScriptedRasa().dialogue(), UNHURRIED)
    yield gateway
    await gateway.stop()


def held_by_a_worker(store, family):
    worker = add_worker(store, "演示员", "counselor")[0].id
    ref = open_case(store, family, "caseworker", "routine", "asked").ref
    claim(store, ref, worker)
    return ref, worker


def cards(store, family):
    return [line.client_id for line in messages(store, family) if line.sender == "system"]


async def played(tmp_path, seeds, stop_at=""):
    found, counted = await play(f"sqlite:///{tmp_path}/schedules.db", seeds, stop_at)
    return Counter(fault.kind for fault in found), counted


async def test_no_random_schedule_breaks_a_promise(tmp_path):
    found, counted = await played(tmp_path, range(8))

    assert {} == found
    assert all(counted[what] for what in ("killed before", "killed after", "away", "unheard", "claims", "transfer"))


@pytest.mark.parametrize(
    "event, guards, fault",
    [
        (p.Claimed, (p.is_open,), "two holders"),
        (p.Remarked, (p.exists, p.is_new), "bot after claim"),
        (p.Replied, (p.is_new, p.exists), "two holders"),
    ],
)
async def test_schedules_see_a_protocol_without_its_guard(tmp_path, monkeypatch, event, guards, fault):
    monkeypatch.setitem(p.RULES, event, p.RULES[event]._replace(guards=guards))
    found, _ = await played(tmp_path, range(40), fault)

    assert fault in found


ERASED = [seed for seed in range(200) if KINDS[seed % len(KINDS)] is not Schedule]


async def test_schedules_see_words_that_are_taken_after_the_erasing(tmp_path, monkeypatch):
    monkeypatch.setitem(p.RULES, p.Heard, p.RULES[p.Heard]._replace(guards=(p.is_new,)))
    found, _ = await played(tmp_path, ERASED, "not erased")

    assert "not erased" in found


async def test_schedules_see_a_dialogue_that_stores_after_it_forgot(tmp_path, monkeypatch):
    def only_deleted(engine, conversations):
        with engine.begin() as connection:
            connection.execute(tracker.delete().where(tracker.c.conversation.in_(list(conversations))))

    monkeypatch.setattr("benchmarks.one_schedule.forget", only_deleted)
    # On a quiet machine most turns are stored before anybody erases.
    monkeypatch.setattr("benchmarks.fragile.Rasa.thinks", (0.2,))
    found, _ = await played(tmp_path, ERASED, "not erased")

    assert "not erased" in found


async def test_an_alarm_whose_front_door_died_is_heeded_although_a_worker_holds_it(gateway, store, family):
    held_by_a_worker(store, family)
    append(store, family, "family", DANGER, "f1", is_alarm=True)

    await gateway.start()

    assert "safety-1-asked" == cards(store, family)[-1]
    assert [] == owed_alarms(store)


async def test_an_alarm_that_was_heeded_is_not_owed_any_more(gateway, store, family):
    await gateway.start()
    await gateway.receive(family, "f1", DANGER)

    assert [] == owed_alarms(store)


async def test_an_alarm_is_recorded_with_its_words_and_goes_with_them(gateway, store, family):
    append(store, family, "family", DANGER, "f1", is_alarm=True)
    assert [1] == [said.seq for said in owed_alarms(store)]

    await gateway.erase(family)

    assert [] == owed_alarms(store)


async def test_words_of_danger_that_come_again_after_the_case_was_closed_open_no_second(gateway, store, family):
    await gateway.start()
    await gateway.receive(family, "f1", DANGER)
    [case] = cases(store, "waiting")
    worker = add_worker(store, "演示员", "counselor")[0].id
    claim(store, case.ref, worker)
    close(store, case.ref, worker, "说清楚了")

    await gateway.receive(family, "f1", DANGER)
    await until(lambda: not gateway._rooms)

    assert [] == cases(store, "waiting")


@pytest.mark.parametrize("number", [50])
async def test_of_fifty_who_claim_at_once_one_gets_it(store, family, number):
    ref = open_case(store, family, "caseworker", "routine", "asked").ref
    workers = [add_worker(store, f"演示{place}", "caseworker")[0].id for place in range(2)]
    tries = [asyncio.to_thread(claim, store, ref, workers[place % 2]) for place in range(number)]

    done = await asyncio.gather(*tries, return_exceptions=True)

    [holder] = {each.case.worker_id for each in done if not isinstance(each, Exception)}
    assert {"HeldByAnother"} == {type(each).__name__ for each in done if isinstance(each, Exception)}
    assert holder in workers
