from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from lumina.schemas.base import Moment, Request


def _number(value: Any) -> Any:
    """A price on the wire is a number of major units; a form's is its digits."""
    if isinstance(value, bool):
        raise ValueError("a price is a number")
    return str(value) if isinstance(value, float) else value


Price = Annotated[
    Decimal, BeforeValidator(_number), Field(strict=False, ge=0, le=1_000_000, decimal_places=2)
]

Account = Literal["available", "held", "pending"]


class Renew(Request):
    priority_price: Price | None = None


class ListWalletLines(Request):
    account: Account = "available"
    cursor: str | None = Field(None, max_length=1000)
    limit: int = Field(50, ge=1, le=100)


class StartTopup(Request):
    amount_minor: int = Field(ge=100, le=1_000_000)


class AskPayout(Request):
    amount_minor: int = Field(ge=1, le=1_000_000_00)


def _begins(value: Any) -> Any:
    return _day(value, 0)


def _ends(value: Any) -> Any:
    return _day(value, 1)


def _day(value: Any, days_later: int) -> Any:
    """When a day begins in UTC, for a date; what is none is left to be judged as a time, and nothing is None."""
    if not isinstance(value, str) or len(value) != len("2026-11-22"):
        return value or None
    try:
        return f"{date.fromisoformat(value) + timedelta(days_later)}T00:00:00Z"
    except OverflowError:
        raise ValueError("this day is out of range") from None


class Statement(Request):
    """A period: days in UTC, the last one included, or times, the last one not."""

    account: Account = "available"
    since: Annotated[Moment | None, BeforeValidator(_begins)] = Field(None, alias="from")
    until: Annotated[Moment | None, BeforeValidator(_ends)] = Field(None, alias="to")
