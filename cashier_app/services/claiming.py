"""Who is a sale for that was made without a member: the card between the scanned receipt and the credit.

The receipt may come first, then the member; or the member is served already, and comes back afterwards.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.identifier import Identifier, Origin, Unrecognised, parse_identifier
from cashier_app.domain.outcome import (
    MemberFound,
    NoSuchMember,
    Remembered,
    SeveralMembers,
    Unreachable,
)
from cashier_app.domain.sale import Sale
from cashier_app.errors import KnownError
from cashier_app.ports.runner import Runner
from cashier_app.services import till_steps as steps
from cashier_app.services.identification import Identification
from cashier_app.services.identified import readable
from cashier_app.services.stage import Stage
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.till_view import (
    ClaimShown,
    NoticeKind,
    Serving,
    ServingUnseen,
    Step,
    Target,
    TillView,
    WhoClaims,
)

if TYPE_CHECKING:
    from cashier_app.services.claim_terms import ClaimFor
    from cashier_app.services.claims import Claimable, Claimed, NotClaimable, Offer
    from cashier_app.services.lookup import MemberLookup
    from cashier_app.services.receipt_codes import ReceiptCodes
    from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)

CLEARS_CLAIM = 60
BUG_SENTENCE = "Something went wrong here. Nothing was credited. Scan the receipt again."
_FROM = frozenset({Step.IDLE, Step.PROBLEM, Step.DONE, Step.CHOOSING, Step.LOOKING_UP, Step.CLAIM})
_MARK = "CL1:"


class Claiming:
    """The steps of one claim after the other. One thread only.

    Args:
        stage: What is on show.
        workshop: What may wait for disk or network, asked on workers only.
        identification: Whose answers under way are thrown away when a receipt comes.
    """

    def __init__(
        self,
        stage: Stage,
        workshop: OpenWorkshop,
        runner: Runner,
        settings: TillSettings,
        identification: Identification,
    ) -> None:
        self._stage, self._workshop, self._runner = stage, workshop, runner
        self._settings, self._identification = settings, identification
        self._attempt = 0
        self._claim: Claimable | None = None
        self._who: ClaimFor | None = None
        self._before: TillView | None = None
        self._crediting = False

    def takes_scan(self, text: str) -> bool:
        """Take what a device read, where it is a receipt, or a receipt waits for who it is for."""
        view = self._stage.view
        if self._is_claim(text):
            if view.step is Step.CLAIM and view.busy:
                self._stage.remark(NoticeKind.SCAN_NOT_USED)
            else:
                self._begin(text)
            return True
        if view.step is not Step.CLAIM:
            return False
        if view.busy:
            self._stage.remark(NoticeKind.SCAN_NOT_USED)
        else:
            self._take_member(text, Origin.SCANNED)
        return True

    def takes_typed(self) -> bool:
        """Take what stands in the scan field, where it is a claim code or names who claims."""
        view = self._stage.view
        if self._is_claim(view.entry):
            self._begin(view.entry)
            return True
        if view.step is Step.CLAIM:
            self._take_member(view.entry, Origin.TYPED)
            return True
        return False

    def choose(self, index: int) -> bool:
        """Take one of several members; say whether that was asked."""
        shown = self._stage.view.person
        if not isinstance(shown, ClaimShown):
            return False
        if 0 <= index < len(shown.several):
            self._is_for(None, shown.several[index])
        return True

    def confirm(self) -> None:
        """Do what Enter does: look for who was typed, credit the sale, or close what cannot be claimed."""
        view = self._stage.view
        shown = view.person
        if view.entry:
            self.takes_typed()
        elif isinstance(shown, ClaimShown) and shown.refused is not None:
            self.close()
        elif view.step is Step.CLAIM and self._claim is not None and self._who is not None:
            self._credit(self._claim, self._who)

    def back(self) -> None:
        """Do what Esc does: take back what was typed, else leave the claim; what is being written stays."""
        view = self._stage.view
        if self._crediting:
            return
        if view.entry:
            self._stage.show(replace(view, entry=""))
        else:
            self.close()

    def forget(self) -> None:
        """Throw away answers still to come, and whom to go back to."""
        self._attempt += 1
        self._before = self._claim = self._who = None

    def close(self) -> None:
        """Leave the claim; whoever was served before is served again, with their bill."""
        self._attempt += 1
        before = self._before
        self.forget()
        if self._stage.view.step is not Step.CLAIM:
            return
        now = self._stage.view
        if before is None:
            self._stage.show(steps.fresh(now))
            return
        # Only what the sale is stays from then: the rest went on meanwhile.
        again = replace(before, connection=now.connection, today=now.today, cashier=now.cashier, notice=None)
        self._stage.show(steps.requoted(replace(again, program=now.program, can=now.can)))

    def show_codes(self, sale: Sale) -> None:
        """Show the codes of a sale just finished, where a member may claim it or its goods may come back."""
        if sale.claim_until is None and sale.way is None:
            return

        def made(codes: ReceiptCodes) -> None:
            view = self._stage.view
            if view.finished is not None and view.finished.sale.sale_id == codes.sale_id:
                self._stage.show(replace(view, receipt=codes))

        self._runner.run(lambda: self._workshop().claims.codes(sale), made, self._no_codes)

    def _is_claim(self, text: str) -> bool:
        # Most of what is scanned is a member's: the rest is loaded with the first receipt.
        if not (_MARK in text.upper() or any(sign in text for sign in "-+. ")):
            return False
        from cashier_app.services.claims import is_claim, is_foreign_claim

        if is_claim(text, self._settings.till):
            return True
        return is_foreign_claim(text) and isinstance(
            parse_identifier(text, self._settings.rules, Origin.TYPED), Unrecognised
        )

    def _begin(self, text: str) -> None:
        view = self._stage.view
        served = isinstance(view.person, Serving | ServingUnseen)
        if view.busy or not (view.step in _FROM or (view.step is Step.BILL and served)):
            self._stage.remark(NoticeKind.SCAN_NOT_USED)
            return
        member = self._served(view)
        if view.step is Step.BILL:
            self._identification.decline_switch()
            self._before = self._stage.view
        elif view.step is not Step.CLAIM:
            self._before = None
            self._identification.forget()
        self._attempt += 1
        attempt = self._attempt
        self._claim = self._who = None
        self._show(ClaimShown(None), busy=True)

        def read(answer: tuple[Claimable | NotClaimable, Offer | None]) -> None:
            if attempt == self._attempt:
                self._was_read(*answer, member)

        def ask() -> tuple[Claimable | NotClaimable, Offer | None]:
            from cashier_app.services.claims import Claimable

            claims = self._workshop().claims
            found = claims.read(text)
            if member is None or not isinstance(found, Claimable):
                return found, None
            return found, claims.offer(found, member)

        self._runner.run(ask, read, lambda error: self._failed(attempt, error))

    def _served(self, view: TillView) -> ClaimFor | None:
        """Return who is served, or was asked for before the receipt was scanned anew."""
        from cashier_app.services.claim_terms import ClaimFor, claim_for

        person = view.person
        if isinstance(person, Serving):
            return ClaimFor(person.member, person.account, None, person.fresh)
        if isinstance(person, ServingUnseen):
            return claim_for(self._identification.identifier, None)
        return self._who

    def _was_read(
        self, found: Claimable | NotClaimable, offer: Offer | None, member: ClaimFor | None
    ) -> None:
        from cashier_app.services.claims import Claimable

        if isinstance(found, Claimable):
            self._claim, self._who = found, member
            self._show(ClaimShown(found.sale, _named(member), offer))
        else:
            self._show(ClaimShown(found.sale, refused=found))

    def _take_member(self, text: str, origin: Origin) -> None:
        if self._claim is None:
            self._stage.remark(NoticeKind.SCAN_NOT_USED)
            return
        parsed = parse_identifier(text, self._settings.rules, origin)
        if isinstance(parsed, Unrecognised):
            self._stage.remark(NoticeKind.NOT_A_LOYALTY_CODE)
            return
        claim = self._claim
        self._attempt += 1
        attempt = self._attempt
        self._who = None
        self._show(ClaimShown(claim.sale, looked_for=readable(parsed)), busy=True)

        def ask() -> tuple[object, Offer | None]:
            workshop = self._workshop()
            found = self._found(workshop.lookup, parsed)
            offer = None
            if isinstance(found, MemberFound | Remembered | Unreachable):
                offer = workshop.claims.offer(claim, _for(parsed, found))
            return found, offer

        def done(answer: tuple[object, Offer | None]) -> None:
            if attempt == self._attempt:
                self._member_came(parsed, *answer)

        self._runner.run(ask, done, lambda error: self._failed(attempt, error))

    @staticmethod
    def _found(lookup: MemberLookup, parsed: Identifier) -> object:
        return lookup.find(parsed)

    def _member_came(self, parsed: Identifier, found: object, offer: Offer | None) -> None:
        claim = self._claim
        if claim is None:
            return
        match found:
            case MemberFound() | Remembered() | Unreachable():
                self._who = _for(parsed, found)
                self._show(ClaimShown(claim.sale, _named(self._who), offer))
            case SeveralMembers(several):
                self._show(ClaimShown(claim.sale, several=several), target=Target.MEMBERS)
            case NoSuchMember():
                self._show(ClaimShown(claim.sale, WhoClaims("", missing=readable(parsed))))
            case _:
                self._stage.remark(NoticeKind.CODE_RAN_OUT)
                self._show(ClaimShown(claim.sale))

    def _is_for(self, parsed: Identifier | None, found: MemberFound) -> None:
        from cashier_app.services.claim_terms import claim_for

        claim = self._claim
        if claim is None:
            return
        self._attempt += 1
        attempt, who = self._attempt, claim_for(parsed, found)
        self._show(ClaimShown(claim.sale), busy=True)

        def done(offer: Offer) -> None:
            if attempt == self._attempt:
                self._who = who
                self._show(ClaimShown(claim.sale, _named(who), offer))

        self._runner.run(
            lambda: self._workshop().claims.offer(claim, who),
            done,
            lambda error: self._failed(attempt, error),
        )

    def _credit(self, claim: Claimable, who: ClaimFor) -> None:
        self._attempt += 1
        attempt = self._attempt
        view = self._stage.view
        staff_id = view.cashier.staff_id if view.cashier else ""
        self._crediting = True
        self._stage.show(replace(view, busy=True, trouble=""))

        def done(answer: Claimed | NotClaimable) -> None:
            self._crediting = False
            if attempt == self._attempt:
                self._credited(answer, who)

        def failed(error: BaseException) -> None:
            self._crediting = False
            self._failed(attempt, error)

        self._runner.run(
            lambda: self._workshop().claims.credit(claim, who, staff_id),
            done,
            failed,
        )

    def _credited(self, answer: Claimed | NotClaimable, who: ClaimFor) -> None:
        from cashier_app.services.claims import NotClaimable

        if isinstance(answer, NotClaimable):
            self._claim = self._who = None
            self._show(ClaimShown(answer.sale, refused=answer))
            return
        name = who.member.first_name if who.member else ""
        self.close()
        self._stage.remark(NoticeKind.CLAIMED, name or answer.sale.number)
        self._identification.account.refresh()

    def _failed(self, attempt: int, error: BaseException) -> None:
        if attempt != self._attempt:
            return
        if isinstance(error, KnownError):
            sentence = error.sentence
        else:
            logger.error("a step of a claim met a bug", exc_info=error)
            sentence = BUG_SENTENCE
        self._stage.show(replace(self._stage.view, busy=False, trouble=sentence))

    def _show(self, shown: ClaimShown, *, busy: bool = False, target: Target = Target.SCAN) -> None:
        view = steps.fresh(self._stage.view)
        self._stage.show(
            replace(view, step=Step.CLAIM, target=target, person=shown, busy=busy, clears_after=CLEARS_CLAIM)
        )

    @staticmethod
    def _no_codes(error: BaseException) -> None:
        # The sale stands without them; its number is on the receipt.
        why = error.sentence if isinstance(error, KnownError) else error.__class__.__name__
        logger.info("the codes of a receipt could not be made: %s", why)


def _for(identifier: Identifier, found: MemberFound | Remembered | Unreachable) -> ClaimFor:
    from cashier_app.services.claim_terms import claim_for

    return claim_for(identifier, None if isinstance(found, Unreachable) else found)


def _named(who: ClaimFor | None) -> WhoClaims | None:
    """Return who claims as may be shown."""
    if who is None:
        return None
    if who.member is None:
        return WhoClaims("", seen_as=readable(who.identifier) if who.identifier else "", fresh=False)
    tier = who.account.tier.name if who.account.tier else ""
    return WhoClaims(who.member.name, tier=tier, fresh=who.fresh)
