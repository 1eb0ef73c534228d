"""Between Nector's answers and the till's values; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.backends.amounts import main_units, of_main_units
from cashier_app.backends.contract_messages import read_answer
from cashier_app.backends.contract_values import plain_name
from cashier_app.backends.nector.kind import NectorSettings
from cashier_app.backends.nector.messages import (
    ErrorAnswer,
    Lead,
    ListAnswer,
    Movement,
    MovementsAnswer,
    Promotion,
    WrittenAnswer,
    sensible,
)
from cashier_app.backends.replies import Answered
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.enrolment import NewMember
from cashier_app.domain.member import Account, Member, TierStanding
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.outcome import AlreadyApplied, Applied, Booked, NotApplied, Unknown
from cashier_app.domain.points import from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.earning import NOTHING_EARNED
from cashier_app.domain.program.figures import Points, Rate
from cashier_app.domain.program.redemption import Conversion, RedemptionRule, Tender
from cashier_app.domain.quote import quote
from cashier_app.domain.sale import Effect, EffectKind

CREDIT, DEBIT = "cr", "dr"
OUR_HASH = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-[a-z]+-[0-9]+)\Z")
CLOCKS_APART = timedelta(seconds=5)
"""What is left between two clocks once they are compared by whole seconds, and a little more."""

NOTHING_BOOKED = Booked("", points=Decimal(0))
"""Of a sale that turned out to earn nothing: there is no row of no coins."""

_SALE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OUR_TEXT = re.compile(r"Till [A-Za-z0-9]{1,8}, sale [0-9a-f]{12}")
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,128}")
_PUTS_IN = frozenset({EffectKind.SALE, EffectKind.RESTORE, EffectKind.REFUND})


class Offer(Struct, frozen=True):
    """What may be redeemed on a bill: all of it, or nothing."""

    coins: Decimal
    discount: Money
    rule: RedemptionRule


class Listing(Struct, frozen=True):
    """An answer to `list`; no offer where nothing may be redeemed, no balance where it was not told."""

    balance: Decimal | None
    offer: Offer | None = None


class Move(Struct, frozen=True):
    """One row for the ledger."""

    key: str
    operation: str
    points: Decimal
    title: str
    description: str

    def body(self, owner: dict[str, str]) -> dict[str, object]:
        """Return what Nector is sent."""
        return {
            **owner,
            "title": self.title,
            "description": self.description,
            "amount": self.points,
            "hash": self.key,
            "operation": self.operation,
        }


def program_here(program: Program, settings: NectorSettings) -> Program:
    """Return the shop's program as far as it can be kept with these keys.

    Store credit is shown, but Nector is not told by this till when it pays: it never does.
    """
    changed = replace(program, tender=Tender())
    if settings.has_checkout:
        changed = replace(changed, rewards=())  # Nector offers on the bill, nothing else is taken
    elif not settings.writes:
        changed = replace(changed, rewards=(), redemption=())
    return changed if settings.writes else replace(changed, earning=NOTHING_EARNED)


def listing_of(reply: Answered, bill: Money, scale: int) -> Listing | str:
    """Return what Nector offers on a bill, or why it cannot be used: one part of a sentence."""
    answer = read_answer(reply.body, ListAnswer)
    if answer is None:
        return "an offer of the wrong form"
    balance = sensible(answer.data.points_balance)
    if balance is None and answer.data.points_balance is not None:
        return "a balance that makes no sense"
    offered = {(one.coin_value, one.fiat_value): one for one in answer.data.promotions}
    if not offered:
        return Listing(balance)
    if len(offered) > 1:
        # `perform` names none of them: nobody could say which one it would take.
        return "several offers at once, and Nector cannot be told which is meant"
    offer = _offer_of(next(iter(offered.values())), bill, scale)
    if isinstance(offer, str):
        return offer
    if balance is not None and balance < offer.coins:
        return "an offer beyond the balance"
    return Listing(balance, offer)


def refused_listing(reply: Answered) -> Listing:
    """Return what a refusal to offer anything tells: the balance, sometimes."""
    answer = read_answer(reply.body, ErrorAnswer)
    return Listing(sensible(answer.data.points_balance) if answer else None)


def _offer_of(promotion: Promotion, bill: Money, scale: int) -> Offer | str:
    coins, worth = sensible(promotion.coin_value), promotion.fiat_value
    if coins is None or coins <= 0 or not worth.is_finite() or not 0 < worth <= 10**12:
        return "an offer that makes no sense"
    if from_units(to_units(coins, scale), scale) != coins:
        return "an offer in smaller parts of a coin than the shop's program has"
    # A discount finer than the currency is rounded down, as every discount of the till is.
    discount = of_main_units(worth, bill.currency, floor=True)
    if not discount or discount > bill:
        return "an offer above the bill, or below the smallest coin of the currency"
    rule = RedemptionRule(
        conversion=Conversion(points=Points(coins), value=Rate(main_units(discount)), whole_blocks=True),
        rule_id="nector",
        name=plain_name(promotion.title or "")[:100],
        maximum_points=Points(coins),
    )
    return Offer(coins, discount, rule)


def tier_of(name: str | None, program: Program) -> TierStanding | None:
    """Return the tier Nector names; its rank by the shop's program, where that has it."""
    plain = plain_name(name or "")
    if not plain:
        return None
    names = [level.name for level in program.tiers.levels]
    rank = names.index(plain) + 1 if plain in names else 1
    return TierStanding(plain, rank, max(len(names), 1) if plain in names else 1)


