"""How the databases would find what a statement asks for: full scans of tables that grow are what is looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Connection, event, inspect

from lumina.extensions import db

# What grows with use. Of the others there are few rows, or they are read by who administers.
GROWING = {
    "attachments",
    "conversations",
    "hidden_messages",
    "memberships",
    "message_edits",
    "message_terms",
    "messages",
    "reactions",
    "sessions",
    "stored_files",
    "users",
}
PLANNED = ("SELECT", "UPDATE", "DELETE", "WITH")
ALIAS = re.compile(r"\b(\w+) AS (\w+)")
SCAN = re.compile(r"^SCAN (?:TABLE )?(\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
# Nested loops alone, for of few rows the planner might join by reading all of both sides.
ONLY_INDEXES = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
# Until the transaction ends the planner believes these tables to be large, and each id to stand in ten of their rows.
# What it has been told depends on when the server last looked, and on what earlier tests have left in the files.
TAKEN_FOR_LARGE = (
    "DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relname = ANY(%s))",
    """
    INSERT INTO pg_statistic (starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct,
        stakind1, stakind2, stakind3, stakind4, stakind5, staop1, staop2, staop3, staop4, staop5,
        stacoll1, stacoll2, stacoll3, stacoll4, stacoll5)
    SELECT attrelid, attnum, false, 0, 8, -0.1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relkind = 'r' AND attname LIKE '%%\\_id' AND relname = ANY(%s)
    """,
    """
    UPDATE pg_class SET relpages = greatest(pg_relation_size(oid) / 8192, 1), reltuples = 1000000
    WHERE relkind = 'r' AND relname = ANY(%s)
    """,
)
# Each index of PostgreSQL's with its table and the column that it is ordered by.
LEADING = """
    SELECT index.relname, owner.relname, first.attname FROM pg_index
    JOIN pg_class AS index ON index.oid = indexrelid JOIN pg_class AS owner ON owner.oid = indrelid
    JOIN pg_attribute AS first ON first.attrelid = indrelid AND first.attnum = indkey[0]
"""

Statement = tuple[str, Any]


@contextmanager
def collected(app: Flask) -> Iterator[list[Statement]]:
    """The statements of a block that have a plan, with their parameters."""
    with app.app_context():
        engine = db.engine
    found: list[Statement] = []

    def record(_connection: Any, _cursor: Any, text: str, given: Any, _context: Any, many: bool) -> None:
        if not many and text.lstrip().startswith(PLANNED):
            found.append((text, given))

    event.listen(engine, "before_cursor_execute", record)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", record)


def full_scans(connection: Connection, statement: Statement) -> set[str]:
    """The growing tables that a statement would have to read through. A partial index holds few of a table's rows."""
    find = _on_sqlite if connection.dialect.name == "sqlite" else _on_postgresql
    return {table for table, index in find(connection, *statement) if index not in _partial(connection)}


def take_for_large(connection: Connection) -> None:
    """Has PostgreSQL's planner believe until the end of the transaction what TAKEN_FOR_LARGE says."""
    for sql in TAKEN_FOR_LARGE:
        connection.exec_driver_sql(sql, (sorted(GROWING),))


def _on_sqlite(connection: Connection, text: str, given: Any) -> Iterator[tuple[str, str | None]]:
    tables = {alias: table for table, alias in ALIAS.findall(text)}
    for *_, step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given):
        scan = SCAN.match(step)
        # What the search's table is asked for stands after the colon: a pattern or a row.
        if scan is None or ("VIRTUAL TABLE" in step and not step.endswith("0:")):
            continue
        table = tables.get(scan[1], scan[1])
        if table in GROWING:
            yield table, scan[2]


def _on_postgresql(connection: Connection, text: str, given: Any) -> Iterator[tuple[str, str | None]]:
    for setting in ONLY_INDEXES:
        connection.exec_driver_sql(f"SET LOCAL {setting} = off")
    take_for_large(connection)
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {text}", given).scalar_one()
    leading = {index: (table, column) for index, table, column in connection.exec_driver_sql(LEADING)}
    for node in _nodes(plan[0]["Plan"]):
        index = node.get("Index Name")
        table, column = leading.get(index, (node.get("Relation Name"), None))
        is_found = column and re.search(rf"\b{column}\b", node.get("Index Cond", ""))
        if (index or node["Node Type"] == "Seq Scan") and table in GROWING and not is_found:
            yield table, index


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _partial(connection: Connection) -> set[str]:
    """The names of the indexes that have a condition."""
    option = f"{connection.dialect.name}_where"
    return {
        str(index["name"])
        for table in GROWING - {"message_terms"}
        for index in inspect(connection).get_indexes(table)
        if option in index.get("dialect_options", {})
    }
