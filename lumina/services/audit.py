"""The audit log: what admins and commands have done, kept for good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, literal, or_, select

from lumina import clock
from lumina.extensions import db
from lumina.models import AuditEntry, Escrow, Payout, User
from lumina.services import cursors, policy
from lumina.services.lookup import row_id
from lumina.services.views import Page


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry with who did it (None: a command), and whom it concerns: a person, or the parties of a purchase."""

    entry: AuditEntry
    actor: User | None
    concerned: tuple[User, ...]


def note(actor: User | None, act: str, subject: str, **details: Any) -> None:
    """Within an operation: that an admin, or a command (None), has done this to `subject` ("user:7")."""
    db.session.add(
        AuditEntry(
            actor_id=actor.id if actor else None,
            act=act,
            subject=subject,
            details=details,
            created_at=clock.now(),
        )
    )


def list_for(
    actor: User, *, person_id: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Noted]:
    """The log, newest first; with a person what they have done and what was done about them. Raises Forbidden, NotFound,
    Invalid."""
    policy.require_admin(actor)
    statement = select(AuditEntry)
    if person_id:
        statement = statement.where(_about(row_id(person_id)))
    if cursor:
        [before] = cursors.decode(cursor, cursors.number)
        statement = statement.where(AuditEntry.id < before)
    rows = list(db.session.scalars(statement.order_by(AuditEntry.id.desc()).limit(limit + 1)))
    page = rows[:limit]
    return Page(_noted(page), cursors.encode(page[-1].id) if len(rows) > limit else None)


def _about(user_id: int) -> ColumnElement[bool]:
    bought = select(_named("escrow", Escrow.id)).where(
        or_(Escrow.client_id == user_id, Escrow.expert_id == user_id)
    )
    asked = select(_named("payout", Payout.id)).where(Payout.user_id == user_id)
    return or_(
        AuditEntry.actor_id == user_id,
        AuditEntry.subject == f"user:{user_id}",
        AuditEntry.subject.in_(bought),
        AuditEntry.subject.in_(asked),
    )


def _named(kind: str, column: Any) -> ColumnElement[str]:
    return literal(f"{kind}:").concat(cast(column, String))


def _noted(entries: list[AuditEntry]) -> list[Noted]:
    """In three statements more, however many there are."""
    concerned = _concerned(entry.subject for entry in entries)
    ids = {entry.actor_id for entry in entries}.union(*concerned.values())
    people = {user.id: user for user in db.session.scalars(select(User).where(User.id.in_(ids)))}
    return [
        Noted(
            entry,
            people.get(entry.actor_id) if entry.actor_id else None,
            tuple(people[of] for of in concerned.get(entry.subject, ()) if of in people),
        )
        for entry in entries
    ]


def _concerned(subjects: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The ids of the people behind each subject."""
    ids: dict[str, list[int]] = {"user": [], "escrow": [], "payout": []}
    for subject in {*subjects}:
        kind, _, number = subject.partition(":")
        if kind in ids:
            ids[kind].append(int(number))
    escrows = db.session.execute(
        select(Escrow.id, Escrow.client_id, Escrow.expert_id).where(Escrow.id.in_(ids["escrow"]))
    )
    payouts = db.session.execute(select(Payout.id, Payout.user_id).where(Payout.id.in_(ids["payout"])))
    found: dict[str, tuple[int, ...]] = {f"user:{of}": (of,) for of in ids["user"]}
    found |= {f"escrow:{of}": (client, expert) for of, client, expert in escrows}
    found |= {f"payout:{of}": (owner,) for of, owner in payouts}
    return found
