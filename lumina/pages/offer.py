"""The form of one's own price list: numbers as people write them, and what they mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import BooleanField, Field, StringField, ValidationError

from lumina import models
from lumina.pages.forms import Form, lines_as_typed, text_field
from lumina.presenters.amounts import amount, typed
from lumina.presenters.texts import t
from lumina.services import experts
from lumina.services.money import from_text

PREFIX = "offer"


def _within(name: str, read: Callable[[str], int | None], say: Callable[[int], str]) -> Any:
    """A validator: a number in the bounds of this column."""

    def check(form: Form, field: Field) -> None:
        least, most = experts.BOUNDS[name]
        found = read(field.data or "")
        if found is None or not least <= found <= most:
            raise ValidationError(t("offer.out_of_bounds", least=say(least), most=say(most)))

    return check


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def _numeral(number: int) -> str:
    return f"{number:,}"


def _price(name: str) -> StringField:
    return StringField(
        t(f"offer.{name}"), [_within(name, from_text, amount)], render_kw={"inputmode": "decimal"}
    )


def _count(name: str) -> StringField:
    return StringField(
        t(f"offer.{name}"), [_within(name, _number, _numeral)], render_kw={"inputmode": "numeric"}
    )


class OfferForm(Form):
    refused_field = "headline"
    is_open = BooleanField(t("offer.is_open"))
    headline = text_field("settings.headline", experts.HEADLINE, required=False)
    bio = text_field("offer.bio", experts.BIO, required=False, filters=[lines_as_typed])
    conversation_price_minor = _price("conversation_price_minor")
    duration_days = _count("duration_days")
    answer_hours = _count("answer_hours")
    high_price_minor = _price("high_price_minor")
    high_answer_hours = _count("high_answer_hours")
    urgent_price_minor = _price("urgent_price_minor")
    urgent_answer_hours = _count("urgent_answer_hours")
    max_unanswered = _count("max_unanswered")

    def arguments(self) -> dict[str, Any]:
        """What services.experts.change takes; of a form that is valid."""
        told: dict[str, Any] = {
            "headline": self.headline.data,
            "bio": self.bio.data,
            "is_open": self.is_open.data,
        }
        for name in experts.BOUNDS:
            told[name] = (from_text if name.endswith("_minor") else _number)(self[name].data)
        return told


def sent() -> OfferForm:
    """What the request's form holds."""
    return OfferForm(prefix=PREFIX)


def standing(viewer: models.User) -> tuple[OfferForm, bool]:
    """The viewer's offer as it is, or what a first one would be; and whether they have one."""
    own = experts.offer_of(viewer)
    columns = experts.defaults() if own is None else {name: getattr(own, name) for name in experts.BOUNDS}
    told: dict[str, Any] = {
        name: (typed if name.endswith("_minor") else str)(number) for name, number in columns.items()
    }
    told |= {"headline": viewer.headline, "bio": own and own.bio, "is_open": own is None or own.is_open}
    return OfferForm(formdata=None, prefix=PREFIX, data=told), own is not None
