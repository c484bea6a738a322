"""What is booked and what is noted stays as it is: the database itself refuses to change or remove it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lumina.extensions import db
from lumina.services import wallets

TABLES = {
    "ledger_transactions": "kind = 'gift'",
    "ledger_entries": "amount_minor = amount_minor + 1",
    "audit_entries": "act = 'nothing'",
}


@pytest.fixture
def rows(app, cast):
    """All rows of a table, after something has been booked and noted."""
    with app.app_context():
        wallets.credit(cast.owner.email, 5000)
        yield lambda table: db.session.execute(text(f"SELECT * FROM {table} ORDER BY id")).all()


def require_refused(statement):
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


@pytest.mark.parametrize(("table", "change"), TABLES.items())
def test_nothing_is_changed_or_removed(rows, table, change):
    before = rows(table)
    assert before
    for where in ("", f" WHERE id = {before[0].id}"):
        require_refused(f"UPDATE {table} SET {change}{where}")
        require_refused(f"DELETE FROM {table}{where}")
    assert rows(table) == before


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_replaced(rows, table):
    """SQLite tells no DELETE trigger of what INSERT OR REPLACE removes; PostgreSQL takes it for an update."""
    before = rows(table)
    columns = ", ".join(before[0]._mapping)
    if db.engine.dialect.name == "sqlite":
        require_refused(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")
        if table == "ledger_transactions":
            require_refused(
                f"INSERT OR REPLACE INTO {table} (kind, key, created_at) SELECT 'gift', key, created_at FROM {table}"
            )
    else:
        require_refused(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} "
            f"ON CONFLICT (id) DO UPDATE SET id = excluded.id"
        )
    assert rows(table) == before


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_emptied(rows, table):
    before = rows(table)
    if db.engine.dialect.name == "sqlite":
        require_refused(f"DELETE FROM {table} WHERE 1")
    else:
        require_refused(f"TRUNCATE {table} CASCADE")
    assert rows(table) == before
