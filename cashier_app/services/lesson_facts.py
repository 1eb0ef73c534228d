"""The facts a lesson watches, read off the snapshots of the till's own state machines and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.choice import Choice, TakeNothing, TakeReward, TakeTogether, asks_for_points
from cashier_app.domain.choice import TakeMaximum as Maximum
from cashier_app.domain.enrolment import EnrolmentField
from cashier_app.domain.identifier import Unrecognised
from cashier_app.domain.outcome import CodeAhead, CodeTooOld, CodeUsed
from cashier_app.domain.sale import EffectState, Sale
from cashier_app.domain.till_facts import (
    At,
    Chosen,
    EnrolAt,
    Facts,
    Page,
    Posted,
    Problem,
    Remarked,
    ReturnAt,
    Typing,
    UndoAt,
)
from cashier_app.ports.clock import Clock
from cashier_app.services.enrol_view import EnrolView, PhoneIs
from cashier_app.services.return_view import ReturnView
from cashier_app.services.till_view import (
    Choosing,
    ClaimShown,
    Failed,
    NoCode,
    NotFound,
    NoticeKind,
    Person,
    Serving,
    ServingUnseen,
    SeveralCodes,
    TillView,
    WithoutMember,
)
from cashier_app.services.undo_view import UndoView

_PROBLEMS: dict[type, Problem] = {
    NotFound: Problem.NOT_FOUND,
    CodeTooOld: Problem.CODE_TOO_OLD,
    CodeAhead: Problem.CODE_AHEAD,
    CodeUsed: Problem.CODE_USED,
    Unrecognised: Problem.NOT_A_CODE,
    SeveralCodes: Problem.SEVERAL_CODES,
    NoCode: Problem.NO_CODE,
    Failed: Problem.FAILED,
}
_JOINED = frozenset({NoticeKind.JOINED, NoticeKind.WILL_JOIN})
_OVER_RETURNS = frozenset({Page.RETURN, Page.PIN, Page.LOCK})
"""Where a return goes on: its page is hidden by others without being closed."""

_UNDER_WAY = frozenset({EffectState.WAITING, EffectState.SENDING, EffectState.UNKNOWN})


class _Lately(Struct, frozen=True):
    """What was done since the lesson began."""

    scans: int = 0
    sold: tuple[str, ...] = ()
    newest: Sale | None = None
    claimed: int = 0
    enrolled: int = 0
    returned: int = 0
    undone: int = 0
    moved: int = 0
    moved_to: str = ""


class LessonFacts:
    """Keeps the newest of each snapshot and makes them one reading. One thread only.

    Subscribe `see_till`, `see_return`, `see_enrol` and `see_undo` to the sessions of the window, and tell
    `see_page` what lies on top and `see_scan` what devices read: the till passes over a code read twice.

    Args:
        clock: The till's: says which sales were made since the lesson began.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._till: TillView | None = None
        self._return: ReturnView | None = None
        self._enrol: EnrolView | None = None
        self._undo: UndoView | None = None
        self._page = Page.TILL
        self._since: datetime = clock.now()
        self._before: frozenset[str] = frozenset()
        self._lately = _Lately()
        self._remarks = 0
        self._facts = Facts()
        self._listeners: list[Callable[[Facts], None]] = []

    @property
    def facts(self) -> Facts:
        """Return the newest reading."""
        return self._facts

    def subscribe(self, listener: Callable[[Facts], None]) -> None:
        """Call the listener with every new reading, and with this one now."""
        self._listeners.append(listener)
        listener(self._facts)

    def begin(self) -> Facts:
        """Count what is done from now on, and return the facts as they are."""
        self._since = self._clock.now()
        self._before = (
            frozenset() if self._till is None else frozenset(one.sale_id for one in _sales(self._till))
        )
        self._lately = _Lately()
        self._facts = self._read()
        return self._facts

    def see_till(self, view: TillView) -> None:
        """Take a snapshot of the till."""
        before, self._till = self._till, view
        lately = self._lately
        for sale in _sales(view):
            if sale.sale_id not in self._before and sale.at >= self._since:
                lately = _with_sale(lately, sale)
        notice = view.notice
        if notice is not None and notice.sequence > self._remarks:
            self._remarks = notice.sequence
            if before is not None:
                lately = replace(
                    lately,
                    claimed=lately.claimed + (notice.kind is NoticeKind.CLAIMED),
                    enrolled=lately.enrolled + (notice.kind in _JOINED),
                )
        self._note(lately)

    def see_return(self, view: ReturnView) -> None:
        """Take a snapshot of a return."""
        before, self._return = self._return, view
        was_done = before is not None and before.done is not None
        done = view.done is not None and not was_done
        self._note(replace(self._lately, returned=self._lately.returned + done))

    def see_enrol(self, view: EnrolView) -> None:
        """Take a snapshot of an enrolment."""
        self._enrol = view
        self._note(self._lately)

    def see_undo(self, view: UndoView) -> None:
        """Take a snapshot of the question before a sale is undone."""
        before, self._undo = self._undo, view
        lately, done = self._lately, view.done
        known = before.done.sequence if before is not None and before.done is not None else 0
        if before is not None and done is not None and done.sequence > known:
            if done.moved is None:
                lately = replace(lately, undone=lately.undone + 1)
            else:
                lately = replace(lately, moved=lately.moved + 1, moved_to=done.moved.member_id)
        self._note(lately)

    def see_page(self, page: Page) -> None:
        """Take note of what lies on top."""
        self._page = page
        self._note(self._lately)

    def see_scan(self, _: str = "") -> None:
        """Take note that a device read a code, whatever comes of it."""
        self._note(replace(self._lately, scans=self._lately.scans + 1))

    def _note(self, lately: _Lately) -> None:
        self._lately = lately
        facts = self._read()
        if facts == self._facts:
            return
        self._facts = facts
        for listener in self._listeners:
            listener(facts)

    def _read(self) -> Facts:
        facts = Facts(page=self._page, remarks=self._remarks, scans=self._lately.scans)
        if self._till is not None:
            facts = _with_offer(_with_person(_with_till(facts, self._till), self._till), self._till)
            facts = _with_lately(facts, self._till, self._lately)
        if self._return is not None and not self._return.closed and self._page in _OVER_RETURNS:
            facts = _with_return(facts, self._return)
        if self._enrol is not None and not self._enrol.closed:
            facts = _with_enrolment(facts, self._enrol)
        if self._enrol is not None and self._enrol.busy:
            facts = replace(facts, busy=True)  # behind a closed page, too: somebody comes
        if self._undo is not None:
            facts = replace(facts, undo_at=UndoAt(self._undo.step.value))
        return facts


