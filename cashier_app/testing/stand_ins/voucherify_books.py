"""The books of the Voucherify stand-in: cards, holds, orders, redemptions, and movements of points."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from cashier_app.testing.stand_ins.voucherify_vouchers import DeclinedError, OwnVoucher

Body = dict[str, Any]
CAMPAIGN = "camp_CornerClub0001"
CAMPAIGN_NAME = "Corner Club"
COIN = "rew_PayWithPoints01"
TOTE = "rew_ToteBag00000001"
COUPON = "rew_Coupon0000000001"
TOTE_POINTS = 150
POINTS_RATIO = 10
EARNING_RULE = "ern_EveryUnit000001"
TIERS = (("ltr_Bronze00000001", "Bronze", 0), ("ltr_Silver00000001", "Silver", 500))


@dataclass
class Whims:
    """What Voucherify does not publish, or publishes twice over; to be tried both ways.

    Args:
        locks_cards: Sessions can be established for loyalty cards, as the guide says and a schema denies.
        balance_hides_locks: The balance shown is without the points held.
        redeeming_pays: An order a redemption was made on is paid at once, whatever status it was sent with.
        takes_earned_back: A cancelled order's earned points are taken back by a rule of the program.
        coin_per_unit: Smallest units one of the reward's main unit is worth; None for the currency's own.
        removal_answers_positive: The removal of 100 points is answered with 100, as in the vendor's sample.
        next_errors: Answered to the next writes instead of doing them: status and key.
    """

    locks_cards: bool = True
    balance_hides_locks: bool = False
    redeeming_pays: bool = False
    takes_earned_back: bool = False
    coin_per_unit: int | None = None
    removal_answers_positive: bool = False
    next_errors: list[tuple[int, str]] = field(default_factory=list)

    def turn(self, name: str, *, on: bool) -> None:
        """Turn a whim that is one or not."""
        attribute = name.replace(" ", "_")
        if getattr(self, attribute, None) not in {True, False}:
            raise ValueError(f"no switch {name!r}")
        setattr(self, attribute, on)


@dataclass
class Card:
    """A loyalty card."""

    id: str
    code: str
    holder: str
    balance: int
    ever: int
    active: bool = True
    campaign: str = CAMPAIGN
    locks: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    movements: list[Body] = field(default_factory=list)
    moves: int = 0

    def held(self, besides: str = "") -> int:
        """Return points held by sessions other than this one."""
        now = datetime.now(UTC)
        return sum(points for key, (points, ends) in self.locks.items() if ends > now and key != besides)

    def free(self, session: str = "") -> int:
        """Return points this session, or nobody's, may use."""
        return self.balance - self.held(session)


@dataclass
class Reward:
    """What the points of a card are used for."""

    id: str
    points: int
    discount: int


