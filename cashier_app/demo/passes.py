"""What the practice shop's customers hold in their hands: passes, codes and vouchers, from the seed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from cashier_app.demo.codes import FIXED_PREFIX, rotating_code
from cashier_app.demo.members import Seed, SeedMember, SeedVoucher, load_seed_file
from cashier_app.demo.shop import Shop, load_shop
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeMaximum
from cashier_app.domain.identifier import CLOCK_ERROR
from cashier_app.domain.member import Account, Member
from cashier_app.domain.money import Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.points import PointName, from_units
from cashier_app.domain.practice_pass import PassHolder, Redeems
from cashier_app.domain.quote import quote
from cashier_app.domain.standing import standing

FOREIGN_GOODS = "9521234567899"
"""An EAN-13 as it stands on goods, of the numbers GS1 keeps for examples."""
_LARGE_BILL = 100_000  # main units: nobody's bill in a lesson is higher
_WELL_OVER = timedelta(minutes=1)  # beyond the last minute, in which the backend decides


class SheetVoucher(Struct, frozen=True):
    """A voucher of the practice shop. Days are of the shop; `owner` is a name, empty for anybody's."""

    code: str
    gives: str
    owner: str = ""
    first_day: date | None = None
    last_day: date | None = None
    is_good: bool = True


class PassCodes:
    """Makes the codes of the practice shop's members. From any thread.

    Raises:
        KeyError: Everywhere, for a member the shop does not have.
    """

    def __init__(self, shop: Shop | None = None, seed: Seed | None = None) -> None:
        self._shop = shop or load_shop()
        seed = seed or load_seed_file()
        self._tokens = {member.member_id: member.token for member in seed.members}

    @property
    def life_seconds(self) -> int:
        """Return how long a rotating code may be used."""
        return self._shop.code_life_seconds

    @property
    def point_name(self) -> PointName:
        """Return what the shop calls its points."""
        return self._shop.program.point_name

    def fixed(self, member_id: str) -> str:
        """Return the code that never changes."""
        return FIXED_PREFIX + self._tokens[member_id]

    def rotating(self, member_id: str, made_at: datetime) -> str:
        """Return the code a phone makes at a time, UTC, to the second."""
        return rotating_code(self._tokens[member_id], made_at, self._shop.code_key)

    def stale_at(self, now: datetime) -> datetime:
        """Return when a code was made that no till takes any more at `now`, UTC."""
        return now - timedelta(seconds=self.life_seconds) - CLOCK_ERROR - _WELL_OVER


def pass_holders(shop: Shop | None = None, seed: Seed | None = None) -> tuple[PassHolder, ...]:
    """Return all members as a lesson finds them, in the order of the seed."""
    shop, seed = shop or load_shop(), seed or load_seed_file()
    return tuple(_member(one, shop, seed.members) for one in seed.members)


def sheet_vouchers(
    today: date, shop: Shop | None = None, seed: Seed | None = None
) -> tuple[SheetVoucher, ...]:
    """Return all vouchers with their days, counted from the day the books were opened: `today`."""
    shop, seed = shop or load_shop(), seed or load_seed_file()
    names = {member.member_id: member.name for member in seed.members}
    return tuple(_voucher(one, names, today) for one in seed.vouchers)


def _voucher(one: SeedVoucher, names: dict[str, str], today: date) -> SheetVoucher:
    first, last = (None if day is None else today + timedelta(days=day) for day in (one.first, one.last))
    good = (first is None or first <= today) and (last is None or last >= today)
    return SheetVoucher(
        one.code, str(one.reward.get("name", "")), names.get(one.member_id, ""), first, last, good
    )


def _member(one: SeedMember, shop: Shop, others: list[SeedMember]) -> PassHolder:
    scale, currency = shop.program.point_scale, shop.program.currency
    now = datetime.now(UTC)
    spent = Decimal(one.spent).scaleb(-currency.decimals)
    account = Account(Decimal(one.coins), now, qualifying=spent)
    held = standing(shop.program, account, now.date())
    level = next((level for level in shop.program.tiers.levels if held and level.name == held.name), None)
    redeems, missing = _redeems(one, account, shop, now)
    return PassHolder(
        member_id=one.member_id,
        name=one.name,
        phone=one.phone,
        number=one.number,
        points=from_units(one.coins * 10**scale, scale),
        redeems=redeems,
        missing=missing,
        tier=held.name if held else "",
        lapsing=Decimal(one.lapsing),
        lapsed=Decimal(one.lapsed),
        store_credit=None if one.store_credit is None else Money(one.store_credit, currency),
        sharing=tuple(
            other.name for other in others if other.phone == one.phone and other.member_id != one.member_id
        ),
        multiplier=level.multiplier if level else Decimal(1),
    )


def _redeems(one: SeedMember, account: Account, shop: Shop, now: datetime) -> tuple[Redeems, Decimal]:
    """Ask the shop's own rules, on a bill so large that it limits nothing."""
    nothing = Decimal(0)
    if one.blocked is not None:
        return Redeems.NOTHING_BLOCKED, nothing
    if not one.coins:
        return Redeems.NOTHING_YET, nothing
    currency = shop.program.currency
    bill = bill_of(Money(_LARGE_BILL * 10**currency.decimals, currency))
    asked = quote(
        shop.program,
        Member(one.member_id, one.name),
        account,
        bill,
        TakeMaximum(),
        Occasion(shop.local(now), shop.store),
    )
    if asked.refusal is not None:
        start = min((rule.start_points for rule in shop.program.redemption), default=nothing)
        return Redeems.TOO_FEW, max(Decimal(start) - account.balance, nothing)
    if asked.points_used < account.balance:
        return Redeems.MORE_THAN_A_BILL_TAKES, nothing
    return Redeems.ENOUGH, nothing
