"""The pages by a browser without scripts: cookies and forms, no JavaScript."""

import pytest

from tests.support import making
from tests.support.forms import Forms

FETCH = {"X-Requested-With": "fetch", "HX-Request": "true", "Accept": "text/html"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def owner(client, cast):
    """The owner's browser, signed in."""
    return Forms(client).sign_in(cast.owner)


@pytest.fixture
def member(app, cast):
    """The member's browser, signed in."""
    return Forms(app.test_client()).sign_in(cast.member)


@pytest.fixture
def direct(api, cast):
    return making.direct(api, cast.owner, cast.member)


@pytest.fixture
def group(api, cast):
    return making.group(api, cast.owner, cast.member, name="Harbour review")


@pytest.fixture
def page(client):
    """GETs a page's text: page("/settings"), page(path, status=404, headers=HTMX)."""

    def get(path, status=200, **options):
        response = client.get(path, **options)
        assert response.status_code == status, f"{response.status}: {response.get_data(as_text=True)}"
        return response.get_data(as_text=True)

    return get
