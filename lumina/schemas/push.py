from __future__ import annotations

from pydantic import Field

from lumina.schemas.base import Request


class Keys(Request):
    p256dh: str = Field(max_length=100, alias="p256dh")
    auth: str = Field(max_length=32)


class Subscribe(Request):
    """As `PushSubscription.toJSON()` gives it in a browser."""

    endpoint: str = Field(max_length=1000)
    keys: Keys


class Unsubscribe(Request):
    endpoint: str = Field(max_length=1000)
