"""Finding an expert, asking one, and one's own offer."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "nav.experts": "Experts",
    "nav.priority": "Priority",
    "nav.wallet": "Wallet",
}