def _with_till(facts: Facts, view: TillView) -> Facts:
    notice, counts = view.notice, view.connection.counts
    return replace(
        facts,
        at=At(view.step.value),
        typing=Typing(view.target.value),
        typed=len(view.entry),
        here_before=view.here_before is not None,
        failed=bool(view.trouble),
        remark=None if notice is None else Remarked(notice.kind.value),
        busy=view.busy,
        unusual_bill=view.confirm_bill,
        balance_changed=view.balance_was is not None,
        offline_points=view.offline_accepted,
        holding=view.is_holding,
        online=view.connection.online,
        sign_in_needed=view.connection.sign_in_needed,
        waiting=counts.waiting,
        needs_attention=counts.needs_attention,
    )


def _with_person(facts: Facts, view: TillView) -> Facts:
    match view.person:
        case Serving(member, account, way, fresh):
            return replace(
                facts,
                member=member.member_id,
                way=way,
                fresh=fresh,
                blocked=member.blocked_since is not None,
                balance=account.balance,
            )
        case ServingUnseen(_, way):
            return replace(facts, way=way, unseen=True, fresh=False)
        case WithoutMember():
            return replace(facts, without_member=True)
        case Choosing(_, found):
            return replace(facts, several=len(found))
        case ClaimShown() as shown:
            return replace(
                facts,
                several=len(shown.several),
                claim_read=shown.sale is not None,
                claim_member=shown.who is not None,
                claim_refused=shown.refused is not None,
            )
        case other:
            return replace(facts, problem=_problem_of(other))


