"""Which sites' pages may connect: our own, and those of FRONTEND_URL. Programs send no origin."""

import pytest

HANDSHAKE = "/socket.io/?EIO=4&transport=polling"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 200),
        ("http://localhost", 200),
        ("https://app.example.org", 200),
        ("https://localhost", 400),
        ("http://localhost:81", 400),
        ("https://evil.example.org", 400),
        ("https://app.example.org.evil.example", 400),
        ("null", 400),
    ],
)
def test_only_these_may_connect(client, config, monkeypatch, origin, status):
    monkeypatch.setitem(vars(config), "frontend_origins", ("https://app.example.org",))
    answer = client.get(HANDSHAKE, headers={} if origin is None else {"Origin": origin})
    assert answer.status_code == status
    assert "evil" not in answer.headers.get("Access-Control-Allow-Origin", "")
