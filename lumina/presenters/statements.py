"""The lines of a statement in words."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC
from io import StringIO

from lumina.models import Escrow
from lumina.presenters.amounts import amount, plain
from lumina.presenters.texts import t
from lumina.services import wallets
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


def as_csv(lines: Iterable[Line]) -> Iterator[str]:
    """A statement as a spreadsheet takes it, row by row: times in UTC, amounts in major units."""
    yield _row(COLUMNS)
    for line in lines:
        yield _row(
            (
                f"{line.created_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
                line.kind,
                _defused(description(line)),
                plain(line.amount_minor),
                plain(line.balance_minor),
                wallets.currency(),
                line.escrow_id or "",
            )
        )


def _row(cells: Iterable[object]) -> str:
    written = StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _defused(text: str) -> str:
    """What people have chosen must not run as a formula where the file is opened."""
    return f"'{text}" if text.startswith(FORMULA) else text


COLUMNS = ("date", "kind", "description", "amount", "balance", "currency", "escrow")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
OF_MESSAGES = ("hold", "answer", "refund", "release", "split")
