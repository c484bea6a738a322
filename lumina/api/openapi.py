"""The OpenAPI 3.1 document, generated from the schemas that check the requests and the shapes of the answers."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import orjson
from flask import Blueprint, Response, render_template
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from lumina.api.route import JSON, Route, needs_something, routes
from lumina.presenters.refusals import Failure

blueprint = Blueprint("openapi", __name__)
TEMPLATE = "#/components/schemas/{model}"


@blueprint.get("/api/openapi.json")
def document() -> Response:
    """The document itself; it needs no token, since it says nothing about anybody."""
    return Response(orjson.dumps(describe()), mimetype=JSON)


@blueprint.get("/api/docs")
def docs() -> str:
    """The document as a page to read."""
    return render_template("api/docs.html", document=describe())


@cache
def describe() -> dict[str, Any]:
    """The whole document as a dict."""
    schemas: dict[str, Any] = {}
    paths: dict[str, dict[str, Any]] = {}
    for declared in routes:
        path = "/api" + re.sub(r"<(\w+)>", r"{\1}", declared.path)
        paths.setdefault(path, {})[declared.method.lower()] = _operation(declared, schemas)
    _schema(Failure, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lumina",
            "version": "1",
            "description": "Success is {success: true, data}; failure {success: false, message, code, errors?}.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(declared: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{declared.view.__module__.rpartition('.')[2]}.{declared.view.__name__}",
        "summary": (declared.view.__doc__ or "").strip(),
        "security": [] if declared.public else [{"token": []}],
        "parameters": _parameters(declared, schemas),
        "responses": {
            str(declared.status): {
                "description": "Done.",
                "content": {declared.media: {"schema": _answer(declared, schemas)}},
            },
            "default": {
                "description": "Refused.",
                "content": {JSON: {"schema": {"$ref": TEMPLATE.format(model="Failure")}}},
            },
        },
    }
    if declared.method == "GET" and declared.media == JSON:
        operation["responses"]["304"] = {"description": "As it was when it had the ETag of If-None-Match."}
    if content := _content(declared, schemas):
        needed = declared.body is None or needs_something(declared.body)
        operation["requestBody"] = {"required": needed, "content": content}
    return operation


def _content(declared: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    body = _schema(declared.body, schemas, mode="validation") if declared.body else None
    if body:
        content[JSON] = {"schema": body}
    if declared.files:
        file: dict[str, Any] = {"type": "string", "contentMediaType": "application/octet-stream"}
        if declared.files.most > 1:
            file = {"type": "array", "items": file, "maxItems": declared.files.most}
        form = {"type": "object", "properties": {declared.files.field: file}}
        if body is None:
            form["required"] = [declared.files.field]
        content["multipart/form-data"] = {"schema": {"allOf": [body, form]} if body else form}
    return content


def _parameters(declared: Route, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"<(\w+)>", declared.path)
    ]
    if declared.query:
        found = declared.query.model_json_schema()
        parameters += [
            {"name": name, "in": "query", "required": False, "schema": schema}
            for name, schema in found["properties"].items()
        ]
    if declared.method == "POST" and not declared.public:
        parameters.append(_header("Idempotency-Key", {"type": "string", "maxLength": 255}))
    if declared.method == "GET" and declared.media == JSON:
        parameters.append(_header("If-None-Match", {"type": "string"}))
    return parameters


def _header(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": schema}


def _answer(declared: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    if declared.media != JSON:
        return {"type": "string"}
    data = {name: _schema(shape, schemas) for name, shape in declared.answer.items()}
    return {
        "type": "object",
        "required": ["success", "data"],
        "properties": {
            "success": {"const": True},
            "data": {
                "type": "object",
                "required": [name for name in data if name not in declared.optional],
                "properties": data,
            },
        },
    }


def _schema(shape: Any, schemas: dict[str, Any], mode: JsonSchemaMode = "serialization") -> dict[str, Any]:
    """The JSON schema of a shape; named ones are kept under `schemas` and referred to."""
    found = TypeAdapter(shape).json_schema(ref_template=TEMPLATE, mode=mode)
    schemas.update(found.pop("$defs", {}))
    if not isinstance(shape, type) or found.get("type") != "object":
        return found
    schemas[shape.__name__] = found
    return {"$ref": TEMPLATE.format(model=shape.__name__)}
