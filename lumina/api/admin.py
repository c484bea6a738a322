"""What admins do: looking at a dispute, settling payouts, correcting a wallet, reading the log."""

from __future__ import annotations

from lumina.api.route import route
from lumina.models import User
from lumina.presenters import administration as shown
from lumina.presenters import shapes, wire
from lumina.schemas import admin as schemas
from lumina.services import administration, audit, evidence, lookup, payouts, wallets


@route(
    "GET",
    "/admin/escrows",
    query=schemas.ListAllEscrows,
    answer={"escrows": list[shapes.Escrow], "nextCursor": str | None},
)
def list_all_escrows(actor: User, query: schemas.ListAllEscrows) -> dict[str, object]:
    """Everybody's purchases, the latest first; in dispute, who waits longest first."""
    page = administration.list_purchases(actor, **query.model_dump())
    return {"escrows": [wire.escrow(one.escrow) for one in page.items], "nextCursor": page.next_cursor}


@route(
    "GET",
    "/admin/escrows/<escrow_id>",
    query=schemas.ReadEvidence,
    answer={
        "escrow": shapes.Escrow,
        "conversation": shapes.Conversation,
        "messages": list[shapes.Original],
        "hasMore": bool,
    },
)
def show_evidence(actor: User, escrow_id: str, query: schemas.ReadEvidence) -> dict[str, object]:
    """A purchase with its conversation: the latest messages, or those before or after one, oldest first, each with its
    original and its edits. The look is in the audit log."""
    found = evidence.look(actor, escrow_id, **query.model_dump())
    return {
        "escrow": wire.escrow(found.escrow),
        "conversation": wire.conversation(found.conversation),
        "messages": [shown.original(item, found.escrow.id) for item in found.messages],
        "hasMore": found.has_newer if query.after else found.has_older,
    }


@route(
    "GET",
    "/admin/payouts",
    query=schemas.ListPayouts,
    answer={"payouts": list[shapes.AskedPayout], "nextCursor": str | None},
)
def list_payouts(actor: User, query: schemas.ListPayouts) -> dict[str, object]:
    """The payouts that wait to be settled, the longest first."""
    page = payouts.requested(actor, query.cursor, query.limit)
    return {
        "payouts": [shown.payout(one.payout, one.user) for one in page.items],
        "nextCursor": page.next_cursor,
    }


@route(
    "POST",
    "/admin/payouts/<payout_id>",
    body=schemas.SettlePayout,
    answer={"payout": shapes.AskedPayout},
)
def settle_payout(actor: User, payout_id: str, body: schemas.SettlePayout) -> dict[str, object]:
    """Say that a payout has been paid, or send it back."""
    return {"payout": shown.payout(payouts.settle(actor, payout_id, paid=body.paid))}


@route(
    "POST",
    "/admin/users/<user_id>/payouts",
    body=schemas.AskPayoutFor,
    answer={"payout": shapes.AskedPayout},
    status=201,
)
def ask_payout_for(actor: User, user_id: str, body: schemas.AskPayoutFor) -> dict[str, object]:
    """Ask for a payout in the name of somebody who cannot, such as one who is suspended."""
    return {"payout": shown.payout(payouts.ask_for(actor, user_id, body.amount_minor))}


@route("POST", "/admin/users/<user_id>/adjust", body=schemas.Adjust, answer={"wallet": shapes.Wallet})
def adjust(actor: User, user_id: str, body: schemas.Adjust) -> dict[str, object]:
    """Correct what somebody has available, up or down."""
    return {
        "wallet": wire.wallet(wallets.adjust(actor, lookup.row_id(user_id), body.amount_minor, body.note))
    }


@route(
    "GET",
    "/admin/audit",
    query=schemas.ReadAudit,
    answer={"entries": list[shapes.AuditEntry], "nextCursor": str | None},
)
def read_audit(actor: User, query: schemas.ReadAudit) -> dict[str, object]:
    """What admins and commands have done, the latest first."""
    page = audit.list_for(actor, person_id=query.user_id, cursor=query.cursor, limit=query.limit)
    return {"entries": [shown.noted(item) for item in page.items], "nextCursor": page.next_cursor}
