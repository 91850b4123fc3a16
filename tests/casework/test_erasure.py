"""What was erased is nowhere: not in a table, not in a file, not after an older backup was put back."""

import os
import shutil

import pytest
from sqlalchemy import text

from casework.backup import backup, restore
from casework.cases import case, close, open_case
from casework.engine import file_of
from casework.erasure import compact, replay, scrub
from casework.errors import BadBackup, NotFound, Unheeded, WrongSecret
from casework.journal import Entry, Journal
from casework.ledger import append, erase, find, mark_harm, messages, start
from casework.retention import keep_to_terms
from casework.store import open_store
from casework.tables import metadata

SECRET = "a secret of at least thirty-two signs"
CANARY = "金丝雀一七三八在这里"


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "erasures"


@pytest.fixture
def store(ready_url, clock, journal):
    store = open_store(ready_url, clock, SECRET, journal)
    yield store
    store.close()


def tell(store, lines=3, around=400):
    """A conversation full of the canary, among others whose pages it shares."""
    for number in range(around):
        other, _ = start(store)
        append(store, other.id, "family", f"别人家的话 {number} " * (number % 37), "f1")
    held, _ = start(store)
    for number in range(lines):
        append(store, held.id, "family", f"{CANARY} {number} " * 40, f"f{number}")
    return held.id


def everything(store):
    with store.reading() as connection:
        return "".join(str(connection.execute(table.select()).all()) for table in metadata.sorted_tables)


def files_with(folder, word):
    sought = [word.encode(), word.encode("utf-16-le"), word.encode("unicode_escape")]
    return [
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file() and any(each in path.read_bytes() for each in sought)
    ]


def test_no_table_holds_what_was_erased(store):
    held = tell(store, around=5)
    assert CANARY in everything(store)
    erase(store, held)

    assert CANARY[:2] not in everything(store)


def test_no_file_of_sqlite_holds_what_was_erased(tmp_path, clock):
    store = open_store(f"sqlite:///{tmp_path / 'var.db'}", clock, SECRET, tmp_path / "erasures")
    held = tell(store)
    assert files_with(tmp_path, CANARY)
    erase(store, held)

    assert [] == files_with(tmp_path, CANARY[:2])
    store.close()


def test_while_somebody_reads_the_files_are_cleaned_later(tmp_path, clock):
    store = open_store(f"sqlite:///{tmp_path / 'var.db'}", clock, SECRET)
    held = tell(store, around=5)
    with store.reading() as connection:
        connection.execute(text("SELECT count(*) FROM message")).scalar()
        erase(store, held)
        assert not scrub(store)
    assert scrub(store)

    assert [] == files_with(tmp_path, CANARY[:2])
    store.close()


def test_the_journal_is_beside_the_database_private_and_says_nothing(store, journal):
    held = tell(store, around=0)
    erase(store, held)

    assert [Entry(held, "erased")] == list(Journal(journal).entries())
    assert 0o600 == os.stat(journal).st_mode & 0o777
    assert CANARY not in journal.read_text()


def test_a_torn_line_of_the_journal_hides_none_of_the_others(store, journal):
    first, second = tell(store, around=0), tell(store, around=0)
    erase(store, first)
    with journal.open("a") as file:
        file.write('\n{"conversation": "torn", "wh')
    erase(store, second)

    assert [Entry(first, "erased"), Entry(second, "erased")] == list(Journal(journal).entries())


