"""What has happened, counted for the metrics."""

from __future__ import annotations

from lumina import metrics
from lumina.services import events
from lumina.services.events import Departure, Event


def outlet(event: Event) -> Departure | None:
    """Count a message once it is committed."""
    return Departure(metrics.messages_sent.inc) if isinstance(event, events.MessageSent) else None
