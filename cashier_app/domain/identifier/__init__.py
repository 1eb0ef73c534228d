"""What was scanned or typed: parsed once, into a value that says what it is or why it is nothing.

`parse_identifier` is pure and total: any text gets an answer, and nothing is opened, fetched or sent.
"""

from cashier_app.domain.identifier.freshness import CLOCK_ERROR, Age, age_of
from cashier_app.domain.identifier.reading import may_grow_into_number, parse_identifier, without_aim
from cashier_app.domain.identifier.rules import (
    CheckScheme,
    CodePattern,
    IdentifierRules,
    NumberRange,
    RulesError,
    check_rules,
)
from cashier_app.domain.identifier.values import (
    MAX_LENGTH,
    ChangingCode,
    Identifier,
    MemberNumber,
    NotRecognised,
    Origin,
    Parsed,
    PhoneNumber,
    Unrecognised,
    WalletToken,
    identified_by,
    lasting_key,
    names_same,
    way_of,
)

__all__ = [
    "CLOCK_ERROR",
    "MAX_LENGTH",
    "Age",
    "ChangingCode",
    "CheckScheme",
    "CodePattern",
    "Identifier",
    "IdentifierRules",
    "MemberNumber",
    "NotRecognised",
    "NumberRange",
    "Origin",
    "Parsed",
    "PhoneNumber",
    "RulesError",
    "Unrecognised",
    "WalletToken",
    "age_of",
    "check_rules",
    "identified_by",
    "lasting_key",
    "may_grow_into_number",
    "names_same",
    "parse_identifier",
    "way_of",
    "without_aim",
]
