"""What may wait while a customer joins: who has the number, the queue, the answer, the page of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct

from cashier_app.domain.acts import Act, ActKind
from cashier_app.domain.enrolment import ConsentText, EnrolmentRefused, NewMember
from cashier_app.domain.identifier import Identifier, PhoneNumber, identified_by
from cashier_app.domain.invitation import Invitation, InvitationAnswer, InviteAnswer
from cashier_app.domain.member import Way
from cashier_app.domain.money import zero
from cashier_app.domain.outcome import MemberFound, Remembered, SeveralMembers, Unreachable
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import Effect, EffectKind, EffectState, effect_key
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.domain.vouchers import ReferralAnswer
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow, Journal
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.till_settings import TillSettings

ANSWER_SECONDS = 3.0
"""How long the customer waits to be served as a member; after that they are served all the same."""
LOOK_EVERY_SECONDS = 0.03
LONGEST_URL = 300
NOTE = "enrolment"
REFUSED_AT_ONCE = "Refused at once. The customer was told."
_OPEN = {EffectState.WAITING, EffectState.SENDING}
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Joined(Struct, frozen=True):
    """They are a member now."""

    found: MemberFound


class WasMember(Struct, frozen=True):
    """The phone number was a member's before; nothing was made."""

    known: MemberFound | Remembered | SeveralMembers


class Waits(Struct, frozen=True):
    """It is written down and goes out by itself: they are a member once the backend has it."""


class NotTaken(Struct, frozen=True):
    """The backend does not take them with these particulars."""

    refused: EnrolmentRefused


Enrolment = Joined | WasMember | Waits | NotTaken


