"""The real processes, killed in mid-conversation. Starts everything once: half a minute and two gigabytes."""

import itertools
import time
from datetime import datetime, timezone

import httpx
import pytest

from benchmarks.product import PARTS, Product, lives
from bot.train import TrainingFailed, ensure_model
from knowledge.alarm import safety_words

pytestmark = pytest.mark.processes

PATIENCE = 180


def eventually(look):
    """Ask until there is an answer; a part that is down meanwhile is part of the test."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            found = look()
        except httpx.HTTPError:
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come")


class Family:
    """Sends each message until it is taken, always under the same client id, as the web chat does."""

    def __init__(self, address):
        self.client = httpx.Client(base_url=address, trust_env=False, timeout=10)
        opened = eventually(lambda: self.client.post("/api/conversations").json())
        self.path = f"/api/conversations/{opened['conversation']}/messages"
        self.client.cookies.clear()
        self.client.headers["Authorization"] = f"Bearer {opened['token']}"
        self.sent, self.numbers = [], itertools.count()

    def say(self, text):
        body = {"client_id": str(next(self.numbers)), "text": text}
        self.sent.append(text)

        def send():
            answer = self.client.post(self.path, json=body)
            return answer.json()["seq"] if answer.status_code == 202 else None

        return eventually(send)

    def messages(self):
        return self.client.get(self.path).json()["messages"]

    def wait_for_answer(self, seq):
        return eventually(lambda: [line for line in self.messages() if line["from"] == "bot" and line["seq"] > seq])


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    try:
        ensure_model()
    except TrainingFailed as failed:
        pytest.skip(f"no trained model can be had: {failed}")
    house = Product(tmp_path_factory.mktemp("var"))
    house.wait_until_whole()
    yield house
    house.stop()


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_comes_back_and_nothing_is_missing_or_doubled(house, part):
    family = Family(house.address)
    family.wait_for_answer(family.say("孩子他爸判了三年"))

    seq = family.say("他妈妈走了大半年没音信")
    time.sleep(0.7)  # into the turn: the quiet window is over, the answer is being made
    eventually(lambda: house.kill(part))
    family.wait_for_answer(max(seq, family.say("孩子七岁，跟我过")))
    eventually(house.is_whole)
    family.wait_for_answer(family.say("看结果"))

    said = family.messages()
    turns = [line for line in said if line["turn"]]
    assert list(range(1, len(said) + 1)) == [line["seq"] for line in said]
    assert family.sent == [line["text"] for line in said if line["from"] == "family"]
    assert 2 <= len(turns) <= len(family.sent)


def test_danger_is_answered_while_rasa_and_the_actions_are_dead(house):
    family = Family(house.address)
    eventually(lambda: house.kill("rasa") and house.kill("actions"))

    family.say("我不想活了")
    shown = [line["text"] for line in family.messages() if line["from"] == "system"]

    assert 4 == len(shown)
    assert "110" in shown[2] and "12356" in shown[2]
    assert safety_words(("self_harm",), "urgent", "self", datetime.now(timezone.utc))[0] == shown[0]
    eventually(house.is_whole)


def test_a_stop_leaves_no_child_behind(house):
    pids = eventually(lambda: (found := house.pids()).keys() == PARTS.keys() and found.values())

    house.process.terminate()

    assert 0 == house.process.wait(30)
    assert not [pid for pid in pids if lives(pid)]
