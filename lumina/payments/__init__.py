"""Who takes the money of top-ups: Stripe, or in development a sandbox of our own. No network call is made elsewhere."""

from __future__ import annotations

from lumina.config import Config
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
    Provider,
    Refund,
    Refunded,
    Refused,
    Return,
    Unreachable,
)
from lumina.payments.sandbox import Sandbox
from lumina.payments.stripe import Stripe

__all__ = [
    "Checkout",
    "DisputeWon",
    "Disputed",
    "Failed",
    "Forged",
    "Notice",
    "Order",
    "Paid",
    "Payment",
    "Provider",
    "Refund",
    "Refunded",
    "Refused",
    "Return",
    "Sandbox",
    "Stripe",
    "Unreachable",
    "opened",
]


def opened(config: Config) -> Provider | None:
    """The deployment's provider: none in production without one, since a sandbox gives money away."""
    if config.stripe_secret_key and config.stripe_webhook_secret:
        return Stripe(config.stripe_secret_key, config.stripe_webhook_secret, config.stripe_api_url)
    return Sandbox() if config.development else None
