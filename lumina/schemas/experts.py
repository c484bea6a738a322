from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from lumina.schemas.base import Request

MOST_MINOR = 1_000_000_00
LEVELS = ("high", "urgent")


class ListExperts(Request):
    query: str | None = Field(None, max_length=200)
    cursor: str | None = Field(None, max_length=1000)
    limit: int = Field(24, ge=1, le=100)


class MessagePrices(Request):
    high: int | None = Field(None, ge=1, le=MOST_MINOR)
    urgent: int | None = Field(None, ge=1, le=MOST_MINOR)


class MessageHours(Request):
    high: int | None = Field(None, ge=1, le=720)
    urgent: int | None = Field(None, ge=1, le=720)


class Offer(Request):
    conversation_price_minor: int | None = Field(None, ge=1, le=MOST_MINOR)
    duration_days: int | None = Field(None, ge=1, le=365)
    answer_hours: int | None = Field(None, ge=1, le=720)
    message_prices_minor: MessagePrices | None = None
    message_answer_hours: MessageHours | None = None
    max_unanswered: int | None = Field(None, ge=1, le=1000)
    open: bool | None = None


class ChangeExpert(Request):
    headline: str | None = Field(None, max_length=120)
    bio: str | None = Field(None, max_length=2000)
    offer: Offer = Offer()

    def arguments(self) -> dict[str, Any]:
        """What services.experts.change takes: what the caller named, null or empty taking a text away."""
        given: dict[str, Any] = {
            name: getattr(self, name) or "" for name in ("headline", "bio") if name in self.model_fields_set
        }
        plain = ("conversation_price_minor", "duration_days", "answer_hours", "max_unanswered")
        given |= {name: getattr(self.offer, name) for name in plain}
        given["is_open"] = self.offer.open
        for level in LEVELS:
            prices, hours = self.offer.message_prices_minor, self.offer.message_answer_hours
            given[f"{level}_price_minor"] = getattr(prices, level, None)
            given[f"{level}_answer_hours"] = getattr(hours, level, None)
        return {name: value for name, value in given.items() if value is not None}


class ListEscrows(Request):
    state: Literal["held", "answered", "disputed", "released", "refunded", "split"] | None = None
    role: Literal["client", "expert"] | None = None
    cursor: str | None = Field(None, max_length=1000)
    limit: int = Field(50, ge=1, le=100)

    @field_validator("state", "role", mode="before")
    @classmethod
    def nothing_given(cls, value: Any) -> Any:
        return None if value == "" else value


class Dispute(Request):
    reason: str = Field(min_length=1, max_length=2000)


class Resolve(Request):
    outcome: Literal["release", "refund", "split"]
    expert_minor: int | None = Field(None, ge=0, le=2**53)
    note: str | None = Field(None, max_length=500, description="Why, for the audit log")
