"""What the till writes at Open Loyalty, each thing once: movements of points, sales and returns.

Sales and returns are kept apart by their document number, which the store takes once. Movements of points
carry the effect's key as ``externalTransferId``; whether the store takes that once is not known, so that
nothing is sent again before it was looked for among the member's movements.
"""

from __future__ import annotations

import re
import threading
import time
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import UNSET, Struct

from cashier_app.backends.amounts import main_units
from cashier_app.backends.contract_messages import read_answer
from cashier_app.backends.openloyalty.kind import OpenLoyaltySettings
from cashier_app.backends.openloyalty.messages import (
    MemberAnswer,
    ProblemAnswer,
    SaleAnswer,
    SaleMade,
    SalesAnswer,
    TransferAnswer,
    TransferMade,
    TransfersAnswer,
    WalletsAnswer,
    is_sane,
)
from cashier_app.backends.openloyalty.store import PAGE, Store
from cashier_app.backends.openloyalty.values import refusal_of
from cashier_app.backends.replies import Answered, outcome_of, unusable
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    NotApplied,
    Outcome,
    Pending,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    SignInNeeded,
    Unknown,
)
from cashier_app.domain.sale import Effect, EffectKind, effect_key
from cashier_app.ports.backend_kind import Surroundings

PAGES = 20
"""Most pages looked through for one movement."""

CLOCKS_DIFFER = timedelta(days=1)
"""How much earlier than by the till's clock something may have been booked by theirs."""

LOOKS = (0.0, 0.7, 1.5, 3.0, 6.0)
"""Seconds after a sale was told at which is looked what it earned."""

AT_THE_COUNTER = timedelta(seconds=60)
"""How long after a sale somebody may want to know that; later ones are looked at once."""

ASSIGNED_WITHIN = timedelta(minutes=2)

SETTLES_WITHIN = 60.0
"""Seconds after which points still blocked are taken to stay so."""

STILL_BLOCKED = "the points are still blocked at Open Loyalty: they were not taken a second time"

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_HOLD_KEY = re.compile(r"[0-9a-f-]{36}-reserve-[0-9]{1,6}\Z")


class Movement(Struct, frozen=True):
    """Points to move.

    Args:
        verb: ``add``, ``spend`` or ``block``.
        key: Of the effect or correction it is for.
        at: When the till wanted it, UTC.
    """

    verb: str
    key: str
    member_id: str
    points: Decimal
    comment: str
    at: datetime


