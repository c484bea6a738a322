"""Everybody: finding somebody, and what an admin does to their account."""

from __future__ import annotations

import re
from urllib.parse import urlencode
from uuid import uuid4

from flask import Response, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import InsufficientBalance, LuminaError
from lumina.pages.admin.door import admin, blueprint, render
from lumina.presenters import administration as shown
from lumina.presenters import wire
from lumina.presenters.amounts import amount
from lumina.presenters.texts import t
from lumina.services import administration, audit, money, payouts, suspensions, topups, wallets
from lumina.services.administration import Member

# What was done about somebody lately, beside their wallet.
LATELY = 8
KEY = re.compile("[0-9a-f]{32}")


@blueprint.get("/people")
def list_people() -> str:
    """By name, or by a whole address."""
    actor, query = admin(), request.args.get("query", "").strip()
    page = administration.find_people(actor, query or None, cursor=request.args.get("cursor") or None)
    following = {"query": query} if query else {}
    return render(
        "people.html",
        actor,
        tab="people",
        query=query,
        people=[_row(one) for one in page.items],
        more=f"/admin/people?{urlencode(following | {'cursor': page.next_cursor})}"
        if page.next_cursor
        else None,
    )


@blueprint.get("/people/<user_id>")
def show_person(user_id: str) -> str:
    """One of them."""
    return _page(admin(), user_id)


@blueprint.post("/people/<user_id>/adjust")
def adjust(user_id: str) -> Response | BaseResponse:
    """Correct what they have available."""
    actor, form = admin(), request.form
    person = administration.find_person(actor, user_id)
    try:
        minor = money.typed(form.get("amount", ""), "amount")
        wallets.adjust(actor, person.user.id, minor, form.get("note", ""), key=_key())
    except InsufficientBalance:
        told = {"amount": t("people.too_much", amount=amount(person.wallet.available))}
        return Response(_page(actor, user_id, "adjust", told), InsufficientBalance.status)
    except LuminaError as error:
        return Response(_page(actor, user_id, "adjust", _told(error, "amount")), error.status)
    flash(t("people.adjusted", amount=amount(minor, signed=True)), "good")
    return redirect(f"/admin/people/{user_id}", 303)


@blueprint.post("/people/<user_id>/payout")
def ask_payout(user_id: str) -> Response | BaseResponse:
    """Ask for a payout in the name of somebody who cannot."""
    actor = admin()
    person = administration.find_person(actor, user_id)
    try:
        payouts.ask_for(actor, user_id, money.typed(request.form.get("amount", ""), "amount"))
    except InsufficientBalance:
        told = {"amount": t("people.too_much", amount=amount(person.wallet.available))}
        return Response(_page(actor, user_id, "payout", told), InsufficientBalance.status)
    except LuminaError as error:
        return Response(_page(actor, user_id, "payout", _told(error, "amount")), error.status)
    flash(t("people.payout_asked"), "good")
    return redirect("/admin/payouts", 303)


@blueprint.post("/people/<user_id>/suspend")
def suspend(user_id: str) -> Response | BaseResponse:
    """Keep them out, or let them in again."""
    actor, is_suspended = admin(), request.form.get("suspended") == "1"
    try:
        suspensions.change(actor, user_id, suspended=is_suspended, reason=request.form.get("reason", ""))
    except LuminaError as error:
        return Response(_page(actor, user_id, "suspend", _told(error, "reason")), error.status)
    flash(t("people.suspended_done" if is_suspended else "people.unsuspended_done"), "good")
    return redirect(f"/admin/people/{user_id}", 303)


def _key() -> str | None:
    """What tells this form from every other one: sent twice, it is booked once."""
    key = request.form.get("key", "")
    return key if KEY.fullmatch(key) else None


def _told(error: LuminaError, field: str) -> dict[str, str]:
    """What is wrong with each field of a form; what names none goes to `field`."""
    names = {"amountMinor": "amount"}
    told = {names.get(one["field"], one["field"]): one["message"] for one in error.errors}
    return told or {field: error.message}


def _row(member: Member) -> dict[str, object]:
    user = member.user
    return {
        "person": wire.person(user),
        "email": user.email,
        "wallet": wire.wallet(member.wallet),
        "is_admin": user.is_admin,
        "suspended_at": user.suspended_at,
        "closed_at": user.closed_at,
    }


def _page(
    actor: models.User, user_id: str, refused: str = "", field_errors: dict[str, str] | None = None
) -> str:
    member = administration.find_person(actor, user_id)
    entries = [shown.noted(item) for item in audit.list_for(actor, person_id=user_id, limit=LATELY).items]
    return render(
        "person.html",
        actor,
        tab="people",
        heading=member.user.name,
        member=_row(member),
        joined_at=member.user.created_at,
        headline=member.user.headline,
        entries=entries,
        topups=[shown.topup(one) for one in topups.list_of(actor, member.user.id)],
        adjustment_key=uuid4().hex,
        # Of the form that was refused: what is wrong, and what was typed.
        refused=refused,
        field_errors=field_errors or {},
        typed=request.form,
    )
