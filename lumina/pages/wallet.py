"""One's wallet: balances, statement, and money on its way out. How it comes in is in topups.py."""

from __future__ import annotations

from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import LuminaError
from lumina.pages import shell
from lumina.pages.money_forms import CHOICES_MINOR, OTHER, PayoutForm, TopupForm
from lumina.pages.requests import is_fragment, local_path
from lumina.pages.session import actor
from lumina.presenters import purchases, statements, wire
from lumina.presenters.amounts import amount, plain
from lumina.presenters.texts import t
from lumina.schemas.money import Statement
from lumina.services import escrows, idempotency, payouts, topups, wallets

blueprint = Blueprint("wallet", __name__, url_prefix="/wallet")

# By which spreadsheets know that a file is UTF-8.
MARK = "\ufeff"
LINES = 25


@blueprint.get("")
def show() -> str:
    """The page; to our own code what of it goes on living, or further lines of the statement."""
    viewer = actor()
    if not is_fragment():
        return render(viewer)
    if "cursor" in request.args:
        return render_template("wallet/_lines.html", **_statement(viewer))
    return render_template("wallet/_live.html", owed=escrows.count_owed(viewer), **_living(viewer))


@blueprint.get("/statement.csv")
def download() -> Response:
    """The statement of a period as a file."""
    viewer = actor()
    asked = Statement.model_validate(request.args.to_dict())
    rows = statements.as_csv(wallets.all_lines(viewer, **asked.model_dump()))
    response = Response(stream_with_context(_marked(rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="lumina-{asked.account}.csv"'
    return response


def _marked(rows: Any) -> Any:
    yield MARK
    yield from rows


@blueprint.post("/payouts")
def ask_payout() -> Response | BaseResponse:
    """Ask for money to be paid out; the same form twice asks once."""
    viewer, form = actor(), PayoutForm()
    if not form.validate_on_submit():
        return Response(render(viewer, payout_form=form), 400)

    def ask(fresh: models.User) -> idempotency.Answer:
        payouts.ask(fresh, form.payout.minor)
        return 303, b""

    try:
        idempotency.once(viewer, "payout", form.key.data, str(form.payout.minor), None, ask)
    except LuminaError as error:
        form.refuse(error)
        return Response(render(viewer, payout_form=form), error.status)
    flash(t("wallet.pay_out_asked", amount=amount(form.payout.minor)), "good")
    return redirect("/wallet#payouts", 303)


def render(
    viewer: models.User, *, topup_form: TopupForm | None = None, payout_form: PayoutForm | None = None
) -> str:
    """The whole page."""
    return shell.render(
        "wallet/wallet.html",
        viewer,
        section="wallet",
        page_title=t("wallet.title"),
        topup_form=topup_form or _prefilled(),
        payout_form=payout_form or PayoutForm(formdata=None, key=token_hex(16)),
        choices=CHOICES_MINOR,
        currency=wallets.currency(),
        provider=topups.provider().name if topups.is_on() else None,
        **_living(viewer),
    )


def _prefilled() -> TopupForm:
    """With what the link here has asked for, in minor units, and where it came from."""
    asked = request.args.get("amount", "")
    minor = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 12 else CHOICES_MINOR[1]
    minor = min(max(minor, topups.LEAST_MINOR), topups.MOST_MINOR)
    is_on_offer = minor in CHOICES_MINOR
    return TopupForm(
        formdata=None,
        choice=str(minor) if is_on_offer else OTHER,
        amount="" if is_on_offer else plain(minor),
        return_to=local_path(request.args.get("return_to")) or "",
    )


def _living(viewer: models.User) -> dict[str, Any]:
    """What is shown anew when money moves."""
    waiting = wallets.waiting(viewer)
    held = [(wire.escrow(escrow), wire.person(expert)) for escrow, expert in waiting.soonest]
    return {
        "wallet": wallets.find(viewer),
        "held": [(escrow, person, purchases.times(escrow)) for escrow, person in held],
        "held_count": waiting.count,
        "pending": wallets.pending(viewer),
        "payouts": [wire.payout(row) for row in payouts.list_for(viewer)],
        **_statement(viewer),
    }


def _statement(viewer: models.User) -> dict[str, Any]:
    """A page of the account that the request names."""
    asked = request.args.get("account", "")
    account = asked if asked in wallets.ACCOUNTS else wallets.ACCOUNTS[0]
    cursor = request.args.get("cursor") or None
    page = wallets.lines(viewer, account=account, cursor=cursor, limit=LINES)
    older = {"account": account, "cursor": page.next_cursor}
    return {
        "account": account,
        "accounts": wallets.ACCOUNTS,
        "cursor": cursor,
        "lines": [(line, statements.row(line, account)) for line in page.items],
        "older": f"/wallet?{urlencode(older)}" if page.next_cursor else None,
    }
