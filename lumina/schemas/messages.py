from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from lumina.schemas.base import Request, WireId


class SendMessage(Request):
    conversation_id: WireId
    content: str = Field(max_length=10_000)
    message_type: Literal["text"] = "text"
    is_priority: bool = False
    priority_level: Literal["normal", "high", "urgent"] = "normal"
    client_message_id: str | None = Field(None, max_length=64)

    @model_validator(mode="after")
    def priority_has_a_level(self) -> SendMessage:
        if self.is_priority and self.priority_level == "normal":
            raise ValueError("isPriority needs a priorityLevel of high or urgent")
        return self

    def arguments(self) -> dict[str, Any]:
        """What services.messages.send takes."""
        return self.model_dump(exclude={"message_type"})
