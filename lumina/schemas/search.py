from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from lumina.schemas.base import Moment, Request, WireId


class Search(Request):
    query: str | None = Field(None, max_length=200)
    conversation_id: WireId | None = None
    sender_id: WireId | None = Field(None, alias="from")
    has: Literal["file", "link", "voice"] | None = None
    before: Moment | None = None
    after: Moment | None = None
    cursor: str | None = Field(None, max_length=1000)
    limit: int = Field(20, ge=1, le=100)

    @field_validator("conversation_id", "sender_id", "has", "before", "after", mode="before")
    @classmethod
    def nothing_given(cls, value: Any) -> Any:
        return None if value == "" else value
