"""What every answer says to the browser, and whom else's pages may call the API."""

from dataclasses import replace

import pytest
from flask import Flask, Response

from lumina import headers

OURS = ("https://a.example", "http://localhost:3000")


@pytest.mark.parametrize("path", ["/api/auth/me", "/healthz", "/login", "/nothing"])
def test_every_answer_is_guarded(app, path):
    answer = app.test_client().get(path)
    for name, value in headers.HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in answer.headers
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("path", "shared"),
    [("/api/auth/me", True), ("/files/1/a.png", True), ("/photos/x", True), ("/login", False)],
)
def test_what_programs_on_other_sites_may_fetch(app, monkeypatch, path, shared):
    monkeypatch.setattr(headers, "_share", lambda answer, _: answer.headers.add("X-Shared", "1"))
    config = app.config["LUMINA"]
    other = Flask("other")
    other.config["LUMINA"] = replace(config, frontend_origins=OURS)
    headers.init_app(other)
    assert ("X-Shared" in other.test_client().get(path).headers) is shared


def test_over_https_it_asks_to_stay_there(app):
    answer = app.test_client().get("/login", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("origin", "method", "allowed"),
    [
        ("https://a.example", "GET", True),
        ("http://localhost:3000", "OPTIONS", True),
        ("https://evil.example", "GET", False),
        ("https://a.example.evil.example", "OPTIONS", False),
        ("null", "GET", False),
        ("", "GET", False),
    ],
)
def test_other_origins_are_those_of_frontend_url(app, origin, method, allowed):
    with app.test_request_context("/api/auth/me", method=method, headers={"Origin": origin}):
        answer = Response()
        headers._share(answer, OURS)
    assert answer.headers.get("Access-Control-Allow-Origin") == (origin if allowed else None)
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert ("Authorization" in answer.headers.get("Access-Control-Allow-Headers", "")) is (
        allowed and method == "OPTIONS"
    )
    assert "Origin" in answer.vary
