"""Stripe: its Checkout for paying, and what its signed webhook tells."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import stripe

from lumina.payments.base import (
    Checkout,
    Disputed,
    DisputeWon,
    Failed,
    Forged,
    Notice,
    Order,
    Paid,
    Payment,
    Refund,
    Refunded,
    Refused,
    Return,
    Unreachable,
)

# A person waits for it; its own default is 80 seconds.
TIMEOUT_SECONDS, RETRIES = 10, 1
# How old a signature may be.
TOLERANCE_SECONDS = 300
# In the metadata of all that belongs to a top-up; the account may take other payments too.
TOPUP = "lumina_topup"
# What became of a refund whose money is with us again; of the others it is, or will be, with the payer.
UNDONE = ("failed", "canceled")
# As many as Stripe lists at once.
PAGE = 100
# What the payer reads that they pay for.
PRODUCT = "Top-up of your Lumina wallet"
Read = Callable[["Stripe", str, dict[str, Any]], Notice | None]


class Stripe:
    """The account behind a secret key; `api_url` is for one that is not at Stripe's own address."""

    name = "stripe"

    def __init__(self, secret_key: str, webhook_secret: str, api_url: str | None = None) -> None:
        self._webhook_secret = webhook_secret
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api_url} if api_url else {},
            http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
            max_network_retries=RETRIES,
        )

    def checkout(self, order: Order) -> Checkout:
        metadata = {TOPUP: str(order.topup_id)}
        price = {
            "currency": order.currency.lower(),
            "unit_amount": order.amount_minor,
            "product_data": {"name": PRODUCT},
        }
        wanted: Any = {
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": 1}],
            "client_reference_id": str(order.topup_id),
            "customer_email": order.email,
            "metadata": metadata,
            "payment_intent_data": {"metadata": metadata},
            "success_url": order.back_url,
            "cancel_url": f"{order.back_url}?left=1",
        }
        with _reachable():
            session = self._client.v1.checkout.sessions.create(
                wanted, {"idempotency_key": f"{TOPUP}_{order.topup_id}"}
            )
        if not session.url:
            raise Unreachable("a checkout without a page")
        return Checkout(session.id, session.url)

    def give_back(self, wanted: Return) -> list[Refund]:
        with _reachable():
            intent = self._client.v1.checkout.sessions.retrieve(wanted.reference).to_dict()["payment_intent"]
        # Without an amount all that is left goes back.
        asked: Any = {"payment_intent": intent, "metadata": {TOPUP: str(wanted.topup_id)}}
        key = f"{TOPUP}_return_{wanted.topup_id}"
        try:
            with _reachable():
                self._client.v1.refunds.create(asked, {"idempotency_key": key})
        except Refused as refusal:
            if refusal.code != "charge_already_refunded":
                raise
        return self.refunds(intent)

    def read(self, body: bytes, signature: str | None) -> Notice | None:
        try:
            stripe.WebhookSignature.verify_header(body, signature, self._webhook_secret, TOLERANCE_SECONDS)
            event = json.loads(body)
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise Forged(str(error)) from None
        read = READERS.get(event["type"])
        return read(self, event["id"], event["data"]["object"]) if read else None

    def intent(self, intent_id: str | None) -> Payment | None:
        """The payment that a refund or a dispute is about; neither bears our metadata itself. Raises Unreachable."""
        if not intent_id:
            return None
        with _reachable():
            intent = self._client.v1.payment_intents.retrieve(intent_id).to_dict()
        return _payment(intent, intent["amount_received"])

    def refunds(self, intent_id: str) -> list[Refund]:
        """All of a payment, the earliest first, as they stand now. Raises Unreachable."""
        with _reachable():
            pages = self._client.v1.refunds.list({"payment_intent": intent_id, "limit": PAGE})
            found = [one.to_dict() for one in pages.auto_paging_iter()]
        found.sort(key=lambda one: one["created"])
        return [_refund(one) for one in found]


def _session_paid(_: Stripe, event_id: str, session: dict[str, Any]) -> Notice | None:
    payment = _payment(session, session["amount_total"], session["id"])
    return Paid(event_id, payment) if payment and session["payment_status"] == "paid" else None


def _session_over(state: str) -> Read:
    def read(_: Stripe, event_id: str, session: dict[str, Any]) -> Notice | None:
        payment = _payment(session, session["amount_total"], session["id"])
        return Failed(event_id, payment, state) if payment else None

    return read


def _refunds_changed(account: Stripe, event_id: str, about: dict[str, Any]) -> Notice | None:
    """Of a charge, or one refund: either the call or the list may be the older one, but what has failed stays so."""
    intent_id = about["payment_intent"]
    payment = account.intent(intent_id)
    if payment is None:
        return None
    refunds = {one.id: one for one in account.refunds(intent_id)}
    if about["object"] == "refund":
        told = _refund(about)
        if told.has_failed or told.id not in refunds:
            refunds[told.id] = told
    return Refunded(event_id, payment, list(refunds.values()))


def _dispute_opened(account: Stripe, event_id: str, dispute: dict[str, Any]) -> Notice | None:
    # While the bank only asks, no money has been taken; should it be, another event tells.
    return None if dispute["status"].startswith("warning") else _dispute(Disputed)(account, event_id, dispute)


def _dispute_closed(account: Stripe, event_id: str, dispute: dict[str, Any]) -> Notice | None:
    return _dispute(DisputeWon)(account, event_id, dispute) if dispute["status"] == "won" else None


def _dispute(kind: type[Disputed]) -> Read:
    def read(account: Stripe, event_id: str, dispute: dict[str, Any]) -> Notice | None:
        payment = account.intent(dispute["payment_intent"])
        return kind(event_id, payment, dispute["id"], dispute["amount"]) if payment else None

    return read


READERS: dict[str, Read] = {
    "checkout.session.completed": _session_paid,
    "checkout.session.async_payment_succeeded": _session_paid,
    "checkout.session.async_payment_failed": _session_over("cancelled"),
    "checkout.session.expired": _session_over("expired"),
    "charge.refunded": _refunds_changed,
    "charge.refund.updated": _refunds_changed,
    "refund.created": _refunds_changed,
    "refund.updated": _refunds_changed,
    "refund.failed": _refunds_changed,
    "charge.dispute.created": _dispute_opened,
    "charge.dispute.funds_withdrawn": _dispute(Disputed),
    "charge.dispute.funds_reinstated": _dispute(DisputeWon),
    "charge.dispute.closed": _dispute_closed,
}


def _refund(of: dict[str, Any]) -> Refund:
    return Refund(of["id"], of["amount"], of["status"] in UNDONE)


def _payment(of: dict[str, Any], amount_minor: int, reference: str | None = None) -> Payment | None:
    """What was paid, by the metadata of a session, an intent or a charge; None where it is no top-up."""
    topup_id = (of.get("metadata") or {}).get(TOPUP, "")
    if not (topup_id.isascii() and topup_id.isdecimal() and len(topup_id) < 19):
        return None
    return Payment(int(topup_id), amount_minor, of["currency"].upper(), reference)


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except stripe.InvalidRequestError as error:
        raise Refused(str(error), error.code) from error
    except stripe.StripeError as error:
        raise Unreachable(str(error)) from error
