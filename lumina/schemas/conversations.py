from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from lumina.schemas.base import Moment, Request, WireId
from lumina.schemas.money import Price

LONGEST_AUTO_DELETE = 365 * 24 * 3600


class ListConversations(Request):
    filter: Literal["all", "unread", "priority", "archived"] = "all"
    query: str | None = Field(None, max_length=200)
    cursor: str | None = Field(None, max_length=1000)
    limit: int = Field(50, ge=1, le=100)


class StartConversation(Request):
    participant_ids: list[WireId] = Field(min_length=1, max_length=10_000)
    type: Literal["direct", "group", "priority_dm"]
    name: str | None = Field(None, max_length=120)
    description: str | None = Field(None, max_length=2000)
    is_priority_conversation: bool | None = None
    priority_price: Price | None = None
    priority_duration: int | None = Field(None, ge=1, le=2**31, description="In days")

    @model_validator(mode="after")
    def priority_is_a_type(self) -> StartConversation:
        if self.is_priority_conversation not in (None, self.type == "priority_dm"):
            raise ValueError("isPriorityConversation goes with the type priority_dm, and with no other")
        return self


class ReadHistory(Request):
    before: WireId | None = None
    after: WireId | None = None
    since: int | None = Field(None, ge=0, le=2**62)
    limit: int = Field(50, ge=1, le=100)

    @field_validator("before", "after", "since", mode="before")
    @classmethod
    def nothing_given(cls, value: Any) -> Any:
        return None if value == "" else value

    @model_validator(mode="after")
    def one_direction(self) -> ReadHistory:
        if len([way for way in (self.before, self.after, self.since) if way is not None]) > 1:
            raise ValueError("before, after and since exclude one another")
        return self


class UpdateConversation(Request):
    name: str | None = Field(None, max_length=120)
    description: str | None = Field(None, max_length=2000)
    avatar: WireId | None = Field(None, description="An uploaded picture's id; null removes the photo")


class AddMembers(Request):
    user_ids: list[WireId] = Field(min_length=1, max_length=10_000)


class ListMembers(Request):
    cursor: str | None = Field(None, max_length=1000)
    limit: int = Field(50, ge=1, le=100)


class Archive(Request):
    archived: bool


class MarkRead(Request):
    message_id: WireId


class AtConversation(Request):
    """A socket event about a conversation: its bare id will do."""

    conversation_id: WireId

    @model_validator(mode="before")
    @classmethod
    def bare_id(cls, value: Any) -> Any:
        return {"conversationId": value} if isinstance(value, str | int) else value


class MarkReadAt(AtConversation):
    message_id: WireId


class Settings(Request):
    notifications: bool = True
    notification_level: Literal["all", "mentions", "none"] = "all"
    auto_delete_after: int | None = Field(None, ge=1, le=LONGEST_AUTO_DELETE)
    allow_file_sharing: bool = True
    allow_voice_messages: bool = True


class ChangeSettings(Request):
    settings: Settings

    def given(self) -> dict[str, Any]:
        """What services.settings.change takes: the settings that the caller named."""
        return self.settings.model_dump(exclude_unset=True)


class ChangeSettingsAt(ChangeSettings):
    conversation_id: WireId


class Mute(Request):
    muted: bool | None = None
    muted_until: Moment | None = None
