from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from lumina.schemas.base import Request


def _number(value: Any) -> Any:
    """A price on the wire is a number of major units; a form's is its digits."""
    if isinstance(value, bool):
        raise ValueError("a price is a number")
    return str(value) if isinstance(value, float) else value


Price = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=1_000_000, decimal_places=2)]


class Renew(Request):
    priority_price: Price | None = None


class ListWalletLines(Request):
    account: Literal["available", "held", "pending"] = "available"
    cursor: str | None = Field(None, max_length=1000)
    limit: int = Field(50, ge=1, le=100)
