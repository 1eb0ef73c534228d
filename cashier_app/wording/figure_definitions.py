"""What every figure means: the one table behind the hover texts, `docs/figures.md` and `--explain`.

Keys are those of `values_of`; `{points}` and `{Points}` are the shop's name for its points.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from cashier_app.wording.figure_values import Unit
from cashier_app.wording.speech import Wording


class FigureDefinition(Struct, frozen=True):
    """One figure.

    Args:
        key: As it stands in files.
        name: As it stands on the screen.
        sentence: What it means, in one sentence.
        base: How it is worked out, where it is not simply counted; else empty.
    """

    key: str
    unit: Unit
    name: str
    sentence: str
    base: str = ""


class FigureWords(Struct, frozen=True):
    """A definition in the language and with the point name of a shop."""

    key: str
    name: str
    sentence: str
    base: str

    @property
    def full(self) -> str:
        """Return what it means and how it is worked out, as one sentence."""
        return f"{self.sentence.removesuffix('.')}: {self.base}." if self.base else self.sentence


class FigureGroup(Struct, frozen=True):
    """Figures that belong together, in the order they are read."""

    title: str
    figures: tuple[FigureDefinition, ...]


def text(message: str) -> str:
    """Return a source text as it is: this is where ``pybabel extract -k text`` finds it."""
    return message


GROUPS: tuple[FigureGroup, ...] = (
    FigureGroup(
        text("Was loyalty offered"),
        (
            FigureDefinition(
                "sales",
                Unit.COUNT,
                text("Sales"),
                text("Sales finished at the till's loyalty step, with or without a member."),
            ),
            FigureDefinition(
                "member_sales",
                Unit.COUNT,
                text("Sales with a member"),
                text("Sales at which a member was identified, also one the loyalty system knows only later."),
            ),
            FigureDefinition(
                "without_member",
                Unit.COUNT,
                text("Sales without a member"),
                text("Sales finished without anybody identified."),
                text("sales less sales with a member"),
            ),
            FigureDefinition(
                "attach_rate",
                Unit.SHARE,
                text("With a member"),
                text("Of all sales, how many were made with a member."),
                text("sales with a member ÷ sales"),
            ),
            FigureDefinition("enrolled", Unit.COUNT, text("New members"), text("Customers who joined here.")),
            FigureDefinition(
                "known_sales",
                Unit.COUNT,
                text("Sales to known members"),
                text("Sales whose member the till knew when it sold; not those it could only ask for later."),
            ),
            FigureDefinition(
                "first_sales",
                Unit.COUNT,
                text("First sales"),
                text(
                    "Sales to known members who had not bought before: at this till, or in this store where "
                    "its tills share a ledger."
                ),
            ),
            FigureDefinition(
                "repeat_sales",
                Unit.COUNT,
                text("Sales to repeat customers"),
                text("Sales to known members who had bought here before."),
                text("sales to known members less first sales"),
            ),
            FigureDefinition(
                "repeat_rate",
                Unit.SHARE,
                text("Repeat customers"),
                text("Of the sales to known members, how many were to one who had bought here before."),
                text("sales to repeat customers ÷ sales to known members"),
            ),
        ),
    ),
    FigureGroup(
        text("What it cost"),
        (
            FigureDefinition(
                "bill",
                Unit.MONEY,
                text("Bills"),
                text("What all bills came to before any discount for {points} or rewards."),
            ),
            FigureDefinition(
                "discount",
                Unit.MONEY,
                text("Discount given"),
                text("What was taken off bills for {points} and rewards."),
            ),
            FigureDefinition(
                "paid",
                Unit.MONEY,
                text("Revenue"),
                text("What was left to pay of all bills; goods brought back are not taken off it."),
                text("bills less discount given"),
            ),
            FigureDefinition(
                "discount_share",
                Unit.SHARE,
                text("Discount of revenue"),
                text("The discount given for every hundred of revenue."),
                text("discount given ÷ revenue"),
            ),
            FigureDefinition(
                "average_bill",
                Unit.MONEY,
                text("Average bill"),
                text("What a bill comes to on average, before discount."),
                text("bills ÷ sales"),
            ),
            FigureDefinition(
                "average_bill_redeemed",
                Unit.MONEY,
                text("Average bill with {points} used"),
                text("The average bill, before discount, of sales with {points} or a reward used."),
                text("bills with {points} used ÷ sales with {points} used"),
            ),
            FigureDefinition(
                "average_bill_others",
                Unit.MONEY,
                text("Average bill without"),
                text("The average bill of all other sales, with or without a member."),
                text("(bills less bills with {points} used) ÷ (sales less sales with {points} used)"),
            ),
            FigureDefinition(
                "redeemed_bill",
                Unit.MONEY,
                text("Bills with {points} used"),
                text("What the bills of sales with {points} or a reward used came to, before discount."),
            ),
        ),
    ),
    FigureGroup(
        text("{Points}"),
        (
            FigureDefinition(
                "earned",
                Unit.POINTS,
                text("{Points} earned"),
                text("{Points} booked for sales, those claimed later with the sale, on its day."),
            ),
            FigureDefinition(
                "used",
                Unit.POINTS,
                text("{Points} used"),
                text("{Points} the loyalty system has taken for discounts and rewards."),
            ),
            FigureDefinition(
                "redeemed_sales",
                Unit.COUNT,
                text("Sales with {points} used"),
                text("Sales with {points} or a reward used."),
            ),
            FigureDefinition(
                "redeemed_share",
                Unit.SHARE,
                text("Members who used {points}"),
                text("Of the sales with a member, how many were with {points} or a reward used."),
                text("sales with {points} used ÷ sales with a member"),
            ),
            FigureDefinition(
                "redemption_rate",
                Unit.SHARE,
                text("Redemption rate"),
                text("{Points} used for every hundred earned in the same time; may be above 100%."),
                text("{points} used ÷ {points} earned"),
            ),
            FigureDefinition(
                "lapsed",
                Unit.POINTS,
                text("{Points} expired"),
                text("{Points} that came to their end unused, where the loyalty system tells the till."),
            ),
            FigureDefinition(
                "taken_back",
                Unit.POINTS,
                text("{Points} taken back"),
                text("Earned {points} taken back for goods that came back, as far as the till is told."),
            ),
            FigureDefinition(
                "given_back",
                Unit.POINTS,
                text("{Points} given back"),
                text("Used {points} given back for goods that came back, as far as the till is told."),
            ),
            FigureDefinition(
                "reversed_points",
                Unit.POINTS,
                text("{Points} reversed"),
                text("All {points} moved the other way for goods that came back."),
                text("{points} taken back + {points} given back"),
            ),
        ),
    ),
    FigureGroup(
        text("Not posted yet"),
        (
            FigureDefinition(
                "waiting_points",
                Unit.POINTS,
                text("{Points} waiting"),
                text("{Points} of sales and returns the loyalty system has not answered for yet."),
                text("earned, used and back, each waiting, added up"),
            ),
            FigureDefinition(
                "waiting_earned",
                Unit.POINTS,
                text("Earned, waiting"),
                text("{Points} the till reckons sales will earn that are not posted yet."),
            ),
            FigureDefinition(
                "waiting_used",
                Unit.POINTS,
                text("Used, waiting"),
                text("{Points} used for a discount that is given, not posted yet."),
            ),
            FigureDefinition(
                "waiting_back",
                Unit.POINTS,
                text("Back, waiting"),
                text("{Points} to take or give back for goods that came back, not posted yet."),
            ),
            FigureDefinition(
                "refused_points",
                Unit.POINTS,
                text("{Points} refused"),
                text(
                    "{Points} the loyalty system did not take: they need attention or were dropped by hand."
                ),
                text("earned, used and back, each refused, added up"),
            ),
            FigureDefinition(
                "refused_earned",
                Unit.POINTS,
                text("Earned, refused"),
                text("{Points} of sales that were not booked."),
            ),
            FigureDefinition(
                "refused_used",
                Unit.POINTS,
                text("Used, refused"),
                text("{Points} for a discount that is given, which were not taken."),
            ),
            FigureDefinition(
                "refused_back",
                Unit.POINTS,
                text("Back, refused"),
                text("{Points} that should have gone back for goods that came back, and did not."),
            ),
        ),
    ),
    FigureGroup(
        text("Goods brought back, and exceptions"),
        (
            FigureDefinition(
                "returns",
                Unit.COUNT,
                text("Returns"),
                text("Times goods were taken back; counted on that day, not on the day of the sale."),
            ),
            FigureDefinition(
                "returned_bill",
                Unit.MONEY,
                text("Goods brought back"),
                text("What the goods that came back were on their bills before discount."),
            ),
            FigureDefinition(
                "returned_discount",
                Unit.MONEY,
                text("Discount brought back"),
                text("The part of that which {points} and rewards had paid for."),
            ),
            FigureDefinition(
                "returned_paid",
                Unit.MONEY,
                text("Money given back"),
                text("The part of that which customers had paid, and got back."),
                text("goods brought back less discount brought back"),
            ),
            FigureDefinition(
                "voids",
                Unit.COUNT,
                text("Sales undone"),
                text("Sales that should not have been, or were someone else's; among the returns too."),
            ),
            FigureDefinition(
                "overrides",
                Unit.COUNT,
                text("Limits lifted"),
                text("Times somebody who may do so lifted a limit of the till."),
            ),
            FigureDefinition(
                "corrections",
                Unit.COUNT,
                text("Settled by hand"),
                text("Entries of a sale or return a person settled because the loyalty system did not."),
            ),
            FigureDefinition(
                "discrepancies",
                Unit.COUNT,
                text("Discounts not covered"),
                text("Discounts that were given and that no {points} paid for."),
            ),
            FigureDefinition(
                "discrepancy", Unit.MONEY, text("Worth not covered"), text("What these discounts came to.")
            ),
        ),
    ),
    FigureGroup(
        text("Time"),
        (
            FigureDefinition(
                "scan_to_done_median",
                Unit.TENTHS,
                text("Scan to done"),
                text("Half of all sales with a scan took this long or less from scan to done."),
                text("median, by nearest rank"),
            ),
            FigureDefinition(
                "scan_to_done_95",
                Unit.TENTHS,
                text("Scan to done, slowest"),
                text("95 of 100 sales with a scan took this long or less from scan to done."),
                text("95th percentile, by nearest rank"),
            ),
            FigureDefinition(
                "timed_sales",
                Unit.COUNT,
                text("Sales timed"),
                text("Sales whose time from scan to done is known."),
            ),
            FigureDefinition(
                "offline_seconds",
                Unit.SECONDS,
                text("Offline"),
                text("How long the loyalty system could not be reached."),
            ),
            FigureDefinition(
                "offline_sales",
                Unit.COUNT,
                text("Sales offline"),
                text("Sales finished while the loyalty system could not be reached; they are posted later."),
            ),
            FigureDefinition(
                "offline_share",
                Unit.SHARE,
                text("Offline of all sales"),
                text("Of all sales, how many were finished offline."),
                text("sales offline ÷ sales"),
            ),
        ),
    ),
)
"""Every figure, as one reads down a page."""

DEFINITIONS: Mapping[str, FigureDefinition] = MappingProxyType(
    {one.key: one for group in GROUPS for one in group.figures}
)


def figure_words(key: str, wording: Wording) -> FigureWords:
    """Return name and definition of a figure for people."""
    one = DEFINITIONS[key]
    return FigureWords(
        key=key,
        name=in_shop_words(one.name, wording),
        sentence=in_shop_words(one.sentence, wording),
        base=in_shop_words(one.base, wording) if one.base else "",
    )


def in_shop_words(message: str, wording: Wording) -> str:
    """Return a source text of the table in the shop's language, with its name for points."""
    return wording.translator.text(message, points=wording.points_name, Points=wording.points_capital)
