"""What people have reported: a list, one of them with what it shows, and the decision."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import Invalid, LuminaError
from lumina.pages.admin.door import admin, blueprint, render
from lumina.presenters import naming
from lumina.presenters import reports as shown
from lumina.presenters.texts import t
from lumina.services import reports

OUTCOMES = ("dismiss", "suspend")


@blueprint.get("/reports")
def list_reports() -> str:
    """Who waits longest first."""
    actor = admin()
    page = reports.list_open(actor, request.args.get("cursor") or None)
    return render(
        "reports.html",
        actor,
        tab="reports",
        reports=[shown.received(one) for one in page.items],
        more=f"/admin/reports?{urlencode({'cursor': page.next_cursor})}" if page.next_cursor else None,
    )


@blueprint.get("/reports/<report_id>")
def show_report(report_id: str) -> str:
    """One of them, with the message as it was reported."""
    return _page(admin(), report_id)


@blueprint.post("/reports/<report_id>")
def settle_report(report_id: str) -> Response | BaseResponse:
    """Dismiss it, or suspend whom it is about."""
    actor, outcome = admin(), request.form.get("outcome", "")
    try:
        if outcome not in OUTCOMES:
            raise Invalid.field("outcome", t("reports.choose"))
        settled = reports.settle(
            actor, report_id, suspend=outcome == "suspend", reason=request.form.get("reason", "")
        )
    except LuminaError as error:
        return Response(_page(actor, report_id, error), error.status)
    flash(t(f"reports.{settled.state}"), "good")
    return redirect("/admin/reports", 303)


def _page(actor: models.User, report_id: str, error: LuminaError | None = None) -> str:
    found = reports.find(actor, report_id)
    report = shown.received(found, reports.senders(found))
    fields = {one["field"]: one["message"] for one in error.errors} if error else {}
    return render(
        "report.html",
        actor,
        tab="reports",
        heading=t("reports.title", name=naming.name(report["user"])),
        report=report,
        typed=request.form,
        field_errors=fields,
        form_error=error.message if error and not fields else None,
    )
