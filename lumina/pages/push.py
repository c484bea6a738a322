"""The browsers that take notifications, and the link that ends mails about what waits."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from lumina.extensions import csrf
from lumina.pages.requests import user_agent
from lumina.pages.session import actor, session_id
from lumina.services import digests, push_subscriptions

blueprint = Blueprint("push", __name__)


@blueprint.post("/push/subscriptions")
def subscribe() -> Response:
    """This browser takes notifications from now on."""
    push_subscriptions.add(
        actor(),
        session_id(),
        endpoint=request.form.get("endpoint", ""),
        p256dh=request.form.get("p256dh", ""),
        auth=request.form.get("auth", ""),
        user_agent=user_agent(),
    )
    return Response(status=204)


@blueprint.post("/push/subscriptions/remove")
def unsubscribe() -> Response:
    """It takes none any more."""
    push_subscriptions.remove(actor(), request.form.get("endpoint", ""))
    return Response(status=204)


@blueprint.get("/unsubscribe/<token>")
def ask(token: str) -> str:
    """What the link of a mail leads to: nothing ends by merely being fetched."""
    digests.reader(token)
    return render_template("settings/unsubscribe.html", token=token, is_done=False)


@blueprint.post("/unsubscribe/<token>")
@csrf.exempt
def end(token: str) -> str:
    """One click, by a person or a mail program (RFC 8058): the token itself shows that it is meant."""
    digests.unsubscribe(token)
    return render_template("settings/unsubscribe.html", token=token, is_done=True)
