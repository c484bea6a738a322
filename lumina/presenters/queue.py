"""What an expert owes, as the rows of their priority inbox."""

from __future__ import annotations

from dataclasses import dataclass

from lumina.models import Escrow, User
from lumina.presenters import previews, shapes, wire
from lumina.presenters.amounts import amount
from lumina.presenters.texts import t
from lumina.services import presence
from lumina.services.priority import Owed, Standing


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A purchase that waits: whose, for how much, what is asked in one line, and the sign of what came with it."""

    escrow: shapes.Escrow
    rank: int
    client: shapes.Person
    online: bool
    amount: str
    question: str
    attached: str | None


@dataclass(frozen=True, slots=True)
class Declining:
    """One purchase that may be declined, in words: on the button, and before it is pressed."""

    escrow_id: str
    button: str
    consequence: str


def row(owed: Owed, viewer: User) -> QueueRow:
    """As its expert sees it."""
    message = wire.message(owed.question) if owed.question else None
    sees_presence = viewer.show_presence and owed.client.show_presence
    return QueueRow(
        wire.escrow(owed.escrow),
        owed.rank,
        wire.person(owed.client),
        sees_presence and presence.is_online(owed.client.id),
        amount(owed.escrow.amount_minor),
        previews.said(message) if message else t("queue.unwritten"),
        previews.sign(message),
    )


def total(standing: Standing) -> str:
    """ "5 waiting · $285.00 held"; nothing where nothing waits."""
    if standing.count == 0:
        return ""
    key = "queue.total_one" if standing.count == 1 else "queue.total"
    return t(key, count=f"{standing.count:,}", amount=amount(standing.held_minor))


def places(standing: Standing) -> str:
    """Whether new questions are taken, and for how many there is room."""
    most = standing.offer.max_unanswered
    free = max(most - standing.count, 0)
    if not standing.offer.is_open:
        return t("queue.not_taking")
    if not free:
        return t("queue.full", most=f"{most:,}")
    return t("queue.taking_one" if free == 1 else "queue.taking", free=f"{free:,}", most=f"{most:,}")


def declining(held: list[Escrow], client: str) -> list[Declining]:
    """What may be declined, of all that is held in a conversation: with its own purchase everything goes back. `client`
    is a first name."""
    return [_declining(escrow, held, client) for escrow in held]


def _declining(escrow: Escrow, held: list[Escrow], client: str) -> Declining:
    is_whole = escrow.kind == "conversation" or len(held) == 1
    back = sum(one.amount_minor for one in held) if is_whole else escrow.amount_minor
    blanks = {"amount": amount(back), "name": client, "level": escrow.level or ""}
    closes = "queue.decline_sure" if escrow.kind == "conversation" else "queue.decline_sure_one"
    return Declining(
        str(escrow.id),
        t("queue.decline" if is_whole else "queue.decline_one", **blanks),
        t(closes, **blanks),
    )
