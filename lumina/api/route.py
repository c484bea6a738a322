"""How an API route is declared: its schemas, its answer, and who may call it, read by the OpenAPI document too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, get_origin

import orjson
from flask import Blueprint, Response, current_app, g, request, stream_with_context
from werkzeug.datastructures import FileStorage

from lumina import bodies
from lumina.config import Config
from lumina.errors import Invalid, Unauthorized
from lumina.models import Session, User
from lumina.schemas.base import Request
from lumina.services import idempotency, sessions, uploads
from lumina.services.uploads import Incoming
from lumina.services.views import Attached

blueprint = Blueprint("api", __name__, url_prefix="/api")
View = Callable[..., Any]
Then = Callable[[User, dict[str, Any]], dict[str, Any]]
JSON = "application/json"
ETAG_BYTES = 12
FLAGS = {"true": True, "false": False}


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
    files: Files | None
    then: Then | None
    media: str


@dataclass(frozen=True)
class Files:
    """The files that a route takes by multipart: the field that bears them, and how many at most."""

    field: str
    most: int


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
    files: Files | None = None,
    then: Then | None = None,
    media: str = JSON,
) -> Callable[[View], View]:
    """Declare a route. The view gets the actor first (unless public), the path's ids, then `body` or `query`, and where
    it takes files `uploads`: they are kept already, and go again where the view does not come to use them.

    It returns `data`, or (data, status) where the status differs from the declared one. `then` makes the answer of it
    with the actor's help from outside, after all is committed; what is asked again with an Idempotency-Key comes by it
    again. With another `media` than JSON the view returns the pieces of a file.
    """

    def declare(view: View) -> View:
        declared = Route(
            method, path, view, answer or {}, body, query, optional, status, public, files, then, media
        )
        routes.append(declared)

        @wraps(view)
        def handle(**ids: str) -> Response:
            return _handle(declared, ids)

        bodies.takes(handle, files.most if files else 0)
        endpoint = (view.__qualname__ + path).replace(".", "_")
        blueprint.add_url_rule(path, view_func=handle, methods=[method], endpoint=endpoint)
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
    if declared.media != JSON:
        return _stream(declared, declared.view(actor, **arguments))
    if declared.files is None:
        return _respond(*_completed(declared, actor, *_once(declared, actor, ids, arguments)))
    sent = _sent_files(declared.files)
    kept: list[Attached] = []
    used = False

    def use(fresh: list[User]) -> tuple[int, bytes]:
        nonlocal used
        answer = _carry_out(declared, fresh, arguments | {"uploads": kept})
        used = True
        return answer

    try:
        kept.extend(uploads.keep(actor, Incoming(one.stream, one.filename, one.mimetype)) for one in sent)
        return _respond(*_once(declared, actor, ids, arguments, use))
    finally:
        # Refused, or done before: what was sent with it is nobody's.
        if kept and not used:
            uploads.discard(actor, [one.id for one in kept])


def _once(
    declared: Route,
    actor: User,
    ids: dict[str, str],
    arguments: dict[str, Any],
    carry_out: Callable[[list[User]], tuple[int, bytes]] | None = None,
) -> tuple[int, bytes]:
    """Carry it out, or find what came of the first request with this Idempotency-Key."""
    carry_out = carry_out or partial(_carry_out, declared, arguments=arguments)
    key = request.headers.get("Idempotency-Key") if declared.method == "POST" else None
    if key is None:
        return carry_out([actor])
    return idempotency.once(
        actor,
        f"{declared.method} {declared.path}",
        key,
        _fingerprint(),
        ids.get("conversation_id") or getattr(arguments.get("body"), "conversation_id", None),
        lambda fresh: carry_out([fresh]),
    )


def _completed(declared: Route, actor: User, status: int, body: bytes) -> tuple[int, bytes]:
    """With what only others can add, to whom no unit of work may wait."""
    if declared.then is None:
        return status, body
    return status, _success(declared.then(actor, orjson.loads(body)["data"]))


def _fingerprint() -> str:
    """What tells one request's content from another's; of a form, its fields and files, whatever its boundary."""
    digest = hashlib.sha256(request.full_path.encode() + b"\n")
    if not _is_form():
        digest.update(request.get_data())
        return digest.hexdigest()
    digest.update(repr(sorted(request.form.items(multi=True))).encode())
    for name, file in request.files.items(multi=True):
        file.stream.seek(0)
        of_file = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
        digest.update(repr((name, file.filename, of_file)).encode())
    return digest.hexdigest()


def _is_form() -> bool:
    return request.mimetype == "multipart/form-data"


def _sent_files(files: Files) -> list[FileStorage]:
    sent = request.files.getlist(files.field) if _is_form() else []
    if len(sent) > files.most:
        raise Invalid.field(files.field, f"A request has up to {files.most} files.")
    return sent


def _authenticate() -> Session:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthorized("This needs an access token: Authorization: Bearer …")
    g.session = sessions.authenticate(token.strip())
    return current_session()


def _arguments(declared: Route, ids: dict[str, str]) -> dict[str, Any]:
    arguments: dict[str, Any] = dict(ids)
    if declared.body:
        sent = _form(declared.body) if declared.files and _is_form() else _json(declared.body)
        arguments["body"] = declared.body.model_validate(sent)
    if declared.query:
        # All of a query is text, its numbers too.
        arguments["query"] = declared.query.model_validate(request.args.to_dict(), strict=False)
    return arguments


def _carry_out(declared: Route, actor: list[User], arguments: dict[str, Any]) -> tuple[int, bytes]:
    result = declared.view(*actor, **arguments)
    data, status = result if isinstance(result, tuple) else (result, declared.status)
    return status, _success(data)


def _success(data: object) -> bytes:
    return orjson.dumps({"success": True, "data": data})


def _form(body: type[Request]) -> dict[str, Any]:
    """The fields of a form, which has no null: what is empty is not given, but for texts."""
    kinds = {field.alias or name: field.annotation for name, field in body.model_fields.items()}
    return {
        name: _value(kinds.get(name), values)
        for name, values in request.form.lists()
        if any(values) or name == "content"
    }


def _value(kind: Any, values: list[str]) -> object:
    """What a form says of a field of this kind: all its values, true or false, or a text."""
    if get_origin(kind) is list:
        return values
    return FLAGS.get(values[-1].lower(), values[-1]) if kind is bool else values[-1]


def needs_something(body: type[Request]) -> bool:
    """Whether a body has a field that must be given; where it has none, no body at all is an empty one."""
    return any(field.is_required() for field in body.model_fields.values())


def _json(body: type[Request]) -> object:
    sent = request.get_data()
    if not sent and not needs_something(body):
        return {}
    try:
        return orjson.loads(sent)
    except orjson.JSONDecodeError:
        raise Invalid("The body is not JSON.", code="malformed") from None


def _respond(status: int, body: bytes) -> Response:
    response = Response(body, status, mimetype=JSON)
    response.headers["Cache-Control"] = "no-store"
    if request.method == "GET":
        # By the bytes, since read marks, presence and names change an answer without any version of its own.
        response.set_etag(hashlib.blake2b(body, digest_size=ETAG_BYTES).hexdigest())
        response.make_conditional(request)
    return response


def _stream(declared: Route, pieces: Iterator[str]) -> Response:
    response = Response(stream_with_context(pieces), declared.status, mimetype=declared.media)
    response.headers["Cache-Control"] = "no-store"
    return response


def site() -> str:
    """Our own address: PUBLIC_URL, or where it is not set what the request calls us."""
    config: Config = current_app.config["LUMINA"]
    return config.public_url or request.host_url.rstrip("/")
