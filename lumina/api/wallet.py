"""One's wallet: balances and statement, money in and out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lumina.api.route import route, site
from lumina.models import User
from lumina.presenters import shapes, statements, wire
from lumina.schemas.money import AskPayout, ListWalletLines, StartTopup, Statement
from lumina.services import payouts, topups, wallets


@route("GET", "/wallet", answer={"wallet": shapes.Wallet})
def show_wallet(actor: User) -> dict[str, object]:
    """One's balances, in minor units."""
    return {"wallet": wire.wallet(wallets.find(actor))}


@route(
    "GET",
    "/wallet/transactions",
    query=ListWalletLines,
    answer={"transactions": list[shapes.WalletLine], "nextCursor": str | None},
)
def list_lines(actor: User, query: ListWalletLines) -> dict[str, object]:
    """What has moved on one of one's accounts, the newest first, with the balance after each."""
    page = wallets.lines(actor, **query.model_dump())
    return {
        "transactions": [wire.wallet_line(line) for line in page.items],
        "nextCursor": page.next_cursor,
    }


@route("GET", "/wallet/statement.csv", query=Statement, media="text/csv")
def download_statement(actor: User, query: Statement) -> Iterator[str]:
    """The same for a spreadsheet: all of a period, the newest first."""
    return statements.as_csv(wallets.all_lines(actor, **query.model_dump()))


def _with_checkout(actor: User, data: dict[str, Any]) -> dict[str, Any]:
    topup = topups.checkout(actor, int(data["topup"]["id"]), site())
    return {"topup": data["topup"] | {"checkoutUrl": topup.checkout_url}}


@route(
    "POST",
    "/wallet/topups",
    body=StartTopup,
    answer={"topup": shapes.Topup},
    status=201,
    then=_with_checkout,
)
def start_topup(actor: User, body: StartTopup) -> dict[str, object]:
    """Put money in: it is paid at `checkoutUrl`, and is in the wallet once the provider has told us."""
    return {"topup": wire.topup(topups.begin(actor, body.amount_minor))}


@route("GET", "/wallet/topups/<topup_id>", answer={"topup": shapes.Topup})
def show_topup(actor: User, topup_id: str) -> dict[str, object]:
    """What has become of a top-up."""
    return {"topup": wire.topup(topups.find(actor, topup_id))}


@route("POST", "/wallet/payouts", body=AskPayout, answer={"payout": shapes.Payout}, status=201)
def ask_payout(actor: User, body: AskPayout) -> dict[str, object]:
    """Take money out: it is held apart until an admin has paid it, or sends it back."""
    return {"payout": wire.payout(payouts.ask(actor, body.amount_minor))}


@route("GET", "/wallet/payouts", answer={"payouts": list[shapes.Payout]})
def list_payouts(actor: User) -> dict[str, object]:
    """One's latest payouts."""
    return {"payouts": [wire.payout(row) for row in payouts.list_for(actor)]}
