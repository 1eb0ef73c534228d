"""Square, exactly once: whatever is lost, forgotten or repeated, and in whatever currency."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app.backend_opening import rules_of
from cashier_app.backends.square import writes
from cashier_app.backends.square.adapter import SquareBackend
from cashier_app.backends.square.kind import KIND
from cashier_app.backends.square.values import square_key
from cashier_app.config import read_config
from cashier_app.domain.choice import TakeNothing, TakeReward
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import AlreadyApplied, MemberFound, NotApplied, Refused, Unknown
from cashier_app.domain.probe import Found, Right
from cashier_app.domain.sale import Effect, EffectKind, effect_key
from cashier_app.errors import KnownError
from cashier_app.ports.capabilities import Quoting
from cashier_app.ports.clock import SystemClock
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from tests.contract.square_here import DECIMALS, SquareHere

# openapi-core does not try bearer tokens given out by OAuth; the stand-in does.
pytestmark = pytest.mark.filterwarnings("ignore:Unsupported scheme type")
BILL = Money(5000, Currency("USD", 2))
LOST = StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=True)


@pytest.fixture(scope="module")
def running() -> Iterator[SquareHere]:
    with SquareHere() as here:
        yield here


@pytest.fixture
def here(running: SquareHere) -> Iterator[SquareHere]:
    running.begin()
    yield running
    running.close_all()
    assert running.stand_in.failures == []


# Keys.
def test_keys_are_short_and_all_different() -> None:
    sales = [str(uuid7()) for _ in range(200)]
    keys = {
        effect_key(sale, kind, count) for sale in sales for kind in EffectKind for count in (1, 2, 999, 1000)
    }
    short = {square_key(key) for key in keys}
    assert len(short) == len(keys)
    assert max(len(key) for key in short) <= 45
    assert square_key(effect_key(sales[0], EffectKind.CAPTURE)) == sales[0].replace("-", "") + "-capture-1"


def whole_sale(here: SquareHere) -> tuple[MemberFound, PretendTill, list[Effect]]:
    """Return everything Square is told of a sale with a reward that comes back later."""
    backend = here.open()
    found, till = here.dana(300, backend), PretendTill(backend)
    ticket = till.quoted(found, BILL)
    planned = till.planned(ticket)
    returned = till.returned(ticket, planned, planned[-1].points)
    return found, till, [till.hold(ticket), *planned, *backend.plan_refund(returned)]


def test_the_plan_of_a_sale_and_its_return(here: SquareHere) -> None:
    _, _, effects = whole_sale(here)
    assert [effect.kind for effect in effects] == [
        EffectKind.RESERVE,
        EffectKind.CAPTURE,
        EffectKind.SALE,
        EffectKind.CLAW_BACK,
        EffectKind.RESTORE,
    ]


@pytest.mark.parametrize("forgotten", [False, True], ids=["keys kept", "keys forgotten"])
@pytest.mark.parametrize("lost", range(5))
def test_an_answer_lost_and_a_till_dead_change_nothing(
    here: SquareHere, lost: int, *, forgotten: bool
) -> None:
    """Each effect in turn takes hold, its answer is lost, and the till dies: the next one goes on."""
    found, till, effects = whole_sale(here)
    here.stand_in.whims.keys_are_forgotten = forgotten
    for place, effect in enumerate(effects):
        if place == lost:
            here.staged.append(LOST)
            began = datetime.now(UTC)
            assert isinstance(till.send(effect), Unknown)
            till.backend = here.open()
            assert isinstance(till.look_up(replace(effect, in_doubt_since=began)), AlreadyApplied)
        else:
            till.post(effect)
    books = here.stand_in.books(found.member.member_id)
    assert (books.spendable, books.held, books.moves) == (300, 0, len(effects))
    keys = here.stand_in.shop.keys
    assert max(len(key) for key in keys) <= 45


@pytest.mark.parametrize("place", range(5))
def test_what_did_not_arrive_is_not_found_and_sent_once(here: SquareHere, place: int) -> None:
    found, till, effects = whole_sale(here)
    for count, effect in enumerate(effects):
        if count == place:
            here.staged.append(replace(LOST, takes_hold=False))
            assert isinstance(till.send(effect), Unknown)
            till.backend = here.open()
            assert till.look_up(effect) == NotApplied()
        till.post(effect)
        till.backend = here.open()
    assert here.stand_in.books(found.member.member_id).moves == len(effects)


def doubled(here: SquareHere, *, looked_up: bool) -> int:
    """Lose every answer once, go on with or without a look; return how many moves are too many."""
    found, till, effects = whole_sale(here)
    for effect in effects:
        here.staged.append(LOST)
        till.send(effect)
        if not (looked_up and isinstance(till.look_up(effect), AlreadyApplied)):
            till.send(effect)
    return here.stand_in.books(found.member.member_id).moves - len(effects)


def test_a_look_up_left_out_is_caught_once_keys_are_forgotten(here: SquareHere) -> None:
    assert doubled(here, looked_up=False) == 0, "keys keep a repeat away"
    here.begin()
    here.stand_in.whims.keys_are_forgotten = True
    assert doubled(here, looked_up=True) == 0
    here.begin()
    here.stand_in.whims.keys_are_forgotten = True
    assert doubled(here, looked_up=False) > 0, "the control must double"


def test_a_key_made_anew_at_each_try_is_caught(here: SquareHere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writes, "square_key", lambda _key: uuid7().hex)
    assert doubled(here, looked_up=False) > 0, "the control must double"


# Known by what fits: neither too little nor too much is believed.
def test_an_earlier_sale_of_the_same_size_is_not_taken_for_this_one(here: SquareHere) -> None:
    """Two sales waited offline; the first was posted a while ago, the second never arrived, the till died."""
    backend = here.open()
    found, till = here.dana(0, backend), PretendTill(backend)
    first, second = (till.planned(till.quoted(found, BILL, TakeNothing()))[0] for _ in range(2))
    till.post(first)
    assert till.look_up(second) == NotApplied(), "this till knows whose it is"
    book = here.stand_in.shop.events[0]
    book.created_at = stamp(datetime.now(UTC) - timedelta(seconds=10))
    restarted = PretendTill(here.open())
    waiting = replace(second, at=second.at - timedelta(minutes=5), in_doubt_since=datetime.now(UTC))
    assert restarted.look_up(waiting) == NotApplied(), "it was booked before the first attempt"


def test_two_that_fit_are_neither(here: SquareHere) -> None:
    backend = here.open()
    found, till = here.dana(0, backend), PretendTill(backend)
    sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
    for _ in range(2):
        here.stand_in.shop.accumulate(found.member.member_id, int(sale.points), "LOC1")
    assert isinstance(till.look_up(sale), Unknown)


@pytest.mark.parametrize("change", ["points", "place", "source", "member"])
def test_what_does_not_fit_is_not_found(here: SquareHere, change: str) -> None:
    backend = here.open()
    found, till = here.dana(0, backend), PretendTill(backend)
    sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
    event = here.stand_in.shop.accumulate(found.member.member_id, int(sale.points), "LOC1")
    match change:
        case "points":
            event.about["points"] = int(sale.points) + 1
        case "place":
            event.location_id = "LOC2"
        case "source":
            event.source = "SQUARE"
        case _:
            event.account_id = "somebody-else"
    assert till.look_up(sale) == NotApplied()


def test_a_hold_of_another_till_is_not_taken_for_ours(here: SquareHere) -> None:
    backend = here.open()
    found, till = here.dana(1000, backend), PretendTill(backend)
    ours, other = (till.hold(till.quoted(found, BILL)) for _ in range(2))
    theirs = till.post(other)
    assert till.look_up(ours) == NotApplied()
    here.staged.append(LOST)
    assert isinstance(till.send(ours), Unknown)
    settled = till.look_up(ours)
    assert isinstance(settled, AlreadyApplied)
    assert settled.booked.reference != theirs.reference


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_till_whose_clock_is_wrong_finds_what_it_did(here: SquareHere, hours: int) -> None:
    wrong = timedelta(hours=hours)
    backend = here.open(clock=Clock(wrong))
    found, till = here.dana(0, backend), PretendTill(backend)
    sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
    sale = replace(sale, at=sale.at + wrong)
    here.staged.append(LOST)
    assert isinstance(till.send(sale), Unknown)
    for again in (backend, here.open(clock=Clock(wrong))):
        till.backend = again
        assert isinstance(till.look_up(sale), AlreadyApplied)
        assert till.look_up(replace(sale, in_doubt_since=sale.at + timedelta(minutes=5))) == NotApplied()


class Clock(SystemClock):
    """A clock that is wrong by so much."""

    def __init__(self, wrong: timedelta) -> None:
        self.wrong = wrong

    def now(self) -> datetime:
        return super().now() + self.wrong


def test_a_correction_is_found_on_a_later_page(here: SquareHere) -> None:
    _, till, effects = whole_sale(here)
    for effect in effects[:3]:
        till.post(effect)
    back = effects[3]
    till.post(back)
    for _ in range(65):
        here.stand_in.shop.adjust(back.member_id, 1, "for fun", below_zero=True)
    assert isinstance(till.look_up(back), AlreadyApplied)


def test_more_rows_than_can_be_read_leave_it_in_doubt(here: SquareHere) -> None:
    _, till, effects = whole_sale(here)
    for _ in range(310):
        here.stand_in.shop.adjust(effects[3].member_id, 1, "for fun", below_zero=True)
    assert isinstance(till.look_up(effects[3]), Unknown)


# Members met offline: whom and how much is worked out when the sale is sent.
@pytest.mark.parametrize("shown", ["phone:+14155550142", "number:CARD-000187", "wallet:CARD-000187"])
def test_a_sale_of_a_member_met_offline(here: SquareHere, shown: str) -> None:
    backend = here.open()
    found, till = here.dana(0, backend), PretendTill(backend)
    sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
    unseen = replace(sale, member_id="", points=Decimal(0), identified_by=shown)
    assert backend.plan([unseen]) == (unseen,)
    assert till.look_up(unseen) == NotApplied()
    booked = till.post(unseen)
    assert booked.points == 50
    till.backend = here.open()
    assert isinstance(till.look_up(unseen), AlreadyApplied)
    assert isinstance(till.send(replace(unseen, identified_by="phone:+14155550000")), Refused)
    assert here.stand_in.books(found.member.member_id).spendable == 50


# Money and points in odd currencies.
@pytest.mark.parametrize("code", DECIMALS)
def test_a_sale_in_any_currency(here: SquareHere, code: str) -> None:
    here.begin(code)
    backend = here.open()
    found, till = here.dana(300, backend), PretendTill(backend)
    bill = Money(5055, Currency(code, DECIMALS[code]))
    ticket = till.quoted(found, bill, TakeReward("tier-10pct"))
    assert ticket.quote is not None
    assert (ticket.quote.discount.minor, ticket.points) == (506, 100), "505.5 to the even one"
    ticket = till.held(ticket)
    for effect in till.planned(ticket):
        till.post(effect)
    earned = (5055 - 506) // 100
    assert here.stand_in.books(found.member.member_id).spendable == 200 + earned
    assert ticket.quote.earns == earned


@pytest.mark.parametrize("code", DECIMALS)
def test_the_till_and_square_reckon_the_same(here: SquareHere, code: str) -> None:
    here.begin(code)
    local, asked = here.open(offer_issued=False), here.open(orders=True)
    found = here.dana(1000, local)
    for minor in (1, 4, 5, 15, 25, 35, 45, 95, 105, 499, 501, 9995, 10005, 20005, 99999, 123455):
        bill = Money(minor, Currency(code, DECIMALS[code]))
        for reward in ("tier-10pct", "tier-5off"):
            mine, theirs = (
                PretendTill(backend).quoted(found, bill, TakeReward(reward)).quote
                for backend in (local, asked)
            )
            assert mine is not None
            assert theirs is not None
            assert (mine.discount, mine.points_used, mine.earns) == (
                theirs.discount,
                theirs.points_used,
                theirs.earns,
            ), (minor, reward)


# Trying it out.
def rights(backend: SquareBackend) -> dict[Right, Found]:
    return {one.right: one.found for one in backend.probe().rights}


def test_trying_it_out(here: SquareHere) -> None:
    assert set(rights(here.open()).values()) == {Found.WORKS}
    assert rights(here.open(orders=True))[Right.SALES] is Found.WORKS
    assert rights(here.open(location="LOC9"))[Right.LOCATION] is Found.NOT_THERE
    here.stand_in.shop.promotions.append(
        {
            "name": "Double stars",
            "incentive": {"type": "POINTS_MULTIPLIER", "points_multiplier_data": {"multiplier": "2.000"}},
            "available_time": {"time_periods": ["BEGIN:VEVENT"]},
        }
    )
    assert any("Promotions" in remark for remark in here.open().probe().remarks)


def test_who_quotes_is_a_setting(here: SquareHere) -> None:
    assert here.open().capabilities.quoting is Quoting.VENDOR
    assert here.open(orders=True, offer_issued=False).capabilities.quoting is Quoting.VENDOR
    assert here.open(offer_issued=False).capabilities.quoting is Quoting.LOCAL


def test_the_example_can_be_opened() -> None:
    config = read_config(Path(__file__).parents[2] / "examples" / "square-sandbox.toml")
    assert rules_of(config).capabilities.hold is None
    wrong = replace(config.backend, settings={"location": "../LOC1"})
    with pytest.raises(KnownError, match="location"):
        rules_of(replace(config, backend=wrong))


def test_importing_the_kind_imports_no_client() -> None:
    code = "import sys, cashier_app.backends.square.kind; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert KIND.name == "square"


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
