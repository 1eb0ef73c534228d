"""Who was found, by what, and what of that may be shown."""

from __future__ import annotations

from cashier_app.domain.identifier import (
    Identifier,
    MemberNumber,
    Origin,
    Parsed,
    PhoneNumber,
    WalletToken,
    names_same,
    way_of,
)
from cashier_app.domain.member import Way
from cashier_app.domain.offline_policy import Proof
from cashier_app.domain.outcome import MemberFound, Remembered
from cashier_app.services.offline_offer import proof_of
from cashier_app.services.till_view import Serving

_MOST = 20


class ShownCodes:
    """The codes that change, shown for the customer now served: with the sale all of them are used up."""

    def __init__(self) -> None:
        self._codes: list[Identifier] = []
        self._sold: Identifier | None = None

    def start(self, identifier: Identifier) -> None:
        """Begin with another customer."""
        self._codes.clear()
        self.add(identifier)

    def add(self, identifier: Identifier) -> None:
        """Take another code of the same customer."""
        if _changes(identifier) and identifier not in self._codes and len(self._codes) < _MOST:
            self._codes.append(identifier)

    def sold(self, identifier: Identifier | None) -> tuple[Identifier, ...]:
        """Return the codes used up by the sale just committed, and forget them."""
        codes, self._codes, self._sold = tuple(self._codes), [], identifier
        return codes

    def clear(self) -> None:
        """Forget the codes of a customer who went without a sale."""
        self._codes.clear()

    def was_sold(self, parsed: Parsed) -> bool:
        """Say whether the last sale was to the owner of this code that changes."""
        return _changes(parsed) and names_same(parsed, self._sold)


def serving(identifier: Identifier, found: MemberFound | Remembered, origin: Origin) -> Serving:
    """Return the member found as they are served."""
    proof = proof_of(identifier, origin)
    if isinstance(found, Remembered):
        # Nobody has checked the part of the code that changes: it is worth as much as a fixed one.
        proof = min(proof, Proof.CODE)
    return serving_by(way_of(identifier), found, proof)


def serving_by(way: Way, found: MemberFound | Remembered, proof: Proof) -> Serving:
    """Return the member found as they are served, whatever they were found by."""
    return Serving(
        found.member,
        found.account,
        way,
        fresh=isinstance(found, MemberFound),
        proof=proof,
        record=found.record if isinstance(found, Remembered) else None,
    )


def shown(identifier: Identifier) -> str:
    """Return what may stay on the screen of an identifier: never a token, never a whole phone number."""
    match identifier:
        case PhoneNumber(e164):
            from cashier_app.domain.phone import mask_typed_phone

            return mask_typed_phone(e164)
        case MemberNumber(number):
            return number
        case _:
            return ""


def readable(identifier: Identifier) -> str:
    """Return what the cashier may read back to the customer who just said it."""
    match identifier:
        case PhoneNumber(e164):
            return e164
        case MemberNumber(number):
            return number
        case _:
            return ""


def _changes(parsed: Parsed) -> bool:
    return isinstance(parsed, WalletToken) and parsed.changing is not None
