"""The card of a link, and the forms by which one has none."""

import re

import pytest

from tests.pages.conftest import FETCH
from tests.support import making, previews

BOX = re.compile('<input[^>]*name="link_previews"[^>]*>')


@pytest.fixture
def message(api, cast, group):
    return making.say(api, cast.owner, group, f"Look: {previews.URL}")[0]


@pytest.fixture
def here(group, message):
    return f"/conversations/{group['id']}/messages/{message['id']}"


@pytest.mark.parametrize(
    ("site", "shown"),
    [(None, "page.example"), ("page.example", "page.example"), ("The Port", "The Port · page.example")],
)
def test_a_card_names_the_host(app, owner, page, group, message, site, shown):
    previews.give(app, message, siteName=site)
    assert f'<span class="link-site">{shown}</span>' in page(f"/conversations/{group['id']}")


def test_a_card_is_words_only(app, owner, page, group, message):
    hostile = '"><script>alert(1)</script>'
    previews.give(app, message, title=hostile, description=hostile, siteName=hostile)
    html = page(f"/conversations/{group['id']}")
    assert hostile not in html
    assert html.count("&lt;script&gt;alert(1)") == 3
    card = html[html.index('class="link-card"') :]
    assert card.startswith(
        f'class="link-card" href="{previews.URL}" target="_blank" rel="noopener noreferrer'
    )


def test_no_card_on_what_is_deleted(app, api, cast, owner, page, group, message):
    previews.give(app, message)
    api.as_(cast.owner).delete(f"/api/messages/{message['id']}")
    assert "link-card" not in page(f"/conversations/{group['id']}")


def test_removing_it(app, owner, client, here, message):
    previews.give(app, message)
    answer = owner.post(f"{here}/preview/remove")
    assert answer.headers["Location"] == here
    assert "link-card" not in client.get(here).get_data(as_text=True)


def test_removing_it_answers_our_own_code_with_the_bubble(app, owner, client, here, message):
    previews.give(app, message)
    client.environ_base["HTTP_X_REQUESTED_WITH"] = FETCH["X-Requested-With"]
    bubble = owner.post(f"{here}/preview/remove", status=200).get_data(as_text=True)
    assert f'id="message-{message["id"]}"' in bubble
    assert "link-card" not in bubble


def test_somebody_else_does_not(app, member, here, message):
    previews.give(app, message)
    member.post(f"{here}/preview/remove", status=403)


def test_the_setting(owner, page):
    def is_on():
        return " checked " in BOX.search(page("/settings"))[0]

    assert is_on()
    assert owner.post("/settings/privacy").headers["Location"] == "/settings#privacy"
    assert not is_on()
    owner.post("/settings/privacy", link_previews="y")
    assert is_on()
