from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Request(BaseModel):
    """A JSON body or a query. Unknown fields are passed over; known ones must be of their type: "no" is not false."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="ignore",
        hide_input_in_errors=True,
        regex_engine="python-re",
        strict=True,
    )

    def given(self) -> dict[str, Any]:
        """The fields that the caller named, by their Python names; null takes a text away."""
        return {
            name: "" if value is None else value
            for name, value in self.model_dump(exclude_unset=True).items()
        }


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _in_utc(moment: datetime) -> datetime:
    """A time without a zone is UTC's, to the millisecond, as the wire tells time."""
    try:
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("this time is out of range") from None
    return aware.replace(microsecond=aware.microsecond // 1000 * 1000)


def _iso(value: object) -> object:
    # Digits alone would be taken for seconds since 1970.
    if not isinstance(value, str) or NUMBER.fullmatch(value):
        raise ValueError("a time is an ISO 8601 string")
    return value


NUMBER = re.compile(r"\s*[+-]?[\d._]*\s*")
Moment = Annotated[datetime, Field(strict=False), BeforeValidator(_iso), AfterValidator(_in_utc)]
# Ids are strings on the wire; a number that means one is forgiven.
WireId = Annotated[str, BeforeValidator(_as_text)]
