"""What admins see, on the wire and in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from lumina import models
from lumina.presenters import shapes, wire
from lumina.presenters.amounts import amount
from lumina.presenters.texts import t
from lumina.presenters.times import span
from lumina.services.audit import Noted
from lumina.services.evidence import Original
from lumina.services.money import fee_of

# What the sweep needs to come to a thing at all.
PROMPT = timedelta(seconds=10)
ACTS = {
    "promoted",
    "adjustment",
    "dispute_release",
    "dispute_refund",
    "dispute_split",
    "history_seen",
    "file_fetched",
    "payout_asked",
    "payout_paid",
    "payout_returned",
    "report_dismissed",
    "report_seen",
    "report_upheld",
    "user_suspended",
    "user_unsuspended",
}


def original(item: Original, escrow_id: int) -> shapes.Original:
    """A message with all that is left of it; its files under addresses that admins may fetch."""
    row = item.view.message
    files = [wire.attachment(one) for one in item.view.attachments]
    for one in files:
        one["url"] = f"/admin/escrows/{escrow_id}/files/{one['id']}"
        if "thumbnailUrl" in one:
            one["thumbnailUrl"] = f"{one['url']}/thumb"
    shape: shapes.Original = {
        **wire.message(item.view),
        "attachments": files,
        "edits": [wire.edit(one) for one in item.edits],
        "deletedAt": wire.maybe_time(row.deleted_at),
        "expiredAt": wire.maybe_time(row.expired_at),
        "isEmptied": bool(row.deleted_at or row.expired_at) and row.purge_at is None,
    }
    if not row.system:
        shape["content"] = row.content
    if row.mentions:
        shape["mentions"] = [{"userId": str(user_id), "name": name} for user_id, name in row.mentions]
    return shape


def payout(row: models.Payout, owner: models.User | None = None) -> shapes.AskedPayout:
    """A payout, and whose it is."""
    shape: shapes.AskedPayout = {
        "id": str(row.id),
        "userId": str(row.user_id),
        "amountMinor": row.amount_minor,
        "state": row.state,  # type: ignore[typeddict-item]
        "createdAt": wire.time(row.created_at),
        "settledAt": wire.maybe_time(row.settled_at),
    }
    if owner:
        shape["user"] = wire.person(owner)
    return shape


def topup(row: models.Topup) -> dict[str, object]:
    """A top-up with the provider's name for it, under which its payer is found there."""
    return {**wire.topup(row), "paidAt": wire.maybe_time(row.paid_at), "reference": row.reference}


def noted(item: Noted) -> shapes.AuditEntry:
    """An entry of the log."""
    row = item.entry
    return {
        "id": str(row.id),
        "actor": wire.person(item.actor) if item.actor else None,
        "act": row.act,
        "subject": row.subject,
        "concerned": [wire.person(person) for person in item.concerned],
        "details": row.details,
        "createdAt": wire.time(row.created_at),
    }


def act(entry: shapes.AuditEntry) -> str:
    """What somebody has done, in words: "Adjusted the wallet by +$50.00". What has no words of ours is named as it is."""
    details = entry["details"]
    name = f"dispute_{details['outcome']}" if entry["act"] == "dispute_resolved" else entry["act"]
    if name not in ACTS:
        return name.replace("_", " ").capitalize()
    minor, part = details.get("amountMinor") or 0, details.get("expertMinor") or 0
    return t(
        f"audit.{name}",
        amount=amount(minor),
        signed=amount(minor, signed=True),
        part=amount(part),
        file=details.get("fileName") or "",
    )


def why(entry: shapes.AuditEntry) -> str | None:
    """The reason that was given for it."""
    return entry["details"].get("note") or entry["details"].get("reason")


def shares(amount_minor: int, expert_minor: int, basis_points: int) -> Mapping[str, int]:
    """What a decision gives to whom, in minor units: the expert, the fee, the client."""
    fee = fee_of(expert_minor, basis_points)
    return {"expert": expert_minor - fee, "fee": fee, "client": amount_minor - expert_minor}


def lateness(by: timedelta) -> str | None:
    """By how much the sweep is late: None where it is not."""
    return None if by < PROMPT else span(round(by.total_seconds()))
