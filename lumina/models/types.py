"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

BigId = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC).replace(tzinfo=None if dialect.name == "sqlite" else UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        # Called for every time of every row, hence without the layers of a plain TypeDecorator.
        return _from_text if dialect.name == "sqlite" else _from_driver


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


def _from_driver(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


RowId = Annotated[int, mapped_column(BigId, primary_key=True)]
Moment = Annotated[datetime, mapped_column(UtcDateTime)]


def unaccented(text: str) -> str:
    """`text` without case and accents, decomposed."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return bare.casefold()


def folded(text: str) -> str:
    """`text` as people search for it: without case and accents ("Zoë" is found by "zoe")."""
    return " ".join(unaccented(text).split())
