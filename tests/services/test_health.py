"""Alive, ready, and what stands in the way."""

import pytest
from sqlalchemy.exc import OperationalError

from lumina.extensions import db, limiter


def test_alive_and_ready(api):
    for path in ("/healthz", "/readyz"):
        answer = api.request("GET", path)
        assert (answer.status_code, answer.get_json()) == (200, {"success": True, "data": {}})


@pytest.mark.usefixtures("rate_limits")
def test_without_a_server_it_leans_on_it_is_not_ready(api, monkeypatch):
    monkeypatch.setattr(limiter.strategy.storage, "check", lambda: False)
    assert api.request("GET", "/readyz").get_json()["message"] == "Redis does not answer."

    def gone(*_):
        raise OperationalError("SELECT 1", {}, Exception("no route to host"))

    monkeypatch.setattr(db.session, "execute", gone)
    answer = api.request("GET", "/readyz")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "unavailable")
    assert api.request("GET", "/healthz").status_code == 200
