"""Purchases, offers and wallets. Amounts are decimals, and whole minor units beside them."""

from __future__ import annotations

from lumina import models
from lumina.presenters import shapes, statements
from lumina.presenters.wire.people import user
from lumina.presenters.wire.values import maybe_id, maybe_time, time
from lumina.services import wallets
from lumina.services.experts import ExpertView
from lumina.services.views import Wallet


def escrow(row: models.Escrow) -> shapes.Escrow:
    """A purchase, as both its parties see it."""
    shape: shapes.Escrow = {
        "id": str(row.id),
        "kind": row.kind,  # type: ignore[typeddict-item]
        "conversationId": str(row.conversation_id),
        "messageId": maybe_id(row.message_id),
        "clientId": str(row.client_id),
        "expertId": str(row.expert_id),
        "amountMinor": row.amount_minor,
        "feeMinor": row.fee_minor,
        "level": row.level,  # type: ignore[typeddict-item]
        "state": row.state,  # type: ignore[typeddict-item]
        "answerBy": time(row.answer_by),
        "answeredAt": maybe_time(row.answered_at),
        "releaseAt": maybe_time(row.release_at),
        "settledAt": maybe_time(row.settled_at),
        "createdAt": time(row.created_at),
    }
    if row.opened_at:
        shape["openedAt"] = time(row.opened_at)
    if row.dispute_reason:
        shape["disputeReason"] = row.dispute_reason
    if row.refund_reason:
        shape["refundReason"] = row.refund_reason
    if row.expert_minor is not None:
        shape["expertMinor"] = row.expert_minor
    if row.reminders and row.state == "held":
        shape["reminders"] = row.reminders
    return shape


def ledger_line(row: models.Escrow, transaction: models.LedgerTransaction) -> shapes.LedgerLine:
    """What the ledger says of a purchase."""
    return {
        "kind": transaction.kind,
        "description": statements.booked(row, transaction.kind),
        "createdAt": time(transaction.created_at),
    }


def expert(view: ExpertView, viewer: models.User) -> shapes.Expert:
    """An expert with their offer and record."""
    return {
        "user": user(view.user, viewer),
        "headline": view.user.headline,
        "bio": view.expert.bio,
        "offer": offer(view),
        "record": {
            "answered": view.record.answered,
            "refunded": view.record.refunded,
            "medianAnswerSeconds": view.record.median_answer_seconds,
        },
    }


def offer(view: ExpertView) -> shapes.Offer:
    """A price list as it stands."""
    row = view.expert
    return {
        "conversationPriceMinor": row.conversation_price_minor,
        "durationDays": row.duration_days,
        "answerHours": row.answer_hours,
        "messagePricesMinor": {"high": row.high_price_minor, "urgent": row.urgent_price_minor},
        "messageAnswerHours": {"high": row.high_answer_hours, "urgent": row.urgent_answer_hours},
        "maxUnanswered": row.max_unanswered,
        "open": row.is_open,
        "full": view.is_full,
    }


def wallet(view: Wallet) -> shapes.Wallet:
    """Somebody's balances."""
    return {
        "availableMinor": view.available,
        "heldMinor": view.held,
        "pendingMinor": view.pending,
        "currency": wallets.currency(),
        "payoutsMinor": view.payouts,
        "debtMinor": -view.debt,
    }


def wallet_line(line: wallets.Line) -> shapes.WalletLine:
    """A line of somebody's statement."""
    return {
        "id": str(line.id),
        "kind": line.kind,
        "amountMinor": line.amount_minor,
        "balanceMinor": line.balance_minor,
        "escrowId": maybe_id(line.escrow_id),
        "conversationId": maybe_id(line.conversation_id),
        "description": statements.description(line),
        "createdAt": time(line.created_at),
    }


def topup(row: models.Topup) -> shapes.Topup:
    """Money on its way in."""
    return {
        "id": str(row.id),
        "state": row.state,  # type: ignore[typeddict-item]
        "amountMinor": row.amount_minor,
        "checkoutUrl": row.checkout_url,
        "createdAt": time(row.created_at),
    }


def payout(row: models.Payout) -> shapes.Payout:
    """Money on its way out."""
    return {
        "id": str(row.id),
        "state": row.state,  # type: ignore[typeddict-item]
        "amountMinor": row.amount_minor,
        "createdAt": time(row.created_at),
        "settledAt": maybe_time(row.settled_at),
    }
