"""One's wallet: balances and statement."""

from __future__ import annotations

from lumina.api.route import route
from lumina.models import User
from lumina.presenters import shapes, wire
from lumina.schemas.money import ListWalletLines
from lumina.services import wallets


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
