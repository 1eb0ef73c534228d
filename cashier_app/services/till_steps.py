"""What each key does to the snapshot: pure steps from one `TillView` to the next, no waiting and no I/O."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.choice import Choice, TakeAmount, TakeMaximum, TakeNothing
from cashier_app.domain.identifier import IdentifierRules, may_grow_into_number
from cashier_app.domain.member import Account, Member
from cashier_app.domain.money import Money, zero
from cashier_app.domain.offline_policy import OfflineAllowed
from cashier_app.domain.points import NO_POINTS
from cashier_app.services.alternatives import Alternative, alternatives, rule_chosen
from cashier_app.services.bill_offers import account_for, program_for
from cashier_app.services.offline_offer import (
    needs_manager,
    not_asking,
    offline_answer,
    quoted_offline,
    with_name_character,
)
from cashier_app.services.pasted_bill import PastedBill, bill_on_show, with_pasted_bill
from cashier_app.services.till_view import (
    Choosing,
    Failed,
    LookingUp,
    Nobody,
    NotFound,
    Person,
    Posting,
    Serving,
    ServingUnseen,
    Step,
    Target,
    TillView,
    WithoutMember,
)
from cashier_app.services.voucher_view import (
    in_order,
    not_typing,
    of_this_bill,
    with_code_character,
    without_voucher,
)

if TYPE_CHECKING:
    from cashier_app.domain.quote import Quote

MAX_ENTRY = 64
_UNSEEN_ACCOUNT = Account(balance=NO_POINTS, as_of=datetime(1970, 1, 1, tzinfo=UTC))

CLEARS_DONE = 6
CLEARS_DONE_UNANSWERED = 10
CLEARS_DONE_OFFLINE = 8
CLEARS_PROBLEM = 30
CLEARS_CHOOSING = 60
CLEARS_EMPTY_BILL = 120
CLEARS_TYPED_BILL = 300


def fresh(view: TillView, *, keep_bill: bool = False) -> TillView:
    """Return the screen for the next customer: nothing of the last one stays but what the shop owns.

    A bill is kept for another member of the same sale, never from a finished one.
    """
    keep = keep_bill and view.step is not Step.DONE
    bill = view.bill if keep else AmountEntry(view.bill.currency)
    remark = view.notice if view.notice and not view.notice.name else None
    return TillView(
        step=Step.IDLE,
        target=Target.SCAN,
        person=Nobody(),
        entry="",
        bill=bill,
        pasted=view.pasted if keep else None,
        choice=TakeMaximum(),
        connection=view.connection,
        today=view.today,
        occasion=view.occasion,
        program=view.program,
        can=view.can,
        offline_policy=view.offline_policy,
        cashier=view.cashier,
        notice=remark,
        clears_after=None if bill.is_empty else CLEARS_TYPED_BILL,
    )


def looking_up(view: TillView, person: LookingUp) -> TillView:
    """Return the screen while a look-up runs; the bill may be typed ahead."""
    keep = view.step in {Step.IDLE, Step.LOOKING_UP, Step.CHOOSING, Step.PROBLEM}
    base = fresh(view, keep_bill=keep)
    return replace(
        base, step=Step.LOOKING_UP, target=Target.BILL, person=person, entry=view.entry, clears_after=None
    )


def choosing(view: TillView, person: Choosing) -> TillView:
    """Return the screen that asks which of several members it is."""
    return replace(
        fresh(view, keep_bill=True),
        step=Step.CHOOSING,
        target=Target.MEMBERS,
        person=person,
        clears_after=CLEARS_CHOOSING,
    )


def problem(view: TillView, person: Person, *, keep_entry: bool) -> TillView:
    """Return the screen that says why nobody is served; a mistyped number stays to be mended."""
    entry = view.entry if keep_entry else ""
    base = fresh(view, keep_bill=True)
    return replace(base, step=Step.PROBLEM, person=person, entry=entry, clears_after=CLEARS_PROBLEM)


def serving(view: TillView, person: Serving | ServingUnseen | WithoutMember) -> TillView:
    """Return the screen once it is known who is served; a bill typed ahead is kept and quoted."""
    base = fresh(view, keep_bill=True)
    return requoted(replace(base, step=Step.BILL, target=Target.BILL, person=person))


def requoted(view: TillView) -> TillView:
    """Return the screen with the offer for the bill as it stands now."""
    view = of_this_bill(view)
    view = replace(view, offline=offline_answer(view))
    view = replace(view, quote=_quote(view))
    if not needs_manager(view):
        view = not_asking(view)
    clears = CLEARS_EMPTY_BILL if view.bill.is_empty else CLEARS_TYPED_BILL
    steps = {Step.BILL, Step.REWARD}
    return replace(view, clears_after=clears if view.step in steps else view.clears_after)


def with_digit(view: TillView, digit: str) -> TillView:
    """Return the screen after a digit, typed where the ink frame is."""
    match view.target:
        case Target.SCAN:
            return with_character(view, digit)
        case Target.BILL:
            return requoted(replace(view, bill=view.bill.with_digit(digit), confirm_bill=False, trouble=""))
        case Target.DISCOUNT if takes_other_amounts(view):
            entry = view.discount_entry or AmountEntry(view.bill.currency)
            return with_discount(view, entry.with_digit(digit))
        case Target.MANAGER:
            return with_name_character(view, digit)
        case Target.VOUCHER:
            return with_code_character(view, digit)
        case _:
            return view


def with_character(view: TillView, character: str) -> TillView:
    """Return the screen after a character for the scan field; anything but printable ASCII is ignored.

    After a number that nobody has, typing starts a new one; after one that was too short, it goes on.
    """
    if not (character.isascii() and character.isprintable()):
        return view
    base = fresh(view) if view.step is Step.DONE else view
    if base.step is Step.PROBLEM:
        entry = "" if isinstance(base.person, NotFound) else base.entry
        base = replace(fresh(base, keep_bill=True), entry=entry)
    return replace(base, entry=base.entry + character) if len(base.entry) < MAX_ENTRY else base


def with_point(view: TillView) -> TillView:
    """Return the screen after the decimal point."""
    match view.target:
        case Target.SCAN:
            return with_character(view, ".")
        case Target.BILL:
            return requoted(replace(view, bill=view.bill.with_point()))
        case Target.DISCOUNT if takes_other_amounts(view):
            entry = view.discount_entry or AmountEntry(view.bill.currency)
            return with_discount(view, entry.with_point())
        case _:
            return view


def with_pasted(view: TillView, pasted: PastedBill) -> TillView:
    """Return the screen with a bill that came with its lines, to be decided on anew."""
    # Another bill, also where it comes to the same.
    base = with_pasted_bill(not_typing(without_voucher(view)), pasted)
    if view.step in {Step.BILL, Step.REWARD}:
        base = replace(base, step=Step.BILL, target=Target.BILL, choice=TakeMaximum(), offers=None)
        return requoted(base)
    return replace(base, clears_after=CLEARS_TYPED_BILL if view.step is Step.IDLE else view.clears_after)


def without_last(view: TillView) -> TillView:
    """Return the screen after Backspace; an emptied discount is the maximum again."""
    match view.target:
        case Target.SCAN:
            base = fresh(view, keep_bill=True) if view.step is Step.PROBLEM else view
            return replace(base, entry=view.entry[:-1])
        case Target.MANAGER | Target.VOUCHER:
            return replace(view, entry=view.entry[:-1], trouble="")
        case Target.BILL:
            return requoted(replace(view, bill=view.bill.without_last(), confirm_bill=False, trouble=""))
        case Target.DISCOUNT if view.discount_entry is not None:
            left = view.discount_entry.without_last()
            if left.is_empty:
                return chosen(view, TakeMaximum(rule_chosen(view.choice)))
            return with_discount(view, left)
        case _:
            return view


def with_discount(view: TillView, entry: AmountEntry) -> TillView:
    """Return the screen with a smaller discount typed."""
    choice = TakeAmount(entry.money, rule_chosen(view.choice))
    return requoted(replace(view, discount_entry=entry, choice=choice))


def chosen(view: TillView, choice: Choice) -> TillView:
    """Return the screen with this choice; a half-typed discount is dropped."""
    return requoted(replace(view, choice=choice, discount_entry=None))


def nudged(view: TillView, direction: int) -> TillView:
    """Return the screen with one step less (-1) or more (+1) discount."""
    if view.quote is None or not view.quote.maximum:
        return view
    minor = view.quote.discount.minor + direction * view.quote.step.minor
    minor = min(max(minor, 0), view.quote.maximum.minor)
    rule_id = rule_chosen(view.choice)
    if not takes_other_amounts(view):
        minor = view.quote.maximum.minor if direction > 0 else 0
    if minor == view.quote.maximum.minor:
        return chosen(view, TakeMaximum(rule_id))
    amount = Money(minor, view.bill.currency)
    return chosen(view, TakeAmount(amount, rule_id) if minor else TakeNothing())


def marked(view: TillView, direction: int) -> TillView:
    """Return the screen with the next member or usable reward or offer marked."""
    if isinstance(view.person, Choosing):
        count = len(view.person.found)
        return replace(view, person=replace(view.person, marked=(view.person.marked + direction) % count))
    usable = in_order(view, (one.key for one in usable_rewards(view)))
    if not usable:
        return view
    if view.marked_reward not in usable:
        return replace(view, marked_reward=usable[0 if direction > 0 else -1])
    place = usable.index(view.marked_reward) + direction
    return replace(view, marked_reward=usable[place % len(usable)])


def picked(view: TillView, key: str) -> TillView:
    """Return the screen with a reward or another rule taken instead, or given back when it was taken."""
    one = next((one for one in usable_rewards(view) if one.key == key), None)
    if one is None:
        return view
    choice = TakeMaximum() if one.is_taken(view.choice) else one.choice
    return replace(chosen(view, choice), marked_reward=key)


def usable_rewards(view: TillView) -> tuple[Alternative, ...]:
    """Return the rewards and other rules that may be taken on this bill, or given back."""
    if view.step not in {Step.BILL, Step.REWARD} or empty_bill(view):
        return ()
    return tuple(one for one in alternatives(view) if one.refusal is None or one.is_taken(view.choice))


def can_redeem(view: TillView) -> bool:
    """Say whether there is anything to choose before payment."""
    return view.quote is not None and (bool(view.quote.maximum) or bool(usable_rewards(view)))


def takes_other_amounts(view: TillView) -> bool:
    """Say whether less than the most can be taken off.

    Not where points pay for one discount only, nor where the backend says how much it is.
    """
    if view.can is not None and not view.can.variable_amounts:
        return False
    return view.quote is None or not view.quote.is_all_or_nothing


def to_pay(view: TillView) -> Money:
    """Return what the customer pays as things stand."""
    return view.quote.to_pay if view.quote else view.bill.money


def finished_clears_after(posting: Posting) -> int:
    """Return seconds for which the finished sale stays on the screen."""
    match posting:
        case Posting.POSTED | Posting.NOTHING_TO_POST:
            return CLEARS_DONE
        case Posting.POSTING:
            return CLEARS_DONE_UNANSWERED
        case Posting.WAITING | Posting.NEEDS_ATTENTION:
            return CLEARS_DONE_OFFLINE


def looks_complete(view: TillView, rules: IdentifierRules) -> bool:
    """Say whether the typed digits are a whole phone number and cannot become a longer one.

    Enter is then not needed. Where numbers differ in length, a digit too many would land in the bill.
    """
    digits = view.entry
    if not digits.isdigit() or len(digits) < 9 or may_grow_into_number(digits, rules):
        return False
    from cashier_app.domain.phone import ends_a_phone

    return ends_a_phone(digits, rules.region)


def failed(view: TillView, sentence: str) -> TillView:
    """Return the screen that says what failed while somebody was looked up."""
    return problem(view, Failed(sentence), keep_entry=True)


def _quote(view: TillView) -> Quote | None:
    program = program_for(view)
    if program is None:
        return None
    from cashier_app.domain.quote import quote  # loaded behind the first frame

    bill = bill_on_show(view)
    match view.person:
        case Serving() as person if isinstance(view.offline, OfflineAllowed):
            return quoted_offline(program, person, view, view.offline)
        case Serving() as person:
            occasion = replace(view.occasion, online=person.fresh)
            return quote(program, person.member, account_for(view, person), bill, view.choice, occasion)
        case ServingUnseen():
            nobody = Member(member_id="", name="")
            occasion = replace(view.occasion, online=False)
            return quote(program, nobody, _UNSEEN_ACCOUNT, bill, TakeNothing(), occasion)
        case _:
            return None


def empty_bill(view: TillView) -> bool:
    """Say whether no amount stands in the bill."""
    return view.bill.money == zero(view.bill.currency)
