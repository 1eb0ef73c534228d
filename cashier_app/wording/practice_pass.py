"""Practice passes in words: whom a trainee holds up, and what each of them is good for."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from cashier_app.domain.practice_pass import PassHolder, Redeems
from cashier_app.services.practice_phone import PhoneView, Showing
from cashier_app.wording.sentences import name_in_sentence, plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.training_mark import training_title


class PassWords(Struct, frozen=True):
    """What stands on a member's practice pass.

    Args:
        good_for: What can be practised with this member, the most telling first.
        typed: What can be typed instead of scanning: the phone number and the member number.
    """

    member_id: str
    name: str
    points: str
    tier: str
    number: str
    good_for: tuple[str, ...]
    typed: tuple[str, ...]
    spoken: str


def pass_words(member: PassHolder, wording: Wording) -> PassWords:
    """Return the words of a pass. Loads the numbering plans of phones."""
    good_for = tuple(_good_for(member, wording))
    name, points = plain(member.name), wording.points(member.points)
    return PassWords(
        member_id=member.member_id,
        name=name,
        points=points,
        tier=plain(member.tier),
        number=plain(member.number),
        good_for=good_for,
        typed=(_as_typed(member.phone), plain(member.number)),
        spoken=wording.joined((name, points, plain(member.tier), *good_for)),
    )


def kind_name(kind: str, wording: Wording) -> str:
    """Return what people call a kind of code."""
    return wording.text("QR code") if kind == "QR Code" else kind


def _good_for(member: PassHolder, wording: Wording) -> Iterator[str]:
    yield _redeems(member, wording)
    for name in member.sharing:
        yield wording.text("Same phone number as {name}", name=name_in_sentence(name))
    if member.lapsing:
        yield wording.text("{points} lapse on Friday", points=wording.points(member.lapsing))
    if member.lapsed:
        yield wording.text("{points} have lapsed", points=wording.points(member.lapsed))
    if member.store_credit:
        yield wording.text("{money} store credit", money=wording.figures.money(member.store_credit))
    if member.multiplier != 1:
        times = wording.figures.points(member.multiplier)
        yield wording.text("{tier} earns {n} times as much", tier=plain(member.tier), n=times)


def _redeems(member: PassHolder, wording: Wording) -> str:
    points = wording.points(member.points)
    match member.redeems:
        case Redeems.NOTHING_BLOCKED:
            return wording.text("Blocked: uses and earns nothing")
        case Redeems.NOTHING_YET:
            return wording.text("No {points} yet", points=wording.points_name)
        case Redeems.TOO_FEW:
            missing = wording.figures.points(member.missing)
            return wording.text("{points}, {missing} too few to redeem", points=points, missing=missing)
        case Redeems.ENOUGH:
            return wording.text("{points}, enough to redeem", points=points)
        case Redeems.MORE_THAN_A_BILL_TAKES:
            return wording.text("{points}, more than one bill takes", points=points)


def _as_typed(phone: str) -> str:
    import phonenumbers  # the numbering plans are large

    number = phonenumbers.parse(phone)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).lstrip("0 ")


class PassesWords(Struct, frozen=True):
    """The window of passes: its title, the keys' labels, and the names of the kinds of code."""

    title: str
    smaller: str
    larger: str
    phone: str
    print_sheet: str
    before: str
    after: str


def passes_words(wording: Wording) -> PassesWords:
    """Return the words of the window of passes."""
    text = wording.text
    return PassesWords(
        title=training_title(text("Practice passes"), wording),
        smaller=text("Smaller"),
        larger=text("Larger"),
        phone=text("Phone"),
        print_sheet=text("Print"),
        before=text("Members before"),
        after=text("Members after"),
    )


class PhoneWords(Struct, frozen=True):
    """The practice phone: its title, its buttons, and what it says of the code on show.

    Args:
        about: What is so with the code, such as ``New code in 12 s``.
        warns: Whether the till will not take the code.
        in_ring: The seconds, to stand in the ring; empty for none.
    """

    title: str
    about: str
    warns: bool
    in_ring: str
    screenshot: str
    old: str
    network: str
    on_top: str
    next_member: str


def phone_words(view: PhoneView, wording: Wording) -> PhoneWords:
    """Return the words of the practice phone."""
    text = wording.text
    pictured = view.showing is Showing.SCREENSHOT
    return PhoneWords(
        title=training_title(text("Practice phone"), wording),
        about=_about(view, wording),
        warns=view.is_old,
        in_ring="" if view.left is None or view.left > 99 else wording.figures.count(view.left),
        screenshot=text("Show the card") if pictured else text("Screenshot"),
        old=text("Old screenshot"),
        network=text("With network") if view.showing is Showing.WITHOUT_NETWORK else text("No network"),
        on_top=text("Keep on top"),
        next_member=text("Next member"),
    )


def _about(view: PhoneView, wording: Wording) -> str:
    left = wording.age(view.left or 0)
    match view.showing:
        case Showing.CARD:
            return wording.text("This code never changes")
        case Showing.LIVE:
            return wording.text("New code in {time}", time=left)
        case Showing.WITHOUT_NETWORK if not view.is_old:
            return wording.text("No network: too old in {time}", time=left)
        case Showing.WITHOUT_NETWORK:
            return wording.text("No network: the code is too old")
        case Showing.SCREENSHOT if view.is_old:
            return wording.text("Screenshot: the code is too old")
        case _:
            return wording.text("Screenshot: good for one sale")