def credit_of(held: Decimal | None, currency: Currency) -> Money | None:
    """Return store credit, rounded down to the currency; None where there is none to show."""
    if held is None or held < 0:
        return None
    return of_main_units(held, currency, floor=True)


def move_of(effect: Effect, points: Decimal, store: str, till: str) -> Move:
    """Return the ledger's row of an effect; texts are what the customer reads in the shop's own app."""
    titles = {
        EffectKind.SALE: "Purchase",
        EffectKind.REDEEM: "Coins used",
        EffectKind.RESTORE: "Coins given back",
        EffectKind.CLAW_BACK: "Purchase returned",
    }
    operation = CREDIT if effect.kind in _PUTS_IN else DEBIT
    # Not the whole sale id: by that a redemption of the webhook is known.
    text = f"Till {till}, sale {effect.sale_id[-12:]}"
    return Move(effect.key, operation, points, f"{titles[effect.kind]} at {store}"[:120], text)


def correction_of(adjustment: Adjustment) -> Move:
    """Return the ledger's row of a correction."""
    operation = CREDIT if adjustment.points > 0 else DEBIT
    why = plain_name(adjustment.reason) or "Correction"
    by = plain_name(adjustment.by)
    return Move(
        adjustment.key, operation, abs(adjustment.points), "Correction", f"{why} ({by})" if by else why
    )


def new_lead(new: NewMember, mobile: str, customer_id: str, country: str) -> dict[str, object]:
    """Return what Nector is told of a new customer."""
    told = {
        "mobile": mobile,
        "country": country if mobile else "",
        "email": new.email,
        "dob": new.birthday.isoformat() if new.birthday else "",
    }
    details = {name: value for name, value in told.items() if value}
    return {"customer_id": customer_id, "name": new.name[:200], "metadetail": details}


def earned_by(effect: Effect, lead: Lead, program: Program, at: datetime, store: str) -> Decimal:
    """Return what a sale earns whose member was not known at the till: only now can it be worked out.

    Args:
        effect: The sale.
        lead: The customer as Nector knows them now.
        program: The shop's.
        at: When it was, in the shop's time.
        store: The shop's name.
    """
    account = Account(balance=lead.coins or Decimal(0), as_of=effect.at, tier=tier_of(lead.tier, program))
    somebody = Member(member_id="", name="")
    return quote(program, somebody, account, bill_of(effect.bill), TakeNothing(), Occasion(at, store)).earns


def what_was_written(reply: Answered, move: Move) -> Applied | Unknown:
    """Return what a write into the ledger did, where the answer says that it was this one."""
    answer = read_answer(reply.body, WrittenAnswer)
    row = answer.data.movement if answer else None
    if row is None or not (row.movement_id or row.hash):
        return Unknown("an answer that does not say what was written")
    if row.hash not in {None, move.key} or row.operation not in {None, move.operation}:
        return Unknown("an answer to another request")
    if row.amount is not None and row.coins != move.points:
        return Unknown("an answer about another amount")
    return Applied(Booked(reference_of(row), points=move.points))


