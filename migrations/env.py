"""Alembic's entry: migrates over the app's own engine, which `flask db` hands over."""

from __future__ import annotations

from alembic import context

from lumina.extensions import db

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
