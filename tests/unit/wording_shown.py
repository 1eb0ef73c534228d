"""The wording of the sample shop, and how its panels are read in tests."""

from __future__ import annotations

from cashier_app.domain.points import PointName
from cashier_app.services.till_view import Serving, TillView
from cashier_app.wording import Hours, Wording
from cashier_app.wording.pay_panel import PayPanelWords
from cashier_app.wording.people import MemberCardWords, member_card
from cashier_app.wording.reward_panel import RewardPanelWords
from tests.ui import sample_views as sample

WORDING = Wording.of("en_IN", sample.ZONE, PointName("coin", "coins"), hours=Hours.TWENTY_FOUR)


def lines(panel: RewardPanelWords) -> list[str]:
    """Return the full sentences of the panel's rows."""
    return [row.sentence.full for row in panel.rows]


def lower(panel: PayPanelWords) -> tuple[str, str]:
    """Return what stands left and right under the panel's figure, empty where nothing does."""
    return str(panel.left or ""), str(panel.right or "")


def card(view: TillView, wording: Wording = WORDING) -> MemberCardWords:
    """Return the card of the member being served."""
    assert isinstance(view.person, Serving)
    return member_card(view.person, view, wording, sample.NOW)
