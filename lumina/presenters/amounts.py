"""Money in words."""

from __future__ import annotations

from lumina.services import wallets

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$", "CHF": "CHF\u00a0", "INR": "₹"}
MINUS = "\u2212"


def amount(minor: int, *, signed: bool = False) -> str:
    """An amount with its cents: "$1,250.00", and with `signed` "+$50.00" or "−$50.00"."""
    code = wallets.currency()
    whole, cents = divmod(abs(minor), 100)
    sign = MINUS if minor < 0 else "+" if signed and minor > 0 else ""
    return f"{sign}{SIGNS.get(code, code + chr(0xA0))}{whole:,}.{cents:02}"


def plain(minor: int) -> str:
    """An amount as a program or a field takes it: "1250.00", "-50.00"."""
    whole, cents = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{whole}.{cents:02}"
