"""What one does from a shell: promoting, moving the clock, money, the schema."""

from dataclasses import replace
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import update

from lumina.extensions import db
from lumina.models import LedgerAccount
from lumina.services import clocks
from tests.support import paying


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=args)


def test_promoting_makes_an_admin(run, api, cast):
    result = run("user", "promote", cast.owner.email.upper())
    assert (result.exit_code, result.output) == (0, "Mara Ellison is an admin now.\n")
    assert api.as_(cast.owner).get("/api/auth/me")["user"]["isAdmin"] is True
    assert api.as_(cast.member).get("/api/auth/me")["user"]["isAdmin"] is False


def test_promoting_nobody_fails_in_one_line(run, cast):
    result = run("user", "promote", "nobody@example.org")
    assert (result.exit_code, result.output) == (1, "Error: Nobody has this address.\n")


def test_the_clock_moves_forward(run, app):
    assert run("clock", "advance", "3600").output == "The clock is 1:00:00 ahead.\n"
    assert run("clock", "advance", "60").output == "The clock is 1:01:00 ahead.\n"
    with app.app_context():
        assert clocks.offset() == timedelta(minutes=61)


@pytest.mark.parametrize(("seconds", "status"), [(["--", "-1"], 1), (["x"], 2), ([], 2)])
def test_the_clock_moves_in_no_other_way(run, app, seconds, status):
    assert run("clock", "advance", *seconds).exit_code == status
    with app.app_context():
        assert clocks.offset() == timedelta(0)


def test_without_its_setting_the_clock_stands_still(run, app, config, monkeypatch):
    monkeypatch.setitem(app.config, "LUMINA", replace(config, test_clock=False))
    result = run("clock", "advance", "60")
    assert result.exit_code == 1
    assert "LUMINA_TEST_CLOCK" in result.output


def test_the_schema_is_up_to_date(run):
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "check").exit_code == 0


def test_a_revision_is_made_from_the_models(run, monkeypatch):
    asked = []
    monkeypatch.setattr(command, "revision", lambda config, message, **how: asked.append((message, how)))
    assert run("db", "revision", "Reactions").exit_code == 0
    assert asked == [("Reactions", {"autogenerate": True})]


def test_a_wallet_is_credited_and_taken_from(run, api, cast):
    assert run("wallet", "credit", cast.owner.email, "5000").output.endswith("has $50.00 available now.\n")
    assert run("wallet", "credit", cast.owner.email, "-500").output.endswith("has $45.00 available now.\n")
    assert paying.balances(api, cast.owner) == (4500, 0, 0)
    for email, amount in ((cast.owner.email, "-4501"), (cast.owner.email, "0"), ("nobody@example.org", "1")):
        refused = run("wallet", "credit", email, amount)
        assert (refused.exit_code, refused.output.count("\n")) == (1, 1)
    assert paying.balances(api, cast.owner) == (4500, 0, 0)


def test_the_ledger_is_checked(run, app, cast):
    run("wallet", "credit", cast.owner.email, "5000")
    assert run("ledger", "check").output == "The ledger is true.\n"
    with app.app_context():
        db.session.execute(
            update(LedgerAccount).where(LedgerAccount.kind == "available").values(balance_minor=1)
        )
        db.session.commit()
    checked = run("ledger", "check")
    assert checked.exit_code == 1
    assert (
        f"available of user {cast.owner.id}: its balance is 1, its entries add up to 5000" in checked.output
    )
