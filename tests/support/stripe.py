"""A server that speaks as much of Stripe's protocol as we use: forms in, JSON out, keys, idempotency, errors; a hosted
page with a Pay button; and webhooks, signed as Stripe signs them."""

from __future__ import annotations

import hmac
import json
import re
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from flask import Flask

from lumina import payments
from lumina.services import topups

SECRET_KEY, WEBHOOK_SECRET = "sk_test_of_the_tests", "whsec_of_the_tests"
Shape = dict[str, Any]
Deliver = Callable[[bytes, str], int]


def signature(body: bytes, secret: str = WEBHOOK_SECRET, at: float | None = None) -> str:
    """The Stripe-Signature of a body."""
    moment = int(time.time() if at is None else at)
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, sha256).hexdigest()
    return f"t={moment},v1={signed}"


class StripeServer:
    """An account at Stripe. `deliver` says how a webhook reaches us; with None they are only kept in `events`."""

    def __init__(self) -> None:
        self.sessions: dict[str, Shape] = {}
        self.intents: dict[str, Shape] = {}
        self.charges: dict[str, Shape] = {}
        self.refunds: list[Shape] = []
        self.events: list[Shape] = []
        self.asked: list[tuple[str, str]] = []
        self.deliver: Deliver | None = None
        self.failing: tuple[int, Shape] | None = None
        self.pause = 0.0
        self._answers: dict[str, tuple[Shape, tuple[int, Shape]]] = {}
        self._numbers, self._lock = count(1), Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def id(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers)}_{id(self):x}"

    def create_session(self, asked: Shape) -> Shape:
        """POST /v1/checkout/sessions."""
        [item] = asked["line_items"].values()
        price = item["price_data"]
        session_id = self.id("cs_test")
        session = {
            "id": session_id,
            "object": "checkout.session",
            "url": f"{self.url}/pay/{session_id}",
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "amount_total": int(price["unit_amount"]) * int(item["quantity"]),
            "currency": price["currency"],
            "livemode": False,
            **{
                name: asked.get(name)
                for name in ("client_reference_id", "customer_email", "mode", "success_url", "cancel_url")
            },
            "metadata": asked.get("metadata", {}),
        }
        self.sessions[session_id] = session
        self.intents[session_id] = asked["payment_intent_data"]
        return session

    def pay(self, session_id: str, *, at_once: bool = True) -> Shape:
        """Somebody presses Pay; without `at_once` their bank takes days. The charge, of which nothing is told yet."""
        session = self.sessions[session_id]
        intent_id, charge_id = self.id("pi"), self.id("ch")
        about = {
            "currency": session["currency"],
            "metadata": dict(self.intents[session_id].get("metadata", {})),
            "livemode": False,
        }
        session |= {"status": "complete", "payment_intent": intent_id}
        session["payment_status"] = "paid" if at_once else "unpaid"
        self.intents[intent_id] = about | {
            "id": intent_id,
            "object": "payment_intent",
            "amount": session["amount_total"],
            "amount_received": session["amount_total"],
            "latest_charge": charge_id,
        }
        self.charges[charge_id] = about | {
            "id": charge_id,
            "object": "charge",
            "amount": session["amount_total"],
            "amount_captured": session["amount_total"],
            "amount_refunded": 0,
            "payment_intent": intent_id,
            "paid": True,
        }
        return self.charges[charge_id]

    def refund(self, charge: Shape, amount: int) -> Shape:
        """Part of a charge goes back; the refund."""
        charge["amount_refunded"] += amount
        refund = {
            "id": self.id("re"),
            "object": "refund",
            "amount": amount,
            "charge": charge["id"],
            "created": len(self.refunds),
            "currency": charge["currency"],
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "status": "succeeded",
        }
        self.refunds.append(refund)
        return refund

    def undo(self, refund: Shape, status: str = "failed") -> Shape:
        """A refund does not arrive after all, or is cancelled; the refund."""
        self.charges[refund["charge"]]["amount_refunded"] -= refund["amount"]
        refund["status"] = status
        return refund

    def dispute(self, charge: Shape, amount: int | None = None, status: str = "needs_response") -> Shape:
        """The payer's bank objects."""
        charge["disputed"] = True
        return {
            "id": self.id("du"),
            "object": "dispute",
            "amount": charge["amount"] if amount is None else amount,
            "charge": charge["id"],
            "currency": charge["currency"],
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "status": status,
        }

    def tell(self, kind: str, about: Shape, times: int = 1) -> list[int]:
        """An event, told so often; the statuses that we answered with."""
        event = {
            "id": self.id("evt"),
            "object": "event",
            "type": kind,
            "created": int(time.time()),
            "livemode": False,
            # As it is now, whenever that arrives.
            "data": {"object": json.loads(json.dumps(about))},
        }
        self.events.append(event)
        return [self.send(event) for _ in range(times)]

    def send(self, event: Shape) -> int:
        """An event once more."""
        body = json.dumps(event).encode()
        return self.deliver(body, signature(body)) if self.deliver else 0

    def answer(self, method: str, path: str, headers: Any, body: bytes, query: str = "") -> tuple[int, Shape]:
        """Of the API, after a while."""
        self.asked.append((method, path))
        time.sleep(self.pause)
        if headers.get("Authorization") != f"Bearer {SECRET_KEY}":
            return _refusal(401, "invalid_request_error", "Invalid API Key provided")
        if self.failing:
            return self.failing
        if method == "POST" and path == "/v1/checkout/sessions":
            return self._once(headers.get("Idempotency-Key"), _nested(body), self._answer_session)
        if method == "POST" and path == "/v1/refunds":
            return self._once(headers.get("Idempotency-Key"), _nested(body), self._answer_refund)
        if method == "GET" and path == "/v1/refunds":
            return 200, self._page_of_refunds(dict(parse_qsl(query)))
        found = re.fullmatch(r"/v1/(?:payment_intents|checkout/sessions)/(\w+)", path)
        if method == "GET" and found and found[1] in self.sessions | self.intents:
            return 200, (self.intents | self.sessions)[found[1]]
        return _refusal(404, "invalid_request_error", f"No such thing: {path}")

    def _answer_session(self, asked: Shape) -> tuple[int, Shape]:
        if asked.get("mode") != "payment" or "line_items" not in asked:
            return _refusal(400, "invalid_request_error", "Missing required param")
        return 200, self.create_session(asked)

    def _answer_refund(self, asked: Shape) -> tuple[int, Shape]:
        """POST /v1/refunds: of all that is left, where no amount is named."""
        [charge] = [one for one in self.charges.values() if one["payment_intent"] == asked["payment_intent"]]
        if charge.get("disputed"):
            return _refusal(400, "invalid_request_error", "Disputed", "charge_disputed")
        left = charge["amount"] - charge["amount_refunded"]
        if not left:
            return _refusal(400, "invalid_request_error", "Already refunded", "charge_already_refunded")
        return 200, self.refund(charge, int(asked.get("amount", left)))

    def _page_of_refunds(self, asked: Shape) -> Shape:
        """GET /v1/refunds of a payment, the latest first."""
        found = [one for one in reversed(self.refunds) if one["payment_intent"] == asked["payment_intent"]]
        if after := asked.get("starting_after"):
            found = found[[one["id"] for one in found].index(after) + 1 :]
        limit = int(asked["limit"])
        return {"object": "list", "url": "/v1/refunds", "data": found[:limit], "has_more": len(found) > limit}

    def _once(
        self, key: str | None, asked: Shape, make: Callable[[Shape], tuple[int, Shape]]
    ) -> tuple[int, Shape]:
        if key is None:
            return _refusal(400, "invalid_request_error", "Without a key this is done twice")
        with self._lock:
            if key not in self._answers:
                self._answers[key] = (asked, make(asked))
            first, answer = self._answers[key]
        if first != asked:
            return _refusal(400, "idempotency_error", "Keys for idempotent requests can only be used once")
        return answer


