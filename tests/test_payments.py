"""Which provider takes the money of a deployment."""

from dataclasses import replace

import pytest

from lumina import payments
from lumina.payments import Sandbox, Stripe


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, Sandbox),
        ({"env": "production"}, type(None)),
        ({"stripe_secret_key": "sk", "stripe_webhook_secret": "whsec"}, Stripe),
        ({"env": "production", "stripe_secret_key": "sk", "stripe_webhook_secret": "whsec"}, Stripe),
    ],
)
def test_stripe_where_it_is_set_up_and_a_sandbox_in_development_alone(config, settings, kind):
    assert type(payments.opened(replace(config, **settings))) is kind
