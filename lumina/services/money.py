"""Amounts: whole numbers of minor units here, major units where a person or the wire's `priorityPrice` tells them."""

from __future__ import annotations

import re
from decimal import Decimal

from lumina.errors import Invalid

MINOR_IN_MAJOR = 100
TYPED = re.compile(r"(\d{1,12})(?:[.,](\d{1,2}))?", re.ASCII)


def from_text(text: str) -> int | None:
    """What somebody has typed as major units, "50" or "49.50", in minor ones; None for what is no amount."""
    found = TYPED.fullmatch(text.strip())
    return int(found[1]) * MINOR_IN_MAJOR + int((found[2] or "0").ljust(2, "0")) if found else None


def to_minor(major: Decimal, field: str) -> int:
    """50 becomes 5000. Raises Invalid for what has more than two decimals, or is no amount."""
    minor = major * MINOR_IN_MAJOR if major.is_finite() else None
    if minor is None or minor != minor.to_integral_value() or not 0 <= minor < 2**53:
        raise Invalid.field(field, "This is an amount with at most two decimals.")
    return int(minor)


def typed(text: str, field: str) -> int:
    """The same where it may be below zero, "-12.50". Raises Invalid."""
    text = text.strip().replace("\u2212", "-")
    minor = from_text(text.removeprefix("-").removeprefix("+"))
    if minor is None:
        raise Invalid.field(field, "Type an amount such as 12.50.")
    return -minor if text.startswith("-") else minor


def fee_of(amount_minor: int, basis_points: int) -> int:
    """The deployment's part, rounded down."""
    return amount_minor * basis_points // 10_000
