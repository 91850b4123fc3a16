"""The commands that look after what is kept, on a database of their own."""

import io
import json
from datetime import timedelta
from time import monotonic, sleep

import pytest
from scripted import UNHURRIED, ScriptedRasa
from starlette.testclient import TestClient

from bot import cli
from bot.app import build
from bot.settings import load_settings
from bot.state import Reply, State, load, open_state, save
from casework.ledger import append, erase, find, start
from casework.reveal import reveal
from casework.staff import add_worker, audit, check_password
from casework.store import open_store
from casework.tables import conversation as conversations

CANARY = "金丝雀一七三八在这里"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    given = {"TONGXING_VAR": str(tmp_path / "var"), "TONGXING_PORT": "1", "RASA_PORT": "2", "ACTIONS_PORT": "3"}
    for name in ("DATABASE_URL", "TONGXING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("bot.parts.is_free", lambda host, port: True)
    return load_settings()


@pytest.fixture
def app(settings):
    return build(settings, ScriptedRasa().dialogue(), UNHURRIED)


def opened(settings):
    return open_store(settings.database_url, secret=settings.secret, journal=settings.journal)


def files_with(folder, word):
    sought = [word.encode(), word.encode("utf-16-le"), json.dumps(word).strip('"').encode()]
    return [str(path) for path in folder.rglob("*") if path.is_file() and any(w in path.read_bytes() for w in sought)]


def remembered(settings, conversation_id):
    """What the dialogue knows after a few turns, each quoting the family."""
    engine = open_state(settings.database_url)
    for turn in range(1, 4):
        slots = {"session": {"evidence": [{"words": f"{CANARY} {turn}"}] * 30}}
        reply = Reply((turn,), ({"text": f"您说{CANARY}"},), {"evidence": {"a": [{"words": CANARY}]}})
        save(engine, conversation_id, State(turn, slots, (reply,)))
    engine.dispose()


def talk(client, settings, turns=3):
    """A conversation over the front door that is full of the canary."""
    answer = client.post("/api/conversations").json()
    client.cookies.clear()
    path, key = f"/api/conversations/{answer['conversation']}", {"Authorization": f"Bearer {answer['token']}"}
    for number in range(turns):
        said = {"client_id": f"m{number}", "text": f"{CANARY} {number}"}
        client.post(f"{path}/messages", json=said, headers=key)
    remembered(settings, answer["conversation"])
    return path, key, answer["conversation"]


def soon(is_so, within=20.0):
    until = monotonic() + within
    while not is_so():
        assert monotonic() < until
        sleep(0.05)


def run(*words):
    return cli.main(list(words))


def test_after_a_family_erased_its_conversation_no_file_of_ours_holds_a_word_of_it(app, settings, capfd):
    with TestClient(app) as client:
        path, key, held = talk(client, settings)
        assert files_with(settings.var, CANARY)
        assert client.delete(path, headers=key).json()["erased"]

        # At once, or at the next look: on a busy machine somebody may just be reading.
        soon(lambda: [] == files_with(settings.var, CANARY[:2]))
    assert State() == load(open_state(settings.database_url), held)
    assert CANARY not in "".join(capfd.readouterr())


def test_a_backup_from_before_brings_nothing_of_it_back(app, settings, tmp_path, capfd):
    with TestClient(app) as client:
        path, key, held = talk(client, settings)
        other = talk(client, settings)[2]
        assert 0 == run("backup", str(tmp_path / "copy"))
        client.delete(path, headers=key)
    app.state.gateway.store.close()
    assert 0 == run("restore", str(tmp_path / "copy"))
    assert "1 conversations" in capfd.readouterr().out
    store = opened(settings)

    assert None is find(store, held)
    assert find(store, other)
    assert State() == load(open_state(settings.database_url), held)
    assert State() != load(open_state(settings.database_url), other)
    store.close()


def test_a_database_put_back_by_hand_is_cleaned_before_it_is_served(app, settings, tmp_path):
    with TestClient(app) as client:
        path, key, _ = talk(client, settings)
        assert 0 == run("backup", str(tmp_path / "copy"))
        client.delete(path, headers=key)
    app.state.gateway.store.close()
    database = settings.var / "tongxing.db"
    for end in ("", "-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)
    (tmp_path / "copy").rename(database)
    assert files_with(settings.var, CANARY)
    again = build(settings, ScriptedRasa().dialogue(), UNHURRIED)

    assert [] == files_with(settings.var, CANARY[:2])
    with TestClient(again) as client:
        assert 401 == client.get(f"{path}/messages", headers=key).status_code


def test_a_front_door_that_died_while_it_erased_is_made_good_at_the_next_start(app, settings):
    """The words are gone and the dialogue's slots are not."""
    store = app.state.gateway.store
    held, _ = start(store)
    remembered(settings, held.id)
    erase(store, held.id)
    assert files_with(settings.var, CANARY)
    build(settings, ScriptedRasa().dialogue(), UNHURRIED)

    assert State() == load(open_state(settings.database_url), held.id)
    assert [] == files_with(settings.var, CANARY[:2])


def test_nothing_is_put_back_or_sealed_anew_under_a_running_service(app, settings, tmp_path, monkeypatch, capfd):
    run("backup", str(tmp_path / "copy"))
    monkeypatch.setattr("bot.parts.is_free", lambda host, port: port != settings.port)

    assert 1 == run("restore", str(tmp_path / "copy"))
    assert 1 == run("key", "rotate")
    assert "stop it first" in capfd.readouterr().err


def test_a_key_is_turned_and_old_words_still_open(app, settings):
    store = app.state.gateway.store
    held, _ = start(store)
    append(store, held.id, "family", "\u6253 13812345678", "f1")
    store.close()
    assert 0 == run("key", "rotate")
    fresh = load_settings()
    store = open_store(fresh.database_url, secret=fresh.secret)

    assert settings.secret != fresh.secret
    assert "13812345678" in reveal(store, hire(store), held.id, 1, "why")
    store.close()


def test_a_rotation_that_was_cut_off_before_its_end_is_ended_by_asking_again(app, settings):
    app.state.gateway.store.close()
    old = (settings.var / "secret").read_text()
    run("key", "rotate")
    (settings.var / "secret").rename(settings.var / "secret.next")
    (settings.var / "secret").write_text(old)

    assert 0 == run("key", "rotate")
    assert opened(load_settings())


def test_a_secret_of_the_environment_is_followed_by_the_one_that_is_given(app, settings, monkeypatch, capfd):
    app.state.gateway.store.close()
    monkeypatch.setenv("TONGXING_SECRET", settings.secret)
    (settings.var / "secret").unlink()
    monkeypatch.setattr("sys.stdin", Input("too short\n"))
    assert 2 == run("key", "rotate")
    monkeypatch.setattr("sys.stdin", Input("another secret that has thirty-two signs\n"))
    assert 0 == run("key", "rotate")
    monkeypatch.setenv("TONGXING_SECRET", "another secret that has thirty-two signs")

    assert opened(load_settings())


class Input(io.StringIO):
    def reconfigure(self, **_):
        """As the real one."""


def test_the_audit_is_verified_and_a_changed_row_named(app, settings, capfd):
    store = app.state.gateway.store
    worker_id = hire(store)
    for _ in range(3):
        audit(store, worker_id, "case.viewed", "TX-222222")
    assert 0 == run("audit", "verify")
    assert 0 == run("retention")
    with store.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_refuses_update")
        connection.exec_driver_sql("UPDATE audit SET subject = 'TX-333333' WHERE id = 2")

    assert 1 == run("audit", "verify")
    assert "audit row 2" in capfd.readouterr().err


def test_rows_cut_off_the_end_show_by_the_daily_note(app, settings, capfd):
    store = app.state.gateway.store
    audit(store, hire(store), "case.viewed", "TX-222222")
    run("retention")
    with store.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_refuses_delete")
        connection.exec_driver_sql("DELETE FROM audit")

    assert 1 == run("audit", "verify")
    assert "1 rows once" in capfd.readouterr().err


def test_the_job_erases_what_is_due_with_what_the_dialogue_knows(app, settings, capfd):
    store = app.state.gateway.store
    held, _ = start(store)
    remembered(settings, held.id)
    with store.writing() as connection:
        connection.execute(conversations.update().values(created_at=held.created_at - timedelta(days=31)))
    assert 0 == run("retention")

    assert "erase 1, empty 0, lock 0" in capfd.readouterr().out
    assert None is find(store, held.id)
    assert [] == files_with(settings.var, CANARY[:2])


def test_a_forgotten_password_is_reset_by_the_command(app, settings, capfd):
    store = app.state.gateway.store
    run("worker", "add", "demo", "--role", "admin")
    assert 0 == run("worker", "reset", "demo", "--second-factor")
    password = capfd.readouterr().out.strip().rpartition(" ")[2]

    assert check_password(store, "demo", password).must_change
    assert 1 == run("worker", "reset", "nobody")


def test_who_left_is_removed_by_the_command_and_the_last_supervisor_is_not(app, settings, capfd):
    for name, role in (("demo", "admin"), ("gone", "caseworker")):
        run("worker", "add", name, "--role", role)
    capfd.readouterr()

    assert [0, 1, 1] == [run("worker", "remove", name) for name in ("gone", "demo", "nobody")]
    told = capfd.readouterr()
    assert "back to the queue: 0" in told.out
    refusals = ["demo is the last supervisor or admin: add another one first", "nobody is called nobody"]
    assert refusals == told.err.splitlines()


def hire(store):
    return add_worker(store, "demo", "admin")[0].id
