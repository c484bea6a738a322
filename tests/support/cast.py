"""The people of the tests: an owner, a member, an outsider and an admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Row, insert, select

from lumina import clock
from lumina.extensions import db
from lumina.models import Session, User
from lumina.services import accounts, sessions, tokens
from lumina.services.unit_of_work import operation

PASSWORD = "correct horse battery"
NAMES = ("Mara", "Ellison"), ("Tomasz", "Novak"), ("Ines", "Okafor"), ("Vera", "Lindqvist")


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
    return _person(email, (first_name, last_name), session)


def _person(email: str, name: tuple[str, str], session: Session) -> Person:
    pair = tokens.issue(session)
    return Person(str(session.user_id), email, PASSWORD, *name, pair.token, pair.refresh_token)


@dataclass(frozen=True)
class _Mould:
    """The rows of people who have been enrolled, after which others are made with two statements, in a third of the time."""

    made_at: datetime
    users: list[dict[str, Any]]
    sessions: list[dict[str, Any]]

    @classmethod
    def of(cls, people: list[Person]) -> _Mould:
        ids = [int(person.id) for person in people]
        users = select(User.__table__).where(User.id.in_(ids)).order_by(User.id)
        started = select(Session.__table__).where(Session.user_id.in_(ids)).order_by(Session.user_id)
        made = [list(map(_values, db.session.execute(rows))) for rows in (users, started)]
        return cls(clock.real_now(), *made)

    def enrol(self) -> list[Person]:
        """They are enrolled now, with ids of their own."""
        later = clock.real_now() - self.made_at
        users = [_moved(row, later) for row in self.users]
        user_ids = _insert(User, users)
        started = [
            _moved(row, later) | {"user_id": of} for row, of in zip(self.sessions, user_ids, strict=True)
        ]
        return [
            _person(user["email"], (user["first_name"], user["last_name"]), Session(id=session_id, **session))
            for user, session_id, session in zip(users, _insert(Session, started), started, strict=True)
        ]


def _values(row: Row[Any]) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name != "id"}


def _moved(row: dict[str, Any], later: timedelta) -> dict[str, Any]:
    return {name: value + later if isinstance(value, datetime) else value for name, value in row.items()}


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> list[int]:
    table = model.__table__
    adding = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(db.session.scalars(adding, rows))


_moulds: list[_Mould] = []  # one, once the first test has enrolled its people


def _crew() -> list[Person]:
    if _moulds:
        return _moulds[0].enrol()
    crew = [enrol(*name) for name in NAMES]
    # Without a note in the log, whose rows SQLite's triggers guard: to empty the tables, they would go and come each time.
    crew[-1].user.is_admin = True
    db.session.flush()
    _moulds.append(_Mould.of(crew))
    return crew


@operation()
def _cast(_: None) -> Cast:
    """All in one unit of work: nearly every test begins with it."""
    return Cast(*_crew())


@pytest.fixture
def cast(app: Flask) -> Cast:
    with app.app_context():
        return _cast(None)
