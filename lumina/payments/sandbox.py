from __future__ import annotations

from secrets import token_urlsafe

from lumina.payments.base import Checkout, Forged, Notice, Order, Refund, Return


class Sandbox:
    """Money for trying things: the checkout is a page of our own, where nobody pays anything."""

    name = "sandbox"

    def checkout(self, order: Order) -> Checkout:
        token = token_urlsafe(24)
        return Checkout(token, f"{order.site}/sandbox/checkout/{token}")

    def give_back(self, wanted: Return) -> list[Refund]:
        """Nobody has paid anything, so nothing goes anywhere."""
        return [Refund(f"{self.name}_{wanted.topup_id}", wanted.left_minor, has_failed=False)]

    def read(self, body: bytes, signature: str | None) -> Notice | None:
        raise Forged("a sandbox calls nobody")
