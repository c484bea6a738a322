"""The databases that bench/history makes are such as the application leaves behind, and bench/scale works on them."""

import os
import subprocess
import sys
from collections import Counter

import pytest
from sqlalchemy import create_engine, text

from lumina.config import ROOT, Config
from lumina.models import search
from tests.support.application import environment

MESSAGES = 3000
# Each says what may not be there.
WRONG = {
    "versions": "SELECT id FROM conversations WHERE version <>"
    " (SELECT max(version) FROM messages WHERE conversation_id = conversations.id)",
    "last positions": "SELECT id FROM conversations WHERE last_position <>"
    " (SELECT max(position) FROM messages WHERE conversation_id = conversations.id)",
    "last messages": "SELECT id FROM conversations WHERE last_message_id <>"
    " (SELECT max(id) FROM messages WHERE conversation_id = conversations.id)",
    "changed before sent": "SELECT id FROM messages WHERE version < position",
    "members": "SELECT id FROM conversations WHERE member_count <>"
    " (SELECT count(*) FROM memberships WHERE conversation_id = conversations.id)",
    "pairs": "SELECT id FROM conversations WHERE (type = 'direct') <> (direct_key IS NOT NULL)"
    " OR type = 'direct' AND member_count <> 2",
    "reactions": "SELECT id FROM messages WHERE reaction_count <>"
    " (SELECT count(*) FROM reactions WHERE message_id = messages.id)",
    "attachments": "SELECT id FROM messages WHERE attachment_count <>"
    " (SELECT count(*) FROM attachments WHERE message_id = messages.id)",
    "edits": "SELECT message_id FROM message_edits JOIN messages ON messages.id = message_id"
    " WHERE edited_at IS NULL OR message_edits.version > messages.version",
    "replies": "SELECT said.id FROM messages said JOIN messages replied ON replied.id = said.reply_to_id"
    " WHERE replied.conversation_id <> said.conversation_id OR replied.id >= said.id",
    "strangers": "SELECT id FROM messages WHERE NOT EXISTS (SELECT 1 FROM memberships"
    " WHERE conversation_id = messages.conversation_id AND user_id = sender_id)",
    "read ahead": "SELECT user_id FROM memberships JOIN conversations ON id = conversation_id"
    " WHERE read_position > last_position",
    "read marks": "SELECT user_id FROM memberships JOIN messages ON id = read_message_id"
    " WHERE position <> read_position OR messages.conversation_id <> memberships.conversation_id",
}


def run(module, instance, *arguments):
    paths = os.pathsep.join([str(ROOT), str(ROOT / "bench")])
    # Nothing of what is measured needs these programs to be run, which being measured costs half as much again.
    unmeasured = {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE_")}
    given = {**unmeasured, **environment(arguments[0], instance), "PYTHONPATH": paths}
    return subprocess.run(
        [sys.executable, "-m", f"histories.{module}", *arguments], env=given, capture_output=True, text=True
    )


def make(url, instance):
    done = run("history", instance, url, "--messages", str(MESSAGES))
    assert done.returncode == 0, done.stderr
    return url


@pytest.fixture(scope="module")
def url(new_database, tmp_path_factory):
    """A database with a history, which no test changes."""
    return make(new_database("history"), tmp_path_factory.mktemp("history"))


@pytest.fixture
def history(url, tmp_path):
    engine = create_engine(Config.from_env(environment(url, tmp_path)).database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_it_has_what_was_asked_for(history):
    def count(table):
        return history.scalar(text(f"SELECT count(*) FROM {table}"))

    assert (count("messages"), count("conversations"), count("users")) == (MESSAGES, 30, 20)
    for table in ("reactions", "message_edits", "hidden_messages", "attachments"):
        assert count(table) > 0, table


@pytest.mark.parametrize("rule", WRONG)
def test_its_rows_agree(history, rule):
    assert history.execute(text(WRONG[rule])).all() == []


def test_it_is_found_by_what_the_application_would_have_indexed(history):
    id_, terms = (
        ("rowid", "terms")
        if history.dialect.name == "sqlite"
        else ("message_id", "array_to_string(tsvector_to_array(terms), ' ')")
    )
    found = {
        number: Counter(words.split(" "))
        for number, words in history.execute(text(f"SELECT {id_}, {terms} FROM message_terms"))
    }
    files = dict(history.execute(text("SELECT message_id, file_name FROM attachments")).all())
    for row in history.execute(text("SELECT * FROM messages WHERE deleted_at IS NULL")):
        names = [files[row.id]] if row.id in files else []
        assert found.pop(row.id) == Counter(search.terms(row, names).split(" ")), row.content
    assert found == {}


def test_the_next_message_finds_its_id(history):
    if history.dialect.name == "postgresql":
        assert history.scalar(text("SELECT last_value FROM messages_id_seq")) == MESSAGES


def test_a_full_database_is_not_filled_again(url, tmp_path):
    done = run("history", tmp_path, url)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("there are people in this database already")


def test_requests_are_timed_on_it(new_database, tmp_path):
    url = make(new_database("scale"), tmp_path)
    done = run("scale", tmp_path, url, url, "--rounds", "1", "--turns", "1")
    lines = done.stdout.splitlines()
    assert "search over all, Chinese" in done.stdout, done.stderr
    assert len(lines) == 36
    assert all("ms" in line for line in lines[1:])
