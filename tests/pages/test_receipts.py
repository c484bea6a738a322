"""The fragment that tells who has read one's message."""

import pytest

from lumina.services import receipts
from tests.pages.conftest import FETCH
from tests.support import making


@pytest.fixture
def message(app, api, cast, group):
    [sent] = making.say(api, cast.owner, group, "Read me")
    with app.app_context():
        receipts.mark_read(cast.member.user, group["id"], sent["id"])
    return sent


def test_who_has_read_it(owner, group, message):
    path = f"/conversations/{group['id']}/messages/{message['id']}"
    html = owner.client.get(f"{path}/receipts", headers=FETCH).get_data(as_text=True)
    assert "Read by 1 of 1" in html
    assert "Tomasz Novak" in html
    assert 'data-status="read"' in html
    assert owner.client.get(f"{path}/receipts").location == path


def test_it_is_its_sender_s_alone(member, group, message):
    path = f"/conversations/{group['id']}/messages/{message['id']}/receipts"
    answer = member.client.get(path, headers=FETCH)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_the_sender")


def test_marks_for_the_browser(owner, group, message):
    page = owner.client.get(f"/conversations/{group['id']}").get_data(as_text=True)
    assert "data-receipts=" in page
    assert "&#34;readPosition&#34;:1" in page


def test_what_cannot_be_a_level(owner, group):
    owner.post(f"/conversations/{group['id']}/settings", status=400, headers=FETCH, notification_level="some")
