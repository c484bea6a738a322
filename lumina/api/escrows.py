"""Purchases: one's own, and the steps that their parties and admins take."""

from __future__ import annotations

from lumina.api.route import route
from lumina.models import Escrow, User
from lumina.presenters import shapes, wire
from lumina.schemas.experts import Dispute, ListEscrows, Resolve
from lumina.services import escrows

ONE = {"escrow": shapes.Escrow}


def _one(escrow: Escrow) -> dict[str, object]:
    return {"escrow": wire.escrow(escrow)}


@route(
    "GET", "/escrows", query=ListEscrows, answer={"escrows": list[shapes.Escrow], "nextCursor": str | None}
)
def list_escrows(actor: User, query: ListEscrows) -> dict[str, object]:
    """One's purchases, as client, as expert or both, the latest first."""
    page = escrows.list_for(actor, **query.model_dump())
    return {"escrows": [wire.escrow(row) for row in page.items], "nextCursor": page.next_cursor}


@route("GET", "/escrows/<escrow_id>", answer=ONE | {"lines": list[shapes.LedgerLine]})
def show_escrow(actor: User, escrow_id: str) -> dict[str, object]:
    """A purchase, and what the ledger says of it: the same to both its parties."""
    escrow = escrows.find(actor, escrow_id)
    return _one(escrow) | {"lines": [wire.ledger_line(escrow, row) for row in escrows.booked(escrow)]}


@route("POST", "/escrows/<escrow_id>/decline", answer=ONE)
def decline(actor: User, escrow_id: str) -> dict[str, object]:
    """The expert gives the money back instead of an answer."""
    return _one(escrows.decline(actor, escrow_id))


@route("POST", "/escrows/<escrow_id>/cancel", answer=ONE)
def cancel(actor: User, escrow_id: str) -> dict[str, object]:
    """The client takes it back, before the expert has opened it."""
    return _one(escrows.cancel(actor, escrow_id))


@route("POST", "/escrows/<escrow_id>/dispute", body=Dispute, answer=ONE)
def dispute(actor: User, escrow_id: str, body: Dispute) -> dict[str, object]:
    """The client objects to the answer, before its release."""
    return _one(escrows.dispute(actor, escrow_id, body.reason))


@route("POST", "/escrows/<escrow_id>/resolve", body=Resolve, answer=ONE)
def resolve(actor: User, escrow_id: str, body: Resolve) -> dict[str, object]:
    """An admin decides a dispute."""
    return _one(escrows.resolve(actor, escrow_id, body.outcome, body.expert_minor, body.note))
