"""The form of one's own price list: numbers as people write them, and what they mean."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, StringField
from wtforms.validators import StopValidation

from lumina import models
from lumina.pages.forms import Form, lines_as_typed, text_field
from lumina.pages.money_forms import MoneyField
from lumina.presenters.amounts import plain
from lumina.presenters.texts import t
from lumina.services import experts

PREFIX = "offer"


class CountField(StringField):
    """A whole number as one types it; once it is valid, `number` is what it comes to."""

    number = 0

    def __init__(self, label: str, least: int, most: int, **options: Any) -> None:
        super().__init__(label, render_kw={"inputmode": "numeric", "autocomplete": "off"}, **options)
        self.least, self.most = least, most

    def pre_validate(self, form: Any) -> None:
        text = (self.data or "").strip()
        if text.isascii() and text.isdecimal() and len(text) <= 9:
            self.number = int(text)
        if not self.least <= self.number <= self.most:
            raise StopValidation(t("offer.bounds", least=f"{self.least:,}", most=f"{self.most:,}"))


def _price(name: str) -> MoneyField:
    return MoneyField(t(f"offer.{name}"), *experts.BOUNDS[name])


def _count(name: str) -> CountField:
    return CountField(t(f"offer.{name}"), *experts.BOUNDS[name])


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
        told: dict[str, Any] = {name: self[name].data for name in ("headline", "bio", "is_open")}
        for name in experts.BOUNDS:
            field = self[name]
            told[name] = field.minor if isinstance(field, MoneyField) else field.number
        return told


def sent() -> OfferForm:
    """What the request's form holds."""
    return OfferForm(prefix=PREFIX)


def standing(viewer: models.User) -> tuple[OfferForm, bool]:
    """The viewer's offer as it is, or what a first one would be; and whether they have one."""
    own = experts.offer_of(viewer)
    columns = experts.defaults() if own is None else {name: getattr(own, name) for name in experts.BOUNDS}
    told: dict[str, Any] = {
        name: plain(number) if name.endswith("_minor") else str(number) for name, number in columns.items()
    }
    told |= {
        "headline": viewer.headline,
        "bio": own and own.bio,
        "is_open": own is None or own.is_open,
    }
    return OfferForm(formdata=None, prefix=PREFIX, data=told), own is not None
