"""Telling the admins of a message or of somebody, and what they do about it."""

from __future__ import annotations

from lumina.api.route import route
from lumina.models import User
from lumina.presenters import reports as presenter
from lumina.presenters import shapes
from lumina.schemas import reports as schemas
from lumina.services import reports


@route(
    "POST",
    "/messages/<message_id>/report",
    body=schemas.MakeReport,
    answer={"report": shapes.Report},
    status=201,
)
def report_message(actor: User, message_id: str, body: schemas.MakeReport) -> dict[str, object]:
    """Report a message: admins see it with up to five before it. Its sender is not told."""
    return {"report": presenter.own(reports.message(actor, message_id, **body.model_dump()))}


@route(
    "POST",
    "/users/<user_id>/report",
    body=schemas.MakeReport,
    answer={"report": shapes.Report},
    status=201,
)
def report_person(actor: User, user_id: str, body: schemas.MakeReport) -> dict[str, object]:
    """Report somebody, who is not told."""
    return {"report": presenter.own(reports.person(actor, user_id, **body.model_dump()))}


@route(
    "GET",
    "/admin/reports",
    query=schemas.ListReports,
    answer={"reports": list[shapes.ReceivedReport], "nextCursor": str | None},
)
def list_reports(actor: User, query: schemas.ListReports) -> dict[str, object]:
    """The open reports, who waits longest first; not those about oneself."""
    page = reports.list_open(actor, query.cursor, query.limit)
    return {"reports": [presenter.received(one) for one in page.items], "nextCursor": page.next_cursor}


@route("GET", "/admin/reports/<report_id>", answer={"report": shapes.ReceivedReport})
def show_report(actor: User, report_id: str) -> dict[str, object]:
    """A report with the excerpt that it shows, until it is settled. The look is in the audit log."""
    found = reports.find(actor, report_id)
    return {"report": presenter.received(found, reports.senders(found))}


@route(
    "POST",
    "/admin/reports/<report_id>",
    body=schemas.SettleReport,
    answer={"report": shapes.Report},
)
def settle_report(actor: User, report_id: str, body: schemas.SettleReport) -> dict[str, object]:
    """Dismiss a report, or suspend whom it is about, which settles all that is open about them."""
    settled = reports.settle(actor, report_id, suspend=body.outcome == "suspend", reason=body.reason)
    return {"report": presenter.own(settled)}
