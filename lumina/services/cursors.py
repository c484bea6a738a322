"""Where a page of a list ended, as a word that callers hand back unread."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from lumina.errors import Invalid
from lumina.services import text


def encode(*values: str | int) -> str:
    """The sort key of the last item as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def decode(cursor: str, *kinds: Callable[[Any], Any]) -> tuple[Any, ...]:
    """The values of a cursor, each made by its kind. Raises Invalid for one that was never handed out."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        return tuple(
            kind(text.clean(str(value), "cursor")) for kind, value in zip(kinds, values, strict=True)
        )
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise Invalid.field("cursor", "This cursor was not handed out by this list.") from None


def moment(text: str) -> datetime:
    """The kind of value that is a time. Raises ValueError or OverflowError."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without a zone")
    return found.astimezone(UTC)


def number(text: str) -> int:
    """The kind of value that is an id. Raises ValueError."""
    found = int(text)
    if not 0 <= found < 2**63:
        raise ValueError("no id is that large")
    return found
