"""The statements of reading and sending, built once: putting one together costs several times as much as running it.

But for the first few of sending they select plain rows with the names of the columns, at a fraction of the cost of
mapped objects.
"""

from lumina.models.statements import conversations, due, files, members, messages, receipts, sending
from lumina.models.statements.tables import like, run

__all__ = ["conversations", "due", "files", "like", "members", "messages", "receipts", "run", "sending"]
