"""What has its time, as the sweep asks for it every second: statements of `now` and `most`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from lumina.models.statements.tables import MOST
from lumina.models.types import UtcDateTime

NOW = bindparam("now", type_=UtcDateTime())


def earliest(*key: Any, at: Any, when: ColumnElement[bool] | None = None) -> Select[Any]:
    """The keys of rows and their time, the earliest first: of those whose time has come, unless `when` says which."""
    return select(*key, at).where(at <= NOW if when is None else when).order_by(at).limit(MOST)
