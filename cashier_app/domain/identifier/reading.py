"""The ways into the parser. What it consists of comes with the first text: no window waits for that."""

from cashier_app.domain.identifier.rules import IdentifierRules
from cashier_app.domain.identifier.values import Origin, Parsed


def parse_identifier(text: str, rules: IdentifierRules, origin: Origin = Origin.TYPED) -> Parsed:
    """Return what a scanned or typed text is. Total: any text gets an answer, none is sent anywhere."""
    from cashier_app.domain.identifier import parsing  # twenty expressions to compile

    return parsing.parse_identifier(text, rules, origin)


def may_grow_into_number(digits: str, rules: IdentifierRules) -> bool:
    """Say whether typed digits may become a number of the shop's own, so that nothing is decided yet."""
    from cashier_app.domain.identifier import parsing  # see parse_identifier

    return parsing.may_grow_into_number(digits, rules)


def without_aim(text: str) -> str:
    """Return a text without the AIM identifier that says what kind of code it was in."""
    from cashier_app.domain.identifier import parsing  # see parse_identifier

    return parsing.without_aim(text)