def what_the_webhook_did(reply: Answered, effect: Effect) -> Applied | Unknown:
    """Return what `perform` or `revert` did: so many coins, by its own word where it says so."""
    answer = read_answer(reply.body, WrittenAnswer)
    row = answer.data.movement if answer else None
    if row is None or (row.movement_id is None and row.amount is None):
        return Unknown("an answer that does not say what was done")
    if row.operation not in {None, operation_of(effect)} or (row.amount is not None and not row.coins):
        return Unknown("an answer that does not fit the request")
    return Applied(Booked(reference_of(row), points=row.coins or effect.points))


def found_by_hash(
    reply: Answered, key: str, operation: str, points: Decimal | None
) -> AlreadyApplied | NotApplied | Unknown:
    """Return whether the ledger has a row of the till's own.

    Args:
        reply: Rows; filtered here again, for nobody promises that Nector filtered them.
        key: Its hash.
        operation: Credit or debit.
        points: How many coins; None where only the ledger knows.
    """
    answer = read_answer(reply.body, MovementsAnswer)
    if answer is None:
        return Unknown("a ledger of the wrong form")
    rows = [row for row in answer.data.items if row.hash == key]
    if not rows:
        # A row that could be this one but for a hash it does not show leaves it open.
        hidden = [row for row in answer.data.items if not row.hash and row.operation == operation]
        maybe = any(points is None or row.coins == points for row in hidden)
        return (
            Unknown("the ledger does not show it all")
            if answer.data.cursor.has_next or maybe
            else NotApplied()
        )
    row = rows[0]
    if row.operation != operation or row.coins is None or (points is not None and row.coins != points):
        return Unknown("the ledger has something else by this key")
    return AlreadyApplied(Booked(reference_of(row), points=row.coins))


def found_by_likeness(
    reply: Answered, effect: Effect, since: datetime, others: Sequence[str]
) -> AlreadyApplied | NotApplied | Unknown:
    """Return whether the ledger has what the webhook did for an effect.

    A row that names the sale decides. Else one row since then that is nobody else's is taken for it if the
    amount fits; more than one, or another amount, leaves it open: coins are never taken twice on a guess.

    Args:
        reply: The newest rows of this kind.
        effect: Of the webhook.
        since: When it was asked for at the earliest, by Nector's clock.
        others: References of rows that belong to other effects.
    """
    answer = read_answer(reply.body, MovementsAnswer)
    if answer is None:
        return Unknown("a ledger of the wrong form")
    rows = [row for row in answer.data.items if row.at is None or row.at >= since]
    if answer.data.cursor.has_next and len(rows) == len(answer.data.items):
        return Unknown("the ledger does not show it all")
    late = [row for row in rows if row.operation == operation_of(effect) and not _is_ours(row)]
    named = [row for row in late if row.names(effect.sale_id)]
    open_to_be = [row for row in late if reference_of(row) not in others and not _names_another(row)]
    if named:
        return AlreadyApplied(Booked(reference_of(named[0]), points=named[0].coins or effect.points))
    if not open_to_be:
        return NotApplied()
    if len(open_to_be) == 1 and open_to_be[0].coins == effect.points:
        return AlreadyApplied(Booked(reference_of(open_to_be[0]), points=effect.points))
    return Unknown("others like it in the ledger")


def _is_ours(row: Movement) -> bool:
    """Say whether the till wrote this row itself, and no webhook."""
    by_text = row.description is not None and _OUR_TEXT.fullmatch(row.description) is not None
    return by_text or (row.hash is not None and OUR_HASH.match(row.hash) is not None)


def _names_another(row: Movement) -> bool:
    """Say whether a row names a sale; asked where it does not name ours."""
    return any(_SALE.search(text or "") for text in (row.hash, row.title, row.description))


def operation_of(effect: Effect) -> str:
    """Return whether an effect credits or debits."""
    return CREDIT if effect.kind in _PUTS_IN else DEBIT


def change_by(effect: Effect) -> Decimal:
    """Return what an effect does to the balance."""
    return effect.points if operation_of(effect) == CREDIT else -effect.points


def reference_of(row: Movement) -> str:
    """Return the id of a row; empty where it has none that can be kept."""
    text = row.movement_id or ""
    return text if _REFERENCE.fullmatch(text) else ""
