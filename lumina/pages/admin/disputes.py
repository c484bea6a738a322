"""What is in dispute: a list, one of them with all that it rests on, and the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import Invalid, LuminaError
from lumina.pages.admin.door import admin, blueprint, render
from lumina.presenters import administration as shown
from lumina.presenters import wire
from lumina.presenters.texts import t
from lumina.services import administration, escrows, evidence, money

STATES = escrows.STATES
OUTCOMES = ("release", "refund", "split")


@dataclass(frozen=True, slots=True)
class Decision:
    """What the form says; `part` is the expert's part of a split, as it was typed."""

    outcome: str = ""
    part: str = ""
    note: str = ""

    @classmethod
    def sent(cls) -> Decision:
        form = request.form
        return cls(form.get("outcome", ""), form.get("part", "").strip(), form.get("note", "").strip())

    def expert_minor(self, amount_minor: int) -> int:
        """The expert's part before the fee, in minor units. Raises Invalid."""
        if self.outcome not in OUTCOMES:
            raise Invalid.field("outcome", t("decide.choose"))
        if self.outcome != "split":
            return amount_minor if self.outcome == "release" else 0
        minor = money.typed(self.part, "part")
        if not 0 < minor < amount_minor:
            raise Invalid.field("part", t("decide.bounds"))
        return minor


@blueprint.get("/disputes")
def list_disputes() -> str:
    """The purchases in dispute, who waits longest first; or those in another state."""
    actor, asked = admin(), request.args.get("state", "")
    state = asked if asked in STATES else "disputed"
    page = administration.list_purchases(actor, state=state, cursor=request.args.get("cursor") or None)
    return render(
        "disputes.html",
        actor,
        tab="disputes",
        state=state,
        states=("disputed", *(one for one in STATES if one != "disputed")),
        purchases=[
            {
                "escrow": wire.escrow(one.escrow),
                "client": wire.person(one.client),
                "expert": wire.person(one.expert),
                "since": one.escrow.disputed_at or one.escrow.settled_at or one.escrow.created_at,
            }
            for one in page.items
        ],
        next_cursor=page.next_cursor,
    )


@blueprint.get("/disputes/<escrow_id>")
def show_dispute(escrow_id: str) -> str:
    """One of them: parties, money, the whole history, the decision."""
    return _page(admin(), escrow_id)


@blueprint.post("/disputes/<escrow_id>")
def decide(escrow_id: str) -> Response | BaseResponse:
    """Show what a decision gives to whom; once that is confirmed, take it."""
    actor, decision = admin(), Decision.sent()
    escrow = escrows.find(actor, escrow_id)
    try:
        expert_minor = decision.expert_minor(escrow.amount_minor)
        if "confirmed" not in request.form:
            return Response(_confirm(actor, escrow, decision, expert_minor))
        escrows.resolve(
            actor,
            escrow_id,
            decision.outcome,
            expert_minor if decision.outcome == "split" else None,
            decision.note,
        )
    except LuminaError as error:
        return Response(_page(actor, escrow_id, decision, error), error.status)
    flash(t("decide.done"), "good")
    return redirect(f"/admin/disputes/{escrow_id}", 303)


def _page(
    actor: models.User,
    escrow_id: str,
    decision: Decision | None = None,
    error: LuminaError | None = None,
) -> str:
    found = evidence.look(
        actor,
        escrow_id,
        before=request.args.get("before") or None,
        after=request.args.get("after") or None,
    )
    escrow, messages = found.escrow, [shown.original(item, found.escrow.id) for item in found.messages]
    fields = {one["field"]: one["message"] for one in error.errors} if error else {}
    return render(
        "dispute.html",
        actor,
        tab="disputes",
        heading=t("dispute.title", client=found.client.first_name, expert=found.expert.first_name),
        escrow=wire.escrow(escrow),
        disputed_at=escrow.disputed_at,
        parties=_parties(found.client, found.expert),
        messages=messages,
        has_older=found.has_older,
        has_newer=found.has_newer,
        lines=[wire.ledger_line(escrow, row) for row in escrows.booked(escrow)],
        whole=shown.shares(escrow.amount_minor, escrow.amount_minor, escrow.fee_basis_points),
        decision=decision or Decision(),
        field_errors=fields,
        form_error=error.message if error and not fields else None,
        is_party=actor.id in (escrow.client_id, escrow.expert_id),
    )


def _confirm(actor: models.User, escrow: models.Escrow, decision: Decision, expert_minor: int) -> str:
    client, expert = (
        administration.find_person(actor, str(of)).user for of in (escrow.client_id, escrow.expert_id)
    )
    return render(
        "confirm.html",
        actor,
        tab="disputes",
        heading=t(f"decide.{decision.outcome}_question", client=client.first_name, expert=expert.first_name),
        escrow=wire.escrow(escrow),
        parties=_parties(client, expert),
        decision=decision,
        shares=shown.shares(escrow.amount_minor, expert_minor, escrow.fee_basis_points),
    )


def _parties(client: models.User, expert: models.User) -> dict[str, Any]:
    return {"client": wire.person(client), "expert": wire.person(expert)}
