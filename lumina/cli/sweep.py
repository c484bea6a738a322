"""`flask sweep`: what a running server does by itself."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from lumina.services import sweep as sweeping


@click.command()
@with_appcontext
def sweep() -> None:
    """Carry out everything that is due, now."""
    sweeper = sweeping.Sweeper(sweeping.jobs)
    for _ in sweeper.sweep():
        pass
    for task in sweeper.tasks:
        if task.done:
            click.echo(f"{task.job.name}: {task.done} done")
    if failed := [task for task in sweeper.tasks if task.failed]:
        raise click.ClickException("; ".join(f"{task.job.name}: {task.failed} failed" for task in failed))
    if not any(task.done for task in sweeper.tasks):
        click.echo("Nothing is due.")
