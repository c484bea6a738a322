"""Asking an expert: what it costs, what it buys and what happens otherwise, on one page, and doing it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import Invalid, LuminaError
from lumina.pages import experts as profiles
from lumina.pages import shell
from lumina.pages.requests import as_typed
from lumina.pages.session import actor
from lumina.presenters import experts as presenter
from lumina.presenters.texts import t
from lumina.services import asking, wallets
from lumina.services.asking import Prospect
from lumina.services.purchases import Agreed
from lumina.services.views import Wallet

blueprint = Blueprint("ask", __name__, url_prefix="/experts/<expert_id>/ask")

# What the page says by itself, once it shows how things are now.
SHOWN_ANYWAY = ("insufficient_balance", "price_changed")


@blueprint.get("")
def show(expert_id: str) -> str:
    """The page, with what one had begun to write."""
    viewer = actor()
    found = asking.prospect(viewer, expert_id)
    return _render(viewer, found, question=asking.draft(viewer, found.expert.user.id))


@blueprint.post("")
def ask(expert_id: str) -> Response | BaseResponse:
    """Pay and ask, or go and top up first."""
    viewer, question = actor(), as_typed(request.form.get("question", ""))
    if request.form.get("action") == "top_up":
        return _top_up(viewer, expert_id, question)
    agreed = Agreed(*(_whole(name) for name in ("price_minor", "duration_days", "answer_hours")))
    message_id = request.form.get("client_message_id", "")
    try:
        conversation_id = asking.ask(viewer, expert_id, agreed, question, message_id)
    except LuminaError as error:
        if error.status == 404:
            raise
        found = asking.prospect(viewer, expert_id)
        page = _render(
            viewer, found, question=question, refusal=error, changed=presenter.changes(agreed, found.expert)
        )
        return Response(page, error.status)
    return redirect(f"/conversations/{conversation_id}", 303)


@blueprint.post("/draft")
def keep(expert_id: str) -> Response:
    """Keep what is being written."""
    asking.keep_draft(actor(), expert_id, as_typed(request.form.get("question", "")))
    return Response(status=204)


def _top_up(viewer: models.User, expert_id: str, question: str) -> BaseResponse:
    asking.keep_draft(viewer, expert_id, question)
    price = asking.prospect(viewer, expert_id).expert.expert.conversation_price_minor
    missing, here = _missing(wallets.find(viewer), price), f"/experts/{expert_id}/ask"
    wanted = urlencode({"amount": missing, "return_to": here})
    return redirect(f"/wallet?{wanted}" if missing else here, 303)


def _missing(wallet: Wallet, price_minor: int) -> int:
    """How much too little there is; a debt is repaid first."""
    return max(price_minor - wallet.available - wallet.debt, 0)


def _whole(name: str) -> int:
    """What the form says that the page has shown."""
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise Invalid.field(name, "This is not a number.")
    return int(text)


def _render(
    viewer: models.User,
    found: Prospect,
    *,
    question: str,
    refusal: LuminaError | None = None,
    changed: list[str] | None = None,
) -> str:
    context: dict[str, Any] = profiles.context_of(viewer, found)
    price, wallet = context["offer"]["conversationPriceMinor"], wallets.find(viewer)
    is_said = refusal is None or refusal.code in (*SHOWN_ANYWAY, found.obstacle)
    is_about_question = refusal is not None and any(e["field"] == "content" for e in refusal.errors)
    return shell.render(
        "experts/ask.html",
        viewer,
        section="experts",
        pane="conversation",
        question=question,
        question_error=refusal.message if refusal and is_about_question else None,
        form_error=None if is_said or is_about_question or refusal is None else refusal.message,
        changed=changed or [],
        wallet=wallet,
        left_minor=wallet.available - price,
        missing_minor=_missing(wallet, price),
        client_message_id=uuid4().hex,
        **context | {"page_title": t("ask.title", name=context["page_title"])},
    )
