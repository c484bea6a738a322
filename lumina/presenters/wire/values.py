"""Times, ids and amounts, as JSON has them."""

from __future__ import annotations

from datetime import datetime


def time(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds."""
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def maybe_time(moment: datetime | None) -> str | None:
    return None if moment is None else time(moment)


def maybe_id(row_id: int | None) -> str | None:
    return None if row_id is None else str(row_id)


def major(amount_minor: int) -> float:
    """An amount as `priorityPrice` tells it: 50 for 5000 minor units, 49.5 for 4950."""
    return amount_minor // 100 if amount_minor % 100 == 0 else amount_minor / 100
