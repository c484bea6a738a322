"""What a member may do in a conversation beyond being in it, and who administers the deployment."""

from __future__ import annotations

from typing import Any

from lumina.errors import Forbidden, Invalid
from lumina.models import User


def require_sendable(conversation: Any, sender: Any, type: str, has_files: bool) -> None:
    """Raises Forbidden between two of whom one has blocked the other or is gone, and for files or voice where the
    conversation's settings switch them off; Invalid for no file."""
    if sender.is_left_alone:
        raise Forbidden("There is nobody left to write to.", code="inactive")
    if sender.is_blocked:
        raise Forbidden("You cannot write to this person.", code="blocked")
    if type == "voice" and not conversation.allow_voice_messages:
        raise Forbidden("Voice messages are switched off here.", code="voice_not_allowed")
    if type != "voice" and (has_files or type != "text") and not conversation.allow_file_sharing:
        raise Forbidden("Sharing files is switched off here.", code="files_not_allowed")
    if type != "text" and not has_files:
        raise Invalid.field("messageType", "A message of this type needs an attachment.")


def require_admin(actor: User) -> None:
    """Raises Forbidden for everybody but an admin of the deployment."""
    if not actor.is_admin:
        raise Forbidden("Only an admin may do this.", code="not_an_admin")
