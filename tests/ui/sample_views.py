"""One `TillView` for each state of the till, with the figures of the pictures; every sum comes from `quote`.

The figures are made up, but each adds up: they are made by the domain from a program, not written down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from cashier_app.domain.amount_entry import AmountEntry, entry_of
from cashier_app.domain.identifier import NotRecognised, Unrecognised
from cashier_app.domain.member import Account, Lapse, Member, TierStanding, Way
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import CodeTooOld, MemberFound
from cashier_app.domain.points import PointName
from cashier_app.domain.program import (
    Cap,
    Conversion,
    Earning,
    Program,
    Redemption,
    Reward,
    RewardKind,
    check_program,
)
from cashier_app.domain.quote import Choice, Quote, TakeAmount, TakeMaximum, TakeNothing, TakeReward, quote
from cashier_app.domain.sale import EffectState, Sale
from cashier_app.ports.journal import DayFigures, QueueCounts, SaleLine
from cashier_app.services.till_view import (
    Choosing,
    Connection,
    Failed,
    Finished,
    LookingUp,
    Nobody,
    NoCode,
    NotFound,
    Notice,
    NoticeKind,
    Person,
    Posting,
    Serving,
    ServingUnseen,
    SeveralCodes,
    Step,
    Target,
    TillView,
    Today,
    WithoutMember,
)

ZONE = ZoneInfo("Asia/Kolkata")
REGION = "IN"
RUPEE = Currency("INR", 2)
DINAR = Currency("KWD", 3)


def at(hour: int, minute: int, second: int = 0) -> datetime:
    """Return a time of the sample day, told in the shop's zone, as UTC."""
    return datetime(2026, 11, 20, hour, minute, second, tzinfo=ZONE).astimezone(UTC)


NOW = at(14, 32, 41)
WENT_OFFLINE = at(14, 2)

PROGRAM = check_program(
    Program(
        name="Marigold coins",
        version="7",
        currency=RUPEE,
        point_name=PointName("coin", "coins"),
        point_scale=0,
        earning=Earning(points=Decimal(1), per=10000),
        redemption=Redemption(
            conversion=Conversion(points=Decimal(1), value=100),
            start_points=Decimal(100),
            minimum_bill=50000,
            caps=(Cap(50000, 20000), Cap(250000, 25000)),
        ),
        rewards=(
            Reward("coffee", "Free coffee", RewardKind.GIFT, Decimal(120)),
            Reward("tenth", "10% off", RewardKind.PERCENT_OFF, Decimal(1500), value=10),
            Reward("bag", "Tote bag", RewardKind.GIFT, Decimal(2000)),
        ),
    )
)

CRORES = check_program(
    replace(
        PROGRAM,
        redemption=Redemption(
            conversion=Conversion(points=Decimal(1), value=100),
            start_points=Decimal(100),
            caps=(Cap(0, 12345600),),
        ),
        rewards=(
            Reward("coffee", "मोफत फिल्टर कॉफी आणि बिस्किटे", RewardKind.GIFT, Decimal(120)),
            Reward("tenth", "10% off", RewardKind.PERCENT_OFF, Decimal(20000000), value=10),
        ),
    )
)

SOUQ = check_program(
    Program(
        name="Souq points",
        version="3",
        currency=DINAR,
        point_name=PointName("point", "points"),
        point_scale=0,
        earning=Earning(points=Decimal(10), per=1000),
        redemption=Redemption(
            conversion=Conversion(points=Decimal(1000), value=1000),
            maximum_percent=20,
        ),
        rewards=(
            Reward("tea", "شاي مع الحليب", RewardKind.GIFT, Decimal(800)),
            Reward("tenth", "10% off", RewardKind.PERCENT_OFF, Decimal(25000), value=10),
        ),
    )
)

PRIYA = Member("m-1", "Priya Raghunathan", masked_phone="+91 ••••• ••210", number="MB4410")
RAHUL = Member("m-2", "Rahul Deshpande", masked_phone="+91 ••••• ••548")
DEVIKA = Member("m-3", "Devika Shenoy", masked_phone="+91 ••••• ••877", blocked_since=date(2026, 11, 12))
ANURADHA = Member("m-4", "श्रीमती अनुराधा वेंकटनरसिंहराजुवारिपेटा", masked_phone="+91 ••••• ••064")
ABDULRAHMAN = Member("m-5", "عبد الرحمن بن محمد الخليلي", masked_phone="+965 •••• •317")
ANIL = Member("m-6", "Anil Kamath", "+91 ••••• ••214", "MB4471", last_visit=date(2026, 11, 19))
MEERA = Member("m-7", "Meera Kamath", "+91 ••••• ••214", "MB9082", last_visit=date(2026, 11, 2))

