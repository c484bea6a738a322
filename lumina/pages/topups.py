"""Topping up: to the provider's checkout and back, and the sandbox's own checkout."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lumina.errors import LuminaError
from lumina.models import Topup
from lumina.pages import shell, wallet
from lumina.pages.money_forms import TopupForm
from lumina.pages.requests import is_fragment, local_path, site
from lumina.pages.session import actor
from lumina.presenters.amounts import amount
from lumina.presenters.texts import t
from lumina.services import topups

blueprint = Blueprint("topups", __name__)


@blueprint.post("/wallet/topups")
def start() -> Response | BaseResponse:
    """On to the page to pay at."""
    viewer, form = actor(), TopupForm()
    if not form.validate_on_submit():
        return Response(wallet.render(viewer, topup_form=form), 400)
    try:
        topup = topups.start(
            viewer, form.amount.minor, site=site(), return_to=local_path(form.return_to.data)
        )
    except LuminaError as error:
        form.refuse(error)
        return Response(wallet.render(viewer, topup_form=form), error.status)
    # A form leads to this site only, as the pages' policy has it; a page leads elsewhere.
    at_ours = local_path(topup.checkout_url)
    return redirect(at_ours or f"/wallet/topups/{topup.id}?go=1", 303)


@blueprint.get("/wallet/topups/<topup_id>")
def show(topup_id: str) -> str | BaseResponse:
    """Where the checkout leads back to: on to where one was, once it is known what has come of it. To our own code it says
    that alone."""
    viewer = actor()
    topup = topups.find(viewer, topup_id)
    if is_fragment():
        return topup.state
    has_left = "left" in request.args
    if topup.state == "open" and not has_left:
        return shell.render(
            "wallet/topup.html",
            viewer,
            section="wallet",
            page_title=t("topup.title", amount=amount(topup.amount_minor)),
            topup=topup,
            checkout_url=topup.checkout_url if "go" in request.args else None,
        )
    return _back(topup, "left" if topup.state == "open" else topup.state)


@blueprint.get("/sandbox/checkout/<token>")
def sandbox(token: str) -> str | BaseResponse:
    """The sandbox's checkout, of its owner alone."""
    topup = topups.in_sandbox(actor(), token)
    if topup.state != "open":
        return _back(topup, topup.state)
    return render_template("wallet/sandbox.html", topup=topup)


@blueprint.post("/sandbox/checkout/<token>")
def answer_in_sandbox(token: str) -> BaseResponse:
    """Pay, or cancel; the first click counts."""
    topup = topups.answer_in_sandbox(actor(), token, pays=request.form.get("answer") == "pay")
    return _back(topup, topup.state)


def _back(topup: Topup, outcome: str) -> BaseResponse:
    """To where one was, or to the wallet, which says what has come of it."""
    if topup.return_to:
        return redirect(topup.return_to, 303)
    flash(t(f"topup.{outcome}", amount=amount(topup.amount_minor)), "good" if outcome == "paid" else "quiet")
    return redirect("/wallet", 303)
