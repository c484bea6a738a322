"""What is asked of each of somebody's memberships stands in one index: no row of theirs is read for it."""

import re

import pytest
from sqlalchemy import text

from lumina.extensions import db
from lumina.services import around
from tests.support import making
from tests.support.making import CONVERSATIONS
from tests.support.plans import collected, take_for_large

OTHER_WAYS = ("enable_seqscan", "enable_bitmapscan")
# An index alone is worth nothing where the rows have to be looked at for who may see them, as after much has been changed.
VACUUMED = "UPDATE pg_class SET relallvisible = relpages WHERE relname = 'memberships'"


def is_by_index_alone(connection, statement):
    sql, given = statement
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)
        return any("COVERING INDEX ix_memberships_own (user_id=?)" in step for *_, step in plan)
    for setting in OTHER_WAYS:
        connection.exec_driver_sql(f"SET LOCAL {setting} = off")
    take_for_large(connection)
    connection.exec_driver_sql(VACUUMED)
    plan = connection.exec_driver_sql(f"EXPLAIN {sql}", given).scalars()
    return any(re.search(r"Index Only Scan( Backward)? using ix_memberships_own", line) for line in plan)


@pytest.fixture
def planned(app, api, cast):
    """Whether one of the statements of a block asks the index alone."""
    making.group(api, cast.owner, cast.member)

    def planned(carry_out):
        with collected(app) as statements:
            carry_out()
        with app.app_context(), db.engine.connect() as connection:
            return any(is_by_index_alone(connection, statement) for statement in statements)

    return planned


@pytest.mark.parametrize(
    ("path", "query"),
    [(CONVERSATIONS, {}), (CONVERSATIONS, {"filter": "unread"}), ("/api/messages/search", {"query": "tide"})],
)
def test_of_lists_and_searches(api, cast, planned, path, query):
    assert planned(lambda: api.as_(cast.owner).get(path, **query))


def asking(app, carry_out):
    with app.app_context():
        carry_out()


def test_of_the_number_of_unread_ones(app, cast, planned):
    assert planned(lambda: asking(app, lambda: around.find(cast.owner.user)))


@pytest.mark.parametrize(("column", "is_in_it"), [("read_position", True), ("role", False)])
def test_a_row_that_is_read_would_be_seen(app, planned, column, is_in_it):
    statement = text(f"SELECT {column} FROM memberships WHERE user_id = 1")
    assert planned(lambda: asking(app, lambda: db.session.execute(statement))) == is_in_it
