"""Looking up is asking permission: what the actor may not see is not found."""

from __future__ import annotations

from sqlalchemy import select

from lumina.errors import Forbidden, NotFound
from lumina.extensions import db
from lumina.models import Conversation, HiddenMessage, Membership, Message, User, statements
from lumina.services import views

LARGEST_ID = 2**63 - 1


def row_id(text: str) -> int:
    """An id off the wire as a number. Raises NotFound for what cannot be one."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 19 and text[0] != "0"):
        raise NotFound
    if int(text) > LARGEST_ID:
        raise NotFound
    return int(text)


def conversation_view(actor: User, conversation_id: str | int) -> views.ConversationView:
    """The conversation as the actor sees it. Raises NotFound."""
    found = views.conversations(
        statements.conversations.CONVERSATION, actor.id, of=row_id(str(conversation_id))
    )
    if not found:
        raise NotFound
    return found[0]


def membership_of(actor: User, conversation_id: str) -> int:
    """The conversation's id as a number, if the actor is a member. Raises NotFound."""
    of = row_id(conversation_id)
    if db.session.scalar(
        select(Membership.user_id).where(Membership.conversation_id == of, Membership.user_id == actor.id)
    ):
        return of
    raise NotFound


def key_of(actor: User, conversation_id: str) -> tuple[int, str | None]:
    """The conversation's id as a number and its key, if the actor is a member. Raises NotFound."""
    row = db.session.execute(
        select(Conversation.id, Conversation.direct_key)
        .join(Membership, Membership.conversation_id == Conversation.id)
        .where(Conversation.id == row_id(conversation_id), Membership.user_id == actor.id)
    ).first()
    if row is None:
        raise NotFound
    return row.id, row.direct_key


def locked(actor: User, conversation_id: str) -> tuple[Conversation, Membership]:
    """The conversation, locked until the operation ends, and the actor's membership. Raises NotFound.

    Two statements: PostgreSQL would answer one that joins the two, and had to wait for the lock, with the membership
    of before the wait.
    """
    of = row_id(conversation_id)
    conversation: Conversation | None = db.session.scalar(statements.sending.LOCKED_CONVERSATION, {"of": of})
    membership: Membership | None = db.session.scalar(
        statements.sending.MEMBERSHIP, {"of": of, "user": actor.id}
    )
    if conversation is None or membership is None:
        raise NotFound
    return conversation, membership


def administered_group(actor: User, conversation_id: str) -> Conversation:
    """A group that the actor is an admin of, locked. Raises NotFound, Forbidden."""
    conversation, membership = locked(actor, conversation_id)
    require_group(conversation)
    if membership.role != "admin":
        raise Forbidden("Only an admin of the group may do this.", code="not_an_admin")
    return conversation


def require_group(conversation: Conversation) -> None:
    """Raises Forbidden where there are just two people for good."""
    if conversation.type != "group":
        raise Forbidden("Only a group can be changed like this.", code="not_a_group")


def conversation_of(message_id: str) -> int:
    """The conversation that a message is in, whoever asks. Raises NotFound."""
    found = db.session.scalar(select(Message.conversation_id).where(Message.id == row_id(message_id)))
    if found is None:
        raise NotFound
    return found


def locked_message(
    actor: User, conversation_id: str, message_id: str, *, even_hidden: bool = False
) -> tuple[Conversation, Membership, Message]:
    """A message that the actor can see, its conversation locked, and the membership. Raises NotFound."""
    conversation, membership = locked(actor, conversation_id)
    message: Message = db.session.scalars(statements.sending.MESSAGE, {"id": row_id(message_id)}).one()
    hidden = db.session.get(HiddenMessage, (actor.id, message.id)) is not None
    if message.expired_at or (hidden and not even_hidden):
        raise NotFound
    return conversation, membership, message


def message_view(actor: User, message_id: str) -> views.MessageView:
    """The message, if the actor is a member of its conversation. Raises NotFound."""
    found = views.messages(statements.messages.VISIBLE_MESSAGE, id=row_id(message_id), viewer=actor.id)
    if not found:
        raise NotFound
    return found[0]


def position(conversation_id: int, message_id: str) -> int:
    """Where a message of this conversation stands in its history. Raises NotFound."""
    found = db.session.scalar(
        select(Message.position).where(
            Message.id == row_id(message_id), Message.conversation_id == conversation_id
        )
    )
    if found is None:
        raise NotFound
    return found
