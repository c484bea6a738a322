"""What a paid conversation shows one of its two besides its messages: the composer's levels, and the purchases."""

from __future__ import annotations

from dataclasses import dataclass, field

from lumina import clock, models
from lumina.presenters import purchases as presented
from lumina.presenters import queue, shapes, statements, wire
from lumina.presenters.amounts import amount
from lumina.presenters.purchases import Step
from lumina.presenters.queue import Declining
from lumina.services import escrows, experts, purchases, wallets
from lumina.services.views import ConversationView

LEVELS = ("high", "urgent")


@dataclass(frozen=True)
class Level:
    """How soon an answer can be had, and for how much."""

    name: str
    price_minor: int
    answer_hours: int


@dataclass
class Composing:
    """How one of the two writes: `levels` is what a client can pay for, `earns_minor` what the
    expert's answer earns, and `declining` what they may give back instead."""

    role: str
    is_open: bool
    currency: str
    levels: list[Level] = field(default_factory=list)
    held_minor: int = 0
    earns_minor: int = 0
    declining: list[Declining] = field(default_factory=list)

    @property
    def standing(self) -> str:
        """What decides whether the composer is another one."""
        return self.role if self.is_open or self.role == "expert" else "closed"


@dataclass(frozen=True)
class Bought:
    """A purchase as one of its two reads it: what the ledger says of it, how it went, and what can be done about it."""

    escrow: shapes.Escrow
    blanks: dict[str, str]
    lines: list[shapes.LedgerLine]
    steps: list[Step]
    offered: list[str]


def composing(viewer: models.User, view: ConversationView) -> Composing | None:
    """How the viewer writes there; None where nothing is paid."""
    if view.escrow is None:
        return None
    is_client = view.escrow.client_id == viewer.id
    how = Composing(
        "client" if is_client else "expert", purchases.is_open(view.escrow, clock.now()), wallets.currency()
    )
    if is_client and how.is_open:
        prices = experts.message_prices(view.escrow.expert_id)
        how.levels = [Level(level, *prices[level]) for level in LEVELS]
    if not is_client:
        held = [one for one in escrows.of_conversation(viewer, view.conversation.id) if one.state == "held"]
        how.held_minor = sum(one.amount_minor for one in held)
        how.earns_minor = how.held_minor - sum(one.fee_minor for one in held)
        client = next(person.first_name for person in view.participants if person.id == view.escrow.client_id)
        how.declining = queue.declining(held, client)
    return how


def bought(viewer: models.User, view: ConversationView) -> list[Bought]:
    """All purchases in a conversation, the latest first."""
    if view.escrow is None:
        return []
    found = escrows.of_conversation(viewer, view.conversation.id)
    lines, now = escrows.booked_of(found), wire.time(clock.now())
    names = {person.id: person.first_name for person in view.participants}
    held_minor = sum(one.amount_minor for one in found if one.state == "held")
    return [
        # Giving back the conversation's gives back all that is held in it.
        _bought(viewer, one, lines[one.id], names, held_minor if one.kind == "conversation" else None, now)
        for one in found
    ]


def _bought(
    viewer: models.User,
    row: models.Escrow,
    lines: list[models.LedgerTransaction],
    names: dict[int, str],
    back_minor: int | None,
    now: str,
) -> Bought:
    escrow, reader = wire.escrow(row), "client" if row.client_id == viewer.id else "expert"
    blanks = statements.parts(row) | {
        "client": names[row.client_id],
        "expert": names[row.expert_id],
        "back": amount(row.amount_minor if back_minor is None else back_minor),
    }
    expires_at = wire.maybe_time(row.window_ends_at)
    steps = presented.timeline(escrow, blanks, reader=reader, expires_at=expires_at, now=now)
    told = [wire.ledger_line(row, line) for line in lines]
    return Bought(escrow, blanks, told, steps, presented.offered(escrow, reader, now))