class VoucherifyProject:
    """One project with one campaign.

    Args:
        whims: May change at any time.
    """

    per_unit = 100
    """Smallest units of the project's implied currency in one main unit."""

    source_is = "phone"
    """What the shop uses as customers' `source_id`."""

    def __init__(self, whims: Whims) -> None:
        self.whims = whims
        self.exchange_ratio: Decimal = Decimal(1)
        self.cards: dict[str, Card] = {}
        self.vouchers: dict[str, OwnVoucher] = {}
        self.uses: dict[str, tuple[OwnVoucher, Body]] = {}
        self.customers: dict[str, Body] = {}
        self.orders: dict[str, Body] = {}
        self.redemptions: dict[str, Body] = {}
        self.later: list[tuple[str, Card, Body, datetime]] = []
        self._count = 0

    def next_id(self, prefix: str) -> str:
        """Return an id nobody has."""
        self._count += 1
        return f"{prefix}_{self._count:012d}"

    # Who.
    def add_customer(self, told: Body) -> Body:
        """Create a customer, or update the one of this `source_id`."""
        source = told.get("source_id")
        known = next((one for one in self.customers.values() if source and one["source_id"] == source), None)
        if known is None:
            known = {
                "id": self.next_id("cust"),
                "source_id": source,
                "object": "customer",
                "created_at": now_text(),
                "metadata": {},
            }
            self.customers[known["id"]] = known
        known.update({name: told[name] for name in ("name", "email", "phone") if name in told})
        return known

    def add_card(self, holder: str, code: str = "", points: int = 0) -> Card:
        """Give a customer a card."""
        card_id = self.next_id("v")
        card = Card(card_id, code or f"LC-{card_id[-6:]}", holder, points, points)
        self.cards[card_id] = card
        return card

    def customer(self, name: str) -> Body:
        """Return a customer by id or `source_id`."""
        for one in self.customers.values():
            if name in {one["id"], one["source_id"]}:
                return one
        raise DeclinedError(404, "not_found", "Resource not found")

    def card(self, name: str) -> Card:
        """Return a card by id or code."""
        for one in self.cards.values():
            if name in {one.id, one.code}:
                return one
        raise DeclinedError(404, "not_found", "Resource not found")

    # What for.
    def reward(self, card: Card, asked: Body, amount: int, session: str) -> Reward:
        """Return what a redeemable asks for on an order of this amount, or why not."""
        named = asked.get("reward") or {}
        if not card.active:
            raise DeclinedError(400, "voucher_disabled", "Voucher is disabled")
        if named.get("id") == TOTE:
            points, discount = TOTE_POINTS, 0
        elif named.get("id") == COIN:
            points = named.get("points") or 0
            if points <= 0:
                raise DeclinedError(400, "missing_points", "Points are missing")
            per_unit = self.whims.coin_per_unit or self.per_unit
            discount = min(int(points * self.exchange_ratio * per_unit / POINTS_RATIO), amount)
        else:
            raise DeclinedError(404, "not_found", "Cannot find reward")
        if points > card.free(session):
            raise DeclinedError(400, "loyalty_card_points_exceeded", "Too many points")
        return Reward(named["id"], points, discount)

    def lock(self, card: Card, key: str, points: int, ends: datetime) -> None:
        """Hold points; a key that is in use holds anew."""
        if key not in card.locks:
            card.moves += 1
        card.locks[key] = (points, ends)

    def end_holds(self) -> None:
        """Let the time of every session be over."""
        for card in self.cards.values():
            card.locks.clear()

    def release(self, card: Card, key: str) -> None:
        """Let points go."""
        if key not in card.locks:
            raise DeclinedError(404, "not_found", "Session not found")
        del card.locks[key]

    # Orders.
    def put_order(self, told: Body) -> Body:
        """Create an order, or update the one of this `source_id`."""
        source = told.get("source_id") or self.next_id("source")
        order = self.orders.get(source)
        if order is None:
            order = {
                "id": self.next_id("ord"),
                "source_id": source,
                "status": "CREATED",
                "amount": 0,
                "object": "order",
                "created_at": now_text(),
                "redemptions": {},
                "discount": 0,
            }
            self.orders[source] = order
        before = order["status"]
        order.update({name: told[name] for name in ("amount", "status") if told.get(name) is not None})
        if (whose := told.get("customer")) is not None:
            name = whose.get("id") or whose.get("source_id")
            order["customer_id"] = self.customer(name)["id"]
        order["updated_at"] = now_text()
        self._order_became(order, before)
        return order

    def order(self, name: str) -> Body:
        """Return an order by id or `source_id`."""
        for one in self.orders.values():
            if name in {one["id"], one["source_id"]}:
                return one
        raise DeclinedError(404, "not_found", "Resource not found")

    def _order_became(self, order: Body, before: str) -> None:
        after = order["status"]
        card = next((one for one in self.cards.values() if one.holder == order.get("customer_id")), None)
        if card is None or before == after:
            return
        if after == "PAID":
            points = order["amount"] // self.per_unit
            if points:
                self._do_later("POINTS_ACCRUAL", card, {"points": points, "order": order})
        if after == "CANCELED" and self.whims.takes_earned_back:
            earned = sum(
                one["details"]["balance"]["points"]
                for one in card.movements
                if one["type"] == "POINTS_ACCRUAL" and one["details"]["order"]["id"] == order["id"]
            )
            if earned:
                self.move(card, "POINTS_REMOVAL", -earned, {"order": _mark(order)})

    # Points.
    def redeem(self, card: Card, asked: Body, told: Body, session: str) -> Body:
        """Use points on an order; nothing keeps the same request from doing so again."""
        if self.orders.get(told.get("source_id", ""), {}).get("status") == "CANCELED":
            raise DeclinedError(400, "order_rules_violated", "The order is cancelled")
        reward = self.reward(card, asked, told.get("amount") or 0, session)
        card.locks.pop(session, None)
        status = "PAID" if self.whims.redeeming_pays else told.get("status", "PAID")
        order = self.put_order(told | {"status": status})
        order["discount"] += reward.discount
        redemption: Body = {
            "id": self.next_id("r"),
            "order": order,
            "card": card,
            "points": reward.points,
            "reward": reward.id,
            "rollback_id": None,
            "holder": card.holder,
        }
        self.redemptions[redemption["id"]] = redemption
        order["redemptions"][redemption["id"]] = {
            "date": now_text(),
            "related_object_type": "voucher",
            "related_object_id": card.id,
            "related_object_parent_id": card.campaign,
        }
        more = {"redemption": {"id": redemption["id"]}, "order": _mark(order)}
        self.move(card, "POINTS_REDEMPTION", -reward.points, more)
        return redemption

    def use_voucher(self, voucher: OwnVoucher, told: Body) -> Body:
        """Use a voucher up on an order; return the order and the redemption's id."""
        voucher.refuse_unless_good(told.get("amount") or 0)
        voucher.used = True
        order = self.put_order(told | {"status": told.get("status", "PAID")})
        order["discount"] += min(voucher.off, order["amount"])
        redemption_id = self.next_id("r")
        order["redemptions"][redemption_id] = {
            "date": now_text(),
            "related_object_type": "voucher",
            "related_object_id": voucher.id,
            "related_object_parent_id": None,
        }
        self.uses[redemption_id] = (voucher, order)
        return {"id": redemption_id, "order": order}

    def _give_voucher_back(self, redemption_id: str) -> Body:
        voucher, order = self.uses[redemption_id]
        mark = order["redemptions"][redemption_id]
        if "rollback_id" in mark:
            raise DeclinedError(400, "already_rolled_back", "Redemption has been already rolled back")
        mark |= {"rollback_id": self.next_id("rr"), "rollback_date": now_text()}
        voucher.used, order["discount"], before = False, 0, order["status"]
        order["status"] = "CANCELED"
        self._order_became(order, before)
        holder = order.get("customer_id")
        return {
            "id": redemption_id,
            "rollback_id": mark["rollback_id"],
            "points": 0,
            "order": order,
            "holder": holder,
        }

    def roll_back(self, redemption_id: str) -> Body:
        """Give the points of a redemption back, and cancel its order."""
        redemption = self.redemptions.get(redemption_id)
        if redemption is None and redemption_id in self.uses:
            return self._give_voucher_back(redemption_id)
        if redemption is None:
            raise DeclinedError(404, "not_found", "Redemption not found")
        if redemption["rollback_id"] is not None:
            raise DeclinedError(400, "already_rolled_back", "Redemption has been already rolled back")
        order, card = redemption["order"], redemption["card"]
        redemption["rollback_id"] = self.next_id("rr")
        order["redemptions"][redemption_id] |= {
            "rollback_id": redemption["rollback_id"],
            "rollback_date": now_text(),
        }
        order["discount"] = 0
        more = {"redemption": {"id": redemption_id}, "rollback": {"id": redemption["rollback_id"]}}
        self.move(card, "POINTS_REFUND", redemption["points"], more)
        before = order["status"]
        order["status"] = "CANCELED"
        self._order_became(order, before)
        return redemption

    def change(self, card: Card, points: int, source_id: str | None, reason: str | None) -> int:
        """Change a balance in the background; return what it will be. The same again is done again."""
        waiting: int = sum(body["points"] for _, whose, body, _ in self.later if whose is card)
        if points < 0 and card.free() + waiting + points < 0:
            raise DeclinedError(400, "loyalty_card_points_exceeded", "Not enough points")
        kind = "POINTS_ADDITION" if points > 0 else "POINTS_REMOVAL"
        self._do_later(kind, card, {"points": points, "source_id": source_id, "reason": reason})
        return card.balance + waiting + points

    def settle(self, older_than: timedelta = timedelta(0)) -> None:
        """Book what happens in the background, as far as it was to be done so long ago."""
        now = datetime.now(UTC)
        due = [one for one in self.later if now - one[3] >= older_than]
        self.later = [one for one in self.later if now - one[3] < older_than]
        for kind, card, body, _ in due:
            order = body.get("order")
            if order is not None and order["status"] == "CANCELED":
                continue
            more = {} if order is None else {"order": _mark(order), "earning_rule": {"id": EARNING_RULE}}
            self.move(card, kind, body["points"], more, body.get("source_id"), body.get("reason"))

    def _do_later(self, kind: str, card: Card, body: Body) -> None:
        self.later.append((kind, card, body, datetime.now(UTC)))

    def move(
        self,
        card: Card,
        kind: str,
        points: int,
        more: Body,
        source_id: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Book a movement."""
        card.balance += points
        card.ever += max(points, 0)
        card.moves += 1
        balance = {
            "type": "loyalty_card",
            "total": card.ever,
            "object": "balance",
            "points": points,
            "balance": card.balance,
            "related_object": {"id": card.id, "type": "voucher"},
        }
        card.movements.insert(
            0,
            {
                "id": self.next_id("vtx"),
                "source_id": source_id,
                "voucher_id": card.id,
                "campaign_id": card.campaign,
                "source": "API",
                "reason": reason,
                "type": kind,
                "details": {"balance": balance, **more},
                "related_transaction_id": None,
                "created_at": now_text(),
            },
        )


def now_text() -> str:
    """Return the time as Voucherify writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def ends_at(ttl: float | None, unit: str | None) -> datetime:
    """Return when a session ends; seven days where nothing is said."""
    seconds = {"SECONDS": 1, "MINUTES": 60, "HOURS": 3600, "DAYS": 86400}.get(unit or "DAYS", 1)
    return datetime.now(UTC) + timedelta(seconds=(7 if ttl is None else float(ttl)) * seconds)


def _mark(order: Body) -> Body:
    return {"id": order["id"], "source_id": order["source_id"]}
