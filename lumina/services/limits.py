"""How often one may try. The counts are kept by `limits`, in memory or in Redis."""

from __future__ import annotations

import math
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import TypeVar

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.strategies import RateLimiter

from lumina import clock
from lumina.errors import TooMany
from lumina.extensions import limiter

T = TypeVar("T")

RULES: dict[str, RateLimitItem] = {
    "sign_in": parse("10 per 5 minutes"),
    "sign_in_account": parse("100 per hour"),
    "sign_in_address": parse("300 per 5 minutes"),
    "register_address": parse("300 per hour"),
    "reset_email": parse("5 per hour"),
    "reset_address": parse("60 per hour"),
    "priority_label": parse("5 per hour"),
    "upload": parse("300 per 10 minutes"),
    "topup": parse("30 per hour"),
    "report": parse("20 per hour"),
    "password": parse("10 per 5 minutes"),
}


def network(address: str) -> str:
    """What one household or attacker has at hand: an IPv4 address, or the first 64 bits of an IPv6 one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else address


def spend(rule: str, *keys: str) -> None:
    """Count one try under `rule` for `keys`. Raises TooMany with the seconds to wait."""
    if limiter.enabled and not _ask(lambda strategy: strategy.hit(RULES[rule], rule, *keys)):
        reset = _ask(lambda strategy: strategy.get_window_stats(RULES[rule], rule, *keys).reset_time)
        # Rounded first: our time is in whole milliseconds, and an hour must not become a second more.
        wait = round(reset - clock.real_now().timestamp(), 2)
        raise TooMany(retry_after=max(1, math.ceil(wait)))


def forget(rule: str, *keys: str) -> None:
    """Start the count anew, as after a right password."""
    _ask(lambda strategy: strategy.clear(RULES[rule], rule, *keys))


def _ask(question: Callable[[RateLimiter], T]) -> T:
    try:
        return question(limiter.strategy)
    except StorageError:
        return question(limiter.spare)
