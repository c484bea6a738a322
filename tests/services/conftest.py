"""An app context for the services, and an outlet that notes what it hears."""

import pytest

from lumina.services import events


@pytest.fixture
def inside(app):
    """Within an app context, for the whole test."""
    with app.app_context():
        yield app


@pytest.fixture
def heard(monkeypatch):
    """What has happened, in order; it takes the place of all outlets."""
    told = []

    def outlet(event):
        return events.Departure(lambda: told.append(event))

    monkeypatch.setattr(events, "_outlets", [outlet])
    return told
