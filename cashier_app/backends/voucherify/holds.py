"""Holding points by a validation session, and finding out whether a hold was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from cashier_app.backends.http_client import HttpClient
from cashier_app.backends.paths import path_of
from cashier_app.backends.replies import Answered, Reply, answer_of, outcome_of, reason_of, unusable
from cashier_app.backends.voucherify.cards import Cards, KnownCard
from cashier_app.backends.voucherify.messages import CardAnswer, ValidationAnswer
from cashier_app.backends.voucherify.values import Units, declined, discount_of, refused_by, said_no
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    NotApplied,
    Outcome,
    Reconciled,
    Refused,
    RefusedBecause,
    Unknown,
    Unreachable,
)
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.ports.clock import Clock

VALIDATIONS = "/v1/validations"
EXCEEDED = "loyalty_card_points_exceeded"
MARGIN = timedelta(minutes=1)
"""Their clock and ours: a hold that ended this long ago is over for certain."""

NO_HOLDS = "Voucherify held nothing. Set hold_points = false in the settings."


def redeemable_of(card: KnownCard, effect: Effect, points: int) -> dict[str, object]:
    """Return what is validated or redeemed: a reward of the card, paying with points or of a fixed price."""
    reward: dict[str, object] = {"id": effect.rule_id or effect.reward_id}
    if effect.rule_id:
        reward["points"] = points
    return {"object": "voucher", "id": card.code, "reward": reward}


def request_of(
    card: KnownCard, effect: Effect, units: Units, order: Mapping[str, object]
) -> dict[str, object]:
    """Return what a hold and a redemption have in common."""
    asked: dict[str, object] = {
        "redeemables": [redeemable_of(card, effect, int(effect.points))],
        "order": {"source_id": effect.sale_id, "amount": units.of(effect.bill), **order},
    }
    if card.holder:
        asked["customer"] = {"id": card.holder}
    return asked


class Holds:
    """Makes, releases and looks up holds. Safe from any thread.

    Voucherify lists no sessions. Whether one was made is found out by asking, without a session, for so many
    points that the answer is no exactly if at least the effect's are held. Another till's hold of as many
    would be taken for ours; what is then captured is checked by Voucherify again.
    """

    def __init__(self, http: HttpClient, cards: Cards, clock: Clock, units: Units, minutes: int) -> None:
        self._http = http
        self._cards = cards
        self._clock = clock
        self._units = units
        self._minutes = minutes

    def make(self, card: KnownCard, effect: Effect, seconds: float) -> Outcome:
        """Hold points under the effect's key; the same key sent again replaces its own hold."""
        session = {"type": "LOCK", "key": effect.key, "ttl": self._minutes, "ttl_unit": "MINUTES"}
        ends = self._clock.now() + timedelta(minutes=self._minutes)
        asked = request_of(card, effect, self._units, {}) | {"session": session}

        def held(reply: Answered) -> Outcome:
            answer = answer_of(reply, ValidationAnswer)
            if answer is None:
                return Unknown("an answer of the wrong form")
            if not answer.valid:
                return refused_by(said_no(answer))
            if answer.session is None or answer.session.key != effect.key:
                return Refused(RefusedBecause.NOT_ALLOWED, NO_HOLDS)
            if not _as_quoted(answer, card, effect, self._units):
                self.release(card, effect.key, seconds)
                return Refused(RefusedBecause.NOT_ALLOWED, "Voucherify takes off another amount by now.")
            return Applied(Booked(effect.key, points=effect.points, expires_at=ends))

        return outcome_of(self._http.post(VALIDATIONS, asked, seconds=seconds), held, declined)

    def release(self, card: KnownCard, session: str, seconds: float) -> Outcome:
        """Let points go."""
        path = path_of("v1", "vouchers", card.code, "sessions", session)
        return outcome_of(
            self._http.delete(path, seconds=seconds),
            lambda reply: Applied(Booked(session)) if reply.status == 204 else Unknown(reason_of(reply)),
            lambda reply: declined(reply, RefusedBecause.RESERVATION_GONE),
        )

    def look_up(self, effect: Effect, seconds: float) -> Reconciled:
        """Find out whether a hold is there, or gone for a release; changes nothing."""
        wants_hold = effect.kind is EffectKind.RESERVE
        there = AlreadyApplied(Booked(effect.key if wants_hold else effect.reservation, points=effect.points))
        made = (effect.in_doubt_since or effect.at) if wants_hold else effect.at
        if self._clock.now() > made + timedelta(minutes=self._minutes) + MARGIN:
            return NotApplied() if wants_hold else there
        if not effect.rule_id:
            return Unknown("a hold of this reward cannot be looked up; it ends by itself")
        card = self._cards.card(effect.member_id, seconds) if effect.member_id else Unreachable("no card")
        if not isinstance(card, CardAnswer) or card.loyalty_card is None:
            return Unknown(card.reason if isinstance(card, Unreachable) else "the card is gone")
        asked = card.loyalty_card.balance - int(effect.points) + 1
        held = asked > 0 and self._is_exceeded(card, effect, asked, seconds)
        if not isinstance(held, bool):
            return held
        return there if held == wants_hold else NotApplied()

    def _is_exceeded(
        self, card: CardAnswer, effect: Effect, points: int, seconds: float
    ) -> bool | Reconciled:
        """Say whether so many points are not free."""
        known = KnownCard(card.id, card.code, card.holder_id or "")
        discount = self._units.of(effect.discount)
        bill = max(self._units.of(effect.bill), -(-discount * points // max(int(effect.points), 1)))
        asked = {
            "redeemables": [redeemable_of(known, effect, points)],
            "order": {"amount": bill},
            **({"customer": {"id": known.holder}} if known.holder else {}),
        }
        reply: Reply = self._http.post(VALIDATIONS, asked, seconds=seconds)
        if (other := unusable(reply)) is not None:
            return other
        answer = (
            answer_of(reply, ValidationAnswer) if isinstance(reply, Answered) and reply.is_success else None
        )
        if answer is None:
            return Unknown(reason_of(reply))
        if answer.valid:
            return False
        error = said_no(answer)
        return True if error is not None and error.key == EXCEEDED else Unknown("no clear word on the hold")


def _as_quoted(answer: ValidationAnswer, card: KnownCard, effect: Effect, units: Units) -> bool:
    [one] = answer.redeemables if len(answer.redeemables) == 1 else [None]
    taken = one.result.loyalty_card if one is not None and one.result else None
    return (
        one is not None
        and one.status == "APPLICABLE"
        and one.id in {card.code, card.card_id}
        and (taken is None or taken.points is None or taken.points == effect.points)
        and discount_of(answer.order) == units.of(effect.discount)
    )
