"""Why a text names nobody, in words. What was read is never in them."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.domain.identifier import NotRecognised, Unrecognised
from cashier_app.wording.speech import Wording


class WhyNobody(Struct, frozen=True):
    """Title and body of the message.

    Args:
        finder: Whether the next thing is a scan, rather than mending what was typed.
    """

    title: str
    body: str
    icon: str = "prohibit"
    finder: bool = True


def why_nobody(nobody: Unrecognised, wording: Wording) -> WhyNobody:
    """Say why nobody can be looked up by what was scanned or typed, and what to do."""
    return _mistyped(nobody, wording) or _misread(nobody, wording) or _not_a_members(nobody, wording)


def _mistyped(nobody: Unrecognised, wording: Wording) -> WhyNobody | None:
    title = wording.text("Check the number")
    match nobody.reason:
        case NotRecognised.BAD_PHONE:
            body = wording.plural(
                "{n} digit, a phone here has {m}",
                "{n} digits, a phone here has {m}",
                nobody.digits,
                n=wording.figures.count(nobody.digits),
                m=wording.figures.count(nobody.expected),
            )
        case NotRecognised.PHONE_EXTENSION:
            body = wording.text("Type the phone number without its extension.")
        case NotRecognised.CHECK_DIGIT:
            body = wording.text("A digit is wrong. Compare it with the card.")
            return WhyNobody(title, body, "identification-card", finder=False)
        case NotRecognised.EMPTY:
            body = wording.text("Scan a wallet code or card, or type a number.")
            return WhyNobody(wording.text("Nothing to look up"), body, "qr-code")
        case _:
            return None
    return WhyNobody(title, body, "phone", finder=False)


def _misread(nobody: Unrecognised, wording: Wording) -> WhyNobody | None:
    title = wording.text("This is not a loyalty code")
    match nobody.reason:
        case NotRecognised.TOO_LONG:
            body = wording.text("It is too long for one of our codes. Scan the wallet code or card.")
        case NotRecognised.STRANGE_CHARACTERS:
            body = wording.text("It holds signs our codes do not have. Scan the wallet code or card.")
        case NotRecognised.CONTROL_CHARACTERS:
            body = wording.text("It holds control characters. Scan the wallet code or card.")
        case NotRecognised.INVISIBLE_CHARACTERS:
            body = wording.text("It holds signs nobody can see. Scan the wallet code or card.")
        case NotRecognised.FOREIGN_DIGITS:
            body = wording.text("Its digits are not 0 to 9 as our codes have them. Type the number.")
        case NotRecognised.UNREADABLE_CHARACTERS:
            title = wording.text("Not read whole")
            body = wording.text("Some signs were lost. Type the number printed under the code.")
        case NotRecognised.CHANGED_CASE:
            title = wording.text("The scanner changed this code")
            body = wording.text(
                "It turns small letters into capitals or back. Switch that off in the scanner."
            )
        case _:
            return None
    return WhyNobody(title, body)


def _not_a_members(nobody: Unrecognised, wording: Wording) -> WhyNobody:
    icon = "prohibit"
    match nobody.reason:
        case NotRecognised.PAYMENT_CARD:
            body, icon = wording.text("This is a payment card. It was not read."), "identification-card"
        case NotRecognised.PRODUCT_CODE:
            body, icon = wording.text("This is the code of a product. Scan it at your till."), "barcode"
        case NotRecognised.COUPON:
            body = wording.text("This is a coupon. Use it at your till.")
        case NotRecognised.FOREIGN_LINK:
            body = wording.text("It is a web address that is not ours. It was not opened.")
        case _:
            body = wording.text("Scan the wallet code or card, or type the phone number.")
    return WhyNobody(wording.text("This is not a loyalty code"), body, icon)
