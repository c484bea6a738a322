from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from lumina.schemas.base import Request, WireId


class Register(Request):
    email: str = Field(max_length=254)
    password: str = Field(min_length=8, max_length=200)
    first_name: str = Field(min_length=1, max_length=80)
    last_name: str = Field(min_length=1, max_length=80)


class Login(Request):
    email: str = Field(max_length=254)
    password: str = Field(max_length=1000)


class Refresh(Request):
    refresh_token: str = Field(max_length=500)


class Forgot(Request):
    email: str = Field(max_length=254)


class Reset(Request):
    token: str = Field(max_length=500)
    password: str = Field(min_length=8, max_length=200)


class UpdateMe(Request):
    first_name: str | None = Field(None, max_length=80)
    last_name: str | None = Field(None, max_length=80)
    headline: str | None = Field(None, max_length=120)
    avatar: WireId | None = Field(None, description="An uploaded picture's id; null removes the photo")
    link_previews: bool = Field(True, description="Show previews of links that I send")
    show_presence: bool = Field(True, description="Show when I am online, and see it of others")
    show_receipts: bool = Field(True, description="Show what I have read and received, and see it of others")
    direct_from: Literal["everyone", "known", "nobody"] = Field(
        "everyone",
        description="Who may begin to write to me directly; known is who shares a conversation with me",
    )


class ChangePreferences(Request):
    sound: Literal["none", "soft", "bright"] = "soft"
    hide_content: bool = False
    quiet_from: int | None = Field(None, ge=0, lt=1440, description="Minutes of the day, in `timeZone`")
    quiet_until: int | None = Field(None, ge=0, lt=1440)
    time_zone: str | None = Field(None, max_length=64, description="As IANA names it, like Europe/Lisbon")
    urgent_in_quiet: bool = True
    digest: bool = True

    def given(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class ChangePassword(Request):
    current_password: str = Field(max_length=1000)
    password: str = Field(min_length=8, max_length=200)


class Block(Request):
    blocked: bool


class ListBlocked(Request):
    cursor: str | None = Field(None, max_length=1000)
    limit: int = Field(50, ge=1, le=100)


class CloseMe(Request):
    password: str = Field(max_length=1000)


class Suspend(Request):
    suspended: bool
    reason: str | None = Field(None, max_length=2000, description="Needed to suspend; kept in the audit log")


class FindPeople(Request):
    query: str | None = Field(None, max_length=200)
    cursor: str | None = Field(None, max_length=1000)
    limit: int = Field(20, ge=1, le=100)


class Renew(Request):
    token: str = Field(max_length=5000)
