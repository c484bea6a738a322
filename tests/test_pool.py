"""The pool of connections to the database."""

import sqlite3

import pytest
from sqlalchemy import create_engine

from lumina import extensions
from lumina.extensions import Pool


@pytest.fixture
def engine(tmp_path):
    made = create_engine(f"sqlite:///{tmp_path}/pool.db", poolclass=Pool, pool_pre_ping=True)
    yield made
    made.dispose()


@pytest.fixture
def asked(engine, monkeypatch):
    """The connections that were asked whether they are alive."""
    them = []
    monkeypatch.setattr(engine.dialect, "do_ping", lambda connection: them.append(connection) or True)
    return them


def used(engine):
    """The driver's connection that somebody gets, and gives back."""
    with engine.connect() as connection:
        return connection.connection.dbapi_connection


def test_a_connection_is_asked_unless_it_has_just_been_used(engine, asked, monkeypatch):
    one = used(engine)
    assert used(engine) is one
    assert asked == []
    monkeypatch.setattr(extensions, "ALIVE", 0)
    assert used(engine) is one
    assert asked == [one]


def test_one_that_has_died_meanwhile_is_replaced(engine, monkeypatch):
    def fail(connection):
        raise sqlite3.OperationalError("Cannot operate on a closed database.")

    monkeypatch.setattr(extensions, "ALIVE", 0)
    one = used(engine)
    monkeypatch.setattr(engine.dialect, "do_ping", fail)
    monkeypatch.setattr(engine.dialect, "is_disconnect", lambda *_: True)
    assert used(engine) is not one
