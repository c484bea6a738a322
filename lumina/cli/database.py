"""`flask db …`: the schema, by alembic."""

from __future__ import annotations

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from flask.cli import AppGroup

from lumina.config import ROOT
from lumina.extensions import db

group = AppGroup("db", help="The database's schema.")


def alembic_config() -> AlembicConfig:
    """Alembic's settings: where the migrations are. The connection is the app's."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["engine"] = db.engine
    return config


@group.command()
def upgrade() -> None:
    """Bring the schema up to date."""
    command.upgrade(alembic_config(), "head")


@group.command()
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration from what the models have and the database lacks."""
    command.revision(alembic_config(), message, autogenerate=True)


@group.command()
def check() -> None:
    """Fail where the models and the migrations differ."""
    command.check(alembic_config())
