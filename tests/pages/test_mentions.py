"""Whom the composer offers behind "@"."""

from tests.support import making


def test_members_by_name(client, owner, api, cast, group):
    path = f"/conversations/{group['id']}/mentionable"
    found = client.get(f"{path}?query={cast.member.first_name[:2]}").get_json()["people"]
    assert [person["id"] for person in found] == [cast.member.id]
    assert found[0]["name"] == cast.member.name
    assert set(found[0]) == {"id", "name", "initials", "avatar", "hue"}
    assert client.get(f"{path}?query=nobody").get_json() == {"people": []}
    assert len(client.get(path).get_json()["people"]) == group["participantCount"] - 1


def test_a_named_member_is_marked(page, owner, api, cast, group):
    making.say(api, cast.owner, group, f"Ask @{cast.member.name}, please")
    html = page(f"/conversations/{group['id']}")
    assert f'<span class="mention" data-user-id="{cast.member.id}">@{cast.member.name}</span>, please' in html
    assert f'.mention[data-user-id="{cast.member.id}"]' in page(f"/me-{cast.member.id}.css")
