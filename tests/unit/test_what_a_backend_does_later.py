"""Holds without an end and points that follow are said as they are; a token file stands for tokens only."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.backend_opening import kind_of, secret_name
from cashier_app.config import BackendSection
from cashier_app.demo_shop import DEMO_CONFIG
from cashier_app.keeping_secrets import credentials_of
from cashier_app.ports.capabilities import Reserving
from cashier_app.services.till_view import TillView
from cashier_app.wording.buttons import key_list
from cashier_app.wording.pay_panel import pay_panel
from cashier_app.wording.reward_panel import reward_panel
from tests.fakes.backend import CAPABILITIES
from tests.ui import sample_views as sample
from tests.unit.wording_shown import WORDING, card, lower

HOLDING = replace(CAPABILITIES, reserving=Reserving.HARD, hold=None)
FOLLOWING = replace(CAPABILITIES, earns_later=True)


def footer(view: TillView) -> str:
    return str(reward_panel(view, WORDING).footer or "")


def escape(view: TillView) -> str:
    return next(entry.sentence.full for entry in key_list(view, WORDING) if entry.key == "Esc")


def test_points_held_without_an_end_are_held_all_the_same() -> None:
    view = replace(sample.pay(), held_until=None, can=HOLDING)
    assert footer(view) == "Coins are held. Esc gives them back."
    assert escape(view) == "Back, coins are given back"


@pytest.mark.parametrize("reserving", [Reserving.SOFT, Reserving.NONE])
def test_what_is_not_held_is_not_said_to_be(reserving: Reserving) -> None:
    view = replace(sample.pay(), held_until=None, can=replace(CAPABILITIES, reserving=reserving))
    assert footer(view) == ""
    assert escape(view) == "Back"


def test_nothing_is_held_where_no_points_are_used() -> None:
    view = sample.pay()
    assert view.quote is not None
    none_used = replace(view.quote, points_used=view.quote.points_used * 0)
    assert footer(replace(view, held_until=None, quote=none_used, can=HOLDING)) == ""


def test_points_that_follow_are_not_said_to_be_there() -> None:
    paying = replace(sample.pay(), can=FOLLOWING)
    left, right = lower(pay_panel(paying, WORDING))
    assert left.startswith("Earns about ")
    assert right == ""
    done = sample.done()
    assert done.finished is not None
    assert "earned" in card(done).notes[0].sentence.full
    follows = card(replace(done, can=FOLLOWING)).notes[0].sentence.full
    assert follows == f"{WORDING.figures.signed_points(-done.finished.sale.points_used)} used"


@pytest.mark.parametrize(
    ("kind", "settings", "answers"),
    [
        ("nector", {"program": "program.toml"}, {"api key", "webhook id"}),
        ("openloyalty", {"store_code": "main", "program": "program.toml"}, {"api key"}),
        ("square", {"location": "L1"}, {"access token"}),
    ],
)
def test_a_token_file_stands_for_credentials_only(
    kind: str, settings: dict[str, str], answers: set[str], tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text("made-up-token")
    file.chmod(0o600)
    backend = BackendSection(kind=kind, settings=settings, token_file=str(file))
    config = replace(DEMO_CONFIG, backend=backend)
    kept, fields = credentials_of(config), kind_of(config).secrets
    assert {field.name for field in fields if kept.read(secret_name(kind_of(config), field))} == answers
