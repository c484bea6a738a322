"""The OpenAPI document, held against what really comes and goes."""

from __future__ import annotations

import re
from typing import Any

from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from lumina.api import openapi

DOCUMENT = openapi.describe()
OPERATIONS: list[tuple[str, str, dict[str, Any]]] = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
NAMES = [f"{method.upper()} {path}" for method, path, _ in OPERATIONS]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, or the component that it refers to."""
    name = schema.get("$ref", "").removeprefix("#/components/schemas/")
    return DOCUMENT["components"]["schemas"][name] if name else schema


def check(schema: dict[str, Any], value: object) -> None:
    """Raises ValidationError for a value that is not as a schema of the document says."""
    Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(value)


def matching(method: str, path: str) -> tuple[str, dict[str, Any]]:
    """The operation of a real path; what stands literally goes before a parameter."""
    found = [
        (template.count("{"), f"{method} {template}", operation)
        for verb, template, operation in OPERATIONS
        if verb == method.lower() and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path)
    ]
    _, name, operation = min(found, key=lambda entry: entry[0])
    return name, operation


def answer_schema(operation: dict[str, Any], status: int) -> dict[str, Any]:
    """As documented; the one success stands for 200 where what is asked for was there already."""
    responses = operation["responses"]
    success = next(code for code in responses if code != "default")
    described = responses.get(str(status)) or responses[success if status < 300 else "default"]
    [content] = described["content"].values()
    schema: dict[str, Any] = content["schema"]
    return schema


def content_of(answer: TestResponse) -> Any:
    """What was answered, as its schema describes it: JSON, or the text of a file."""
    return answer.get_json() if answer.is_json else answer.get_data(as_text=True)


def body_schema(operation: dict[str, Any]) -> dict[str, Any] | None:
    """Of the body that the operation wants."""
    content = operation.get("requestBody", {}).get("content", {})
    return resolved(content["application/json"]["schema"]) if "application/json" in content else None