def test_what_an_older_database_brings_back_is_erased_before_anybody_is_served(tmp_path, clock):
    database, journal = tmp_path / "var.db", tmp_path / "erasures"
    store = open_store(f"sqlite:///{database}", clock, SECRET, journal)
    held, kept = tell(store), tell(store, around=0)
    mark_harm(store, kept)
    open_case(store, kept, "counselor", "urgent", "danger")
    scrub(store)
    shutil.copy(database, tmp_path.parent / "older.db")
    erase(store, held)
    erase(store, kept)
    store.close()
    for end in ("-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)
    shutil.copy(tmp_path.parent / "older.db", database)
    forgotten = []
    store = open_store(f"sqlite:///{database}", clock, SECRET, journal)

    assert 2 == replay(store, forgotten.extend)
    assert None is find(store, held)
    assert find(store, kept).erased_at
    assert 3 == len(messages(store, kept))
    assert [held, kept] == forgotten
    assert 0 == replay(store)
    store.close()


def test_the_first_journal_begins_with_what_the_database_remembers(ready_url, clock, journal):
    store = open_store(ready_url, clock, SECRET)
    held = tell(store, around=0)
    kept = tell(store, around=0)
    open_case(store, kept, "caseworker", "routine", "asked")
    erase(store, held)
    erase(store, kept)
    store.close()
    store = open_store(ready_url, clock, SECRET, journal)
    replay(store)

    assert [Entry(held, "erased"), Entry(kept, "closed")] == list(Journal(journal).entries())
    store.close()


def test_a_backup_holds_the_words_and_none_of_the_key(store, tmp_path):
    held = tell(store, around=5)
    append(store, held, "family", "打 13812345678", "f9")
    backup(str(store.engine.url), tmp_path / "backup")
    copied = (tmp_path / "backup").read_bytes()

    assert 0o600 == os.stat(tmp_path / "backup").st_mode & 0o777
    assert b"13812345678" not in copied
    assert SECRET.encode() not in copied
    with pytest.raises(BadBackup, match="exists"):
        backup(str(store.engine.url), tmp_path / "backup")


def test_a_backup_put_back_brings_everything_but_what_was_erased_since(store, ready_url, clock, journal, tmp_path):
    held, other = tell(store, around=20), tell(store, around=0)
    closed = open_case(store, other, "caseworker", "routine", "asked")
    backup(ready_url, tmp_path / "backup")
    erase(store, held)
    later, _ = start(store)
    store.close()
    told = []

    assert 1 == restore(ready_url, tmp_path / "backup", SECRET, journal, lambda url, ids: told.extend(ids))
    assert [held] == told
    again = open_store(ready_url, clock, SECRET, journal)
    assert None is find(again, held)
    assert None is find(again, later.id)
    assert 3 == len(messages(again, other))
    assert "waiting" == case(again, closed.ref).state
    again.close()


def test_no_file_holds_the_canary_after_a_backup_was_put_back(tmp_path, clock):
    folder = tmp_path / "var"
    folder.mkdir()
    url, journal = f"sqlite:///{folder / 'var.db'}", folder / "erasures"
    store = open_store(url, clock, SECRET, journal)
    held = tell(store)
    backup(url, tmp_path / "backup")
    erase(store, held)
    store.close()
    restore(url, tmp_path / "backup", SECRET, journal, lambda url, ids: None)

    assert [] == files_with(folder, CANARY[:2])
    assert ["erasures", "var.db"] == sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"x" * 5000])
def test_what_is_no_backup_leaves_the_database_as_it_is(tmp_path, clock, content):
    url = f"sqlite:///{tmp_path / 'var.db'}"
    store = open_store(url, clock, SECRET)
    held, _ = start(store)
    store.close()
    (tmp_path / "wrong").write_bytes(content)

    with pytest.raises(BadBackup):
        restore(url, tmp_path / "wrong", SECRET, tmp_path / "erasures", lambda url, ids: None)
    store = open_store(url, clock, SECRET)
    assert held == find(store, held.id)
    store.close()


def test_a_backup_of_another_key_is_refused(tmp_path, clock):
    url = f"sqlite:///{tmp_path / 'var.db'}"
    open_store(url, clock, "another secret of thirty-two signs").close()
    backup(url, tmp_path / "backup")

    with pytest.raises(WrongSecret):
        restore(f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "backup", SECRET, tmp_path / "e", lambda url, ids: None)
    assert not file_of(open_store(url, clock).engine.url).with_name("new.db").exists()


def test_an_emptied_case_comes_back_empty(store, clock, journal, wang):
    held = tell(store, around=0)
    opened = open_case(store, held, "caseworker", "routine", "asked", {"summary": CANARY})
    close(store, opened.ref, wang.id, CANARY)
    clock.forward(days=365)
    keep_to_terms(store)

    assert Entry(held, "emptied") == list(Journal(journal).entries())[-1]
    assert CANARY[:2] not in everything(store)
    compact(store)
    assert 0 == replay(store)


def test_words_of_danger_that_nobody_has_seen_to_are_not_erased(store):
    held, _ = start(store)
    append(store, held.id, "family", CANARY, "f1", is_alarm=True)

    with pytest.raises(Unheeded):
        erase(store, held.id)
    assert 1 == len(messages(store, held.id))


def test_an_erasing_that_failed_is_not_done_to_what_was_said_since(store, clock, journal, monkeypatch):
    """The journal is written first; the family was told that it failed, and went on."""
    held = tell(store, around=0)
    with monkeypatch.context() as broken:
        broken.setattr("casework.erasure._delete", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase(store, held)
    clock.forward(seconds=1)
    append(store, held, "family", "那就接着说", "f9")
    forgotten = []

    assert 0 == replay(store, forgotten.extend)
    assert ([], 4) == (forgotten, len(messages(store, held)))


def test_an_erasing_that_died_before_its_end_is_done_at_the_next_start(store, monkeypatch):
    held = tell(store, around=0)
    with monkeypatch.context() as broken:
        broken.setattr("casework.erasure._delete", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase(store, held)

    assert 1 == replay(store)
    assert None is find(store, held)


def test_what_is_erased_while_the_journal_is_replayed_is_no_fault(store, monkeypatch):
    """The daily job replays it beside a front door that may just be erasing."""
    held = tell(store, around=0)
    with monkeypatch.context() as broken:
        broken.setattr("casework.erasure._delete", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase(store, held)
    forgotten = []

    def gone(*_):
        raise NotFound("conversation")

    monkeypatch.setattr("casework.erasure.take", gone)

    assert (0, [held]) == (replay(store, forgotten.extend), forgotten)
