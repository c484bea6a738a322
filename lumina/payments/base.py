from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Unreachable(Exception):
    """The provider does not answer, or does not do what is asked."""


class Refused(Unreachable):
    """It will not do it, however often it is asked; `code` is its own word for why."""

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class Forged(Exception):
    """What claims to come from the provider does not, or is stale."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid. `back_url` is where the payer returns to, whatever they did; `site` is our own address."""

    topup_id: int
    amount_minor: int
    currency: str
    email: str
    site: str
    back_url: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """The page to pay at, and the provider's name for it."""

    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class Return:
    """What is to go back to its payer: all that is left of a top-up's payment, at the checkout of this reference."""

    topup_id: int
    reference: str
    left_minor: int


@dataclass(frozen=True, slots=True)
class Refund:
    """A part of a payment that was sent back, under the provider's name; with `has_failed` (or cancelled there) its
    money is with us again, for good."""

    id: str
    amount_minor: int
    has_failed: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """What has been paid, for which top-up; `reference` is the checkout's, where it is told."""

    topup_id: int
    amount_minor: int
    currency: str
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a provider tells, once under each `event_id`, and possibly late, again or out of order."""

    event_id: str
    payment: Payment


class Paid(Notice):
    """The money is there."""


@dataclass(frozen=True, slots=True)
class Failed(Notice):
    """Nothing was paid, and nothing will be: `state` is what becomes of the top-up, cancelled or expired."""

    state: str


@dataclass(frozen=True, slots=True)
class Refunded(Notice):
    """Something has become of its refunds: all of them, the earliest first, as they stood when it was looked up."""

    refunds: Sequence[Refund]


@dataclass(frozen=True, slots=True)
class Disputed(Notice):
    """The payer's bank has taken so much back."""

    dispute_id: str
    amount_minor: int


class DisputeWon(Disputed):
    """And has given it back to us."""


class Provider(Protocol):
    """One that takes payments. Every call may wait for a network; none may be made inside a unit of work."""

    @property
    def name(self) -> str:
        """As top-ups bear it."""

    def checkout(self, order: Order) -> Checkout:
        """A page to pay at; the same one however often it is asked for. Raises Unreachable."""

    def give_back(self, wanted: Return) -> Sequence[Refund]:
        """Send a payment back to whoever paid it; once, however often it is asked for. All its refunds, as Refunded
        tells them. Raises Unreachable, Refused."""

    def read(self, body: bytes, signature: str | None) -> Notice | None:
        """What a call from the provider tells; None where it is nothing to us. Raises Forged, Unreachable."""
