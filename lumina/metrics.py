"""What the process counts of its own work, for GET /metrics.

With PROMETHEUS_MULTIPROC_DIR in the environment, several workers count into files of that folder, and whichever of them
is asked adds them all up. A gauge that is read off something (`watch`) is then written down by each worker's own `tick`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from time import perf_counter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
    multiprocess,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE

__all__ = [
    "CONTENT_TYPE",
    "deliveries",
    "files_infected",
    "log_lines",
    "loop_pass",
    "messages_sent",
    "pool_size",
    "pool_used",
    "pool_waiting",
    "queue_age",
    "requests",
    "rounds",
    "scans_failed",
    "socket_events",
    "sockets",
    "sweep_done",
    "sweep_failed",
    "sweep_lag",
    "text",
    "tick",
    "watch",
    "workers",
]

_is_shared = "PROMETHEUS_MULTIPROC_DIR" in os.environ
_registry = CollectorRegistry()
_process = ProcessCollector(registry=None)
_watched: list[tuple[Gauge, Callable[[], float]]] = []
# From a glance at a cached page to a request that somebody complains of.
SECONDS = (0.005, 0.025, 0.1, 0.5, 2.5, 10)

requests = Histogram(
    "lumina_http_request_duration_seconds",
    "HTTP requests, by how long their answer took.",
    ["method", "route", "status"],
    buckets=SECONDS,
    registry=_registry,
)
socket_events = Histogram(
    "lumina_socket_event_duration_seconds",
    "Events from clients' sockets, by how long they took; the outcome is ok, or the code of the refusal.",
    ["event", "outcome"],
    buckets=SECONDS,
    registry=_registry,
)
sockets = Gauge(
    "lumina_sockets_connected", "Sockets connected.", registry=_registry, multiprocess_mode="livesum"
)
deliveries = Counter(
    "lumina_deliveries", "Events handed to sockets, one for each socket.", registry=_registry
)
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
    multiprocess_mode="livemax",
)
queue_age = Gauge(
    "lumina_queue_age_seconds",
    "For how long the oldest thing that waits to leave has been due; 0 where nothing waits.",
    ["queue"],
    registry=_registry,
    multiprocess_mode="livemostrecent",
)
pool_size = Gauge(
    "lumina_database_pool_size",
    "Connections to the database that may be open at once.",
    registry=_registry,
    multiprocess_mode="livesum",
)
pool_used = Gauge(
    "lumina_database_pool_in_use",
    "Connections to the database that are in use.",
    registry=_registry,
    multiprocess_mode="livesum",
)
pool_waiting = Gauge(
    "lumina_database_pool_waiting",
    "Work that waits for a connection to the database.",
    registry=_registry,
    multiprocess_mode="livesum",
)
loop_pass = Histogram(
    "lumina_loop_pass_seconds",
    "How long whatever is ready waits for its turn on the event loop, looked at once a second.",
    buckets=(0.001, 0.005, 0.025, 0.1, 0.5, 2.5),
    registry=_registry,
)
log_lines = Counter(
    "lumina_log_lines", "Lines of the log that tell of trouble.", ["level"], registry=_registry
)
workers = Gauge("lumina_workers", "Processes that serve.", registry=_registry, multiprocess_mode="livesum")

if _is_shared:
    # Of each worker by its pid, since those of whichever is asked would jump about.
    _of_workers = {
        name: Gauge(f"lumina_worker_{name}", text, registry=_registry, multiprocess_mode="liveall")
        for name, text in (
            ("resident_memory_bytes", "Memory that is the worker's."),
            ("cpu_seconds", "Processor time that the worker has used."),
            ("open_fds", "File descriptors that the worker has open."),
        )
    }
else:
    _registry.register(_process)


def watch(gauge: Gauge, value: Callable[[], float]) -> None:
    """Have a gauge without labels say what `value()` is: when asked, or with several workers at each tick."""
    if not _is_shared:
        gauge.set_function(value)
        return
    _watched[:] = [(known, of_it) for known, of_it in _watched if known is not gauge]
    _watched.append((gauge, value))


watch(workers, lambda: 1)


def tick() -> None:
    """Write down for the other workers what is watched here."""
    for watched, value in _watched:
        watched.set(value())
    if _is_shared:
        for family in _process.collect():
            if gauge := _of_workers.get(family.name.removeprefix("process_")):
                gauge.set(family.samples[0].value)


def rounds() -> Iterator[None]:
    """One round of the server's own work: a tick, and a look at how long the pause after it takes."""
    tick()
    began = perf_counter()
    yield
    loop_pass.observe(perf_counter() - began)


def text() -> bytes:
    """Everything counted, in the text format of Prometheus."""
    if not _is_shared:
        return generate_latest(_registry)
    tick()
    of_all = CollectorRegistry()
    multiprocess.MultiProcessCollector(of_all)  # type: ignore[no-untyped-call]
    return generate_latest(of_all)
