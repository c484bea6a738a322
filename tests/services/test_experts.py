"""One's own price list, where no schema stands before it."""

import pytest

from lumina.errors import Invalid
from lumina.services import escrows, experts


def test_one_s_own(inside, cast):
    assert experts.offer_of(cast.owner.user) is None
    assert escrows.count_owed(cast.owner.user) is None
    found = experts.change(cast.owner.user, duration_days=3)
    assert (found.expert.duration_days, found.unanswered, found.is_full) == (3, 0, False)
    assert experts.offer_of(cast.owner.user).duration_days == 3
    assert escrows.count_owed(cast.owner.user) == 0


@pytest.mark.parametrize("name", experts.BOUNDS)
def test_no_offer_is_out_of_bounds(inside, cast, name):
    least, most = experts.BOUNDS[name]
    for wrong in (least - 1, most + 1):
        with pytest.raises(Invalid):
            experts.change(cast.owner.user, **{name: wrong})
    assert experts.offer_of(cast.owner.user) is None
