"""A desk mounted as the front door mounts it, on an SQLite file, with staff who can sign in cheaply."""

import re

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from casework import staff
from casework.cases import open_case
from casework.ledger import append, append_turn, find, start
from casework.store import Draft, open_store, utc_now
from casework.tables import audit
from desk.app import create_app
from desk.office import Pace
from knowledge.library import Library

SECRET = "a secret of at least thirty-two signs"
PASSWORD = "四个不相干的词连在一起"
PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    """The real cost is what a guesser pays; here nobody guesses."""
    monkeypatch.setattr(staff, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(scope="session")
def library():
    return Library.load()


@pytest.fixture
def clock():
    """The real time; tests that move days have their own."""
    return utc_now


@pytest.fixture
def store(tmp_path, clock):
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}", clock, SECRET)
    yield store
    store.close()


@pytest.fixture
def noticed():
    """The conversations whose family's page was woken."""
    return []


@pytest.fixture
def desk(store, library, noticed):
    return create_app(store, library, noticed.append, SECRET, pace=Pace(lifetime=0))


class Browser(TestClient):
    """A worker in front of it who, asked why a case is opened, says so and goes on; unless told to look only."""

    def request(self, method, url, *arguments, only_look=False, **more):
        answer = super().request(method, url, *arguments, **more)
        asked = re.search(r'action="([^"]+/purpose)"', answer.text) if answer.status_code == 403 else None
        if asked is None or only_look:
            return answer
        token = re.search(r'name="csrf" value="([^"]+)"', answer.text).group(1)
        super().request("POST", asked.group(1), data={"csrf": token, "purpose": "排到我了，看看怎么帮"})
        return super().request(method, url, *arguments, **more)


def in_front_of(desk):
    """A browser at the desk as the front door mounts it."""
    return Browser(Starlette(routes=[Mount("/desk", desk)]), headers=PAGE, follow_redirects=False)


@pytest.fixture
def browser(desk):
    """Makes a browser that has not signed in."""

    return lambda: in_front_of(desk)


@pytest.fixture
def hire(store):
    """Makes a member of staff whose password is changed already."""

    def make(name, role="caseworker"):
        worker, once = staff.add_worker(store, name, role)
        return staff.change_password(store, worker.id, once, PASSWORD)

    return make


@pytest.fixture
def signed_in(browser, hire):
    """Makes a member of staff and a browser in which they are signed in."""

    def make(name, role="caseworker"):
        hire(name, role)
        client = browser()
        answer = sign_in(client, name, PASSWORD)
        assert "/desk/" == answer.headers["location"]
        return client

    return make


@pytest.fixture
def wang(signed_in):
    return signed_in("演示王")


@pytest.fixture
def li(signed_in):
    return signed_in("演示李", "counselor")


@pytest.fixture
def token(store, hire):
    """Makes a member of staff and the header of their API token."""

    def make(name, role="caseworker"):
        return {"Authorization": f"Bearer {staff.issue_token(store, hire(name, role).id)}"}

    return make


@pytest.fixture
def waiting(store):
    """Opens a waiting case in which the family has said these lines."""

    def make(*lines, queue="caseworker", urgency="routine", reason="asked"):
        conversation, _ = start(store)
        for number, line in enumerate(lines or ("孩子爸爸判了三年",)):
            append(store, conversation.id, "family", line, f"f{number}")
        return open_case(store, conversation.id, queue, urgency, reason)

    return make


def sign_in(client, name, password):
    return client.post("/desk/login", data={"name": name, "password": password})


def csrf(client, path="/desk/"):
    """The token that the forms of this session carry."""
    return re.search(r'name="csrf" value="([^"]+)"', client.get(path).text).group(1)


def act(client, case, verb, **fields):
    """Send the form of one verb, as the page does."""
    return client.post(f"/desk/cases/{case.ref}/{verb}", data={"csrf": csrf(client), **fields})


def do(client, case, deed, **fields):
    """Send one form of the page beside the talk."""
    return client.post(f"/desk/cases/{case.ref}/file", data={"csrf": csrf(client), "do": deed, **fields})


def bot_says(store, conversation_id, text, turn=None):
    """The bot answers everything the family has said; None when it may not."""
    held = find(store, conversation_id)
    return append_turn(store, conversation_id, held.epoch, [Draft(text, turn=turn)], held.family_seq)


def audited(store):
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(select(audit.c.verb, audit.c.subject).order_by(audit.c.id))]
