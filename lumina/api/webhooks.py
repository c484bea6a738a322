"""What payment providers call: without a token, by the signature on what they send."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from lumina.api.route import JSON
from lumina.services import provider_events

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")


@blueprint.post("/stripe")
def stripe() -> Response:
    """200 for what is booked, was booked before or is nothing to us; anything else has Stripe call again."""
    provider_events.receive("stripe", request.get_data(), request.headers.get("Stripe-Signature"))
    return Response(orjson.dumps({"success": True, "data": {}}), mimetype=JSON)
