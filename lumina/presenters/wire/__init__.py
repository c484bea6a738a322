"""The one outside form of rows: API answers and socket payloads alike. Without a viewer, what all may see alike."""

from lumina.presenters.wire.conversations import conversation
from lumina.presenters.wire.files import attachment, shared
from lumina.presenters.wire.messages import edit, found, message
from lumina.presenters.wire.money import (
    escrow,
    expert,
    ledger_line,
    offer,
    payout,
    topup,
    wallet,
    wallet_line,
)
from lumina.presenters.wire.people import participant, person, photo, preferences, session, signed_in, user
from lumina.presenters.wire.values import major, maybe_id, maybe_time, time

__all__ = [
    "attachment",
    "conversation",
    "edit",
    "escrow",
    "expert",
    "found",
    "ledger_line",
    "major",
    "maybe_id",
    "maybe_time",
    "message",
    "offer",
    "participant",
    "payout",
    "person",
    "photo",
    "preferences",
    "session",
    "shared",
    "signed_in",
    "time",
    "topup",
    "user",
    "wallet",
    "wallet_line",
]
