"""Views with a bill and what may be redeemed on it, up to the hold of the points."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.choice import TakeAmount, TakeNothing, TakeReward
from cashier_app.domain.member import Way
from cashier_app.ports.journal import QueueCounts
from cashier_app.services.till_view import (
    Notice,
    NoticeKind,
    ServingUnseen,
    Step,
    Target,
    TillView,
    WithoutMember,
)
from tests.fakes.shop import DEVIKA, DINAR, PRIYA, RAHUL, RUPEE
from tests.ui.sample_shop import (
    ABDULRAHMAN,
    ABDULRAHMANS_ACCOUNT,
    ANURADHA,
    ANURADHAS_ACCOUNT,
    CRORES,
    DEVIKAS_ACCOUNT,
    OFFLINE,
    ONLINE,
    PRIYAS_ACCOUNT,
    RAHULS_ACCOUNT,
    SOUQ,
    TODAY_AT_THE_SOUQ,
    WENT_OFFLINE,
    in_rupees,
    nobody,
    serving,
)


def member() -> TillView:
    """Priya is found, no bill yet."""
    return serving(PRIYA, PRIYAS_ACCOUNT, AmountEntry(RUPEE))


def offer() -> TillView:
    """A bill of 2,360: 200 off, 2,160 to pay, 21 earned."""
    return serving(PRIYA, PRIYAS_ACCOUNT, in_rupees("2360"))


def here_before() -> TillView:
    """Priya was here four minutes ago: it is asked whether she is the same customer."""
    return replace(offer(), here_before=4)


def reward() -> TillView:
    """The bill is fixed, the choice of discount is open."""
    return replace(offer(), step=Step.REWARD, target=Target.DISCOUNT)


def partial() -> TillView:
    """150 typed instead of the 200 allowed."""
    typed = in_rupees("150")
    view = serving(
        PRIYA,
        PRIYAS_ACCOUNT,
        in_rupees("2360"),
        choice=TakeAmount(typed.money),
        step=Step.REWARD,
        target=Target.DISCOUNT,
    )
    return replace(view, discount_entry=typed)


def no_points() -> TillView:
    """None chosen: the sale uses no coins."""
    return replace(
        serving(PRIYA, PRIYAS_ACCOUNT, in_rupees("2360"), choice=TakeNothing()),
        step=Step.REWARD,
        target=Target.DISCOUNT,
    )


def other_reward() -> TillView:
    """The free coffee is chosen instead of paying with coins, and marked."""
    view = serving(PRIYA, PRIYAS_ACCOUNT, in_rupees("2360"), choice=TakeReward("coffee"), step=Step.REWARD)
    return replace(view, target=Target.DISCOUNT, marked_reward="coffee")


def balance_changed() -> TillView:
    """The balance was spent elsewhere between the offer and the hold."""
    spent = replace(PRIYAS_ACCOUNT, balance=Decimal(120))
    view = serving(PRIYA, spent, in_rupees("2360"), step=Step.REWARD, target=Target.DISCOUNT)
    return replace(view, balance_was=Decimal(1240))


def unusual_bill() -> TillView:
    """Two noughts too many, perhaps: Enter must be pressed again."""
    return replace(serving(PRIYA, PRIYAS_ACCOUNT, in_rupees("236000")), confirm_bill=True)


def sign_in_wanted() -> TillView:
    """The backend refuses the till's token."""
    return replace(offer(), connection=replace(ONLINE, counts=QueueCounts(2, 0), sign_in_needed=True))


def blocked() -> TillView:
    """Devika is blocked; the sale goes on without loyalty."""
    return serving(DEVIKA, DEVIKAS_ACCOUNT, in_rupees("980"), way=Way.PHONE)


def refused() -> TillView:
    """Rahul has 80 coins and needs 100."""
    return serving(RAHUL, RAHULS_ACCOUNT, in_rupees("1150"), way=Way.PHONE)


def offline() -> TillView:
    """Priya as she was known before the network went."""
    known = replace(PRIYAS_ACCOUNT, as_of=WENT_OFFLINE)
    return serving(PRIYA, known, in_rupees("2360"), connection=OFFLINE)


def offline_unseen() -> TillView:
    """Somebody this till has not met, while offline."""
    view = nobody(ServingUnseen("+91 ••••• ••903", Way.PHONE), Step.BILL, Target.BILL)
    return replace(view, bill=in_rupees("2360"), connection=OFFLINE)


def without_member() -> TillView:
    """A sale without a member."""
    view = nobody(WithoutMember(), Step.BILL, Target.BILL)
    return replace(view, bill=in_rupees("2360"))


def long_values() -> TillView:
    """Crores, a long name in Devanagari, the top tier."""
    return serving(
        ANURADHA,
        ANURADHAS_ACCOUNT,
        AmountEntry(RUPEE, "9876543"),
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


def not_held() -> TillView:
    """The backend would not hold the coins."""
    sentence = "The loyalty system cannot hold the points now. Try again, or take none."
    return replace(reward(), trouble=sentence)


def holding() -> TillView:
    """The coins are being held; the backend takes its time."""
    return replace(reward(), busy=True)
