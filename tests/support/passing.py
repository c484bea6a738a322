"""Time that passes without waiting, and what is due by then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from lumina.outlets import webpush
from lumina.services import clocks, digests, expiry, notices, settings
from lumina.services.sweep import Sweeper

DAY = 24 * 3600
Pass = Callable[[int], None]


def sweep(app: Flask) -> None:
    """Carry out what is due but for link previews, as the server does beside its other work."""
    with app.app_context():
        for _ in Sweeper([*expiry.JOBS, *settings.JOBS, *notices.JOBS, *webpush.JOBS, *digests.JOBS]).sweep():
            pass


@pytest.fixture
def later(app: Flask) -> Pass:
    """Moves the time on: later(60)."""

    def later(seconds: int) -> None:
        with app.app_context():
            clocks.advance(None, seconds)

    return later


@pytest.fixture
def swept(app: Flask, later: Pass) -> Pass:
    """Moves the time on, and has what is due then carried out: swept(60)."""

    def swept(seconds: int) -> None:
        later(seconds)
        sweep(app)

    return swept
