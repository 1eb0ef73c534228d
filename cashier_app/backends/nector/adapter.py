"""The adapter for Nector: members and ledger by the merchant API, redemption by the checkout webhook.

Where there are both, balances are shown as the webhook tells them, for it is the webhook that takes coins.
Nector knows no keys. What the till writes into the ledger itself carries the effect's key as its `hash`, and
is found by that; what the webhook did is found in the ledger by customer, amount and time, or, without the
merchant API, by comparing balances, which does not outlive the program.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from cashier_app.backends.amounts import main_units
from cashier_app.backends.nector import values
from cashier_app.backends.nector.calls import (
    knows_nobody,
    said,
)
from cashier_app.backends.nector.identity import Named
from cashier_app.backends.nector.messages import Lead
from cashier_app.backends.nector.reading import NOBODY, NOT_OURS, NectorReader, why_not
from cashier_app.backends.nector.values import Listing, Move
from cashier_app.backends.replies import Answered, Reply, outcome_of, probed, reason_of, unusable
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import Bill
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    Applied,
    NotApplied,
    Outcome,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.probe import Found, Probed, Right, RightProbed
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.errors import KnownError

_NO_LEAD = "00000000-0000-4000-8000-000000000000"
_ACTIONS = {EffectKind.REDEEM: "perform", EffectKind.REFUND: "revert"}


class NectorBackend(NectorReader):
    """A shop's workspace at Nector. Safe from any thread."""

    def options(self, member_id: str, bill: Bill) -> Offers | Unreachable:
        """Ask what this member may redeem on this bill, changing nothing. At most 3 s."""
        if self._webhook is None:
            return super().options(member_id, bill)
        known = self._ids.named(member_id)
        if known is None:
            return Unreachable(NOT_OURS)
        if not bill.total:
            return Offers()
        if why := self._lacks_program():
            return Unreachable(why)
        listing = self._listing(known, bill.total, self._deadlines.find)
        if not isinstance(listing, Listing):
            return Unreachable(why_not(listing))
        account = self._noted.last_account(member_id)
        if account and listing.balance is not None:
            account = self._noted.told(member_id, listing.balance)
        return Offers((listing.offer.rule,) if listing.offer else (), account=account)

    def apply(self, effect: Effect) -> Outcome:
        """Make the effect take hold. At most 8 s."""
        if why := self._lacks_program():
            return RetryLater(reason=why)
        with self._within(self._deadlines.post):
            if effect.kind in _ACTIONS and self._webhook is not None:
                return self._checked_out(effect)
            if effect.kind in {EffectKind.RESERVE, EffectKind.CAPTURE, EffectKind.RELEASE, EffectKind.REFUND}:
                raise ValueError(f"Nector has no {effect.kind.value}")
            return self._told(effect)

    def _checked_out(self, effect: Effect) -> Outcome:
        """Have the webhook take coins, or give them back; `list` before it shows that somebody is there."""
        assert self._webhook is not None  # noqa: S101 - callers have looked
        known = self._ids.named(effect.member_id)
        if known is None:
            return Refused(RefusedBecause.INVALID, NOT_OURS)
        listing = self._listing(known, effect.bill, self._deadlines.post)
        if not isinstance(listing, Listing):
            return _nothing_done(listing)
        if effect.kind is EffectKind.REDEEM:
            offer = listing.offer
            if offer is None or (offer.coins, offer.discount) != (effect.points, effect.discount):
                short = listing.balance is not None and listing.balance < effect.points
                because = RefusedBecause.BALANCE_TOO_LOW if short else RefusedBecause.NOT_ALLOWED
                return Refused(because, "Nector no longer offers what was agreed")
        if listing.balance is not None:
            self._noted.before(effect, listing.balance)
        reply = self._webhook.call(
            _ACTIONS[effect.kind], known, main_units(effect.bill), self._deadlines.post, effect.sale_id
        )
        outcome = outcome_of(reply, lambda answer: values.what_the_webhook_did(answer, effect), _declined)
        if isinstance(outcome, Applied):
            self._noted.row(effect, outcome.booked.reference)
            self._noted.changed(effect, listing.balance, values.change_by(effect))
        return outcome

    def _told(self, effect: Effect) -> Outcome:
        """Write a row into the ledger."""
        named = self._named(effect)
        if named is None:
            return Refused(RefusedBecause.INVALID, NOT_OURS)
        points = effect.points
        if not effect.member_id:
            earned = self._earned_now(effect, named)
            if not isinstance(earned, Decimal):
                return earned
            points = earned
        if not points:
            return Applied(values.NOTHING_BOOKED)
        return self._written(named, values.move_of(effect, points, self._around.store, self._around.till))

    def _earned_now(self, effect: Effect, named: Named) -> Decimal | Outcome:
        lead = self._lead(named, self._deadlines.post, waited_for=False)
        if not isinstance(lead, Lead):
            return _nobody() if knows_nobody(lead) else _nothing_done(lead)
        at = effect.at.astimezone(self._around.zone)
        return values.earned_by(effect, lead, self._program(), at, self._around.store)

    def _written(self, named: Named, move: Move) -> Outcome:
        """Write one row; a debit only where the balance bears it, or the shop takes debts."""
        assert self._merchant is not None  # noqa: S101 - nothing of this is planned without it
        checks = move.operation == values.DEBIT and not self.settings.below_zero
        owner = {"lead_id": named.lead_id, "customer_id": named.customer_id}
        if checks or not any(owner.values()):
            lead = self._lead(named, self._deadlines.post, waited_for=False)
            if not isinstance(lead, Lead):
                return _nobody() if knows_nobody(lead) else _nothing_done(lead)
            if checks and (lead.coins is None or lead.coins < move.points):
                return Refused(RefusedBecause.BALANCE_TOO_LOW, "the balance is lower than that")
            owner = {
                "lead_id": lead.lead_id or "",
                "customer_id": "" if lead.lead_id else lead.customer_id or "",
            }
        owner = {name: value for name, value in owner.items() if value}
        if not owner:
            return Refused(RefusedBecause.NOT_ALLOWED, "this API key is not told whose account it is")
        reply = self._merchant.move(move.body(owner), self._deadlines.post)
        return outcome_of(
            reply, lambda answer: values.what_was_written(answer, move), lambda answer: _refused(answer, move)
        )

    # Looking up.
    def reconcile(self, effect: Effect) -> Reconciled:
        """Look an effect up, changing nothing. At most 8 s."""
        if why := self._lacks_program():
            return Unknown(why)
        with self._within(self._deadlines.post):
            named = self._named(effect)
            if named is None:
                return Unknown(NOT_OURS)
            if effect.kind in _ACTIONS and self._webhook is not None:
                return self._seen(effect, named)
            # What a sale of somebody met offline earned, only the ledger knows.
            points = effect.points if effect.member_id else None
            return self._by_hash(named, effect.key, values.operation_of(effect), points)

    def _seen(self, effect: Effect, named: Named) -> Reconciled:
        """Look for what the webhook did: in the ledger where it can be read, else by the balance."""
        lead = None if self._merchant is None else self._lead(named, self._deadlines.post, waited_for=False)
        if lead is not None and not isinstance(lead, Lead):
            # Who is gone from one channel may still be known to the other: that is no "not applied".
            return unusable(lead) or Unknown(reason_of(lead))
        in_ledger = self._seen_in_ledger(effect, lead) if lead and lead.lead_id else None
        if in_ledger is not None and in_ledger != NotApplied():
            return in_ledger
        listing = self._listing(named, effect.bill, self._deadlines.post)
        if not isinstance(listing, Listing):
            return unusable(listing) or Unknown(reason_of(listing))
        if in_ledger is None or lead is None:
            return self._noted.judged(effect, listing.balance, values.change_by(effect))
        # Where the two ways mean two accounts, the ledger read is not the one coins were taken from.
        same = listing.balance in {None, lead.coins}
        return in_ledger if same else Unknown("the two ways into Nector tell different balances")

    def _seen_in_ledger(self, effect: Effect, lead: Lead) -> Reconciled:
        assert self._merchant is not None  # noqa: S101 - callers have looked
        query = {"operation": values.operation_of(effect)}
        reply = self._merchant.movements(lead.lead_id or "", query, self._deadlines.post)
        if (other := _unreadable(reply)) is not None or not isinstance(reply, Answered):
            return other or Unknown(reason_of(reply))
        ahead = self._merchant.clock_ahead or timedelta(0)
        since = (effect.in_doubt_since or effect.at) + ahead - values.CLOCKS_APART
        return values.found_by_likeness(reply, effect, since, self._noted.rows_of_others(effect))

    def _by_hash(self, named: Named, key: str, operation: str, points: Decimal | None) -> Reconciled:
        assert self._merchant is not None  # noqa: S101 - nothing of this is planned without it
        lead_id = self._lead_id(named)
        if not isinstance(lead_id, str):
            return lead_id
        if not lead_id:
            return Unknown("this API key is not told whose ledger it is")
        reply = self._merchant.movements(lead_id, {"hash": key}, self._deadlines.post)
        if (other := _unreadable(reply)) is not None or not isinstance(reply, Answered):
            return other or Unknown(reason_of(reply))
        return values.found_by_hash(reply, key, operation, points)

    def _lead_id(self, named: Named) -> str | Reconciled:
        """Return the lead's own id, empty where this key is not told it; the ledger is read by that alone."""
        if named.lead_id:
            return named.lead_id
        lead = self._lead(named, self._deadlines.post, waited_for=False)
        if isinstance(lead, Lead):
            return lead.lead_id or ""
        if knows_nobody(lead):
            return NotApplied()
        return unusable(lead) or Unknown(reason_of(lead))

    def adjust(self, adjustment: Adjustment) -> Outcome:
        """Correct a balance. At most 8 s."""
        if not self.settings.writes:
            return super().adjust(adjustment)
        named = self._ids.named(adjustment.member_id)
        if named is None:
            return Refused(RefusedBecause.INVALID, NOT_OURS)
        with self._within(self._deadlines.post):
            return self._written(named, values.correction_of(adjustment))

    def reconcile_adjustment(self, adjustment: Adjustment) -> Reconciled:
        """Look a correction up by its key, changing nothing. At most 8 s."""
        if not self.settings.writes:
            return super().reconcile_adjustment(adjustment)
        named = self._ids.named(adjustment.member_id)
        if named is None:
            return Unknown(NOT_OURS)
        move = values.correction_of(adjustment)
        with self._within(self._deadlines.post):
            return self._by_hash(named, move.key, move.operation, move.points)

    # Trying it out.
    def probe(self) -> Probed:
        """Try every right the till needs with one harmless read each. At most 20 s."""
        rights, remarks, program = [], [], None
        try:
            program = self.program()
            rights.append(RightProbed(Right.PROGRAM, Found.WORKS, program.name))
        except KnownError as error:
            rights.append(RightProbed(Right.PROGRAM, Found.NOT_THERE, error.sentence[:200]))
        seconds, nobody = self._deadlines.find, frozenset({422})
        if self._merchant is not None:
            rights.append(probed(Right.FIND, self._merchant.lead(NOBODY, seconds), there=nobody))
            ledger = self._merchant.movements(_NO_LEAD, {}, seconds)
            rights.append(probed(Right.LEDGER, ledger, there=nobody))
            remarks.append(
                "Whether the API key may write can only be seen by writing: it is set to "
                f"{self.settings.merchant_key!r}."
            )
        if self._webhook is not None:
            amount = main_units(self._probe_bill)
            rights.append(
                probed(Right.REWARDS, self._webhook.call("list", NOBODY, amount, seconds), there=nobody)
            )
        if program is not None and all(one.found is Found.WORKS for one in rights):
            remarks += self._compared()
        return Probed(
            tuple(rights),
            program_name=program.name if program else "",
            clock_ahead=self.clock_ahead,
            remarks=tuple(remarks),
        )

    def _compared(self) -> tuple[str, ...]:
        """Compare the balances both ways tell of one customer: they may mean two leads by one person."""
        if self._merchant is None or self._webhook is None:
            return ()
        if self._known is None:
            return ("The two ways into Nector may disagree on balances: store a known customer to compare.",)
        text = self._known.reveal()
        mobile = self._ids.mobile_of(text) if text.startswith("+") else text
        named = Named(mobile=mobile) if mobile.lstrip("+").isdigit() else Named(customer_id=text)
        with self._within(2 * self._deadlines.find):
            lead = self._lead(named, self._deadlines.find)
            listing = self._listing(named, self._probe_bill, self._deadlines.find)
        if not isinstance(lead, Lead) or not isinstance(listing, Listing) or listing.balance is None:
            return ("The known customer could not be read both ways; balances were not compared.",)
        if lead.coins == listing.balance:
            return ()
        told = f"the merchant API says {lead.coins} coins, the webhook {listing.balance}"
        return (
            f"Of the known customer {told}: these are two accounts. The till shows and uses the webhook's.",
        )

    def is_reachable(self) -> bool:
        """Say whether Nector answers at all, with one harmless request. At most 3 s."""
        if self._webhook is not None:
            amount = main_units(self._probe_bill)
            reply = self._webhook.call("list", NOBODY, amount, self._deadlines.find)
        else:
            assert self._merchant is not None  # noqa: S101 - the settings name at least one of them
            reply = self._merchant.lead(NOBODY, self._deadlines.find)
        return isinstance(reply, Answered) and reply.status < 500

    def _named(self, effect: Effect) -> Named | None:
        if effect.member_id:
            return self._ids.named(effect.member_id)
        return self._ids.by_text(effect.identified_by)


