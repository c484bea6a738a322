"""The lines of a statement in words."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import NamedTuple

from lumina.models import Escrow
from lumina.models.escrows import UNSETTLED
from lumina.presenters.amounts import amount, plain
from lumina.presenters.texts import t
from lumina.presenters.times import span
from lumina.services import wallets
from lumina.services.money import fee_of
from lumina.services.wallets import Line


def description(line: Line) -> str:
    """What a line is about: "Asked Ines Calloway"."""
    return _words(line, _name(line))


def _words(line: Line, name: str) -> str:
    kind = f"{line.kind}_message" if line.level and line.kind in OF_MESSAGES else line.kind
    return t(f"statement.{kind}", name=name, level=t(f"level.{line.level}") if line.level else "")


def _name(line: Line) -> str:
    return line.other.name if line.other else t("names.somebody")


class Row(NamedTuple):
    """A line as the wallet's page shows it: its words around the other party's name, what has become of it, its icon and
    whether that is gold (unsettled), good (money in) or plain."""

    before: str
    name: str
    after: str
    detail: str
    detail_at: datetime | None
    icon: str
    tone: str


def row(line: Line, account: str) -> Row:
    """Of one of the viewer's accounts."""
    before, _, after = _words(line, NAME).partition(NAME)
    name = _name(line) if line.other else ""
    escrow = line.escrow
    is_unsettled = escrow is not None and escrow.state in UNSETTLED
    tone = "gold" if is_unsettled else "good" if line.amount_minor > 0 and account == "available" else "plain"
    return Row(before, name, after, *_detail(line, escrow), _icon(line, escrow), tone)


def _detail(line: Line, escrow: Escrow | None) -> tuple[str, datetime | None]:
    if escrow is None:
        return line.note or "", None
    if line.kind == "refund":
        return t(f"wallet.because_{escrow.refund_reason or 'resolved'}"), None
    if line.kind == "release":
        return t("wallet.after_fee" if escrow.fee_minor else "wallet.no_fee", **parts(escrow)), None
    if line.kind == "split":
        return booked(escrow, "split"), None
    if escrow.state == "held":
        return t("wallet.held_until"), escrow.answer_by
    if line.kind == "answer" and escrow.state == "answered":
        return t("wallet.pays_out"), escrow.release_at
    if escrow.state == "answered":
        return t("wallet.answered_in", time=span(escrow.answer_seconds or 0)), None
    return t(f"wallet.{escrow.state}", time=span(escrow.answer_seconds or 0)), None


def _icon(line: Line, escrow: Escrow | None) -> str:
    if escrow is None or line.kind not in ("hold", "answer"):
        return ICONS.get(line.kind, "pencil")
    if escrow.state == "refunded":
        return "undo-2"
    if escrow.level:
        return {"high": "chevrons-up", "urgent": "zap"}[escrow.level]
    return {"held": "hourglass", "disputed": "scale", "split": "scale"}.get(escrow.state, "check")


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
# Stands where a name goes; nobody can be called so.
NAME = "\0"
ICONS = {
    "topup": "plus",
    "topup_returned": "undo-2",
    "topup_kept": "undo-2",
    "chargeback": "undo-2",
    "chargeback_won": "undo-2",
    "payout": "arrow-up",
    "payout_returned": "undo-2",
    "refund": "undo-2",
    "release": "check",
    "split": "scale",
}
OF_MESSAGES = ("hold", "answer", "refund", "release", "split")