class Writes:
    """Writes and looks up. Safe from any thread; one deadline a call, given by the caller."""

    def __init__(self, store: Store, settings: OpenLoyaltySettings, around: Surroundings) -> None:
        self._store = store
        self._settings = settings
        self._around = around
        self._closing = threading.Event()
        self._seen_blocked: dict[str, float] = {}

    def close(self) -> None:
        """Wait for nothing any more."""
        self._closing.set()

    # Movements of points.
    def move(self, movement: Movement) -> Outcome:
        """Add, spend or block points."""
        transfer: dict[str, object] = {
            "customer": movement.member_id,
            "points": movement.points,
            "walletCode": self._settings.wallet_code,
            "comment": movement.comment,
            "externalTransferId": movement.key,
        }

        def done(reply: Answered) -> Outcome:
            made = read_answer(reply.body, TransferMade)
            return Applied(Booked(made.transfer_id)) if made else Unknown("an answer of the wrong form")

        reply = self._store.post("points", movement.verb, body={"transfer": transfer})
        return outcome_of(reply, done, lambda refused: self._declined(refused, self.find(movement)))

    def find(self, movement: Movement) -> Reconciled:
        """Look for a movement among those of the member, the newest first."""
        seen, named = 0, False
        for page in range(1, PAGES + 1):
            items = self._movements(movement.member_id, page)
            if not isinstance(items, tuple):
                return items
            for one in items:
                seen, named = seen + 1, named or one.external_transfer_id is not UNSET
                if one.external_transfer_id == movement.key:
                    return _as_asked(one, movement)
            if len(items) < PAGE or _all_older(items, movement.at - CLOCKS_DIFFER):
                return NotApplied() if named or not seen else Unknown("movements without names")
        return Unknown("more movements than can be looked through")

    def release(self, effect: Effect) -> Outcome:
        """Cancel a block."""
        if not _ID.match(effect.reservation):
            return Refused(RefusedBecause.RESERVATION_GONE, "there is no block")

        def declined(refused: Answered) -> Outcome:
            found = self.find_released(effect)
            if refused.status == 404 and isinstance(found, NotApplied):
                return Refused(RefusedBecause.RESERVATION_GONE)
            return self._declined(refused, found)

        reply = self._store.post("points", effect.reservation, "cancel")
        return outcome_of(reply, lambda _: Applied(Booked(effect.reservation)), declined)

    def find_released(self, effect: Effect) -> Reconciled:
        """Look whether a block is cancelled; one that is not there is not."""
        if not _ID.match(effect.reservation):
            return NotApplied()
        reply = self._store.get("points", effect.reservation)
        if (other := unusable(reply)) is not None:
            return other
        assert isinstance(reply, Answered)  # noqa: S101 - for the type checker; all else is unusable
        if reply.status == 404:
            return NotApplied()
        answer = read_answer(reply.body, TransferAnswer) if reply.is_success else None
        if answer is None:
            return Unknown("an answer of the wrong form")
        if answer.external_transfer_id not in {effect_key(effect.sale_id, EffectKind.RESERVE), None, UNSET}:
            return Unknown("an answer about another movement")
        return AlreadyApplied(Booked(effect.reservation)) if answer.cancelled else NotApplied()

    def spend(self, effect: Effect, movement: Movement) -> Outcome:
        """Spend points; where they had been blocked, only once the block has let them go."""
        if effect.reservation and (held := self._not_free(effect)) is not None:
            return held
        return self.move(movement)

    def _not_free(self, effect: Effect) -> Outcome | None:
        """Return why blocked points must not be spent yet, or None.

        That cancelling a block frees its points is nowhere promised. More blocked than what tills' open
        blocks add up to, by at least these points, means that it did not: spending would take them a second
        time. What is shown may be late, so that it is believed only when it stays so.
        """
        blocked = self._blocked(effect.member_id)
        if not isinstance(blocked, Decimal):
            return blocked
        items = self._movements(effect.member_id, 1) if blocked >= effect.points else ()
        if not isinstance(items, tuple):
            return items if isinstance(items, SignInNeeded) else _later(items)
        open_blocks = sum((abs(one.value) for one in items if _is_open_hold(one, effect)), Decimal(0))
        if blocked - open_blocks < effect.points:
            self._seen_blocked.pop(effect.key, None)
            return None
        since = self._seen_blocked.setdefault(effect.key, time.monotonic())
        if time.monotonic() - since < SETTLES_WITHIN:
            return RetryLater(reason="the points are not free yet")
        return Refused(RefusedBecause.OTHER, STILL_BLOCKED)

    def _blocked(self, member_id: str) -> Decimal | RetryLater | SignInNeeded:
        """Return the units a member has blocked."""
        usual = self._settings.wallet_code == "default"
        reply = self._store.get("member", member_id, *(() if usual else ("wallet",)))
        other = unusable(reply)
        if isinstance(other, SignInNeeded):
            return other
        if isinstance(reply, Answered) and reply.is_success:
            member = read_answer(reply.body, MemberAnswer) if usual else None
            wallets = None if usual else read_answer(reply.body, WalletsAnswer)
            if member is not None:
                return member.default_account.blocked_points
            for one in wallets.items if wallets else ():
                if one.wallet_type.code == self._settings.wallet_code:
                    return one.account.blocked_units
        return RetryLater(reason="the account could not be read")

    def _movements(
        self, member_id: str, page: int
    ) -> tuple[TransferAnswer, ...] | RetryLater | SignInNeeded | Unknown:
        reply = self._store.list("points", newest_first="createdAt", page=page, member__id=member_id)
        if (other := unusable(reply)) is not None:
            return other
        assert isinstance(reply, Answered)  # noqa: S101 - for the type checker; all else is unusable
        answer = read_answer(reply.body, TransfersAnswer) if reply.is_success else None
        return Unknown("a list of the wrong form") if answer is None else answer.items

    # Documents.
    def tell(self, effect: Effect) -> Outcome:
        """Tell a sale or a return; the effect names its member."""

        def done(reply: Answered) -> Outcome:
            made = read_answer(reply.body, SaleMade)
            return (
                self._watched(effect, made.transaction_id) if made else Unknown("an answer of the wrong form")
            )

        reply = self._store.post("transaction", body={"transaction": self._document(effect)})
        return outcome_of(reply, done, lambda refused: self._declined(refused, self.find_told(effect)))

    def find_told(self, effect: Effect) -> Reconciled:
        """Look a sale or return up by its document number."""
        reply = self._store.get(
            "transaction", query={"header:documentNumber": effect.key, "_itemsOnPage": "10"}
        )
        if (other := unusable(reply)) is not None:
            return other
        assert isinstance(reply, Answered)  # noqa: S101 - for the type checker; all else is unusable
        answer = read_answer(reply.body, SalesAnswer) if reply.is_success else None
        if answer is None:
            return Unknown("a list of the wrong form")
        ours = [one for one in answer.items if one.number == effect.key]
        if not ours:
            return Unknown("a list of other documents") if answer.items else NotApplied()
        return self._as_told(effect, ours[0])

    def _as_told(self, effect: Effect, sale: SaleAnswer) -> Reconciled:
        if not is_sane(sale.gross_value) or abs(sale.gross_value) != main_units(effect.paid):
            return Unknown("another amount under this sale's number")
        if sale.currency not in {None, effect.paid.currency.code}:
            return Unknown("an amount in another currency than the till's")
        if effect.member_id and sale.customer_id not in {None, effect.member_id}:
            return Unknown("another member under this sale's number")
        if sale.transaction_id is None:
            return Unknown("a document without an id")
        if _awaits_member(effect) and not sale.matched:
            young = self._around.clock.now() - effect.at < ASSIGNED_WITHIN
            return Pending() if young else Unknown("the sale is there, but without its member")
        return AlreadyApplied(Booked(sale.transaction_id, points=_points_of(effect, sale)))

    def _watched(self, effect: Effect, reference: str) -> Outcome:
        """Return a document that was taken, with what it earned once that is known: points come later."""
        told, began = Applied(Booked(reference)), time.monotonic()
        soon = effect.kind is EffectKind.SALE and effect.points > 0
        soon = soon and self._around.clock.now() - effect.at < AT_THE_COUNTER
        assigned = True
        for moment in LOOKS if soon else LOOKS[:1]:
            wait = began + moment - time.monotonic()
            if moment + 0.5 > self._store.deadlines.post or (wait > 0 and self._closing.wait(wait)):
                break
            reply = self._store.get("transaction", reference)
            if not (isinstance(reply, Answered) and reply.is_success):
                continue
            sale = read_answer(reply.body, SaleAnswer)
            if sale is None:
                continue
            assigned = sale.matched or not _awaits_member(effect)
            points = _points_of(effect, sale)
            if assigned and (points is not None or effect.points <= 0):
                return Applied(Booked(reference, points=points))
        return told if assigned else Pending()

    def _document(self, effect: Effect) -> dict[str, object]:
        """Return a sale or a return: of one line, for the till knows totals, and of what money paid."""
        around, is_sale = self._around, effect.kind is EffectKind.SALE
        header: dict[str, object] = {
            "documentNumber": effect.key,
            "documentType": "sell" if is_sale else "return",
            "purchasedAt": effect.at.astimezone(around.zone).isoformat(timespec="seconds"),
            "purchasePlace": around.store,
            "labels": [{"key": "till", "value": around.till}],
        }
        if not is_sale:
            header["linkedDocumentNumber"] = effect.original_key
        line = {
            "sku": self._settings.item,
            "name": "Sale",
            "quantity": 1,
            "grossValue": main_units(effect.paid),
            "category": self._settings.category,
        }
        channel = {"channelId": self._settings.channel} if self._settings.channel else {}
        customer = {"customerData": {"customerId": effect.member_id}} if effect.member_id else {}
        return {"header": header, "items": [line], **customer, **channel}

    def _declined(self, refused: Answered, found: Reconciled) -> Outcome:
        """Return what a refusal of 4xx means, once it is known whether the same was booked before."""
        if not isinstance(found, NotApplied):
            return found
        if refused.status == 409:
            return Unknown("the same is being done elsewhere")
        return refusal_of(read_answer(refused.body, ProblemAnswer))


