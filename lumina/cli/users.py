"""`flask user …`"""

from __future__ import annotations

import click
from flask.cli import AppGroup

from lumina.errors import LuminaError
from lumina.services import accounts

group = AppGroup("user", help="People.")


@group.command()
@click.argument("email")
def promote(email: str) -> None:
    """Make the person with this address an admin."""
    try:
        user = accounts.promote(None, email)
    except LuminaError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{user.name} is an admin now.")
