"""Alembic's way in: the connection comes from casework.engine.migrate."""

from alembic import context

from casework.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite can, once the driver keeps out of it: a failed migration leaves nothing behind
)

with context.begin_transaction():
    context.run_migrations()