def _refusal(status: int, kind: str, message: str, code: str | None = None) -> tuple[int, Shape]:
    return status, {"error": {"type": kind, "message": message, "code": code}}


def _nested(body: bytes) -> Shape:
    """a[b][0][c]=d as a dict of dicts."""
    asked: Shape = {}
    for name, value in parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True):
        *path, last = re.findall(r"[^\[\]]+", name)
        node = asked
        for step in path:
            node = node.setdefault(step, {})
        node[last] = value
    return asked


def _handler(stripe: StripeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/v1/"):
                self._api(b"")
                return
            session = stripe.sessions[self.path.rpartition("/")[2]]
            page = (
                f"<!doctype html><title>Pay</title><h1>{session['amount_total']}</h1>"
                '<form method="post"><button>Pay</button></form>'
                f'<a href="{session["cancel_url"]}">Back</a>'
            )
            self._write(200, page.encode(), "text/html")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.startswith("/v1/"):
                self._api(body)
                return
            session = stripe.sessions[self.path.rpartition("/")[2]]
            stripe.pay(session["id"])
            stripe.tell("checkout.session.completed", session)
            self._write(303, b"", "text/html", Location=session["success_url"])

        def _api(self, body: bytes) -> None:
            asked = urlsplit(self.path)
            status, answer = stripe.answer(self.command, asked.path, self.headers, body, asked.query)
            self._write(status, json.dumps(answer).encode(), "application/json")

        def _write(self, status: int, body: bytes, media: str, **headers: str) -> None:
            self.send_response(status)
            for name, text in {
                "Content-Type": media,
                "Content-Length": str(len(body)),
                "Request-Id": stripe.id("req"),
                **headers,
            }.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def over_http(url: str) -> Deliver:
    """To a server at this address."""

    def deliver(body: bytes, signed: str) -> int:
        headers = {"Stripe-Signature": signed, "Content-Type": "application/json"}
        return requests.post(f"{url}/webhooks/stripe", data=body, headers=headers, timeout=30).status_code

    return deliver


def into(app: Flask) -> Deliver:
    """To the app in the test's own process."""

    def deliver(body: bytes, signed: str) -> int:
        client = app.test_client(use_cookies=False)
        headers = {"Stripe-Signature": signed, "Content-Type": "application/json"}
        return client.post("/webhooks/stripe", data=body, headers=headers).status_code

    return deliver


@pytest.fixture
def stripe_server() -> Iterator[StripeServer]:
    server = StripeServer()
    yield server
    server.close()


@pytest.fixture
def stripe(app: Flask, stripe_server: StripeServer, monkeypatch: pytest.MonkeyPatch) -> StripeServer:
    """The app takes its payments there, by Stripe's own client over HTTP."""
    account = payments.Stripe(SECRET_KEY, WEBHOOK_SECRET, stripe_server.url)
    monkeypatch.setattr(topups, "_provider", account)
    stripe_server.deliver = into(app)
    return stripe_server
