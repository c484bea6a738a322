"""`flask wallet …` and `flask ledger …`"""

from __future__ import annotations

import click
from flask.cli import AppGroup

from lumina.errors import LuminaError
from lumina.presenters.amounts import amount
from lumina.services import ledger_check, wallets

wallet = AppGroup("wallet", help="People's money.")
ledger = AppGroup("ledger", help="The books.")


@wallet.command(context_settings={"ignore_unknown_options": True})
@click.argument("email")
@click.argument("amount_minor", type=int)
def credit(email: str, amount_minor: int) -> None:
    """Book a correction of somebody's wallet, in minor units; a negative one takes."""
    try:
        changed = wallets.credit(email, amount_minor)
    except LuminaError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{email} has {amount(changed.available)} available now.")


@ledger.command()
def check() -> None:
    """Compute every balance anew from its entries, and name any difference."""
    found = ledger_check.check()
    for sentence in found:
        click.echo(sentence, err=True)
    if found:
        raise click.ClickException(f"{len(found)} differences.")
    click.echo("The ledger is true.")
