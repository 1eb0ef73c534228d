"""Every value the till can show, and all that the wording can say of them."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.identifier import NotRecognised, Unrecognised
from cashier_app.domain.member import Way
from cashier_app.domain.offline_policy import OfflineDenied, WhyNotOffline
from cashier_app.domain.outcome import (
    CodeAhead,
    CodeTooOld,
    CodeUsed,
    RefusedBecause,
)
from cashier_app.domain.program.conditions import Weekday
from cashier_app.domain.quote import NextReward
from cashier_app.domain.reasons import (
    BillCovered,
    BillTooLarge,
    CappedAmount,
    CappedInPeriod,
    CappedPercent,
    CappedPerItem,
    CappedPoints,
    CappedShareOfBalance,
    ChosenReward,
    EarnsTowards,
    KeptPoints,
    LeftToPay,
    Limit,
    LinesCovered,
    MemberBlocked,
    MoreBill,
    MorePoints,
    NeedsBill,
    NeedsDiscount,
    NeedsItems,
    NeedsPoints,
    NextStep,
    NotForMember,
    NotForTier,
    NothingEligible,
    NotInStore,
    NotNow,
    NotOffline,
    NotPaidWith,
    NotTogether,
    NotYet,
    NoWayToPay,
    OutOfStock,
    Over,
    Period,
    Refusal,
    UnknownChoice,
    UsedUp,
    UsedUpOnBill,
    WholeBalance,
    WholeSteps,
)
from cashier_app.domain.sale import Effect, EffectKind, EffectState
from cashier_app.ports.journal import EffectRow, QueueCounts, SaleLine, UnsentSale
from cashier_app.services.till_view import (
    Choosing,
    Connection,
    Failed,
    LookingUp,
    NoCode,
    NotFound,
    Notice,
    NoticeKind,
    Posting,
    Problem,
    Serving,
    ServingUnseen,
    SeveralCodes,
    Step,
    Target,
    TillView,
)
from cashier_app.wording import Wording
from cashier_app.wording.buttons import escape_label, key_list, primary_label, scan_field
from cashier_app.wording.camera import CameraMoment, camera_words, finder_name, several_codes
from cashier_app.wording.find_member import find_actions
from cashier_app.wording.pay_panel import bill_label, pay_panel, spoken_bill
from cashier_app.wording.people import choosing_card, member_card
from cashier_app.wording.problems import (
    idle_card,
    looking_up_card,
    notice_words,
    problem_card,
    unseen_card,
    without_member_card,
)
from cashier_app.wording.queue import effect_words, queue_row, queue_words, refused_because
from cashier_app.wording.reasons import limit_row, next_reward_row, next_step_row
from cashier_app.wording.refusals import lock_words, refusal_rows, refusal_summary
from cashier_app.wording.reward_panel import reward_panel
from cashier_app.wording.status import connection_badge, connection_banner, queue_badge, training_banner
from cashier_app.wording.today import last_sale, last_sales_title, no_sales, today_panel
from cashier_app.wording.trouble import attention_title
from tests.fakes.shop import rupees
from tests.ui.sample_offline import offline_member, with_policy
from tests.ui.sample_views import (
    DINAR,
    NOW,
    OFFLINE,
    ONLINE,
    PROGRAM,
    STATES,
    TODAY,
    WENT_OFFLINE,
    done,
    done_offline,
    idle,
    offer,
    offline,
    offline_allowed,
    offline_done,
    partial,
    pay,
)

WEEK = tuple(Weekday)
LIMITS: tuple[Limit, ...] = (
    CappedAmount(rupees(200)),
    CappedAmount(rupees(200), rupees(2500)),
    CappedPercent(Decimal(20)),
    CappedPercent(Decimal("12.5"), of_lines=True),
    CappedPoints(Decimal(300)),
    CappedShareOfBalance(Decimal(50)),
    CappedPerItem(rupees(80)),
    *(
        CappedInPeriod(period, points=Decimal(500), used_points=Decimal(used))
        for period in Period
        for used in (0, 150)
    ),
    *(
        CappedInPeriod(period, discount=rupees(500), used_discount=rupees(used))
        for period in Period
        for used in (0, 150)
    ),
    KeptPoints(Decimal(1)),
    KeptPoints(Decimal(50)),
    LinesCovered(rupees(400), rupees(140)),
    WholeBalance(Decimal(1240)),
    WholeSteps(rupees(50), Decimal(40)),
    LeftToPay(rupees(1)),
    BillCovered(),
    ChosenReward("Free coffee"),
)
REFUSALS: tuple[Refusal, ...] = (
    NeedsBill(rupees(500), rupees(140)),
    NeedsPoints(Decimal(100), Decimal(80)),
    MemberBlocked(date(2026, 11, 12)),
    NotOffline(),
    BillTooLarge(rupees(5000)),
    NeedsDiscount(rupees(50), rupees(40)),
    NeedsDiscount(rupees(50), rupees(0)),
    NeedsItems(Decimal(1), Decimal(0)),
    NeedsItems(Decimal(3), Decimal("1.5")),
    NothingEligible(),
    NotYet(date(2026, 11, 28)),
    Over(date(2026, 11, 5)),
    *(NotNow(days) for days in (WEEK[:1], WEEK[:2], WEEK[:5], (WEEK[0], WEEK[2], WEEK[6]), WEEK, ())),
    NotNow(WEEK[1:2], time(16), time(18)),
    NotNow((), time(16), time(18)),
    NotNow((), time(16)),
    NotNow((), None, time(18, 30)),
    NotPaidWith(("card",)),
    NotPaidWith(("card", "gift card", "voucher", "invoice")),
    NotInStore(("Hill Road",)),
    NotInStore(("Hill Road", "Market", "Station", "Airport")),
    NotForTier(("Gold",)),
    NotForTier(("Gold", "Platinum")),
    NotForTier(("Silver", "Gold", "Platinum")),
    NotForMember(),
    *(UsedUp(period) for period in Period),
    UsedUpOnBill(),
    OutOfStock(),
    NotTogether(),
    NoWayToPay(),
    UnknownChoice("gone"),
)
NEXT_STEPS: tuple[NextStep, ...] = (
    MoreBill(rupees(140), rupees(50)),
    MorePoints(Decimal(20), rupees(100)),
    EarnsTowards(Decimal(11), Decimal(9)),
    EarnsTowards(Decimal(20), Decimal(0)),
)
PROBLEMS: tuple[Problem, ...] = (
    *(NotFound("+91 98450 12210", way) for way in Way),
    *(NotFound("", way) for way in Way),
    CodeTooOld(NOW - timedelta(minutes=14), 300),
    CodeAhead(NOW + timedelta(minutes=7)),
    CodeUsed(NOW - timedelta(minutes=2)),
    *(Unrecognised(reason, digits=9, expected=10) for reason in NotRecognised),
    SeveralCodes(2),
    NoCode(),
    Failed("The picture could not be opened."),
)


def effect_row(state: EffectState, kind: EffectKind = EffectKind.SALE) -> EffectRow:
    """Return an effect tried five times that waits for the sixth."""
    effect = Effect(
        key=f"01935f1c-7a40-{kind.value}-1",
        kind=kind,
        sale_id="01935f1c-7a40",
        member_id="m-1",
        points=Decimal(120),
        bill=rupees(1980),
        discount=rupees(120),
        paid=rupees(1860),
        at=NOW,
        program_version="7",
    )
    return EffectRow(1, effect, state, 5, NOW + timedelta(seconds=40), NOW, "no answer", None)


def views() -> Iterator[TillView]:
    """Yield each sample state, and what the sample states do not show. Rupees only: a code is not a word."""
    for make in STATES.values():
        view = make()
        if view.bill.currency != DINAR:
            yield view
    yield replace(offer(), trouble="The disk is full.")
    yield replace(idle(), trouble="The disk is full.")
    yield replace(offer(), confirm_bill=True)
    yield replace(offer(), balance_was=Decimal(1500))
    yield replace(offer(), quote=None)
    yield replace(offer(), program=None, quote=None)
    yield replace(pay(), hold_over=True, held_until=None)
    yield replace(pay(), held_until=None)
    yield replace(idle(), connection=replace(ONLINE, counts=QueueCounts(2, 0)))
    yield replace(idle(), connection=replace(ONLINE, counts=QueueCounts(2, 1)))
    yield replace(partial(), discount_entry=replace(partial().bill, units="900"))
    yield replace(done(), finished=None)
    yield from offline_views()
    for posting in Posting:
        for base in (done(), done_offline()):
            assert base.finished is not None
            yield replace(base, finished=replace(base.finished, posting=posting))
            yield replace(base, finished=replace(base.finished, posting=posting, earned=Decimal(0)))


def offline_views() -> Iterator[TillView]:
    """Yield what else is said of points used offline: every reason against it, and both ends of a sale."""
    yield offline_member()
    for because in WhyNotOffline:
        until = NOW + timedelta(days=30) if because is WhyNotOffline.AFTER_A_LOSS else None
        yield replace(offline(), offline=OfflineDenied(because, until))
    yield with_policy(offline())
    typed = replace(offline_allowed(), discount_entry=partial().bill, choice=partial().choice)
    yield replace(typed, step=Step.REWARD, target=Target.DISCOUNT)
    sold = offline_done()
    assert sold.finished is not None
    yield replace(sold, finished=replace(sold.finished, earned=Decimal(0)))


def everything(wording: Wording) -> Iterator[object]:
    """Yield all that the wording can say."""
    for view in views():
        yield from of_view(view, wording)
    yield from of_reasons(wording)
    for problem in PROBLEMS:
        yield problem_card(problem, wording, NOW)
    for because in RefusedBecause:
        yield refused_because(because, wording)
    for kind in NoticeKind:
        for count in (0, 1, 3):
            yield notice_words(Notice(1, kind, "Ravi K.", count), wording)
            yield notice_words(Notice(1, kind, "", count), wording)
    yield from of_the_queue(wording)
    yield from of_the_header(wording)
    yield from of_the_camera(wording)


def of_reasons(wording: Wording) -> Iterator[object]:
    """Yield all that is said of limits, refusals and what would raise a discount."""
    for limit in LIMITS:
        yield limit_row(limit, wording)
    for refusal in REFUSALS:
        yield refusal_rows(refusal, wording)
        yield refusal_summary(refusal, wording)
        yield lock_words(refusal, wording)
    for step in NEXT_STEPS:
        yield next_step_row(step, wording)
        yield next_step_row(step, wording, from_nothing=True)
    coffee = PROGRAM.rewards[0]
    for missing in (Decimal(1), Decimal(30)):
        for earns, after in ((0, missing), (5, missing), (40, Decimal(0))):
            yield next_reward_row(NextReward(coffee, missing, after), Decimal(earns), wording)


def of_view(view: TillView, wording: Wording) -> Iterator[object]:
    """Yield all that is said of one view."""
    for enrols in (False, True):
        yield pay_panel(view, wording, enrols=enrols)
        yield primary_label(view, wording, enrols=enrols)
        yield key_list(view, wording, enrols=enrols)
    yield reward_panel(view, wording)
    yield escape_label(view, wording)
    yield scan_field(view, wording)
    yield bill_label(view, wording)
    yield spoken_bill(view, wording)
    match view.person:
        case Serving():
            yield member_card(view.person, view, wording, NOW)
        case Choosing():
            yield choosing_card(view.person, wording)
            yield choosing_card(replace(view.person, found=view.person.found * 2), wording)
        case ServingUnseen():
            yield unseen_card(view.person, wording)
        case LookingUp():
            yield looking_up_card(view.person, wording)
            yield looking_up_card(view.person, wording, slow=True)
        case _:
            pass


def of_the_queue(wording: Wording) -> Iterator[object]:
    """Yield all that is said of sales not posted yet, and of the last sales."""
    sale = TODAY.last_sales[0].sale
    yield queue_words(QueueCounts(3, 1), wording)
    yield queue_words(QueueCounts(0, 0), wording)
    for state in EffectState:
        yield last_sale(SaleLine(sale, state), wording, NOW)
        yield queue_row(UnsentSale(sale, (effect_row(state),)), wording, NOW)
        yield queue_row(UnsentSale(sale, (effect_row(state), effect_row(EffectState.POSTED))), wording, NOW)
    for wait in (0, 40, 4000):
        row = replace(effect_row(EffectState.WAITING), next_attempt_at=NOW + timedelta(seconds=wait))
        yield queue_row(UnsentSale(replace(sale, display_name=""), (row,)), wording, NOW + timedelta(days=2))
    for because in RefusedBecause:
        row = replace(effect_row(EffectState.NEEDS_ATTENTION), last_answer=because.value)
        yield queue_row(UnsentSale(sale, (row,)), wording, NOW)
    for kind in EffectKind:
        yield effect_words(effect_row(EffectState.WAITING, kind).effect, wording)


def of_the_header(wording: Wording) -> Iterator[object]:
    """Yield all that is said whoever is served."""
    for connection in (
        ONLINE,
        OFFLINE,
        replace(OFFLINE, offline_since=None, counts=QueueCounts(1, 2)),
        replace(ONLINE, sign_in_needed=True),
        Connection(online=True, offline_since=WENT_OFFLINE, counts=QueueCounts(1, 1)),
    ):
        yield connection_banner(connection, wording, NOW)
        yield connection_banner(connection, wording, NOW + timedelta(days=1))
        yield connection_badge(connection, wording)
        yield queue_badge(connection, wording)
    yield training_banner(wording)
    yield today_panel(TODAY, wording)
    yield today_panel(
        replace(TODAY, figures=replace(TODAY.figures, sales=0, with_member=0, since=None)), wording
    )
    yield last_sales_title(wording)
    yield no_sales(wording)
    yield attention_title(wording)
    yield idle_card(wording)
    yield without_member_card(wording)


def of_the_camera(wording: Wording) -> Iterator[object]:
    """Yield all that the finder says while a camera is on."""
    for moment in CameraMoment:
        yield camera_words(moment, wording, count=2)
    yield camera_words(CameraMoment.SEVERAL, wording, count=1)
    yield several_codes(3, wording)
    yield finder_name(wording)
    yield find_actions(wording)
