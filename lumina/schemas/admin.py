from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from lumina.schemas.base import Request, WireId


class ListAllEscrows(Request):
    state: Literal["held", "answered", "disputed", "released", "refunded", "split"] | None = None
    cursor: str | None = Field(None, max_length=1000)
    limit: int = Field(50, ge=1, le=100)


class ReadEvidence(Request):
    before: WireId | None = None
    after: WireId | None = None
    limit: int = Field(50, ge=1, le=100)

    @field_validator("before", "after", mode="before")
    @classmethod
    def nothing_given(cls, value: Any) -> Any:
        return None if value == "" else value

    @model_validator(mode="after")
    def one_direction(self) -> ReadEvidence:
        if self.before and self.after:
            raise ValueError("before and after exclude one another")
        return self


class ListPayouts(Request):
    cursor: str | None = Field(None, max_length=1000)
    limit: int = Field(50, ge=1, le=100)


class SettlePayout(Request):
    paid: bool = Field(description="false sends it back to the wallet that it came from")


class AskPayoutFor(Request):
    amount_minor: int = Field(ge=1, le=2**53)


class Adjust(Request):
    amount_minor: int = Field(ge=-(2**53), le=2**53, description="below zero takes")
    note: str = Field(min_length=1, max_length=500, description="Why, for the statement and the audit log")


class ReadAudit(Request):
    user_id: WireId | None = Field(None, description="What they have done, and what was done about them")
    cursor: str | None = Field(None, max_length=1000)
    limit: int = Field(50, ge=1, le=100)
