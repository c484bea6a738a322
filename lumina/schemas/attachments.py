from __future__ import annotations

from typing import Literal

from pydantic import Field

from lumina.schemas.base import Request, WireId


class ListShared(Request):
    kind: Literal["media", "audio", "files"] = "media"
    cursor: WireId | None = None
    limit: int = Field(30, ge=1, le=100)
