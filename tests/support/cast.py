"""The people of the tests: an owner, a member, an outsider and an admin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from lumina.extensions import db
from lumina.models import User
from lumina.services import accounts, sessions, tokens
from lumina.services.unit_of_work import operation

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Person:
    """Somebody with an account and a token; plain values, so that no session of the database is needed."""

    id: str
    email: str
    password: str
    first_name: str
    last_name: str
    token: str
    refresh_token: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def user(self) -> User:
        """The actor for the services, loaded in the app context that is open."""
        return db.session.get_one(User, int(self.id))

    @classmethod
    def from_wire(cls, data: dict[str, Any], password: str) -> Person:
        """From the answer to a registration."""
        user = data["user"]
        return cls(
            id=user["id"],
            email=user["email"],
            password=password,
            first_name=user["firstName"],
            last_name=user["lastName"],
            token=data["token"],
            refresh_token=data["refreshToken"],
        )


@dataclass(frozen=True)
class Cast:
    """The outsider is a member of nothing that the others make."""

    owner: Person
    member: Person
    outsider: Person
    admin: Person


def enrol(first_name: str, last_name: str) -> Person:
    """Registers somebody and signs them in as a program does; within an app context."""
    email = f"{first_name}.{last_name}@example.org".lower()
    user = accounts.register(email=email, password=PASSWORD, first_name=first_name, last_name=last_name)
    session = sessions.start(user, kind="api", address="127.0.0.1", user_agent="tests")
    pair = tokens.issue(session)
    return Person(str(user.id), email, PASSWORD, first_name, last_name, pair.token, pair.refresh_token)


@operation()
def _cast(_: None) -> Cast:
    """All in one unit of work: nearly every test begins with it."""
    owner, member = enrol("Mara", "Ellison"), enrol("Tomasz", "Novak")
    outsider, admin = enrol("Ines", "Okafor"), enrol("Vera", "Lindqvist")
    accounts.promote(None, admin.email)
    return Cast(owner, member, outsider, admin)


@pytest.fixture
def cast(app: Flask) -> Cast:
    with app.app_context():
        return _cast(None)
