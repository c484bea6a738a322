"""The pages' forms as a browser without scripts posts them."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.cast import Person

TOKEN = re.compile(r'name="csrf[-_]token"[^>]*(?:content|value)="([^"]+)"')


class Forms:
    """Posts with the CSRF token of a page that it has seen."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def sign_in(self, person: Person) -> Forms:
        signed_in = self.post("/login", email=person.email, password=person.password)
        assert signed_in.headers["Location"] == "/conversations"
        return self

    def post(
        self, path: str, *, status: int = 303, headers: dict[str, str] | None = None, **fields: object
    ) -> TestResponse:
        page = self.client.get("/login", follow_redirects=True).get_data(as_text=True)
        token = TOKEN.search(page)
        assert token, "no CSRF token in the page"
        response = self.client.post(path, data={**fields, "csrf_token": token[1]}, headers=headers)
        assert response.status_code == status, f"{response.status}: {response.get_data(as_text=True)}"
        return response
