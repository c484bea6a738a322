"""`flask backup` and `flask restore`: the database and the files that people have sent, in one archive."""

from lumina.cli.backups.making import backup
from lumina.cli.backups.restoring import restore

__all__ = ["backup", "restore"]
