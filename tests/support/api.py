"""A caller of the JSON API that insists on the contract's envelope."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import Flask
from werkzeug.test import TestResponse


class Bearer(Protocol):
    @property
    def token(self) -> str: ...


@dataclass
class Api:
    """Asserts the status and the envelope of each answer; returns `data`, or a failure's whole body."""

    app: Flask
    headers: dict[str, str] = field(default_factory=dict)

    def as_(self, caller: Bearer | str) -> Api:
        """The same API in somebody's name: a person of the cast, or a bare token."""
        token = caller if isinstance(caller, str) else caller.token
        return Api(self.app, {**self.headers, "Authorization": f"Bearer {token}"})

    def with_headers(self, **headers: str) -> Api:
        """The same API with further headers, underscores for hyphens: Idempotency_Key="x"."""
        return Api(
            self.app, {**self.headers, **{name.replace("_", "-"): text for name, text in headers.items()}}
        )

    def get(self, path: str, *, status: int = 200, **query: Any) -> Any:
        return self._read(self.request("GET", path, query_string=query), status)

    def post(self, path: str, body: Any = None, *, status: int | None = None) -> Any:
        """Without an expected status, 200 and 201 are both welcome."""
        return self._read(self.request("POST", path, json=body), status)

    def put(self, path: str, body: Any = None, *, status: int = 200) -> Any:
        return self._read(self.request("PUT", path, json=body), status)

    def patch(self, path: str, body: Any = None, *, status: int = 200) -> Any:
        return self._read(self.request("PATCH", path, json=body), status)

    def delete(self, path: str, body: Any = None, *, status: int = 200, **query: Any) -> Any:
        return self._read(self.request("DELETE", path, json=body, query_string=query), status)

    def request(self, method: str, path: str, **options: Any) -> TestResponse:
        """The bare response, for what the others do not show."""
        options = {name: option for name, option in options.items() if option is not None}
        client = self.app.test_client(use_cookies=False)
        return client.open(path, method=method, headers=self.headers, **options)

    @staticmethod
    def _read(response: TestResponse, status: int | None) -> Any:
        expected = (200, 201) if status is None else (status,)
        assert response.status_code in expected, f"{response.status}: {response.get_data(as_text=True)}"
        body = response.get_json()
        if response.status_code < 400:
            assert set(body) == {"success", "data"}, body
            assert body["success"] is True
            return body["data"]
        assert body["success"] is False, body
        assert isinstance(body["message"], str), body
        assert isinstance(body["code"], str), body
        assert set(body) <= {"success", "message", "code", "errors", "data"}, body
        return body
