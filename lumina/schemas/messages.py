from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from lumina.schemas.base import Moment, Request, WireId
from lumina.schemas.money import Price


class SendMessage(Request):
    conversation_id: WireId
    content: str = Field("", max_length=10_000)
    message_type: Literal["text", "image", "file", "voice", "video"] = "text"
    is_priority: bool = False
    priority_level: Literal["normal", "high", "urgent"] = "normal"
    priority_price: Price | None = None
    reply_to: WireId | None = None
    expires_at: Moment | None = None
    client_message_id: str | None = Field(None, max_length=64)
    attachment_ids: list[WireId] = Field(default=[], max_length=5)

    @model_validator(mode="after")
    def priority_has_a_level(self) -> SendMessage:
        if self.is_priority and self.priority_level == "normal":
            raise ValueError("isPriority needs a priorityLevel of high or urgent")
        return self

    def arguments(self) -> dict[str, Any]:
        """What services.messages.send takes."""
        price = self.priority_price
        return {
            **self.model_dump(exclude={"message_type", "priority_price"}),
            "type": self.message_type,
            "price_minor": None if price is None else int(price * 100),
        }


class EditMessage(Request):
    content: str = Field(max_length=10_000)


class EditMessageAt(EditMessage):
    message_id: WireId


class React(Request):
    reaction: str = Field(min_length=1, max_length=64)
    active: bool | None = None


class ReactAt(React):
    message_id: WireId


class DeleteMessage(Request):
    scope: Literal["everyone", "me"] = "everyone"


class DeleteMessageAt(DeleteMessage):
    message_id: WireId


class PinMessage(Request):
    pinned: bool


class ForwardMessage(Request):
    conversation_ids: list[WireId] = Field(min_length=1, max_length=20)
