"""What a backend cannot do, or does later, is said as it is."""

from __future__ import annotations

from msgspec.structs import replace

from cashier_app.ports.capabilities import Quoting
from cashier_app.services.till_view import TillView
from cashier_app.wording.finished import finished_rows
from cashier_app.wording.pay_panel import pay_panel
from cashier_app.wording.reward_panel import reward_panel
from cashier_app.wording.sentences import Sentence
from tests.fakes.backend import CAPABILITIES
from tests.fakes.counter import PRIYAS_CODE, Counter
from tests.unit.wording_shown import WORDING


def sold(counter: Counter) -> TillView:
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.press_enter(3)
    counter.drain()
    return counter.view


def rows(view: TillView) -> list[str]:
    assert view.finished is not None
    return [row.sentence.full for row in finished_rows(view, view.finished, WORDING)]


def test_points_booked_later_are_said_to_follow(counter: Counter) -> None:
    counter.backend.can = replace(CAPABILITIES, earns_later=True)
    counter.restart()
    view = sold(counter)
    assert "Coins for this sale will follow" in rows(view)
    assert not any("earned" in row for row in rows(view))
    panel = pay_panel(view, WORDING)
    assert (str(panel.left), panel.hero) == ("Coins will follow", "About +21 coins")


def test_points_booked_at_once_are_said_as_booked(counter: Counter) -> None:
    view = sold(counter)
    assert any("21 earned" in row for row in rows(view))
    assert str(pay_panel(view, WORDING).left) != "Coins will follow"


def test_an_estimate_is_called_one_until_the_backend_was_asked(counter: Counter) -> None:
    counter.backend.can = replace(CAPABILITIES, quoting=Quoting.VENDOR)
    counter.restart()
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    assert reward_panel(counter.view, WORDING).subtitle == _about()
    counter.press_enter()
    assert reward_panel(counter.view, WORDING).subtitle != _about()


def _about() -> Sentence:
    return Sentence.of("About. Enter asks for the offer", "About")
