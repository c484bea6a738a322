"""The forms that are filled in by hand. What must always hold, services check."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from lumina.errors import LuminaError
from lumina.pages.requests import as_typed
from lumina.presenters.texts import t
from lumina.services import reach


class Form(FlaskForm):
    """A form that also shows what an operation refuses beside the field at fault."""

    refused_field = ""

    def refuse(self, error: LuminaError) -> None:
        """Place a refusal; what names none of our fields goes to `refused_field`."""
        told = [(_snake(one["field"]), one["message"]) for one in error.errors]
        placed = [(name, message) for name, message in told if name in self]
        for name, message in placed or [(self.refused_field, error.message)]:
            field: Field = self[name]
            field.errors = [*field.errors, message]


def _snake(camel: str) -> str:
    return re.sub(r"([A-Z])", lambda match: "_" + match[1].lower(), camel)


def lines_as_typed(text: str | None) -> str | None:
    """A filter for texts of several lines."""
    return as_typed(text) if text else text


def text_field(
    label: str,
    most: int,
    *,
    required: bool = True,
    filters: Sequence[Callable[[str | None], str | None]] = (),
    **attributes: str,
) -> StringField:
    """A field of words, at most so long."""
    checks = [Length(max=most, message=t("form.too_long", max=most))]
    if required:
        checks.append(InputRequired(t("form.required")))
    return StringField(t(label), checks, filters, render_kw=attributes)


def _password(label: str, autocomplete: str) -> PasswordField:
    return PasswordField(
        t(label), [InputRequired(t("form.required"))], render_kw={"autocomplete": autocomplete}
    )


def _email() -> StringField:
    return text_field("auth.email", 254, autocomplete="username", autocapitalize="none", spellcheck="false")


class LoginForm(Form):
    refused_field = "password"
    email = _email()
    password = _password("auth.password", "current-password")


class RegisterForm(Form):
    refused_field = "email"
    first_name = text_field("auth.first_name", 80, autocomplete="given-name")
    last_name = text_field("auth.last_name", 80, autocomplete="family-name")
    email = _email()
    password = _password("auth.password", "new-password")


class ForgotForm(Form):
    refused_field = "email"
    email = _email()


class ResetForm(Form):
    refused_field = "password"
    password = _password("auth.new_password", "new-password")


class ProfileForm(Form):
    refused_field = "first_name"
    first_name = text_field("auth.first_name", 80, autocomplete="given-name")
    last_name = text_field("auth.last_name", 80, autocomplete="family-name")
    headline = text_field("settings.headline", 120, required=False, autocomplete="organization-title")


class PrivacyForm(Form):
    show_presence = BooleanField(t("settings.show_presence"))
    show_receipts = BooleanField(t("settings.show_receipts"))
    link_previews = BooleanField(t("settings.link_previews"))
    direct_from = RadioField(
        choices=[(choice, t(f"settings.direct_from_{choice}")) for choice in reach.CHOICES],
        validate_choice=False,
    )


class PasswordForm(Form):
    refused_field = "current_password"
    current_password = _password("settings.current_password", "current-password")
    password = _password("auth.new_password", "new-password")


class CloseForm(Form):
    refused_field = "close_password"
    close_password = _password("close.password", "current-password")


class GroupForm(Form):
    refused_field = "name"
    name = text_field("details.name", 120, required=False, autocomplete="off")
    description = text_field(
        "details.description", 2000, required=False, filters=[lines_as_typed], autocomplete="off"
    )
