"""Events become Socket.IO events, each shaped once for all who get it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lumina.outlets import hub
from lumina.outlets.order import Lines
from lumina.presenters import fragments, notifications, rooms, wire
from lumina.services import deliveries, events
from lumina.services.events import Departure, Event
from lumina.services.views import ConversationView, MessageView

lines = Lines()


def outlet(event: Event) -> Departure | None:
    """What to send for an event, taken inside the transaction while it is true."""
    prepare = PREPARE.get(type(event))
    return prepare(event) if prepare else None


def _message(
    name: str, view: MessageView, then: Callable[[], None] = lambda: None, **more: object
) -> Departure:
    """A change of a message, to every socket of every member; those of pages get the bubble besides."""
    of, message = view.message.conversation_id, wire.message(view)
    payload = {
        "message": message,
        "conversationId": message["conversationId"],
        "version": message["version"],
        **more,
    }
    pages = rooms.conversation(of, html=True)

    def send() -> None:
        hub.emit(name, payload, to=rooms.conversation(of, html=False))
        if hub.is_heard(pages):
            hub.emit(name, payload | {"html": fragments.bubble(message)}, to=pages)
        then()

    return lines.departure(of, send)


def _message_sent(event: events.MessageSent) -> Departure:
    message = event.message.message
    if message.type == "system":
        return _message("message_received", event.message)
    payload = notifications.payload(event.message)
    mentioned = [user_id for user_id, _ in message.mentions or ()]

    def then() -> None:
        hub.notify(message.conversation_id, message.sender_id, mentioned, payload)
        deliveries.note(message.conversation_id, message.id, message.sender_id)

    return _message("message_received", event.message, then)


def _message_deleted(event: events.MessageDeleted) -> Departure:
    return _message("message_deleted", event.message, messageId=str(event.message.message.id))


def _message_hidden(event: events.MessageHidden) -> Departure:
    message = wire.message(event.message)
    payload = {
        "message": message,
        "messageId": message["id"],
        "conversationId": message["conversationId"],
        "version": message["version"],
    }
    return Departure(lambda: hub.emit("message_deleted", payload, to=rooms.user(event.user_id)))


def _settings_changed(event: events.SettingsChanged) -> Departure:
    of, payload = _conversation(event.conversation)
    return lines.departure(of, lambda: hub.emit("conversation_settings_updated", payload, to=rooms.both(of)))


def _own_settings_changed(event: events.OwnSettingsChanged) -> Departure:
    shape = wire.conversation(event.conversation, event.viewer)
    of, user_id = event.conversation.conversation.id, event.viewer.id
    level = "none" if shape["mutedBy"] else shape["settings"]["notificationLevel"]

    def send() -> None:
        hub.heed(of, user_id, level)
        hub.emit("conversation_settings_updated", {"conversation": shape}, to=rooms.user(user_id))

    return Departure(send)


def _conversation_created(event: events.ConversationCreated) -> Departure:
    of, payload = _conversation(event.conversation)

    def send() -> None:
        hub.enter(of, event.member_ids)
        hub.emit("conversation_created", payload, to=rooms.both(of))

    return lines.departure(of, send)


def _conversation_updated(event: events.ConversationUpdated) -> Departure:
    of, payload = _conversation(event.conversation)
    return lines.departure(of, lambda: hub.emit("conversation_updated", payload, to=rooms.both(of)))


def _members_added(event: events.MembersAdded) -> Departure:
    of, payload = _conversation(event.conversation)

    def send() -> None:
        hub.emit("conversation_updated", payload, to=rooms.both(of))
        hub.enter(of, event.user_ids)
        hub.emit("conversation_created", payload, to=[rooms.user(user_id) for user_id in event.user_ids])

    return lines.departure(of, send)


def _member_removed(event: events.MemberRemoved) -> Departure:
    of, payload = _conversation(event.conversation)

    def send() -> None:
        hub.evict(of, event.user_id)
        # The one removed is told that it is so, as the last they hear of it.
        hub.emit("conversation_updated", payload, to=[*rooms.both(of), rooms.user(event.user_id)])

    return lines.departure(of, send)


def _conversation_read(event: events.ConversationRead) -> Departure:
    payload = {
        "conversationId": str(event.conversation_id),
        "userId": str(event.user_id),
        "messageId": str(event.message_id),
        "at": wire.time(event.at),
    }
    if event.is_private:
        to = [rooms.user(event.user_id)]
    elif event.author_ids is None:
        to = rooms.both(event.conversation_id)
    else:
        to = [rooms.user(user_id) for user_id in {event.user_id, *event.author_ids}]
    but = [] if event.is_private else [rooms.HIDES_RECEIPTS]
    return Departure(lambda: hub.emit("messages_read", payload, to=to, but=but))


def _messages_delivered(event: events.MessagesDelivered) -> Departure:
    payload = {
        "conversationId": str(event.conversation_id),
        "userId": str(event.user_id),
        "messageId": str(event.message_id),
        "at": wire.time(event.at),
    }
    to = [rooms.user(user_id) for user_id in event.author_ids]
    return Departure(lambda: hub.emit("messages_delivered", payload, to=to, but=[rooms.HIDES_RECEIPTS]))


def _presence_changed(event: events.PresenceChanged) -> Departure:
    payload = {
        "userId": str(event.user_id),
        "online": event.online,
        "lastSeenAt": wire.maybe_time(event.last_seen_at),
    }
    to = [room for of in event.direct_ids for room in rooms.both(of)]
    to += [rooms.looking(of) for of in event.group_ids]
    but = [rooms.user(event.user_id), rooms.HIDES_PRESENCE]
    return Departure(lambda: hub.emit("presence_changed", payload, to=to, but=but))


def _privacy_changed(event: events.PrivacyChanged) -> Departure:
    return Departure(lambda: hub.disclose(event.user_id, event.show_presence, event.show_receipts))


def _typing(name: str) -> Callable[[Any], Departure]:
    def prepare(event: events.TypingStarted | events.TypingStopped) -> Departure:
        payload = {
            "conversationId": str(event.conversation_id),
            "userId": str(event.user_id),
            "userName": event.user_name,
        }
        return Departure(
            lambda: hub.emit(
                name,
                payload,
                to=rooms.both(event.conversation_id),
                but=[rooms.user(event.user_id)],
            )
        )

    return prepare


def _looking_changed(event: events.LookingChanged) -> Departure:
    return Departure(lambda: hub.look(event.conversation_id, event.user_id, event.is_looking))


def _sessions_ended(event: events.SessionsEnded) -> Departure:
    return Departure(lambda: hub.close(event.session_ids))


def _escrow_updated(event: events.EscrowUpdated | events.EscrowReminder) -> Departure:
    of, payload = event.escrow.conversation_id, {"escrow": wire.escrow(event.escrow)}
    to = [rooms.user(event.escrow.client_id), rooms.user(event.escrow.expert_id)]
    return lines.departure(of, lambda: hub.emit("escrow_updated", payload, to=to))


def _wallet_updated(event: events.WalletUpdated) -> Departure:
    payload = {"wallet": wire.wallet(event.wallet)}
    return Departure(lambda: hub.emit("wallet_updated", payload, to=rooms.user(event.user_id)))


def _conversation(view: ConversationView) -> tuple[int, dict[str, Any]]:
    return view.conversation.id, {"conversation": wire.conversation(view)}


PREPARE: dict[type, Callable[[Any], Departure]] = {
    events.MessageSent: _message_sent,
    events.MessageUpdated: lambda event: _message("message_updated", event.message),
    events.MessageReacted: lambda event: _message("message_reaction_updated", event.message),
    events.MessageDeleted: _message_deleted,
    events.MessageHidden: _message_hidden,
    events.SettingsChanged: _settings_changed,
    events.OwnSettingsChanged: _own_settings_changed,
    events.ConversationCreated: _conversation_created,
    events.ConversationUpdated: _conversation_updated,
    events.MembersAdded: _members_added,
    events.MemberRemoved: _member_removed,
    events.ConversationRead: _conversation_read,
    events.MessagesDelivered: _messages_delivered,
    events.PresenceChanged: _presence_changed,
    events.PrivacyChanged: _privacy_changed,
    events.TypingStarted: _typing("user_typing"),
    events.TypingStopped: _typing("user_stopped_typing"),
    events.LookingChanged: _looking_changed,
    events.SessionsEnded: _sessions_ended,
    events.EscrowUpdated: _escrow_updated,
    # The purchase has changed by the reminder that it counts: no event of its own is needed.
    events.EscrowReminder: _escrow_updated,
    events.WalletUpdated: _wallet_updated,
}
