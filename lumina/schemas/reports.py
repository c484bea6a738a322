from __future__ import annotations

from typing import Literal

from pydantic import Field

from lumina.schemas.base import Request
from lumina.services.reports import Reason


class MakeReport(Request):
    reason: Reason
    note: str | None = Field(None, max_length=2000, description="Needed where the reason is other")


class ListReports(Request):
    cursor: str | None = Field(None, max_length=1000)
    limit: int = Field(50, ge=1, le=100)


class SettleReport(Request):
    outcome: Literal["dismiss", "suspend"]
    reason: str | None = Field(None, max_length=2000, description="Needed to suspend; for the audit log")
