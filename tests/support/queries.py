"""Counting SQL statements, so that their number is held in tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from lumina.extensions import db

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Queries(list[str]):
    """The statements sent, in order; printed one a line where an assertion on them fails."""

    def __repr__(self) -> str:
        lines = (f"{number:3}. {' '.join(text.split())}" for number, text in enumerate(self, 1))
        return f"{len(self)} statements:\n" + "\n".join(lines)


@contextmanager
def count_queries(app: Flask, expected: int | None = None) -> Iterator[Queries]:
    """Collects the statements of a block, without BEGIN and the like; holds an expected number."""
    with app.app_context():
        engine = db.engine
    queries = Queries()

    def record(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(TRANSACTION):
            queries.append(statement)

    event.listen(engine, "before_cursor_execute", record)
    try:
        yield queries
    finally:
        event.remove(engine, "before_cursor_execute", record)
    assert expected is None or len(queries) == expected, f"expected {expected}, not {queries!r}"
