"""Which sound, if any, a change of what the till shows deserves."""

from __future__ import annotations

from cashier_app.domain.identifier import Unrecognised
from cashier_app.domain.outcome import CodeAhead, CodeTooOld, CodeUsed
from cashier_app.services.till_status import UNKNOWN_CONNECTION
from cashier_app.services.till_view import (
    Choosing,
    ClaimShown,
    Failed,
    LookingUp,
    Nobody,
    NoCode,
    NotFound,
    Notice,
    NoticeKind,
    Person,
    Serving,
    ServingUnseen,
    SeveralCodes,
    Step,
    TillView,
    WithoutMember,
)
from cashier_app.sound.sounds import Sound

_OF_NOTICES = {
    NoticeKind.SWITCH_OFFERED: Sound.QUESTION,
    NoticeKind.SCAN_NOT_USED: Sound.NOT_USED,
    NoticeKind.NOT_A_LOYALTY_CODE: Sound.NOT_USED,
    NoticeKind.CODE_RAN_OUT: Sound.TOO_OLD,
    NoticeKind.BILL_NOT_READ: Sound.NOT_USED,
    NoticeKind.VOUCHER_DROPPED: Sound.NOT_USED,
    NoticeKind.ONE_VOUCHER: Sound.NOT_USED,
}


def cue(before: TillView, view: TillView) -> Sound | None:
    """Return the one sound of this change, or None. What is typed never has one, its answer may."""
    return (
        _of_sale(before, view)
        or _of_person(before.person, view.person)
        or _of_notice(before.notice, view.notice)
        or _of_trouble(before, view)
    )


def _of_sale(before: TillView, view: TillView) -> Sound | None:
    return Sound.DONE if view.step is Step.DONE and before.step is not Step.DONE else None


def _of_person(before: Person, person: Person) -> Sound | None:
    match person:
        case Serving():
            if isinstance(before, Serving) and _who(before) == _who(person):
                return None
            return Sound.FOUND if person.member.blocked_since is None else Sound.TOO_OLD
        case Choosing():
            # The mark moving from one to the next is an answer being given, no question.
            return None if isinstance(before, Choosing) and before.found == person.found else Sound.QUESTION
        case _ if person == before:
            return None
        case ServingUnseen():
            return Sound.FOUND
        case CodeTooOld() | CodeAhead() | CodeUsed():
            return Sound.TOO_OLD
        case NotFound() | Unrecognised() | SeveralCodes() | NoCode() | Failed():
            return Sound.NOT_USED
        case ClaimShown():
            return _of_claim(person)
        case Nobody() | LookingUp() | WithoutMember():
            return None


def _of_claim(shown: ClaimShown) -> Sound | None:
    if shown.refused is not None or (shown.who is not None and shown.who.missing):
        return Sound.NOT_USED
    return Sound.FOUND if shown.offer is not None else Sound.QUESTION if shown.several else None


def _of_notice(before: Notice | None, notice: Notice | None) -> Sound | None:
    if notice is None or (before is not None and before.sequence == notice.sequence):
        return None
    return _OF_NOTICES.get(notice.kind)


def _of_trouble(before: TillView, view: TillView) -> Sound | None:
    if view.balance_was is not None and view.balance_was != before.balance_was:
        return Sound.NOT_USED
    if (view.trouble and view.trouble != before.trouble) or (view.hold_over and not before.hold_over):
        return Sound.ATTENTION
    was, now = before.connection.counts.needs_attention, view.connection.counts.needs_attention
    # What needed attention before the till was opened did not arise now.
    return Sound.ATTENTION if now > was and before.connection != UNKNOWN_CONNECTION else None


def _who(person: Serving) -> tuple[str, bool]:
    return person.member.member_id, person.member.blocked_since is not None
