"""One's own account: profile, offer, password, devices, appearance."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import Invalid, LuminaError
from lumina.pages import offer, shell
from lumina.pages.forms import CloseForm, PasswordForm, PrivacyForm, ProfileForm
from lumina.pages.offer import OfferForm
from lumina.pages.requests import THEME_COOKIE, THEMES
from lumina.pages.session import actor, session_id
from lumina.presenters import devices, times, wire
from lumina.presenters.texts import t
from lumina.services import accounts, blocks, experts, passwords, preferences, sessions, wallets

blueprint = Blueprint("settings", __name__, url_prefix="/settings")

YEAR = 365 * 24 * 60 * 60


@blueprint.get("")
def show() -> str:
    """The page."""
    return render(actor())


@blueprint.post("/profile")
def profile() -> Response | BaseResponse:
    """Name and headline."""
    viewer, form = actor(), ProfileForm()
    if not form.validate_on_submit():
        return Response(render(viewer, profile_form=form), 400)
    try:
        accounts.update_profile(
            viewer,
            first_name=form.first_name.data,
            last_name=form.last_name.data,
            headline=form.headline.data or "",
        )
    except LuminaError as error:
        form.refuse(error)
        return Response(render(viewer, profile_form=form), error.status)
    return _saved("settings.saved", "profile")


@blueprint.post("/offer")
def change_offer() -> Response | BaseResponse:
    """One's own price list; the first one makes one an expert."""
    viewer, form = actor(), offer.sent()
    if not form.validate_on_submit():
        return Response(render(viewer, offer_form=form), 400)
    try:
        experts.change(viewer, **form.arguments())
    except LuminaError as error:
        form.refuse(error)
        return Response(render(viewer, offer_form=form), error.status)
    return _saved("settings.saved", "offer")


@blueprint.post("/privacy")
def privacy() -> BaseResponse:
    """What others learn through one, and who may write."""
    viewer, form = actor(), PrivacyForm()
    accounts.update_profile(
        viewer,
        link_previews=form.link_previews.data,
        show_presence=form.show_presence.data,
        show_receipts=form.show_receipts.data,
        direct_from=form.direct_from.data or None,
    )
    return _saved("settings.saved", "privacy")


@blueprint.post("/notifications")
def notifications() -> Response | BaseResponse:
    """Sound, quiet hours, mails."""
    viewer, form = actor(), request.form
    try:
        preferences.change(
            viewer,
            sound=form.get("sound", "soft"),
            quiet_from=_minutes("quiet_from"),
            quiet_until=_minutes("quiet_until"),
            time_zone=form.get("time_zone", "").strip() or None,
            **{name: name in form for name in ("hide_content", "urgent_in_quiet", "digest")},
        )
    except LuminaError as error:
        return Response(render(viewer, notifications_error=error.message), error.status)
    return _saved("settings.saved", "notifications")


def _minutes(name: str) -> int | None:
    """What a time field holds, as minutes of the day."""
    text = request.form.get(name, "")
    try:
        return times.minutes(text) if text else None
    except ValueError:
        raise Invalid.field(name, "This is no time of day.") from None


@blueprint.post("/password")
def password() -> Response | BaseResponse:
    """A new password; all other devices are signed out."""
    viewer, form = actor(), PasswordForm()
    if not form.validate_on_submit():
        return Response(render(viewer, password_form=form), 400)
    try:
        passwords.change(
            viewer,
            current_password=form.current_password.data,
            password=form.password.data,
            keep_session_id=session_id(),
        )
    except LuminaError as error:
        form.refuse(error)
        return Response(render(viewer, password_form=form), error.status)
    return _saved("settings.password_changed", "security")


@blueprint.post("/appearance")
def appearance() -> BaseResponse:
    """Light, dark, or as the system; this browser's own."""
    actor()
    theme = request.form.get("theme")
    response = redirect("/settings#appearance", 303)
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=False
        )
    return response


@blueprint.post("/sessions/<revoked_id>/revoke")
def revoke(revoked_id: str) -> BaseResponse:
    """Sign another device out."""
    sessions.revoke(actor(), revoked_id)
    return _saved("settings.revoked", "devices")


def _saved(text: str, section: str) -> BaseResponse:
    flash(t(text), "good")
    return redirect(f"/settings#{section}", 303)


def render(
    viewer: models.User,
    *,
    profile_form: ProfileForm | None = None,
    password_form: PasswordForm | None = None,
    close_form: CloseForm | None = None,
    close_error: LuminaError | None = None,
    notifications_error: str | None = None,
    offer_form: OfferForm | None = None,
) -> str:
    """The page, with what was refused."""
    blocked = blocks.listed(viewer, request.args.get("blocked") or None)
    standing_offer, is_expert = offer.standing(viewer)
    return shell.render(
        "settings/settings.html",
        viewer,
        section="settings",
        page_title=t("settings.title"),
        email=viewer.email,
        preferences=preferences.of(viewer.id),
        devices=devices.listed(sessions.list_for(viewer), session_id()),
        profile_form=profile_form or ProfileForm(formdata=None, obj=viewer),
        privacy_form=PrivacyForm(formdata=None, obj=viewer),
        password_form=password_form or PasswordForm(formdata=None),
        close_form=close_form or CloseForm(formdata=None),
        close_error=close_error,
        notifications_error=notifications_error,
        offer_form=offer_form or standing_offer,
        is_expert=is_expert,
        currency=wallets.currency(),
        blocked=[wire.user(person, viewer) for person in blocked.items],
        more_blocked=blocked.next_cursor,
    )
