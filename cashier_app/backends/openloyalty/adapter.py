"""The adapter for Open Loyalty, hosted edition 5.x.

Importing this module imports httpx (100 to 200 ms): it is imported where a backend is opened, never earlier.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from cashier_app.backends.amounts import main_units
from cashier_app.backends.contract_messages import read_answer
from cashier_app.backends.contract_values import plain_name
from cashier_app.backends.http_client import HttpClient
from cashier_app.backends.openloyalty.joining import Joining
from cashier_app.backends.openloyalty.kind import OpenLoyaltyRules, OpenLoyaltySettings
from cashier_app.backends.openloyalty.linking import Linking
from cashier_app.backends.openloyalty.messages import (
    ChannelsAnswer,
    RewardsAnswer,
    SimulatedAnswer,
    StoreAnswer,
    StoresAnswer,
)
from cashier_app.backends.openloyalty.reading import Reading
from cashier_app.backends.openloyalty.session import authorization_of
from cashier_app.backends.openloyalty.store import PAGE, Store
from cashier_app.backends.openloyalty.values import (
    StrangeAnswerError,
    earned_by_simulation,
    earning_of,
    valued_by,
)
from cashier_app.backends.openloyalty.writes import Movement, Writes
from cashier_app.backends.plain_backend import PlainBackend
from cashier_app.backends.replies import Answered, Reply, Strange, probed, reason_of
from cashier_app.documents.program_document import load_program, program_value
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import Bill
from cashier_app.domain.enrolment import EnrolmentAnswer, NewMember
from cashier_app.domain.identifier import Identifier, MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    Lookup,
    MemberFound,
    NotApplied,
    Outcome,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    Unreachable,
)
from cashier_app.domain.probe import Found, Probed, Right, RightProbed
from cashier_app.domain.program import Program
from cashier_app.domain.program.redemption import RedemptionRule, Tender
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import Surroundings
from cashier_app.ports.credentials import Secret

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_NOBODY = "00000000-0000-0000-0000-000000000000"
_OF_NOBODY = frozenset({EffectKind.SALE, EffectKind.REFUND})
_VERBS = {EffectKind.RESERVE: "block", EffectKind.REDEEM: "spend", EffectKind.RESTORE: "add"}

PROVE_HOLDS = (
    "Points are not held before payment. To have them held, prove first that cancelling a block frees the "
    "points: block 1 point of a test member, cancel that transfer, and see that the member has the point "
    "again and none is blocked; then set backend.settings.holds_points = true."
)
HOLDS = (
    "Points are held by blocking them. That cancelling a block frees them must have been proved once at this "
    "tenant; where it does not, nothing is taken twice, but each such sale needs attention."
)
CONFIRM_TOTALS = (
    "What a sale's amount means there is shown by the first one: compare it with the receipt, and the "
    "member's points a few seconds later with what your campaigns promise."
)


class OpenLoyaltyBackend(OpenLoyaltyRules, PlainBackend):
    """One store of a tenant. Safe from any thread.

    Args:
        settings: ``[backend.settings]``.
        secrets: A permanent API key, or a user name and a password.
        around: The till; its currency must be the store's.

    Raises:
        KnownError: The secrets, the address, the settings or the program document cannot be used.
    """

    def __init__(
        self, settings: OpenLoyaltySettings, secrets: Mapping[str, Secret], around: Surroundings
    ) -> None:
        super().__init__(settings)
        self._around = around
        self._program = _program(settings, around)
        authorization, self._sign_in = authorization_of(secrets, around)
        self._http = HttpClient(
            around.address, authorization, clock=around.clock, authorities=around.authorities
        )
        self.clocks = (self._http,)
        self._store = Store(self._http, settings.store_code, around.deadlines)
        self._reading = Reading(self._store, settings, around, self._program)
        self._joining = Joining(self._store, self._reading, settings.channel)
        self._writes = Writes(self._store, settings, around)
        self._linking = Linking(self._store)

    def program(self) -> Program:
        """Return the shop's own program document: the vendor has none that a till could go by."""
        return self._program

    def find(self, identifier: Identifier) -> Lookup:
        """Find a member by phone or card number, with the account. At most 3 s."""
        with self._store.within(self._around.deadlines.find):
            return self._reading.find(identifier)

    def refresh(self, member_id: str) -> Lookup:
        """Read a known member's account again. At most 3 s."""
        _check(member_id)
        with self._store.within(self._around.deadlines.find):
            return self._reading.by_id(member_id)

    def options(self, member_id: str, bill: Bill) -> Offers | Unreachable:
        """Ask what points are worth to this member and what the bill would earn. At most 3 s.

        A bill whose earning is not told is offered all the same.
        """
        if not self.settings.asks_each_bill:
            return super().options(member_id, bill)
        _check(member_id)
        with self._store.within(self._around.deadlines.find):
            redemption = self._redemption(member_id)
            if isinstance(redemption, Unreachable):
                return redemption
            offers = Offers(redemption=redemption, rewards=self._program.rewards)
            if not self.settings.asks_what_bills_earn:
                return offers
            return self._with_earning(offers, bill, self._simulated(member_id, bill))

    def apply(self, effect: Effect) -> Outcome:
        """Make the effect take hold. At most 8 s."""
        with self._store.within(self._around.deadlines.post):
            if effect.kind in _OF_NOBODY and not (effect.member_id or effect.identified_by):
                return self._writes.tell(effect)
            if not effect.member_id:
                known = self._known(effect)
                if not isinstance(known, Effect):
                    return known
                effect = known
            _check(effect.member_id)
            match effect.kind:
                case EffectKind.SALE | EffectKind.REFUND:
                    return self._writes.tell(effect)
                case EffectKind.RELEASE:
                    return self._writes.release(effect)
                case EffectKind.REDEEM:
                    return self._writes.spend(effect, self._movement(effect))
                case EffectKind.RESERVE | EffectKind.RESTORE:
                    return self._writes.move(self._movement(effect))
            raise ValueError(f"Open Loyalty is never told of a {effect.kind.value}")

    def reconcile(self, effect: Effect) -> Reconciled:
        """Look an effect up by its key, changing nothing. At most 8 s."""
        with self._store.within(self._around.deadlines.post):
            match effect.kind:
                case EffectKind.SALE | EffectKind.REFUND:
                    return self._writes.find_told(effect)
                case EffectKind.RELEASE:
                    return self._writes.find_released(effect)
                case EffectKind.LINK:
                    known = effect if effect.member_id else self._known(effect)
                    if isinstance(known, Effect):
                        return self._linking.look_up(known)
                    return known if isinstance(known, RetryLater) else NotApplied()
                case EffectKind.RESERVE | EffectKind.REDEEM | EffectKind.RESTORE:
                    _check(effect.member_id)
                    return self._writes.find(self._movement(effect))
            raise ValueError(f"Open Loyalty is never told of a {effect.kind.value}")

    def link(self, effect: Effect) -> Outcome:
        """Give a sale that was told without a member to one. At most 8 s."""
        if effect.kind is not EffectKind.LINK:
            raise ValueError("not a sale to be linked")
        with self._store.within(self._around.deadlines.post):
            known = effect if effect.member_id else self._known(effect)
            if not isinstance(known, Effect):
                return known
            _check(known.member_id)
            return self._linking.link(known)

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Make a customer a member, unless they are one. At most 8 s."""
        with self._store.within(self._around.deadlines.post):
            return self._joining.enrol(new)

    def adjust(self, adjustment: Adjustment) -> Outcome:
        """Correct a balance. At most 8 s."""
        with self._store.within(self._around.deadlines.post):
            return self._writes.move(self._correction(adjustment))

    def reconcile_adjustment(self, adjustment: Adjustment) -> Reconciled:
        """Look a correction up by its key, changing nothing. At most 8 s."""
        with self._store.within(self._around.deadlines.post):
            return self._writes.find(self._correction(adjustment))

    def probe(self) -> Probed:
        """Try every right the till needs with one harmless read each. At most 20 s."""
        with self._store.within(20.0):
            reply = self._http.get("/api/store", seconds=self._around.deadlines.find)
            right, store = self._store_probed(reply)
            # A wrong store code answers 404 to everything: only lists, which are always there, prove a right.
            lists = {
                Right.FIND: ("member", "createdAt"),
                Right.LEDGER: ("points", "createdAt"),
                Right.SALES: ("transaction", "createdAt"),
            }
            rights = [right]
            for one, (name, order) in lists.items():
                rights.append(probed(one, self._store.list(name, newest_first=order), there=frozenset()))
            nobody = self._store.get("member", _NOBODY, "reward", query={"_itemsOnPage": "1"})
            rights.append(probed(Right.REWARDS, nobody))
            rights.append(self._channel_probed())
        notes = (HOLDS if self.settings.holds_points else PROVE_HOLDS, CONFIRM_TOTALS)
        return Probed(
            tuple(rights),
            program_name=plain_name(store.name if store else ""),
            currency=store.currency[:3] if store else "",
            clock_ahead=self.clock_ahead,
            remarks=notes,
        )

    def is_reachable(self) -> bool:
        """Say whether Open Loyalty answers at all, with one harmless request. At most 3 s."""
        reply = self._http.get("/api/store", seconds=self._around.deadlines.find)
        return isinstance(reply, Answered) and reply.status in {200, 401, 403}

    def close(self) -> None:
        """Let go of connections; further calls are bugs."""
        self._writes.close()
        self._http.close()
        if self._sign_in is not None:
            self._sign_in.close()

    def _known(self, effect: Effect) -> Effect | Outcome:
        """Return the effect of a member met offline only, with who that is."""
        how, _, text = effect.identified_by.partition(":")
        kinds = {"wallet": WalletToken, "phone": PhoneNumber, "number": MemberNumber}
        found = self._reading.find(kinds[how](text))
        match found:
            case MemberFound():
                return replace(effect, member_id=found.member.member_id)
            case Unreachable(reason):
                return RetryLater(reason=reason)
        return Refused(RefusedBecause.INVALID, "nobody is known by this")

    def _movement(self, effect: Effect) -> Movement:
        comment = f"Sale {effect.sale_id}, till {self._around.till}"
        verb = _VERBS[effect.kind]
        return Movement(verb, effect.key, effect.member_id, effect.points, comment, effect.at)

    def _correction(self, adjustment: Adjustment) -> Movement:
        _check(adjustment.member_id)
        verb = "add" if adjustment.points > 0 else "spend"
        comment = f"{adjustment.reason} ({adjustment.by}, till {self._around.till})"
        points = abs(adjustment.points)
        return Movement(verb, adjustment.key, adjustment.member_id, points, comment, adjustment.at)

    def _redemption(self, member_id: str) -> tuple[RedemptionRule, ...] | Unreachable:
        """Return the ways to pay with points: the document's, at the worth a conversion coupon gives them."""
        wanted = self.settings.conversion_reward
        if not wanted:
            return self._program.redemption
        query = {"available": "true", "_itemsOnPage": str(PAGE), "_orderBy[name]": "asc"}
        reply = self._store.get("member", member_id, "reward", query=query)
        if not isinstance(reply, Answered) or not reply.is_success:
            return Unreachable(reason_of(reply))
        answer = read_answer(reply.body, RewardsAnswer)
        if answer is None:
            return Unreachable("an answer of the wrong form")
        for reward in answer.items:
            if reward.reward_id.casefold() == wanted.casefold() and reward.reward == "conversion_coupon":
                conversion = reward.units_conversion
                return valued_by(self._program, conversion.ratio) if conversion else ()
        return ()

    def _simulated(self, member_id: str, bill: Bill) -> Reply:
        line = {
            "sku": self.settings.item,
            "name": "Sale",
            "qty": 1,
            "grossValue": main_units(bill.total),
            "category": self.settings.category,
        }
        at = self._around.clock.now().astimezone(self._around.zone)
        transaction = {
            "documentNumber": "QUOTE",
            "documentType": "sell",
            "purchasedAt": at.isoformat(timespec="seconds"),
            "items": [line],
        }
        asked = {"trigger": "transaction", "customer": {"id": member_id}, "transaction": transaction}
        return self._store.post("campaign", "simulate", body={"simulate": asked})

    def _with_earning(self, offers: Offers, bill: Bill, reply: Reply) -> Offers | Unreachable:
        if not isinstance(reply, Answered):
            return Unreachable(reason_of(reply))
        answer = read_answer(reply.body, SimulatedAnswer) if reply.is_success else None
        if answer is None:
            # Such as where the key may not try campaigns out: no reason to refuse points.
            silent = reply.is_success or reply.status in {400, 403, 404, 405, 422}
            return offers if silent else Unreachable(reason_of(reply))
        ours = (None, self.settings.wallet_code)
        given = [
            one.points
            for one in answer.effects
            if one.type == "give_points" and one.points is not None and one.wallet in ours
        ]
        try:
            earns = earned_by_simulation(given)
            return replace(offers, earns=earns, earning=earning_of(earns, bill.total))
        except StrangeAnswerError:
            return offers

    def _store_probed(self, reply: Reply) -> tuple[RightProbed, StoreAnswer | None]:
        right = probed(Right.PROGRAM, reply, there=frozenset())
        if right.found is not Found.WORKS or not isinstance(reply, Answered):
            return right, None
        answer = read_answer(reply.body, StoresAnswer)
        if answer is None:
            return RightProbed(Right.PROGRAM, Found.STRANGE, "a list of the wrong form"), None
        ours = [one for one in answer.items if one.code == self.settings.store_code]
        if not ours:
            return RightProbed(Right.PROGRAM, Found.NOT_THERE, "no store of this store_code"), None
        if ours[0].currency not in {"", self._around.currency.code}:
            detail = "the store counts in another currency than the till"
            return RightProbed(Right.PROGRAM, Found.STRANGE, detail), ours[0]
        return right, ours[0]

    def _channel_probed(self) -> RightProbed:
        reply = self._store.list("channel", newest_first="createdAt")
        right = probed(Right.LOCATION, reply, there=frozenset())
        wanted = self.settings.channel
        if not wanted or right.found is not Found.WORKS or not isinstance(reply, Answered | Strange):
            return right
        answer = read_answer(reply.body, ChannelsAnswer) if isinstance(reply, Answered) else None
        if answer is None or all(one.channel_id != wanted for one in answer.items):
            return RightProbed(Right.LOCATION, Found.NOT_THERE, "no channel of this id among the first 50")
        return right


def _check(member_id: str) -> None:
    if not _ID.match(member_id):
        raise ValueError("not a member id of Open Loyalty")


def _program(settings: OpenLoyaltySettings, around: Surroundings) -> Program:
    """Return the shop's program document, without what this till cannot book at Open Loyalty.

    Raises:
        KnownError: It cannot be read, makes no sense, or counts in another currency than the till.
    """
    program = load_program(around.folder / settings.program)
    if program.currency != around.currency:
        raise KnownError(
            f"backend.settings.program: {settings.program} counts in another currency than the till."
        )
    # Store credit is shown only: there is no effect by which it could pay.
    program = replace(program, tender=Tender())
    if program.version:
        return program
    content = hashlib.sha256(msgspec.json.encode(program_value(program))).hexdigest()
    return replace(program, version=content[:16])
