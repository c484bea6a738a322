from __future__ import annotations

from secrets import token_urlsafe

from lumina.payments.base import Checkout, Forged, Notice, Order, Return


class Sandbox:
    """Money for trying things: the checkout is a page of our own, where nobody pays anything."""

    name = "sandbox"

    def checkout(self, order: Order) -> Checkout:
        token = token_urlsafe(24)
        return Checkout(token, f"{order.site}/sandbox/checkout/{token}")

    def give_back(self, wanted: Return) -> None:
        """Nobody has paid anything, so nothing is to go anywhere."""

    def read(self, body: bytes, signature: str | None) -> Notice | None:
        raise Forged("a sandbox calls nobody")
