"""People over the API: one's profile, somebody else's, and finding somebody to write to."""

import pytest

from tests.support import making
from tests.support.cast import enrol


@pytest.fixture
def find(api, cast):
    """Searches as the owner; the full names found."""

    def find(query=None, **more):
        found = api.as_(cast.owner).get("/api/users", **({"query": query} if query else {}), **more)
        return [f"{user['firstName']} {user['lastName']}" for user in found["users"]]

    return find


@pytest.fixture
def accented(app, cast):
    with app.app_context():
        return [enrol("Zoë", "Müller"), enrol("Zoe", "Straße")]


@pytest.mark.usefixtures("accented")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("zoe", ["Zoë Müller", "Zoe Straße"]),
        ("ZOË", ["Zoë Müller", "Zoe Straße"]),
        ("muller", ["Zoë Müller"]),
        ("müller zoe", ["Zoë Müller"]),
        ("strasse", ["Zoe Straße"]),
        ("  okafor ", ["Ines Okafor"]),
        ("ines novak", []),
        ("%", []),
        ("_", []),
        ("\\", []),
    ],
)
def test_people_are_found_by_name_whatever_its_case_and_accents(find, query, names):
    assert find(query) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("tomasz.novak@example.org", ["Tomasz Novak"]),
        ("TOMASZ.Novak@Example.org", ["Tomasz Novak"]),
        ("tomasz.novak@example.or", []),
        ("tomasz.novak@", []),
        ("@example.org", []),
    ],
)
def test_an_address_finds_its_owner_only_when_typed_whole(find, query, names):
    assert find(query) == names


def test_one_does_not_find_oneself(find):
    assert find() == ["Ines Okafor", "Tomasz Novak", "Vera Lindqvist"]
    assert find("mara.ellison@example.org") == []


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_paging_leaves_nobody_out_and_repeats_nobody(app, api, cast, limit):
    making.crowd(app, 7)
    seen, cursor = [], None
    while True:
        query = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        page = api.as_(cast.owner).get("/api/users", **query)
        assert 0 < len(page["users"]) <= limit
        seen += [user["id"] for user in page["users"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 10


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"query": "x" * 201}])
def test_what_cannot_be_searched_names_its_field(api, cast, query):
    refused = api.as_(cast.owner).get("/api/users", **query, status=400)
    assert [error["field"] for error in refused["errors"]] == list(query)


def test_an_address_is_shown_to_its_owner_and_to_admins_only(api, cast):
    path = f"/api/users/{cast.owner.id}"
    own, admins, others = (
        api.as_(viewer).get(path)["user"] for viewer in (cast.owner, cast.admin, cast.member)
    )
    assert own == admins
    assert own["email"] == cast.owner.email
    assert own["isAdmin"] is False
    own_alone = {"directFrom", "email", "isAdmin", "linkPreviews", "showPresence", "showReceipts"}
    assert set(own) - set(others) == own_alone
    found = api.as_(cast.admin).get("/api/users", query="mara")["users"]
    assert found == [own]
    assert "email" not in api.as_(cast.member).get("/api/users", query="mara")["users"][0]
    assert api.as_(cast.admin).get("/api/auth/me")["user"]["isAdmin"] is True


def test_a_profile_is_in_the_contracts_shape(api, cast):
    other = api.as_(cast.owner).get(f"/api/users/{cast.member.id}")["user"]
    assert other == {
        "id": cast.member.id,
        "firstName": "Tomasz",
        "lastName": "Novak",
        "avatar": None,
        "headline": None,
        "createdAt": other["createdAt"],
    }
    assert len(other["createdAt"]) == len("2026-11-22T09:30:00.123Z")


def test_what_is_given_of_a_profile_changes_and_the_rest_stays(api, cast):
    me = api.as_(cast.owner)
    assert me.patch("/api/users/me", {"headline": "  Hotel finance "})["user"]["headline"] == "Hotel finance"
    changed = me.patch("/api/users/me", {"firstName": "Márta"})["user"]
    assert (changed["firstName"], changed["lastName"]) == ("Márta", "Ellison")
    assert changed["headline"] == "Hotel finance"
    assert me.patch("/api/users/me", {"headline": ""})["user"]["headline"] is None
    assert me.patch("/api/users/me", {"lastName": "Nagy"})["user"]["lastName"] == "Nagy"
    assert api.as_(cast.member).get("/api/users", query="marta nagy")["users"][0]["id"] == cast.owner.id


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("firstName", ""),
        ("lastName", " \t"),
        ("firstName", "x" * 81),
        ("firstName", "🎈" * 41),
        ("firstName", 7),
        ("headline", "x" * 121),
        ("headline", "nul\x00"),
    ],
)
def test_an_unfit_profile_names_its_field_and_changes_nothing(api, cast, field, value):
    me = api.as_(cast.owner)
    before = me.get("/api/auth/me")
    refused = me.patch("/api/users/me", {field: value}, status=400)
    assert [error["field"] for error in refused["errors"]] == [field]
    assert me.get("/api/auth/me") == before


def test_nobody_makes_themselves_an_admin(api, cast):
    me = api.as_(cast.owner)
    me.patch("/api/users/me", {"isAdmin": True, "is_admin": True, "email": "other@example.org"})
    user = me.get("/api/auth/me")["user"]
    assert (user["isAdmin"], user["email"]) == (False, cast.owner.email)


def test_nobody_has_an_unknown_id(api, cast):
    for user_id in ("987654321", "0", "me"):
        assert api.as_(cast.owner).get(f"/api/users/{user_id}", status=404)["code"] == "not_found"
