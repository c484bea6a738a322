"""Telling the admins of a message or of somebody. Whoever is reported does not learn of it, least of all from whom.

Admins read what was reported as it stood then, and a few messages before it: what the reporter has shown them, and
nothing else of the conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from lumina import clock
from lumina.errors import Conflict, Invalid, NotFound
from lumina.extensions import db
from lumina.models import Message, Report, User, statements
from lumina.models.messages import text_of
from lumina.services import audit, cursors, limits, lookup, policy, suspensions, text, views
from lumina.services.attachments import Found
from lumina.services.unit_of_work import operation
from lumina.services.views import Attached, MessageView, Page

Reason = Literal["spam", "abuse", "fraud", "other"]
REASONS: tuple[str, ...] = get_args(Reason)
NOTE = 2000
# How many messages before the reported one are shown with it.
BEFORE = 5


class Reported(NamedTuple):
    """A report, who made it, and about whom."""

    report: Report
    reporter: User
    user: User


@operation()
def message(actor: User, message_id: str, *, reason: str, note: str | None = None) -> Report:
    """Report a message that the actor can see. Done again, it changes the report that is open.

    Raises NotFound, Invalid (own_account), Conflict (message_deleted, account_closed), TooMany.
    """
    view = lookup.message_view(actor, message_id)
    if view.message.type == "system":
        raise NotFound
    if view.message.deleted_at:
        raise Conflict(
            "This message has been deleted. You can still report who wrote it.", code="message_deleted"
        )
    return _keep(actor, view.message.sender_id, reason, note, view)


@operation()
def person(actor: User, user_id: str, *, reason: str, note: str | None = None) -> Report:
    """Report somebody. Raises as `message` does."""
    return _keep(actor, lookup.row_id(user_id), reason, note, None)


def _keep(actor: User, of: int, reason: str, note: str | None, view: MessageView | None) -> Report:
    if of == actor.id:
        raise Invalid("You cannot report yourself.", code="own_account")
    if reason not in REASONS:
        raise Invalid.field("reason", "Choose what is wrong.")
    note = text.required(note or "", "note", NOTE) if reason == "other" else text.optional(note, "note", NOTE)
    limits.spend("report", str(actor.id))
    # Of the actor's own reports one is made at a time.
    db.session.scalars(statements.sending.LOCKED_PEOPLE, {"ids": [actor.id]}).one()
    user = db.session.get(User, of)
    if user is None:
        raise NotFound
    if user.closed_at:
        raise Conflict("This account is closed.", code="account_closed")
    message_id = view.message.id if view else None
    report = db.session.scalar(
        select(Report).where(
            Report.reporter_id == actor.id,
            Report.user_id == of,
            Report.message_id == message_id,
            Report.state == "open",
        )
    )
    if report is None:
        report = Report(
            reporter_id=actor.id, user_id=of, message_id=message_id, state="open", created_at=clock.now()
        )
        db.session.add(report)
    report.reason, report.note = reason, note
    report.excerpt = _excerpt(actor, view) if view else None
    db.session.flush()
    return report


def _excerpt(actor: User, view: MessageView) -> list[dict[str, Any]]:
    """The message and those before it, as the actor sees them now, oldest first."""
    before = views.messages(
        statements.messages.BEFORE,
        of=view.message.conversation_id,
        position=view.message.position,
        most=BEFORE,
        viewer=actor.id,
    )
    return [_shown(one) for one in [*before[::-1], view] if one.message.type != "system"]


def _shown(view: MessageView) -> dict[str, Any]:
    row = view.message
    files = [
        {"id": str(one.id), "fileName": one.file_name, "fileSize": one.file_size, "mimeType": one.mime_type}
        for one in view.attachments
    ]
    return {
        "messageId": str(row.id),
        "senderId": str(row.sender_id),
        "content": text_of(row),
        "isDeleted": row.deleted_at is not None,
        "files": files,
        "createdAt": row.created_at.isoformat(),
    }


def list_open(actor: User, cursor: str | None = None, limit: int = 50) -> Page[Reported]:
    """What waits for an admin, the longest first, but for what is said of the actor. Raises Forbidden, Invalid."""
    policy.require_admin(actor)
    statement = _reports(Report.state == "open", Report.user_id != actor.id)
    if cursor:
        [after] = cursors.decode(cursor, cursors.number)
        statement = statement.where(Report.id > after)
    rows = [Reported(*row) for row in db.session.execute(statement.order_by(Report.id).limit(limit + 1))]
    page = rows[:limit]
    return Page(page, cursors.encode(page[-1].report.id) if len(rows) > limit else None)


def count_open(actor: User) -> int:
    """How many wait for this admin."""
    waiting = select(func.count()).where(Report.state == "open", Report.user_id != actor.id)
    return db.session.scalars(waiting).one()


def find(actor: User, report_id: str) -> Reported:
    """One of them, settled ones too; that an admin has looked is in the audit log. Raises Forbidden, NotFound."""
    found = _find(actor, report_id)
    if found.report.excerpt:
        audit.note_look(actor, "report_seen", f"report:{found.report.id}", {})
    return found


def senders(reported: Reported) -> dict[str, User]:
    """Who has written what the excerpt shows, by their ids as it names them."""
    ids = {int(one["senderId"]) for one in reported.report.excerpt or ()}
    return {str(user.id): user for user in db.session.scalars(select(User).where(User.id.in_(ids)))}


def file(actor: User, report_id: str, attachment_id: str) -> Found:
    """A file that the excerpt names, as long as there is one; that it was fetched is in the audit log. Raises as `find`
    does."""
    report = _find(actor, report_id).report
    named = {one["id"] for shown in report.excerpt or () for one in shown["files"]}
    if report.message_id is None or attachment_id not in named:
        raise NotFound
    of = db.session.scalar(select(Message.conversation_id).where(Message.id == report.message_id))
    values = {"id": lookup.row_id(attachment_id), "of": of}
    row = db.session.execute(statements.files.EVIDENCE_ATTACHMENT, values).first()
    if row is None:
        raise NotFound
    found = Found(Attached._make(row[: len(Attached._fields)]), row.key, row.sha256)
    details = {"attachmentId": attachment_id, "fileName": found.attached.file_name}
    audit.note_look(actor, "file_fetched", f"report:{report.id}", details)
    return found


@operation()
def settle(actor: User, report_id: str, *, suspend: bool, reason: str | None = None) -> Report:
    """Dismiss a report, or suspend whom it is about, for this reason: then whatever else is open about them is settled
    too. Raises Forbidden, NotFound, Invalid, Conflict (wrong_state, account_closed)."""
    report = _find(actor, report_id).report
    if suspend:
        # Its locks come before a report's.
        suspensions.change(actor, str(report.user_id), suspended=True, reason=reason)
    else:
        reason = text.optional(reason, "reason", suspensions.REASON)
    which = Report.id == report.id
    open_ones = _locked(or_(which, Report.user_id == report.user_id) if suspend else which)
    if report not in open_ones:
        raise Conflict("This report has been settled already.", code="wrong_state")
    for one in open_ones:
        one.state, one.settled_at = "upheld" if suspend else "dismissed", clock.now()
        one.excerpt = None
    audit.note(actor, f"report_{report.state}", f"report:{report.id}", reason=reason)
    return report


def _locked(which: ColumnElement[bool]) -> Sequence[Report]:
    """Those that are open, in the order of their ids."""
    return db.session.scalars(
        select(Report)
        .where(which, Report.state == "open")
        .order_by(Report.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _find(actor: User, report_id: str) -> Reported:
    policy.require_admin(actor)
    found = db.session.execute(
        _reports(Report.id == lookup.row_id(report_id), Report.user_id != actor.id)
    ).first()
    if found is None:
        raise NotFound
    return Reported(*found)


def _reports(*which: ColumnElement[bool]) -> Select[Report, User, User]:
    reporter, user = aliased(User), aliased(User)
    return (
        select(Report, reporter, user)
        .join(reporter, reporter.id == Report.reporter_id)
        .join(user, user.id == Report.user_id)
        .where(*which)
    )