def _nothing_done(reply: Reply) -> Outcome:
    """Return what to do after a read before the write that gave no answer: nothing was written, certainly."""
    match unusable(reply):
        case None if isinstance(reply, Answered) and reply.status in {400, 404}:
            return SignInNeeded()
        case RetryLater() | SignInNeeded() as other:
            return other
        case Unknown(reason):
            return RetryLater(reason=reason)
    return RetryLater(reason=reason_of(reply))


def _unreadable(reply: Reply) -> Reconciled | None:
    if isinstance(reply, Answered) and reply.is_success:
        return None
    return unusable(reply) or Unknown(reason_of(reply))


def _nobody() -> Refused:
    return Refused(RefusedBecause.OTHER, "Nector knows nobody by this")


def _declined(reply: Answered) -> Outcome:
    """Return why the webhook would not, although it answered `list` just before."""
    return Refused(RefusedBecause.NOT_ALLOWED, said(reply))


def _refused(reply: Answered, move: Move) -> Outcome:
    words = said(reply).lower()
    if any(word in words for word in ("hash", "duplicate", "already")):
        return Unknown("Nector has something by this key already")
    if knows_nobody(reply):
        return _nobody()
    short = move.operation == values.DEBIT and any(w in words for w in ("balance", "insufficient", "enough"))
    return Refused(RefusedBecause.BALANCE_TOO_LOW if short else RefusedBecause.INVALID, said(reply))
