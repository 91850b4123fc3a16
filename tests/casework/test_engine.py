import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect
from sqlalchemy.exc import IntegrityError

from casework.ledger import append, erase, find, messages, start
from casework.store import open_store
from casework.tables import message, metadata

OPEN_AND_WRITE = """
import sys
from casework.ledger import append, start
from casework.store import open_store
store = open_store(sys.argv[1])
conversation, _ = start(store)
print(append(store, conversation.id, "family", "hello", "f1").seq)
"""

APPEND_MANY = """
import sys
from casework.ledger import append
from casework.store import open_store
store = open_store(sys.argv[1])
for number in range(30):
    append(store, sys.argv[2], "family", "hello", f"{sys.argv[3]}-{number}")
"""

APPEND_AND_SAY = """
import sys
from itertools import count
from casework.ledger import append
from casework.store import open_store
store = open_store(sys.argv[1])
for number in count():
    print(append(store, sys.argv[2], "family", "hello", str(number)).seq, flush=True)
"""


def python(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def migrated(url):
    store = open_store(url)
    yield store
    store.close()


def test_migrating_makes_exactly_the_tables_we_use(migrated):
    with migrated.reading() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), metadata)

    assert difference == []


def test_migrating_makes_no_table_besides(migrated):
    assert set(inspect(migrated.engine).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_opening_again_keeps_what_was_there(url):
    store = open_store(url)
    conversation, _ = start(store)
    store.close()
    reopened = open_store(url)

    assert find(reopened, conversation.id) == conversation
    reopened.close()


def test_processes_may_open_a_new_database_at_once(url):
    started = [python(OPEN_AND_WRITE, url) for _ in range(3)]
    said = [process.communicate(timeout=120) for process in started]

    assert said == [("1\n", "")] * 3


def test_threads_may_open_a_new_database_at_once(url):
    with ThreadPoolExecutor(3) as pool:
        stores = list(pool.map(open_store, [url] * 3))

    assert len({start(store)[0].id for store in stores}) == 3
    for store in stores:
        store.close()


def test_two_processes_write_one_conversation_without_a_gap(ready_url, store):
    conversation, _ = start(store)
    writers = [python(APPEND_MANY, ready_url, conversation.id, name) for name in ("a", "b")]
    assert [process.communicate(timeout=120) for process in writers] == [("", "")] * 2

    assert [m.seq for m in messages(store, conversation.id)] == list(range(1, 61))


def test_what_was_acknowledged_survives_a_kill(ready_url, store):
    conversation, _ = start(store)
    writer = python(APPEND_AND_SAY, ready_url, conversation.id)
    acknowledged = [int(writer.stdout.readline()) for _ in range(20)][-1]
    writer.kill()
    writer.communicate()
    kept = [m.seq for m in messages(store, conversation.id)]

    assert kept == list(range(1, len(kept) + 1))
    assert len(kept) >= acknowledged == 20
    assert append(store, conversation.id, "family", "还在", "after").seq == len(kept) + 1


def test_a_failed_transaction_leaves_nothing(store, conversation):
    with pytest.raises(RuntimeError), store.writing() as connection:
        connection.execute(metadata.tables["message"].delete())
        raise RuntimeError

    assert len(messages(store, conversation.id)) == 1


def test_a_database_in_memory_is_shared_by_threads():
    store = open_store("sqlite://")
    conversation, _ = start(store)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: append(store, conversation.id, "family", "你好", str(number)), range(20)))

    assert find(store, conversation.id).last_seq == 20


def test_a_new_file_is_closed_to_other_users_and_its_folder_is_made(tmp_path):
    path = tmp_path / "var" / "casework.db"
    open_store(f"sqlite:///{path}").close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_sqlite_is_set_up_for_many_processes(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'casework.db'}")
    with store.reading() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "secure_delete")
        ]

    assert settings == ["wal", 10_000, 1, 1]
    store.close()


def test_an_erased_message_is_gone_from_the_file_too(tmp_path):
    path = tmp_path / "casework.db"
    store = open_store(f"sqlite:///{path}")
    conversation, _ = start(store)
    append(store, conversation.id, "family", "SAID-IN-CONFIDENCE", "f1")
    erase(store, conversation.id)
    store.close()

    assert b"SAID-IN-CONFIDENCE" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_an_error_of_the_database_never_repeats_what_was_written(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'casework.db'}")
    with pytest.raises(IntegrityError) as error, store.writing() as connection:
        connection.execute(insert(message), [{"conversation_id": "nobody", "seq": 1, "text": "孩子爸爸判了三年"}])

    assert "孩子爸爸判了三年" not in str(error.value)