def _problem_of(person: Person) -> Problem | None:
    return _PROBLEMS.get(type(person))


def _with_offer(facts: Facts, view: TillView) -> Facts:
    quote = view.quote
    if quote is None:
        return replace(facts, bill=view.bill.money.minor)
    return replace(
        facts,
        bill=view.bill.money.minor,
        discount=quote.discount.minor,
        to_pay=quote.to_pay.minor,
        points_used=quote.points_used,
        chosen=_chosen(view.choice),
        limit="" if quote.limit is None else _called(quote.limit),
        refusal="" if quote.refusal is None else _called(quote.refusal),
    )


def _called(reason: Struct) -> str:
    return str(reason.__struct_config__.tag)


def _chosen(choice: Choice) -> Chosen:
    match choice:
        case Maximum():
            return Chosen.MAXIMUM
        case TakeNothing():
            return Chosen.NOTHING
        case TakeReward():
            return Chosen.REWARD
        case TakeTogether(rewards=rewards) if rewards:
            return Chosen.REWARD
        case _:
            return Chosen.OTHER if asks_for_points(choice) else Chosen.NOTHING


def _with_lately(facts: Facts, view: TillView, lately: _Lately) -> Facts:
    facts = replace(
        facts,
        sales=len(lately.sold),
        claimed=lately.claimed,
        enrolled=lately.enrolled,
        returned=lately.returned,
        undone=lately.undone,
        moved=lately.moved,
        moved_to=lately.moved_to,
    )
    sale, finished = lately.newest, view.finished
    if finished is not None:
        facts = replace(facts, member=finished.sale.member_id, way=finished.sale.way)
    if sale is None:
        return facts
    return replace(
        facts,
        sale_member=sale.member_id,
        sale_bill=sale.bill.minor,
        sale_discount=sale.discount.minor,
        sale_points=sale.points_used,
        sale_posting=_posting(view, sale),
        claimable=sale.claim_until is not None,
    )


def _posting(view: TillView, sale: Sale) -> Posted | None:
    """Return how far the backend has got with the newest sale, also when it left the screen."""
    finished = view.finished
    if finished is not None and finished.sale.sale_id == sale.sale_id:
        return Posted(finished.posting.value)
    state = next((line.state for line in view.today.last_sales if line.sale.sale_id == sale.sale_id), None)
    if state is None:
        return None
    if state in _UNDER_WAY:
        return Posted.POSTING if view.connection.online else Posted.WAITING
    if state is EffectState.NEEDS_ATTENTION:
        return Posted.NEEDS_ATTENTION
    return Posted.POSTED if state is EffectState.POSTED else Posted.NOTHING_TO_POST


def _with_return(facts: Facts, view: ReturnView) -> Facts:
    plan = view.done or view.plan
    return replace(
        facts,
        return_at=ReturnAt(view.step.value),
        return_found=view.found is not None,
        return_refused=view.problem is not None or (plan is not None and plan.refused is not None),
        return_money=0 if plan is None else plan.money_back.minor,
    )


def _with_enrolment(facts: Facts, view: EnrolView) -> Facts:
    filled = [field for field, text in view.typed if field is not EnrolmentField.PHONE and text]
    return replace(
        facts,
        enrol_at=EnrolAt(view.step.value),
        enrol_fields=len(filled),
        enrol_phone=view.phone_is in {PhoneIs.NOBODYS, PhoneIs.UNASKED},
    )


def _sales(view: TillView) -> list[Sale]:
    """Return the sales a snapshot shows, the newest last."""
    shown = [line.sale for line in reversed(view.today.last_sales)]
    if view.finished is not None and all(view.finished.sale.sale_id != one.sale_id for one in shown):
        shown.append(view.finished.sale)
    return shown


def _with_sale(lately: _Lately, sale: Sale) -> _Lately:
    if sale.sale_id in lately.sold:
        return lately
    return replace(lately, sold=(*lately.sold, sale.sale_id), newest=sale)
