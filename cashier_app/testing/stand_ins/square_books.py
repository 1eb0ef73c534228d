"""The books of Square's stand-in: accounts, rewards, events and the rules they keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from uuid import uuid4

Body = dict[str, Any]


class RuleBrokenError(Exception):
    """Square refuses this.

    Args:
        status: Of HTTP.
        code: One of Square's.
        detail: For people.
        at: The field that is wrong.
    """

    def __init__(self, status: int, code: str, detail: str = "", at: str = "") -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.at = status, code, detail, at


@dataclass
class Whims:
    """What Square does not publish, to be tried both ways.

    Args:
        deleted_rewards_vanish: A deleted reward is answered 404, instead of with its status.
        second_account: The code for a phone number that has an account.
        keys_are_forgotten: No key is known any more: what is sent again is done again.
        redeems_twice: Redeeming a redeemed reward with another key is answered 409 instead of 400.
        first_codes: What is answered to the next writes instead of doing them.
        program_error: What is answered to whoever asks for the program.
        blind_searches: How many searches for accounts find nobody, as if one were made only then.
    """

    deleted_rewards_vanish: bool = False
    second_account: tuple[int, str] = (400, "BAD_REQUEST")
    keys_are_forgotten: bool = False
    redeems_twice: bool = False
    first_codes: list[tuple[int, str]] = field(default_factory=list)
    program_error: tuple[int, str] | None = None
    blind_searches: int = 0


@dataclass
class Account:
    """A loyalty account; the balance holds no locked points."""

    id: str
    phone: str
    customer_id: str
    enrolled_at: str
    balance: int = 0
    lifetime: int = 0
    deadlines: list[Body] = field(default_factory=list)


@dataclass
class Customer:
    """A profile; searchable some time after it was written."""

    id: str
    phone_number: str = ""
    given_name: str = ""
    family_name: str = ""
    email_address: str = ""
    reference_id: str = ""
    birthday: str = ""
    searchable: bool = False


@dataclass
class Reward:
    """A reward taken out."""

    id: str
    account_id: str
    tier_id: str
    points: int
    status: str
    created_at: str
    updated_at: str
    redeemed_at: str = ""


@dataclass
class Event:
    """A row of the books."""

    id: str
    type: str
    created_at: str
    account_id: str
    location_id: str
    about: Body
    source: str = "LOYALTY_API"


class SquareShop:
    """One seller. Amounts are minor units; nobody else writes meanwhile."""

    location = "LOC1"
    program_id = "prog-7f1c"

    def __init__(self, currency: str, whims: Whims) -> None:
        self.currency, self.whims = currency, whims
        self.accounts: dict[str, Account] = {}
        self.customers: dict[str, Customer] = {}
        self.rewards: dict[str, Reward] = {}
        self.events: list[Event] = []
        self.keys: dict[str, tuple[str, Body]] = {}
        self.tiers = {"tier-10pct": (100, "10% off the sale"), "tier-5off": (250, "5 off the sale")}
        self.tiers["tier-coffee"] = (50, "A free coffee")
        self.status = "ACTIVE"
        self.accrual: list[Body] = [
            {
                "accrual_type": "SPEND",
                "points": 1,
                "spend_data": {"amount_money": self.money(100), "tax_mode": "BEFORE_TAX"},
            }
        ]
        self.promotions: list[Body] = []

    def money(self, amount: int) -> Body:
        """Return an amount as Square writes it."""
        return {"amount": amount, "currency": self.currency}

    # Reads
    def program(self) -> Body:
        """Return the program."""
        tiers = [
            {
                "id": tier_id,
                "points": points,
                "name": name,
                "created_at": "2026-01-04T09:00:00Z",
                "pricing_rule_reference": {"object_id": f"RULE-{tier_id}", "catalog_version": 1767517200000},
            }
            for tier_id, (points, name) in self.tiers.items()
        ]
        return {
            "id": self.program_id,
            "status": self.status,
            "reward_tiers": tiers,
            "expiration_policy": {"expiration_duration": "P12M"},
            "terminology": {"one": "Star", "other": "Stars"},
            "location_ids": [self.location],
            "created_at": "2026-01-04T09:00:00Z",
            "updated_at": "2026-01-04T09:00:00Z",
            "accrual_rules": self.accrual,
        }

    def discount(self, tier_id: str) -> Body:
        """Return what a tier takes off."""
        percent = {"discount_type": "FIXED_PERCENTAGE", "percentage": "10.0"}
        known: dict[str, Body] = {
            "tier-10pct": percent | {"maximum_amount_money": self.money(2000)},
            "tier-5off": {"discount_type": "FIXED_AMOUNT", "amount_money": self.money(500)},
        }
        return known.get(tier_id, percent | {"percentage": "100"})

    def catalogue(self, object_id: str) -> Body:
        """Return a pricing rule with its discount and goods."""
        tier_id = object_id.removeprefix("RULE-")
        if tier_id not in self.tiers:
            raise RuleBrokenError(404, "NOT_FOUND", "Catalog object not found.")
        goods: Body = {"product_ids_any": ["COFFEE"]} if tier_id == "tier-coffee" else {"all_products": True}
        return {
            "object": {
                "type": "PRICING_RULE",
                "id": object_id,
                "version": 1767517200000,
                "pricing_rule_data": {
                    "discount_id": f"DISC-{tier_id}",
                    "match_products_id": f"GOODS-{tier_id}",
                },
            },
            "related_objects": [
                {"type": "DISCOUNT", "id": f"DISC-{tier_id}", "discount_data": self.discount(tier_id)},
                {"type": "PRODUCT_SET", "id": f"GOODS-{tier_id}", "product_set_data": goods},
            ],
        }

    def reckoned(self, order: Body, tier_ids: list[str]) -> Body:
        """Return an order with what these rewards take off it; goods of no catalogue match no goods."""
        if order["location_id"] != self.location:
            raise RuleBrokenError(404, "NOT_FOUND", "Location not found.", "order.location_id")
        total = 0
        for line in order.get("line_items", []):
            price = line["base_price_money"]
            if price["currency"] != self.currency:
                raise RuleBrokenError(400, "CURRENCY_MISMATCH", "Wrong currency.")
            total += int(Decimal(line["quantity"]) * price["amount"])
        off = 0
        for tier_id in tier_ids:
            if tier_id not in self.tiers:
                raise RuleBrokenError(404, "NOT_FOUND", "Reward tier not found.")
            if tier_id == "tier-coffee":
                continue
            rule = self.discount(tier_id)
            if "percentage" in rule:
                share = Decimal(total - off) * Decimal(rule["percentage"]) / 100
                part = int(share.quantize(Decimal(1), ROUND_HALF_EVEN))
                part = min(part, rule.get("maximum_amount_money", self.money(part))["amount"])
            else:
                part = rule["amount_money"]["amount"]
            off += min(part, total - off)
        return {
            "location_id": self.location,
            "total_money": self.money(total - off),
            "total_discount_money": self.money(off),
            "net_amounts": {"total_money": self.money(total - off), "discount_money": self.money(off)},
        }

    # Writes
    def enrol(self, phone: str, at: str) -> Account:
        """Make an account and its profile."""
        if any(one.phone == phone for one in self.accounts.values()):
            status, code = self.whims.second_account
            raise RuleBrokenError(status, code, "The phone number has a loyalty account already.")
        customer = Customer(f"CUST{len(self.customers) + 1:03d}", phone)
        self.customers[customer.id] = customer
        account = Account(str(uuid4()), phone, customer.id, at)
        self.accounts[account.id] = account
        return account

    def account(self, account_id: str) -> Account:
        """Return an account."""
        if account_id not in self.accounts:
            raise RuleBrokenError(404, "NOT_FOUND", "Loyalty account not found.")
        return self.accounts[account_id]

    def reward(self, reward_id: str) -> Reward:
        """Return a reward."""
        reward = self.rewards.get(reward_id)
        if reward is None or (reward.status == "DELETED" and self.whims.deleted_rewards_vanish):
            raise RuleBrokenError(404, "NOT_FOUND", "Loyalty reward not found.")
        return reward

    def take_out(self, account_id: str, tier_id: str) -> Reward:
        """Lock points for a reward."""
        account = self.account(account_id)
        if tier_id not in self.tiers:
            raise RuleBrokenError(404, "NOT_FOUND", "Reward tier not found.", "reward.reward_tier_id")
        points = self.tiers[tier_id][0]
        if self.status != "ACTIVE" or account.balance < points:
            raise RuleBrokenError(400, "BAD_REQUEST", "Insufficient points.", "reward_tier_id")
        account.balance -= points
        now = now_text()
        reward = Reward(str(uuid4()), account_id, tier_id, points, "ISSUED", now, now)
        self.rewards[reward.id] = reward
        self._book("CREATE_REWARD", account_id, {"reward_id": reward.id, "points": points})
        return reward

    def redeem(self, reward_id: str, location_id: str) -> Event:
        """Use a reward."""
        reward = self.reward(reward_id)
        if location_id != self.location:
            raise RuleBrokenError(400, "INVALID_VALUE", "Unknown location.", "location_id")
        if reward.status != "ISSUED":
            status, code = (409, "CONFLICT") if self.whims.redeems_twice else (400, "BAD_REQUEST")
            raise RuleBrokenError(status, code, f"The reward is {reward.status}.")
        reward.status = "REDEEMED"
        reward.updated_at = reward.redeemed_at = now_text()
        return self._book("REDEEM_REWARD", reward.account_id, {"reward_id": reward.id})

    def give_up(self, reward_id: str) -> None:
        """Delete a reward; its points return."""
        reward = self.reward(reward_id)
        if reward.status == "DELETED":
            raise RuleBrokenError(404, "NOT_FOUND", "Loyalty reward not found.")
        if reward.status != "ISSUED":
            raise RuleBrokenError(400, "BAD_REQUEST", "A redeemed reward cannot be deleted.")
        reward.status, reward.updated_at = "DELETED", now_text()
        self.accounts[reward.account_id].balance += reward.points
        self._book("DELETE_REWARD", reward.account_id, {"reward_id": reward.id, "points": reward.points})

    def accumulate(self, account_id: str, points: int, location_id: str) -> Event:
        """Give points for a purchase."""
        account = self.account(account_id)
        if location_id != self.location:
            raise RuleBrokenError(400, "INVALID_VALUE", "Unknown location.", "location_id")
        if self.status != "ACTIVE":
            raise RuleBrokenError(400, "BAD_REQUEST", "The loyalty program is inactive.")
        account.balance += points
        account.lifetime += points
        return self._book("ACCUMULATE_POINTS", account_id, {"points": points})

    def adjust(self, account_id: str, points: int, reason: str | None, *, below_zero: bool) -> Event:
        """Correct a balance."""
        account = self.account(account_id)
        if points == 0:
            raise RuleBrokenError(400, "INVALID_VALUE", "Points must not be zero.", "adjust_points.points")
        if points < 0 and account.balance + points < 0 and not below_zero:
            raise RuleBrokenError(400, "BAD_REQUEST", "Not enough points.", "adjust_points.points")
        account.balance += points
        return self._book(
            "ADJUST_POINTS", account_id, {"points": points} | ({"reason": reason} if reason else {})
        )

    def _book(self, kind: str, account_id: str, about: Body) -> Event:
        about = {"loyalty_program_id": self.program_id, **about}
        event = Event(str(uuid4()), kind, now_text(), account_id, self.location, about)
        self.events.append(event)
        return event


def now_text() -> str:
    """Return this moment as Square writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def account_body(account: Account, program_id: str) -> Body:
    """Return an account as Square writes it."""
    body: Body = {
        "id": account.id,
        "program_id": program_id,
        "balance": account.balance,
        "lifetime_points": account.lifetime,
        "customer_id": account.customer_id,
        "enrolled_at": account.enrolled_at,
        "created_at": account.enrolled_at,
        "updated_at": account.enrolled_at,
        "mapping": {"id": f"map-{account.customer_id}", "phone_number": account.phone},
    }
    return body | ({"expiring_point_deadlines": account.deadlines} if account.deadlines else {})


def customer_body(customer: Customer) -> Body:
    """Return a profile as Square writes it: empty fields are left out."""
    names = ("given_name", "family_name", "email_address", "phone_number", "reference_id", "birthday")
    told = {name: getattr(customer, name) for name in names if getattr(customer, name)}
    return {"id": customer.id, **told, "preferences": {"email_unsubscribed": False}, "version": 3}


def reward_body(reward: Reward) -> Body:
    """Return a reward as Square writes it."""
    body: Body = {
        "id": reward.id,
        "status": reward.status,
        "loyalty_account_id": reward.account_id,
        "reward_tier_id": reward.tier_id,
        "points": reward.points,
        "created_at": reward.created_at,
        "updated_at": reward.updated_at,
    }
    return body | ({"redeemed_at": reward.redeemed_at} if reward.redeemed_at else {})


def event_body(event: Event) -> Body:
    """Return a row of the books as Square writes it."""
    return {
        "id": event.id,
        "type": event.type,
        "created_at": event.created_at,
        "loyalty_account_id": event.account_id,
        "location_id": event.location_id,
        "source": event.source,
        event.type.lower(): event.about,
    }
