"""The real processes, killed in mid-conversation. Starts everything once: half a minute and two gigabytes."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import httpx
import pytest

from bot.settings import ROOT
from bot.train import TrainingFailed, ensure_model
from knowledge.alarm import safety_words

pytestmark = pytest.mark.processes

PATIENCE = 180
COMMANDS = {"front door": "bot.app:create", "rasa": "rasa\0run", "actions": "rasa_sdk"}


def free_ports(count):
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [str(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


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


class House:
    """The supervisor and its children."""

    def __init__(self, var):
        ports = free_ports(3)
        names = ("TONGXING_PORT", "RASA_PORT", "ACTIONS_PORT")
        environ = {**os.environ, "TONGXING_VAR": str(var), "DATABASE_URL": "", **dict(zip(names, ports, strict=True))}
        self.address = f"http://127.0.0.1:{ports[0]}"
        self.log = (var / "supervisor.log").open("w+")
        command = [sys.executable, "-m", "bot.cli", "run"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=self.log, stderr=subprocess.STDOUT)

    def pid(self, part):
        """The child of that name, or None while it is away."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                command = (folder / "cmdline").read_text()
            except OSError:
                continue
            if parent == self.process.pid and COMMANDS[part] in command:
                return int(folder.name)
        return None

    def kill(self, part):
        os.kill(eventually(lambda: self.pid(part)), signal.SIGKILL)

    def is_whole(self):
        return httpx.get(f"{self.address}/healthz", trust_env=False).json()["status"] == "ok"


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
    house = House(tmp_path_factory.mktemp("var"))
    eventually(house.is_whole)
    yield house
    house.process.terminate()
    house.process.wait(30)
    house.log.close()


@pytest.mark.parametrize("part", COMMANDS)
def test_a_killed_part_comes_back_and_nothing_is_missing_or_doubled(house, part):
    family = Family(house.address)
    family.wait_for_answer(family.say("孩子他爸判了三年"))

    seq = family.say("他妈妈走了大半年没音信")
    time.sleep(0.7)  # into the turn: the quiet window is over, the answer is being made
    house.kill(part)
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
    house.kill("rasa")
    house.kill("actions")

    family.say("我不想活了")
    shown = [line["text"] for line in family.messages() if line["from"] == "system"]

    assert 4 == len(shown)
    assert "110" in shown[2] and "12356" in shown[2]
    assert safety_words(("self_harm",), "urgent", False, datetime.now(timezone.utc))[0] == shown[0]
    eventually(house.is_whole)


def test_a_stop_leaves_no_child_behind(house):
    pids = [eventually(lambda part=part: house.pid(part)) for part in COMMANDS]

    house.process.terminate()

    assert 0 == house.process.wait(30)
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
