"""How an API route is declared: its schemas, its answer, and who may call it, read by the OpenAPI document too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import orjson
from flask import Blueprint, Response, g, request

from lumina.errors import Invalid, Unauthorized
from lumina.models import Session, User
from lumina.schemas.base import Request
from lumina.services import idempotency, sessions

blueprint = Blueprint("api", __name__, url_prefix="/api")
View = Callable[..., Any]


@dataclass(frozen=True)
class Route:
    """One declared route; `answer` names the members of `data` and their shapes, `optional` those that may lack."""

    method: str
    path: str
    view: View
    answer: dict[str, Any]
    body: type[Request] | None
    query: type[Request] | None
    optional: tuple[str, ...]
    status: int
    public: bool


routes: list[Route] = []


def route(
    method: str,
    path: str,
    *,
    answer: dict[str, Any] | None = None,
    optional: tuple[str, ...] = (),
    body: type[Request] | None = None,
    query: type[Request] | None = None,
    status: int = 200,
    public: bool = False,
) -> Callable[[View], View]:
    """Declare a route. The view gets the actor first (unless public), the path's ids, then `body` or `query`.

    It returns `data`, or (data, status) where the status differs from the declared one.
    """

    def declare(view: View) -> View:
        declared = Route(method, path, view, answer or {}, body, query, optional, status, public)
        routes.append(declared)

        @wraps(view)
        def handle(**ids: str) -> Response:
            return _handle(declared, ids)

        blueprint.add_url_rule(path, view_func=handle, methods=[method], endpoint=view.__qualname__ + path)
        return view

    return declare


def current_session() -> Session:
    """The session whose token the request bears."""
    session: Session = g.session
    return session


def _handle(declared: Route, ids: dict[str, str]) -> Response:
    if declared.public:
        return _respond(*_carry_out(declared, [], _arguments(declared, ids)))
    actor = _authenticate().user
    arguments = _arguments(declared, ids)
    key = request.headers.get("Idempotency-Key") if declared.method == "POST" else None
    if key is None:
        return _respond(*_carry_out(declared, [actor], arguments))
    return _respond(
        *idempotency.once(
            actor,
            f"{declared.method} {declared.path}",
            key,
            hashlib.sha256(request.full_path.encode() + b"\n" + request.get_data()).hexdigest(),
            ids.get("conversation_id") or getattr(arguments.get("body"), "conversation_id", None),
            lambda fresh: _carry_out(declared, [fresh], arguments),
        )
    )


def _authenticate() -> Session:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthorized("This needs an access token: Authorization: Bearer …")
    g.session = sessions.authenticate(token.strip())
    return current_session()


def _arguments(declared: Route, ids: dict[str, str]) -> dict[str, Any]:
    arguments: dict[str, Any] = dict(ids)
    if declared.body:
        arguments["body"] = declared.body.model_validate(_json())
    if declared.query:
        arguments["query"] = declared.query.model_validate(request.args.to_dict())
    return arguments


def _carry_out(declared: Route, actor: list[User], arguments: dict[str, Any]) -> tuple[int, bytes]:
    result = declared.view(*actor, **arguments)
    data, status = result if isinstance(result, tuple) else (result, declared.status)
    return status, orjson.dumps({"success": True, "data": data})


def _json() -> object:
    try:
        return orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        raise Invalid("The body is not JSON.", code="malformed") from None


def _respond(status: int, body: bytes) -> Response:
    response = Response(body, status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