class Enrolments:
    """Blocking, for worker threads.

    Args:
        sending: Called once it is in the queue: it is to be sent now.
        pause: Waits so many seconds between two looks at what came of it.
    """

    def __init__(
        self,
        backend: LoyaltyBackend,
        journal: Journal,
        lookup: MemberLookup,
        connection: ConnectionWatch,
        clock: Clock,
        settings: TillSettings,
        sending: Callable[[], None],
        pause: Callable[[float], None] | None = None,
    ) -> None:
        self._backend, self._journal, self._lookup = backend, journal, lookup
        self._connection, self._clock, self._settings = connection, clock, settings
        self._sending = sending
        self._pause = pause or _wait

    def whose(self, identifier: Identifier) -> MemberFound | Remembered | SeveralMembers | Unreachable | None:
        """Return who has this number or code; None for nobody, as far as the backend says."""
        found = self._lookup.find(identifier)
        if isinstance(found, MemberFound | Remembered | SeveralMembers | Unreachable):
            return found
        return None

    def enrol(self, new: NewMember, *, looked_up: bool) -> Enrolment:
        """Have somebody enrolled, exactly once: kept before anybody is asked. At most about 6 s.

        With `looked_up` the backend said already that nobody has the phone number.

        Raises:
            KnownError: It cannot be kept; nothing was done.
        """
        if not looked_up:
            known = self.whose(PhoneNumber(new.phone))
            if isinstance(known, MemberFound | Remembered | SeveralMembers):
                return WasMember(known)
        effect = self._effect(new)
        self._journal.queue_act(new.key, (effect,), _note(new), counted=self._counted(new))
        self._sending()
        row = self._answered(effect)
        if row is None or row.state in _OPEN or row.state is EffectState.UNKNOWN:
            return Waits()
        if row.state is EffectState.POSTED:
            return self._who_joined(new, row)
        self._take_back(effect, row)
        return NotTaken(EnrolmentRefused(detail=row.last_answer))

    def check_referral(self, code: str) -> ReferralAnswer:
        """Ask whether a referral code is good."""
        return self._backend.check_referral(code)

    def invite(self, consent: ConsentText) -> InviteAnswer:
        """Have a page made on which the customer types; an address nobody should open is none."""
        made = self._backend.invite(consent)
        if isinstance(made, Invitation) and not _is_web_page(made.url):
            return Unreachable("the page has no address that can be opened")
        return made

    def invitation(self, invitation_id: str) -> InvitationAnswer:
        """Ask what came of such a page."""
        return self._backend.invitation(invitation_id)

    def count_invited(self, invitation_id: str, staff_id: str) -> None:
        """Count a customer who joined on a page this till gave them.

        Raises:
            KnownError: It cannot be kept.
        """
        now = self._clock.now()
        joined = NewMember(key=f"invited-{invitation_id}"[:64], at=now)
        self._journal.count_act(self._counted(joined, staff_id))

    def _answered(self, effect: Effect) -> EffectRow | None:
        """Return how the effect stands once something came of the first attempt, or after a while."""
        until = self._clock.monotonic() + ANSWER_SECONDS
        while True:
            row = next(
                (row for row in self._journal.effects_of(effect.sale_id) if row.effect.key == effect.key),
                None,
            )
            tried = (
                row is None or row.state not in _OPEN or (row.state is EffectState.WAITING and row.attempts)
            )
            if tried or not self._connection.online or self._clock.monotonic() >= until:
                return row
            self._pause(LOOK_EVERY_SECONDS)

    def _take_back(self, effect: Effect, row: EffectRow) -> None:
        """Settle what was refused while the customer is there to be told: nobody else need look at it."""
        if row.state is EffectState.NEEDS_ATTENTION:
            by = effect.staff_id or f"till {self._settings.till}"
            word = Settlement(effect.key, Truth.NOT_BOOKED, by, REFUSED_AT_ONCE, self._clock.now())
            self._journal.settle_by_hand(word)

    def _who_joined(self, new: NewMember, row: EffectRow) -> Enrolment:
        # By its id: some backends find a new member by phone only after a while.
        reference = row.booked.reference if row.booked is not None else ""
        by_id = self._lookup.refresh(reference) if reference else None
        found = by_id if isinstance(by_id, MemberFound) else self._lookup.find(PhoneNumber(new.phone))
        return Joined(found) if isinstance(found, MemberFound) else Waits()

    def _effect(self, new: NewMember) -> Effect:
        nothing = zero(self._settings.currency)
        return Effect(
            key=effect_key(new.key, EffectKind.ENROL),
            kind=EffectKind.ENROL,
            sale_id=new.key,
            member_id="",
            points=NO_POINTS,
            bill=nothing,
            discount=nothing,
            paid=nothing,
            at=new.at,
            program_version="",
            identified_by=identified_by(PhoneNumber(new.phone)),
            staff_id=new.consent.staff_id if new.consent else "",
            utc_offset=self._utc_offset(new),
            new_member=new,
        )

    def _counted(self, new: NewMember, staff_id: str = "") -> Act:
        return Act(
            key=new.key,
            kind=ActKind.ENROLLED,
            at=new.at,
            utc_offset=self._utc_offset(new),
            currency=self._settings.currency.code,
            till=self._settings.till,
            staff_id=new.consent.staff_id if new.consent else staff_id,
            way=Way.PHONE.value,
        )

    def _utc_offset(self, new: NewMember) -> int:
        ahead = new.at.astimezone(self._settings.zone).utcoffset()
        return round(ahead.total_seconds() / 60) if ahead is not None else 0


def _note(new: NewMember) -> str:
    """Return the words of the audit log: which terms were agreed to outlasts who agreed."""
    consent = new.consent
    return f"{NOTE}, terms {consent.version} in {consent.language}" if consent is not None else NOTE


def _is_web_page(url: str) -> bool:
    """Say whether a customer may be shown this address: https, or http on this computer."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = len(url) <= LONGEST_URL and url.isascii() and url.isprintable() and " " not in url
    return plain and bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOCAL))


def _wait(seconds: float) -> None:
    threading.Event().wait(seconds)