GOLD = TierStanding("Gold", 3, 4, next_name="Platinum", missing=Money(476000, RUPEE), progress=720)

PRIYAS_ACCOUNT = Account(
    balance=Decimal(1240),
    as_of=NOW,
    tier=GOLD,
    lapses=Lapse(Decimal(80), date(2026, 11, 27)),
    store_credit=Money(15000, RUPEE),
)
RAHULS_ACCOUNT = Account(
    balance=Decimal(80),
    as_of=NOW,
    tier=TierStanding("Bronze", 1, 4, next_name="Silver", missing=Money(340000, RUPEE), progress=320),
)
DEVIKAS_ACCOUNT = Account(balance=Decimal(860), as_of=NOW)
ANURADHAS_ACCOUNT = Account(
    balance=Decimal(10864250),
    as_of=NOW,
    tier=TierStanding("Platinum Circle", 4, 4),
    lapses=Lapse(Decimal(1200000), date(2026, 11, 27)),
    store_credit=Money(100000000, RUPEE),
)
ABDULRAHMANS_ACCOUNT = Account(
    balance=Decimal(18402),
    as_of=NOW,
    tier=TierStanding("Pearl", 2, 3, next_name="Coral", missing=Money(41250, DINAR), progress=550),
    lapses=Lapse(Decimal(2000), date(2026, 11, 27)),
)
ANILS_ACCOUNT = Account(
    balance=Decimal(320),
    as_of=NOW,
    tier=TierStanding("Silver", 2, 4, next_name="Gold", missing=Money(120000, RUPEE), progress=600),
)
MEERAS_ACCOUNT = Account(balance=Decimal(2115), as_of=NOW, tier=GOLD)

ONLINE = Connection(online=True, offline_since=None, counts=QueueCounts(0, 0))
OFFLINE = Connection(online=False, offline_since=WENT_OFFLINE, counts=QueueCounts(2, 0))


