from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from casework.audit import FIRST, Head, about_key, add_key, chained, linked, verify
from casework.engine import MIGRATIONS, make_engine, migrate
from casework.seal import Seal
from casework.staff import audit
from casework.store import open_store
from casework.tables import audit as audit_table
from casework.tables import audit_key


def tamper(store, statement):
    """What somebody does who owns the database file."""
    with store.writing() as connection:
        if store.engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        else:
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS audit_refuses_{verb}"))
        connection.execute(text(statement))
        if store.engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))


@pytest.fixture
def three(store, wang):
    """The ids of three rows."""
    for number in range(3):
        audit(store, wang.id, "case.viewed", f"TX-22222{number}", "给家人回电话" if number else None)
    with store.reading() as connection:
        return list(connection.execute(text("SELECT id FROM audit ORDER BY id")).scalars())


def test_an_untouched_chain_is_whole(store, three):
    found = verify(store)

    assert (None, None, 3) == (found.broken, found.lost, found.head.rows)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET subject = 'TX-999999' WHERE id = {second}",
        "UPDATE audit SET purpose = NULL WHERE id = {second}",
        "UPDATE audit SET worker_id = worker_id, at = '2026-01-01 00:00:00' WHERE id = {second}",
        "UPDATE audit SET hash = '' WHERE id = {second}",
    ],
)
def test_the_first_changed_row_is_named(store, three, change):
    tamper(store, change.format(second=three[1]))

    assert three[1] == verify(store).broken


@pytest.mark.parametrize("key", ["NULL", "1"])
def test_who_has_the_database_alone_cannot_make_the_chain_anew(store, three, key):
    """Everything that lies open is used: content, order, the number of the key, and how a link was made without one."""
    with store.reading() as connection:
        rows = connection.execute(audit_table.select().order_by(audit_table.c.id)).all()
    before = FIRST
    for row in rows:
        subject = "TX-999999" if row.id == three[1] else row.subject
        before = chained(before, row.worker_id, row.verb, subject, row.purpose, row.at)
        known = before if key == "NULL" else linked(b"", 1, before)
        if row.id >= three[1]:
            changed = f"subject = '{subject}', hash = '{known}', key = {key}"
            tamper(store, f"UPDATE audit SET {changed} WHERE id = {row.id}")

    assert three[1] == verify(store).broken


def test_a_chain_whose_key_was_exchanged_does_not_hold(store, three):
    with store.writing() as connection:
        connection.execute(audit_key.update().values(sealed=Seal("x" * 32).close("00" * 32, about_key(1))))

    assert three[0] == verify(store).broken


def test_a_link_with_an_older_key_after_a_newer_one_is_none(store, three, wang):
    """Whoever learned the secret of before knows its key too."""
    with store.writing() as connection:
        old = bytes.fromhex(store.seal.open(connection.execute(select(audit_key.c.sealed)).scalar(), about_key(1)))
        add_key(connection, store.seal)
    audit(store, wang.id, "case.viewed", "TX-222222")
    with store.reading() as connection:
        row = connection.execute(audit_table.select().order_by(audit_table.c.id.desc())).first()
    assert (None, 2) == (verify(store).broken, row.key)
    plain = chained(row.hash, row.worker_id, row.verb, row.subject, row.purpose, row.at)
    with store.writing() as connection:
        values = {**row._mapping, "id": row.id + 1, "key": 1, "hash": linked(old, 1, plain)}
        connection.execute(audit_table.insert().values(**values))

    assert row.id + 1 == verify(store).broken


def test_a_row_taken_out_shows_in_the_one_after_it(store, three):
    tamper(store, f"DELETE FROM audit WHERE id = {three[1]}")

    assert three[2] == verify(store).broken


def test_an_end_cut_off_shows_by_a_head_that_was_noted(store, three):
    noted = verify(store).head
    tamper(store, f"DELETE FROM audit WHERE id = {three[2]}")
    found = verify(store, [noted])

    assert None is found.broken
    assert noted == found.lost


def test_a_noted_head_is_found_again_after_more_was_written(store, three, wang):
    noted = verify(store).head
    audit(store, wang.id, "case.viewed", "TX-222222")

    assert None is verify(store, [noted]).lost
    assert Head(3, "another") == verify(store, [Head(3, "another")]).lost


def test_writers_side_by_side_make_one_chain(store, wang):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: audit(store, wang.id, "case.viewed", f"case {number}"), range(40)))
    found = verify(store)

    assert (None, 40) == (found.broken, found.head.rows)


def test_rows_from_before_the_chain_are_bound_by_the_migration(url):
    engine = make_engine(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        hired = "INSERT INTO worker (id, name, role, password_hash, must_change, created_at) VALUES "
        connection.execute(text(hired + "(1, 'old', 'admin', '', false, '2026-01-01 00:00:00')"))
        for number in range(3):
            row = f"(1, 'case.viewed', 'TX-22222{number}', '2026-01-01 00:00:00.00000{number}')"
            connection.execute(text(f"INSERT INTO audit (worker_id, verb, subject, at) VALUES {row}"))
    migrate(engine)
    engine.dispose()
    store = open_store(url)
    old = verify(store)
    store.close()
    store = open_store(url, secret="a secret of at least thirty-two signs")
    audit(store, 1, "case.viewed", "TX-222223")
    found = verify(store, [old.head])
    tamper(store, "UPDATE audit SET purpose = 'x' WHERE id = 2")
    broken = verify(store).broken
    store.close()

    assert (None, 3, 3) == (old.broken, old.head.rows, old.unkeyed)
    assert (None, None, 4, 3) == (found.broken, found.lost, found.head.rows, found.unkeyed)
    assert 2 == broken
