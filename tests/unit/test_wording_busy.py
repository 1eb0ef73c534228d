"""What Enter waits for, in words: never that points are held where nothing holds them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cashier_app.ports.capabilities import Quoting, Reserving
from cashier_app.services.till_view import Step, TillView
from cashier_app.wording.trouble import busy_label
from tests.fakes.backend import CAPABILITIES
from tests.fakes.counter import PRIYAS_CODE, Counter
from tests.unit.wording_shown import WORDING

SOFT = replace(CAPABILITIES, reserving=Reserving.SOFT)


@pytest.fixture
def offer(counter: Counter) -> TillView:
    """Return the view of an offer of 200 coins while something is asked."""
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    return replace(counter.view, busy=True)


def test_each_thing_waited_for_has_its_words(offer: TillView) -> None:
    assert busy_label(offer, WORDING).full == "Holding 200 coins…"
    assert busy_label(replace(offer, can=SOFT), WORDING).full == "Checking the balance…"
    asked = replace(SOFT, quoting=Quoting.VENDOR)
    assert busy_label(replace(offer, can=asked), WORDING).full == "Asking for the offer…"
    assert busy_label(replace(offer, step=Step.PAY, can=asked), WORDING).full == "Saving…"
