"""What the statements are made of, and how they are run."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CursorResult, Executable, Integer, bindparam

from lumina.extensions import db
from lumina.models.attachments import Attachment, StoredFile
from lumina.models.blocks import Block
from lumina.models.conversations import Conversation
from lumina.models.escrows import Escrow
from lumina.models.experts import Expert
from lumina.models.memberships import Membership
from lumina.models.messages import HiddenMessage, Message, Reaction
from lumina.models.push import NotificationPreferences
from lumina.models.sessions import Session
from lumina.models.users import User

# Above this many members a conversation shows its admins and the viewer only.
LARGE = 100
UNREAD_STOP = 1000
conversations, memberships = Conversation.__table__, Membership.__table__
messages, users = Message.__table__, User.__table__
attachments, files = Attachment.__table__, StoredFile.__table__
hidden, reactions = HiddenMessage.__table__, Reaction.__table__
blocks, sessions = Block.__table__, Session.__table__
escrows, experts = Escrow.__table__, Expert.__table__
preferences = NotificationPreferences.__table__
MOST = bindparam("most", type_=Integer)


def run(statement: Executable, values: dict[str, Any]) -> CursorResult[Any]:
    """Run a statement of plain rows in the transaction of the session, without the session's own layers: they cost half as
    much again as the statement, and are for mapped objects."""
    return db.session.connection().execute(statement, values)


def like(word: str) -> str:
    """A word to be found as it stands, wildcards and all, by statements that escape with a slash."""
    return word.replace("/", "//").replace("%", "/%").replace("_", "/_")
