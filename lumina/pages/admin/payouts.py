"""The payouts that wait for an admin."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import LuminaError
from lumina.pages.admin.door import admin, blueprint, render
from lumina.presenters import administration as shown
from lumina.presenters.amounts import amount
from lumina.presenters.texts import t
from lumina.services import payouts, topup_returns


@blueprint.get("/payouts")
def list_payouts() -> str:
    """Who waits longest first."""
    return _page(admin())


@blueprint.post("/payouts/<payout_id>")
def settle_payout(payout_id: str) -> Response | BaseResponse:
    """It goes back; or it has been paid, which is asked once more, for that cannot be taken back."""
    actor, is_paid = admin(), request.form.get("paid") == "1"
    try:
        if is_paid and "confirmed" not in request.form:
            return Response(_confirm(actor, payout_id))
        payouts.settle(actor, payout_id, paid=is_paid)
    except LuminaError as error:
        return Response(_page(actor, error.message), error.status)
    flash(t("payouts.paid_done" if is_paid else "payouts.returned_done"), "good")
    return redirect("/admin/payouts", 303)


def _confirm(actor: models.User, payout_id: str) -> str:
    asked = payouts.find_requested(actor, payout_id)
    payout = shown.payout(asked.payout, asked.user)
    heading = t("payouts.question", amount=amount(asked.payout.amount_minor))
    return render("payout.html", actor, tab="payouts", heading=heading, payout=payout)


def _page(actor: models.User, form_error: str | None = None) -> str:
    cursor = request.args.get("cursor") or None
    page = payouts.requested(actor, cursor)
    return render(
        "payouts.html",
        actor,
        tab="payouts",
        payouts=[shown.payout(one.payout, one.user) for one in page.items],
        more=f"/admin/payouts?{urlencode({'cursor': page.next_cursor})}" if page.next_cursor else None,
        returning=[] if cursor else [shown.topup(one) for one in topup_returns.waiting(actor)],
        form_error=form_error,
    )
