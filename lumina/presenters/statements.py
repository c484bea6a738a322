"""The lines of a statement in words."""

from __future__ import annotations

from lumina.models import Escrow
from lumina.presenters.amounts import amount
from lumina.presenters.texts import t
from lumina.services.money import fee_of
from lumina.services.wallets import Line


def description(line: Line) -> str:
    """What a line is about: "Held for your question to Ines Calloway"."""
    kind = f"{line.kind}_message" if line.level and line.kind in OF_MESSAGES else line.kind
    name = line.other.name if line.other else t("names.somebody")
    return t(f"statement.{kind}", name=name, level=t(f"level.{line.level}") if line.level else "")


def booked(escrow: Escrow, kind: str) -> str:
    """What the ledger says of a purchase, the same to both: "$45.00 to the expert, $5.00 fee"."""
    return t(f"booked.{kind}", **parts(escrow))


def parts(escrow: Escrow) -> dict[str, str]:
    """Who gets how much of a purchase if it is paid: the whole `amount`, the expert's `part`, the `fee`, and the client's
    `rest` where an admin has divided it."""
    share = escrow.amount_minor if escrow.expert_minor is None else escrow.expert_minor
    fee = fee_of(share, escrow.fee_basis_points)
    return {
        "amount": amount(escrow.amount_minor),
        "part": amount(share - fee),
        "fee": amount(fee),
        "rest": amount(escrow.amount_minor - share),
    }


OF_MESSAGES = ("hold", "answer", "refund", "release", "split")