def _awaits_member(effect: Effect) -> bool:
    """Say whether a document is a member's sale, which is theirs a little later."""
    return effect.kind is EffectKind.SALE and bool(effect.member_id or effect.identified_by)


def _points_of(effect: Effect, sale: SaleAnswer) -> Decimal | None:
    """Return the points a document moved; None for none so far: they come later, if any come."""
    points = sale.points_earned if effect.kind is EffectKind.SALE else sale.units_deducted
    return points if points is not None and is_sane(points) and points != 0 else None


def _as_asked(one: TransferAnswer, movement: Movement) -> Reconciled:
    if one.transfer_id is None:
        return Unknown("a movement without an id")
    if not is_sane(one.value) or abs(one.value) != movement.points:
        return Unknown("another number of points under this key")
    return AlreadyApplied(Booked(one.transfer_id))


def _all_older(items: tuple[TransferAnswer, ...], moment: datetime) -> bool:
    made = items[-1].created_at
    return made is not None and made.tzinfo is not None and made < moment


def _is_open_hold(one: TransferAnswer, effect: Effect) -> bool:
    key = one.external_transfer_id
    if not isinstance(key, str) or one.cancelled or not is_sane(one.value):
        return False
    return _HOLD_KEY.match(key) is not None and key != effect_key(effect.sale_id, EffectKind.RESERVE)


def _later(found: RetryLater | Unknown) -> RetryLater:
    return found if isinstance(found, RetryLater) else RetryLater(reason=found.reason)
