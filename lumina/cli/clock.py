"""`flask clock …`, for trials only."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from lumina.errors import LuminaError
from lumina.services import clocks

group = AppGroup("clock", help="The time that deadlines see (LUMINA_TEST_CLOCK=1).")


@group.command()
@click.argument("seconds", type=int)
def advance(seconds: int) -> None:
    """Move it forward in every process on this database."""
    if not current_app.config["LUMINA"].test_clock:
        raise click.ClickException("The clock moves only with LUMINA_TEST_CLOCK=1.")
    try:
        moved = clocks.advance(None, seconds)
    except LuminaError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"The clock is {moved} ahead.")
