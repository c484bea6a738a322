"""The audit log: what admins and commands have done, kept for good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, literal, or_, select, union_all

from lumina import clock
from lumina.extensions import db
from lumina.models import AuditEntry, Escrow, Payout, Report, User
from lumina.services import cursors, policy
from lumina.services.lookup import row_id
from lumina.services.unit_of_work import operation
from lumina.services.views import Page

# Within this time looking again is the same look, and the many parts that a player fetches are one download.
AT_ONCE = timedelta(minutes=10)


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


def note_look(actor: User, act: str, subject: str, details: dict[str, str]) -> None:
    """That an admin has looked at what is not their own, unless the same is there from just now."""
    lately = db.session.scalars(
        select(AuditEntry.details).where(
            AuditEntry.subject == subject,
            AuditEntry.actor_id == actor.id,
            AuditEntry.act == act,
            AuditEntry.created_at > clock.now() - AT_ONCE,
        )
    )
    if details not in lately.all():
        _keep(actor, act, subject, details)


@operation()
def _keep(actor: User, act: str, subject: str, details: dict[str, str]) -> None:
    note(actor, act, subject, **details)


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
    reported = select(_named("report", Report.id)).where(Report.user_id == user_id)
    return or_(
        AuditEntry.actor_id == user_id,
        AuditEntry.subject == f"user:{user_id}",
        AuditEntry.subject.in_(bought),
        AuditEntry.subject.in_(asked),
        AuditEntry.subject.in_(reported),
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
    ids: dict[str, list[int]] = {"user": [], "escrow": [], "payout": [], "report": []}
    for subject in {*subjects}:
        kind, _, number = subject.partition(":")
        if kind in ids:
            ids[kind].append(int(number))
    escrows = db.session.execute(
        select(Escrow.id, Escrow.client_id, Escrow.expert_id).where(Escrow.id.in_(ids["escrow"]))
    )
    of_people = db.session.execute(
        union_all(
            select(_named("payout", Payout.id), Payout.user_id).where(Payout.id.in_(ids["payout"])),
            select(_named("report", Report.id), Report.user_id).where(Report.id.in_(ids["report"])),
        )
    )
    found: dict[str, tuple[int, ...]] = {f"user:{of}": (of,) for of in ids["user"]}
    found |= {f"escrow:{of}": (client, expert) for of, client, expert in escrows}
    found |= {subject: (person,) for subject, person in of_people}
    return found
