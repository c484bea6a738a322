"""Conversations to talk in: the outsider and the admin of the cast are in none of them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support import making
from tests.support.api import Api
from tests.support.cast import Cast
from tests.support.forms import Forms


@pytest.fixture
def direct(api: Api, cast: Cast) -> dict[str, Any]:
    return making.direct(api, cast.owner, cast.member)


@pytest.fixture
def group(api: Api, cast: Cast) -> dict[str, Any]:
    return making.group(api, cast.owner, cast.member, name="The mill")


@pytest.fixture
def owners_page(client: FlaskClient, cast: Cast) -> FlaskClient:
    """The owner's browser, signed in by the login page."""
    return Forms(client).sign_in(cast.owner).client
