"""What the process counts of its own work, for GET /metrics."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE

__all__ = [
    "CONTENT_TYPE",
    "files_infected",
    "messages_sent",
    "requests",
    "scans_failed",
    "sockets",
    "sweep_done",
    "sweep_failed",
    "sweep_lag",
    "text",
]

_registry = CollectorRegistry()
ProcessCollector(registry=_registry)

requests = Histogram(
    "lumina_http_request_duration_seconds",
    "HTTP requests, by how long their answer took.",
    ["method", "route", "status"],
    buckets=(0.005, 0.025, 0.1, 0.5, 2.5, 10),
    registry=_registry,
)
sockets = Gauge("lumina_sockets_connected", "Sockets connected to this process.", registry=_registry)
messages_sent = Counter("lumina_messages_sent", "Messages sent, through any door.", registry=_registry)
files_infected = Counter(
    "lumina_files_infected", "Uploads refused for what a scanner found.", registry=_registry
)
scans_failed = Counter("lumina_scans_failed", "Uploads that could not be scanned.", registry=_registry)
sweep_done = Counter(
    "lumina_sweep_done", "What was due and has been carried out.", ["job"], registry=_registry
)
sweep_failed = Counter(
    "lumina_sweep_failed", "Attempts to carry out what was due that failed.", ["job"], registry=_registry
)
sweep_lag = Gauge(
    "lumina_sweep_lag_seconds",
    "For how long the oldest thing that is due has been so; 0 where nothing is.",
    ["job"],
    registry=_registry,
)


def text() -> bytes:
    """Everything counted, in the text format of Prometheus."""
    return generate_latest(_registry)
