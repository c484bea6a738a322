"""The yardstick: Flask-SocketIO on eventlet with Lumina's routes and events, and nothing behind them.

No database, no permissions, the last 50 messages of a conversation in memory. Usage: python echo.py PORT
"""
# ruff: noqa: E402, since eventlet patches before anything else is imported

import eventlet

eventlet.monkey_patch()

import socket
import sys
from collections import defaultdict, deque
from datetime import UTC, datetime
from itertools import count
from typing import Any

import eventlet.wsgi
from flask import Flask, request
from flask_socketio import SocketIO, join_room

Json = dict[str, Any]

app = Flask(__name__)
socketio = SocketIO(app, async_mode="eventlet")
users: dict[str, Json] = {}
conversations: dict[str, Json] = {}
conversations_of: defaultdict[str, list[Json]] = defaultdict(list)
histories: defaultdict[str, deque[Json]] = defaultdict(lambda: deque(maxlen=50))
signed_in: dict[str, Json] = {}
message_ids = count(1)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ok(data: Json, status: int = 200) -> tuple[Json, int]:
    return {"success": True, "data": data}, status


def bearer() -> Json:
    return users[request.headers["Authorization"].removeprefix("Bearer ")]


def person(user: Json) -> Json:
    return {"id": user["id"], "firstName": user["firstName"], "lastName": user["lastName"], "avatar": None}


def post(sender: Json, body: Json) -> Json:
    """Stamp a message, remember it and tell the conversation's room."""
    conversation = conversations[body["conversationId"]]
    conversation["version"] += 1
    version, at = conversation["version"], now()
    message = {
        "id": str(next(message_ids)), "conversationId": conversation["id"], "senderId": sender["id"],
        "receiverId": None, "sender": person(sender), "content": body["content"], "messageType": "text",
        "isPriority": False, "priorityLevel": "normal", "attachments": [], "status": "sent",
        "deliveredAt": None, "readAt": None, "replyTo": None, "replyPreview": None, "reactions": [],
        "expiresAt": None, "editedAt": None, "isDeleted": False, "deletedBy": [],
        "clientMessageId": body.get("clientMessageId"), "position": version, "version": version,
        "createdAt": at, "updatedAt": at,
    }  # fmt: skip
    histories[conversation["id"]].append(message)
    conversation["lastMessage"], conversation["lastMessageAt"] = message, at
    event = {"message": message, "conversationId": conversation["id"], "version": version}
    socketio.emit("message_received", event, to=conversation["id"])
    return message


@app.get("/healthz")
def healthz() -> Json:
    return {"status": "ok"}


@app.post("/api/auth/register")
def register() -> tuple[Json, int]:
    body = request.get_json()
    user = {"id": str(len(users) + 1), "firstName": body["firstName"], "lastName": body["lastName"]}
    users[user["id"]] = user
    return ok({"user": user, "token": user["id"], "refreshToken": user["id"]}, 201)


@app.get("/api/messages/conversations")
def list_conversations() -> tuple[Json, int]:
    return ok({"conversations": conversations_of[bearer()["id"]][-50:], "nextCursor": None})


@app.post("/api/messages/conversations")
def create_conversation() -> tuple[Json, int]:
    body, creator, at = request.get_json(), bearer(), now()
    members = [creator["id"], *body["participantIds"]]
    named = members if len(members) <= 100 else members[:1]
    conversation = {
        "id": str(len(conversations) + 1), "type": body["type"], "name": body.get("name"),
        "participants": [person(users[m]) | {"role": "member"} for m in named],
        "participantCount": len(members), "isPriorityConversation": False, "lastMessage": None,
        "lastMessageAt": None, "description": None, "avatar": None, "adminId": creator["id"],
        "settings": {"notifications": True, "autoDeleteAfter": None, "allowFileSharing": True,
                     "allowVoiceMessages": True},
        "mutedBy": [], "unreadCount": 0, "lastReadMessageId": None, "archived": False, "isActive": True,
        "version": 0, "createdAt": at, "updatedAt": at,
    }  # fmt: skip
    conversations[conversation["id"]] = conversation
    for member in members:
        conversations_of[member].append(conversation)
    return ok({"conversation": conversation}, 201)


@app.get("/api/messages/conversations/<conversation_id>")
def open_conversation(conversation_id: str) -> tuple[Json, int]:
    bearer()
    history = list(histories[conversation_id])
    return ok({"conversation": conversations[conversation_id], "messages": history, "hasMore": False})


@app.post("/api/messages")
def post_message() -> tuple[Json, int]:
    return ok({"message": post(bearer(), request.get_json())}, 201)


@app.post("/api/messages/attachments")
def upload() -> tuple[Json, int]:
    bearer()
    file = request.files["file"]
    return ok({"attachment": {"id": "1", "fileName": file.filename}}, 201)


@socketio.on("connect")
def connect(auth: Json) -> None:
    signed_in[request.sid] = users[auth["token"]]  # type: ignore[attr-defined]


@socketio.on("disconnect")
def disconnect(*_: object) -> None:
    signed_in.pop(request.sid, None)  # type: ignore[attr-defined]


@socketio.on("join_conversation")
def join_conversation(conversation_id: str) -> Json:
    join_room(conversation_id)
    return {"success": True, "data": {"conversation": conversations[conversation_id]}}


@socketio.on("new_message")
def new_message(body: Json) -> Json:
    return {"success": True, "data": {"message": post(signed_in[request.sid], body)}}  # type: ignore[attr-defined]


if __name__ == "__main__":
    # Accepted sockets inherit TCP_NODELAY. Each websocket holds one of the server's `max_size` places.
    listener = eventlet.listen(("127.0.0.1", int(sys.argv[1])), backlog=4096)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    eventlet.wsgi.server(listener, app, max_size=16_384, log_output=False)
