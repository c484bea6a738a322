"""What fits the OpenAPI document, and what nearly does, makes no 500, and every answer is as it says."""

import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lumina.services import payouts
from tests.support import files, making, paying
from tests.support.openapi import NAMES, OPERATIONS, answer_schema, body_schema, check, content_of, resolved

EXAMPLES = 9  # of each route
EDGES = st.sampled_from(
    ["", "0", "-1", "x", "\x00", "٣", "9" * 19, "9" * 40, "🎈", "%", "a@b.example", "é" * 300]
)
ANY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    EDGES,
    st.lists(EDGES, max_size=3),
    st.dictionaries(EDGES, EDGES, max_size=2),
)


def fitting(schema, ids):
    """Values that a schema of a request allows."""
    schema = resolved(schema)
    if "anyOf" in schema:
        return st.one_of([fitting(option, ids) for option in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    if schema["type"] == "object":
        members = {name: fitting(member, ids) for name, member in schema["properties"].items()}
        needed = {name: members.pop(name) for name in schema.get("required", [])}
        return st.fixed_dictionaries(needed, optional=members)
    if schema["type"] == "array":
        return st.lists(fitting(schema["items"], ids), min_size=schema.get("minItems", 0), max_size=4)
    if schema["type"] == "string":
        known = st.sampled_from(ids)
        text = st.text(min_size=schema.get("minLength", 0), max_size=min(schema.get("maxLength", 40), 40))
        return st.one_of(known, EDGES, text)
    return {
        "boolean": st.booleans(),
        "integer": st.integers(schema.get("minimum", -(2**65)), schema.get("maximum", 2**65)),
        "number": st.floats(schema.get("minimum", -1e300), schema.get("maximum", 1e300)),
        "null": st.none(),
    }[schema["type"]]


def nearly(body):
    """The body as it should be, or with a member that is not."""
    damage = st.tuples(st.sampled_from(range(8)), ANY)

    def apply(pair):
        value, (index, other) = pair
        names = sorted(value)
        return value | {names[index % len(names)]: other} if names and index < 4 else value

    return st.tuples(body, damage).map(apply)


@st.composite
def requests(draw, operation, path, ids):
    """(path, query, body) for one operation."""
    for name in re.findall(r"{(\w+)}", path):
        value = draw(st.one_of(st.just(ids[name]), st.just(ids[name]), EDGES.filter(bool)))
        path = path.replace(f"{{{name}}}", value.replace("%", "%25").replace("\x00", "%00"))
    known = sorted(set(ids.values()))
    query = {
        parameter["name"]: str(draw(st.one_of(fitting(parameter["schema"], known), EDGES)))
        for parameter in operation["parameters"]
        if parameter["in"] == "query" and draw(st.booleans())
    }
    schema = body_schema(operation)
    return path, query, draw(nearly(fitting(schema, known))) if schema else None


@pytest.fixture
def attached(api, cast, path):
    """An attachment: a picture, which takes a process to read, where the operation is about one."""
    if "{attachment_id}" in path:
        return files.upload(api, cast.owner)
    return files.upload(api, cast.owner, "note.txt", b"Good morning")


@pytest.fixture
def ids(app, api, cast, attached):
    """What the parameters of paths name: a group of the owner's, a message in it, ..."""
    made = making.group(api, cast.owner, cast.member)
    [message] = making.say(api, cast.member, made, "Good morning")
    [session] = api.as_(cast.member).get("/api/auth/sessions")["sessions"]
    paying.offer(api, cast.member)
    paying.credit(app, cast.owner, 10_000)
    asked = paying.ask(api, cast.owner, cast.member)
    with app.app_context():
        payout = payouts.ask(cast.owner.user, 1000)
    topup = api.as_(cast.owner).post("/api/wallet/topups", {"amountMinor": 500})["topup"]
    report = api.as_(cast.owner).post(f"/api/messages/{message['id']}/report", {"reason": "spam"})["report"]
    return {
        "attachment_id": attached["id"],
        "conversation_id": made["id"],
        "escrow_id": asked["escrow"]["id"],
        "payout_id": str(payout.id),
        "message_id": message["id"],
        "report_id": report["id"],
        "session_id": session["id"],
        "topup_id": topup["id"],
        "user_id": cast.member.id,
    }


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_no_input_makes_a_500(api, cast, ids, method, path, operation):
    caller = api.as_(cast.admin if path.startswith("/api/admin/") else cast.owner)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(requests(operation, path, ids))
    def fuzz(request):
        target, query, body = request
        answer = caller.request(method.upper(), target, query_string=query, json=body)
        assert answer.status_code < 500
        check(answer_schema(operation, answer.status_code), content_of(answer))

    fuzz()
