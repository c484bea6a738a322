"""How the deployment stands, at a glance."""

from __future__ import annotations

from time import perf_counter

from flask import Response, redirect
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import LuminaError, Unavailable
from lumina.pages.admin.door import admin, blueprint, render
from lumina.presenters import administration as shown
from lumina.services import administration, health


@blueprint.get("")
def overview() -> str:
    """Numbers, health, and whether the ledger was true when it was last looked at."""
    return _page(admin())


@blueprint.post("/check")
def check_ledger() -> Response | BaseResponse:
    """Look whether the ledger is true."""
    actor = admin()
    try:
        administration.check_ledger(actor)
    except LuminaError as error:
        return Response(_page(actor), error.status)
    return redirect("/admin#health", 303)


def _page(actor: models.User) -> str:
    view = administration.overview(actor)
    late = view.late[0] if view.late else None
    return render(
        "overview.html",
        actor,
        tab="overview",
        view=view,
        late_by=shown.lateness(late.by) if late else None,
        late_job=late.job if late else None,
        answers_in_ms=_answers_in_ms(),
    )


def _answers_in_ms() -> float | None:
    """How long the servers that we lean on take to answer; None where one does not."""
    begun = perf_counter()
    try:
        health.check()
    except Unavailable:
        return None
    return (perf_counter() - begun) * 1000
