"""A door too: what one does from a shell, as `bin/flask …`."""

from __future__ import annotations

from flask import Flask

from lumina.cli import backups, clock, database, demo, sweep, users, wallets


def init_app(app: Flask) -> None:
    for command in (
        backups.backup,
        backups.restore,
        clock.group,
        database.group,
        demo.demo,
        sweep.sweep,
        users.group,
        wallets.wallet,
        wallets.ledger,
    ):
        app.cli.add_command(command)