def _sold(number: str, name: str, minor: int, when: datetime, currency: Currency) -> Sale:
    return Sale(
        sale_id=f"sale-{number}",
        number=number,
        member_id=f"member-{number}" if name else "",
        display_name=name,
        way=Way.PHONE if name else None,
        bill=Money(minor, currency),
        discount=Money(0, currency),
        paid=Money(minor, currency),
        points_used=Decimal(0),
        points_expected=Decimal(minor // 10000),
        at=when,
        program_version="7",
    )


def _today(sales: Sequence[SaleLine]) -> Today:
    figures = DayFigures(
        sales=63,
        with_member=41,
        redeemed=17,
        points_earned=Decimal(842),
        best_share=72,
        since=at(9, 0),
    )
    return Today(figures, tuple(sales))


TODAY = _today(
    (
        SaleLine(_sold("2-0417", "Priya R.", 216000, at(14, 29), RUPEE), EffectState.POSTED),
        SaleLine(_sold("2-0416", "", 64000, at(14, 24), RUPEE), EffectState.POSTED),
        SaleLine(_sold("2-0415", "Omkar S.", 11840000, at(14, 21), RUPEE), EffectState.POSTED),
    )
)
TODAY_AT_THE_SOUQ = _today(
    (
        SaleLine(_sold("2-0417", "Noura A.", 8400, at(14, 29), DINAR), EffectState.POSTED),
        SaleLine(_sold("2-0416", "", 112750, at(14, 24), DINAR), EffectState.POSTED),
        SaleLine(_sold("2-0415", "", 900, at(14, 21), DINAR), EffectState.POSTED),
    )
)


def _nobody(person: Person, step: Step, target: Target, *, entry: str = "") -> TillView:
    """Return a view without a bill: nobody served yet."""
    return TillView(
        step=step,
        target=target,
        person=person,
        entry=entry,
        bill=AmountEntry(RUPEE),
        choice=TakeMaximum(),
        connection=ONLINE,
        today=TODAY,
        program=PROGRAM,
    )


def serving(
    member: Member,
    account: Account,
    bill: AmountEntry,
    *,
    way: Way = Way.WALLET_CODE,
    choice: Choice | None = None,
    step: Step = Step.BILL,
    target: Target = Target.BILL,
    program: Program = PROGRAM,
    connection: Connection = ONLINE,
    today: Today = TODAY,
) -> TillView:
    """Return a view of a member being served, quoted by the domain."""
    wanted = choice or TakeMaximum()
    return TillView(
        step=step,
        target=target,
        person=Serving(member, account, way, fresh=connection.online),
        entry="",
        bill=bill,
        choice=wanted,
        connection=connection,
        today=today,
        program=program,
        quote=quote(program, member, account, bill.money, wanted, online=connection.online),
    )


def _rupees(units: str) -> AmountEntry:
    return AmountEntry(RUPEE, units)


def _quoted(view: TillView) -> Quote:
    assert view.quote is not None
    return view.quote


def idle() -> TillView:
    """Nobody yet, nothing typed."""
    return _nobody(Nobody(), Step.IDLE, Target.SCAN)


def typing() -> TillView:
    """A phone number half typed."""
    return replace(idle(), entry="9845012")


def lookup() -> TillView:
    """A phone number is being looked up; the bill may be typed meanwhile."""
    return _nobody(LookingUp("+91 98450 ••210", Way.PHONE), Step.LOOKING_UP, Target.BILL)


def member() -> TillView:
    """Priya is found, no bill yet."""
    return serving(PRIYA, PRIYAS_ACCOUNT, AmountEntry(RUPEE))


def offer() -> TillView:
    """A bill of 2,360: 200 off, 2,160 to pay, 21 earned."""
    return serving(PRIYA, PRIYAS_ACCOUNT, _rupees("2360"))


def reward() -> TillView:
    """The bill is fixed, the choice of discount is open."""
    return replace(offer(), step=Step.REWARD, target=Target.DISCOUNT)


def partial() -> TillView:
    """150 typed instead of the 200 allowed."""
    typed = _rupees("150")
    view = serving(
        PRIYA,
        PRIYAS_ACCOUNT,
        _rupees("2360"),
        choice=TakeAmount(typed.money),
        step=Step.REWARD,
        target=Target.DISCOUNT,
    )
    return replace(view, discount_entry=typed)


def no_points() -> TillView:
    """None chosen: the sale uses no coins."""
    return replace(
        serving(PRIYA, PRIYAS_ACCOUNT, _rupees("2360"), choice=TakeNothing()),
        step=Step.REWARD,
        target=Target.DISCOUNT,
    )


def other_reward() -> TillView:
    """The free coffee is chosen instead of paying with coins, and marked."""
    view = serving(PRIYA, PRIYAS_ACCOUNT, _rupees("2360"), choice=TakeReward("coffee"), step=Step.REWARD)
    return replace(view, target=Target.DISCOUNT, marked_reward="coffee")


def pay() -> TillView:
    """The customer pays; the coins are held."""
    return replace(offer(), step=Step.PAY, target=Target.NOTHING, held_until=at(14, 42))


def holding() -> TillView:
    """The coins are being held; the backend takes its time."""
    return replace(reward(), busy=True)


def saving() -> TillView:
    """The paid sale is being written down."""
    return replace(pay(), busy=True)


def hold_over() -> TillView:
    """The hold ran out while the customer was paying."""
    return replace(pay(), hold_over=True)


def not_held() -> TillView:
    """The backend would not hold the coins."""
    sentence = "The loyalty system cannot hold the points now. Try again, or take none."
    return replace(reward(), trouble=sentence)


def disk_full() -> TillView:
    """The paid sale could not be saved."""
    return replace(pay(), trouble="The disk is full. This was not saved. Free space, then try again.")


def not_opened() -> TillView:
    """The sales database could not be opened when the till started."""
    return replace(idle(), trouble="The sales database is damaged. It was left as it is; call support.")


def balance_changed() -> TillView:
    """The balance was spent elsewhere between the offer and the hold."""
    spent = replace(PRIYAS_ACCOUNT, balance=Decimal(120))
    view = serving(PRIYA, spent, _rupees("2360"), step=Step.REWARD, target=Target.DISCOUNT)
    return replace(view, balance_was=Decimal(1240))


def unusual_bill() -> TillView:
    """Two noughts too many, perhaps: Enter must be pressed again."""
    return replace(serving(PRIYA, PRIYAS_ACCOUNT, _rupees("236000")), confirm_bill=True)


def sign_in_wanted() -> TillView:
    """The backend refuses the till's token."""
    return replace(offer(), connection=replace(ONLINE, counts=QueueCounts(2, 0), sign_in_needed=True))


def done_stuck() -> TillView:
    """Finished, but the backend refused the sale: a person must look at it."""
    view = done_offline()
    assert view.finished is not None
    stuck = replace(view.finished, posting=Posting.NEEDS_ATTENTION)
    return replace(view, finished=stuck, connection=replace(ONLINE, counts=QueueCounts(0, 1)))


def no_sales_yet() -> TillView:
    """The first minute of the day."""
    figures = DayFigures(
        sales=0, with_member=0, redeemed=0, points_earned=Decimal(0), best_share=None, since=None
    )
    return replace(idle(), today=Today(figures, ()))


def done() -> TillView:
    """Finished and posted: 21 earned, balance 1,061."""
    view = offer()
    answer = _quoted(view)
    richer = replace(
        PRIYAS_ACCOUNT,
        balance=answer.balance_after,
        tier=replace(GOLD, missing=Money(476000, RUPEE) - answer.to_pay, progress=848),
        lapses=None,
    )
    return replace(
        view,
        step=Step.DONE,
        target=Target.SCAN,
        person=Serving(PRIYA, richer, Way.WALLET_CODE, fresh=True),
        finished=_finished(view, Posting.POSTED, balance=answer.balance_after),
        today=_after(view, EffectState.POSTED),
        clears_after=6,
    )


def posting() -> TillView:
    """Finished, the backend has not answered yet."""
    view = done()
    assert view.finished is not None
    waiting = replace(view.finished, posting=Posting.POSTING, balance=None, posted_at=None)
    return replace(view, finished=waiting, person=Serving(PRIYA, PRIYAS_ACCOUNT, Way.WALLET_CODE, fresh=True))


def done_offline() -> TillView:
    """Finished and kept on this till until the backend answers again."""
    view = offline()
    return replace(
        view,
        step=Step.DONE,
        target=Target.SCAN,
        connection=replace(OFFLINE, counts=QueueCounts(3, 0)),
        finished=_finished(view, Posting.WAITING),
        today=_after(view, EffectState.WAITING),
        clears_after=8,
    )


def not_found() -> TillView:
    """A phone number nobody has; it stays in the field to be read back."""
    person = NotFound("+91 98450 12210", Way.PHONE)
    return _nobody(person, Step.PROBLEM, Target.SCAN, entry="9845012210")


def two_members() -> TillView:
    """Two members share a phone; Anil is marked."""
    found = (MemberFound(ANIL, ANILS_ACCOUNT), MemberFound(MEERA, MEERAS_ACCOUNT))
    return _nobody(Choosing("+91 98450 ••214", found, 0), Step.CHOOSING, Target.MEMBERS)


def blocked() -> TillView:
    """Devika is blocked; the sale goes on without loyalty."""
    return serving(DEVIKA, DEVIKAS_ACCOUNT, _rupees("980"), way=Way.PHONE)


def refused() -> TillView:
    """Rahul has 80 coins and needs 100."""
    return serving(RAHUL, RAHULS_ACCOUNT, _rupees("1150"), way=Way.PHONE)


def offline() -> TillView:
    """Priya as she was known before the network went."""
    known = replace(PRIYAS_ACCOUNT, as_of=WENT_OFFLINE)
    return serving(PRIYA, known, _rupees("2360"), connection=OFFLINE)


def offline_unseen() -> TillView:
    """Somebody this till has not met, while offline."""
    view = _nobody(ServingUnseen("+91 ••••• ••903", Way.PHONE), Step.BILL, Target.BILL)
    return replace(view, bill=_rupees("2360"), connection=OFFLINE)


def without_member() -> TillView:
    """A sale without a member."""
    view = _nobody(WithoutMember(), Step.BILL, Target.BILL)
    return replace(view, bill=_rupees("2360"))


def too_old() -> TillView:
    """A code made 14 minutes ago that lived five."""
    return _nobody(CodeTooOld(at(14, 18, 30), 300), Step.PROBLEM, Target.SCAN)


def bad_phone() -> TillView:
    """A phone number with a digit too few."""
    person = Unrecognised(NotRecognised.BAD_PHONE, digits=9, expected=10)
    return _nobody(person, Step.PROBLEM, Target.SCAN, entry="984501221")


def payment_card() -> TillView:
    """A payment card was held to the reader; nothing of it is shown."""
    return _nobody(Unrecognised(NotRecognised.PAYMENT_CARD), Step.PROBLEM, Target.SCAN)


def two_codes() -> TillView:
    """A picture with two codes in it."""
    return _nobody(SeveralCodes(2), Step.PROBLEM, Target.SCAN)


def no_code() -> TillView:
    """A picture without a code."""
    return _nobody(NoCode(), Step.PROBLEM, Target.SCAN)


def failed() -> TillView:
    """Something in the world failed."""
    return _nobody(Failed("The picture could not be opened."), Step.PROBLEM, Target.SCAN)


def long_values() -> TillView:
    """Crores, a long name in Devanagari, the top tier."""
    return serving(
        ANURADHA,
        ANURADHAS_ACCOUNT,
        entry_of(Money(987654300, RUPEE)),
        way=Way.PHONE,
        step=Step.REWARD,
        target=Target.DISCOUNT,
        program=CRORES,
    )


def arabic_three_decimals() -> TillView:
    """Dinars with three decimals and a right-to-left name."""
    return serving(
        ABDULRAHMAN,
        ABDULRAHMANS_ACCOUNT,
        AmountEntry(DINAR, "23", "750"),
        program=SOUQ,
        today=TODAY_AT_THE_SOUQ,
    )


def training() -> TillView:
    """The offer again: what makes it training is the window's setting, not the view."""
    return offer()


def noticed(kind: NoticeKind = NoticeKind.SWITCHED, sequence: int = 1, name: str = "Ravi K.") -> TillView:
    """The offer with a passing remark."""
    return replace(offer(), notice=Notice(sequence, kind, name=name, count=2))


def _finished(view: TillView, posting_state: Posting, *, balance: Decimal | None = None) -> Finished:
    answer = _quoted(view)
    sale = Sale(
        sale_id="sale-2-0418",
        number="2-0418",
        member_id=PRIYA.member_id,
        display_name="Priya R.",
        way=Way.WALLET_CODE,
        bill=answer.bill,
        discount=answer.discount,
        paid=answer.to_pay,
        points_used=answer.points_used,
        points_expected=answer.earns,
        at=NOW,
        program_version=answer.program_version,
    )
    posted_at = NOW if posting_state is Posting.POSTED else None
    return Finished(sale, posting_state, earned=answer.earns, balance=balance, posted_at=posted_at)


def _after(view: TillView, state: EffectState) -> Today:
    """Return the day after the sale in this view."""
    answer = _quoted(view)
    newest = SaleLine(_sold("2-0418", "Priya R.", answer.to_pay.minor, at(14, 32), RUPEE), state)
    return _today((newest, *TODAY.last_sales[:2]))


STATES: dict[str, Callable[[], TillView]] = {
    "idle": idle,
    "typing": typing,
    "lookup": lookup,
    "member": member,
    "offer": offer,
    "reward": reward,
    "partial": partial,
    "no-points": no_points,
    "other-reward": other_reward,
    "pay": pay,
    "holding": holding,
    "saving": saving,
    "hold-over": hold_over,
    "not-held": not_held,
    "disk-full": disk_full,
    "not-opened": not_opened,
    "balance-changed": balance_changed,
    "unusual-bill": unusual_bill,
    "sign-in-wanted": sign_in_wanted,
    "done-stuck": done_stuck,
    "no-sales-yet": no_sales_yet,
    "done": done,
    "posting": posting,
    "done-offline": done_offline,
    "not-found": not_found,
    "two-members": two_members,
    "blocked": blocked,
    "refused": refused,
    "offline": offline,
    "offline-unseen": offline_unseen,
    "without-member": without_member,
    "too-old": too_old,
    "bad-phone": bad_phone,
    "payment-card": payment_card,
    "two-codes": two_codes,
    "no-code": no_code,
    "failed": failed,
    "training": training,
    "long-values": long_values,
    "arabic-three-decimals": arabic_three_decimals,
}
"""Every state by name, for tests that hold in all of them and for the pictures."""
