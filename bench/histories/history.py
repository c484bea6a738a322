"""Make one database, migrated and full."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Iterable
from tempfile import TemporaryDirectory

from alembic import command
from sqlalchemy import make_url

from histories.rows import History
from histories.stores import Store, open_store
from lumina import create_app
from lumina.cli.database import alembic_config
from lumina.config import Config
from lumina.extensions import db
from lumina.services import hashing

PASSWORD = "lumina-history"
AT_ONCE = 20_000


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench/history", description=__doc__)
    parser.add_argument("url", help="of an empty database: sqlite:////folder/file.db or postgresql://…")
    parser.add_argument("--messages", type=int, default=10_000_000)
    parser.add_argument("--conversations", type=int, help="a hundredth of the messages, if not given")
    parser.add_argument("--people", type=int, help="a fifth of the conversations, if not given")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    conversations = asked.conversations or max(20, asked.messages // 100)
    make(asked.url, asked.messages, conversations, asked.people or max(20, conversations // 5), asked.seed)


def make(url: str, messages: int, conversations: int, people: int, seed: int = 1) -> None:
    """Migrate the empty database at `url` and fill it, telling on stderr how far it is. The same seed, the same rows."""
    began = time.monotonic()
    password_hash = _migrated(url)
    store, history = open_store(make_url(url)), History(seed, messages, conversations, people, password_hash)
    history.people()
    for number in _stored(store, history, history.bursts()):
        _tell(began, f"{number:,} of {messages:,} messages")
    for _ in _stored(store, history, history.conclusion()):
        pass
    _tell(began, "the indexes")
    store.finish()
    _tell(began, "done")


def _migrated(url: str) -> str:
    """Bring the database's schema up to date; the hash of everybody's password. Refuses one with people."""
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "DATABASE_URL": url, "LUMINA_INSTANCE": folder}
        app = create_app(Config.from_env(environment))
        logging.getLogger("alembic").setLevel(logging.WARNING)
        with app.app_context():
            command.upgrade(alembic_config(), "head")
            if db.session.scalar(db.text("SELECT 1 FROM users LIMIT 1")):
                raise SystemExit("bench/history: there are people in this database already")
            made = hashing.hashed(PASSWORD)
            db.session.remove()
            db.engine.dispose()
    return made


def _stored(store: Store, history: History, steps: Iterable[None]) -> Iterable[int]:
    """Go through the steps and write what they leave, some thousand messages at a time; says the last one's number."""
    for _ in steps:
        if len(history.rows["messages"]) >= AT_ONCE or len(history.rows["memberships"]) >= AT_ONCE:
            store.write(history.rows)
            yield history.message_id
    store.write(history.rows)


def _tell(began: float, what: str) -> None:
    print(f"\r{time.monotonic() - began:6.0f} s  {what:<40}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
