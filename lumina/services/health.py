"""Whether the servers we lean on answer."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lumina.errors import Unavailable
from lumina.extensions import db, limiter


def check() -> None:
    """Raises Unavailable where the database, or Redis where it is configured, does not answer."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        raise Unavailable("The database does not answer.") from None
    if not limiter.strategy.storage.check():
        raise Unavailable("Redis does not answer.")
