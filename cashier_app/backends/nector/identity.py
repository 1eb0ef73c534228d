"""Whom Nector knows: one name for each customer, used for everything that is done for them.

Nector's channels may hold different balances for one person, because each knows the person by something else.
So a member has exactly one name here: the id of the lead, the customer id, or the mobile number. What the
till keeps as the member's id is that name; a mobile number is sealed in it, for such ids are kept with sales.
"""

from __future__ import annotations

import base64
import hashlib
import re

import phonenumbers
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from msgspec import Struct

from cashier_app.backends.nector.kind import NectorSettings
from cashier_app.domain.identifier import Identifier, MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.phone import mask_phone
from cashier_app.ports.credentials import Secret

_LEAD = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CUSTOMER = re.compile(r"[!-~]{8,128}")
_PREFIXED = re.compile(r"(?:shopify|custom_website)-[!-~]+")
_MASKED = re.compile(r"[0-9+]{0,5}\*+[0-9]{0,3}")
_LENGTHS = range(4, 16)


class Named(Struct, frozen=True):
    """A customer by one of the names Nector searches by; the others are empty."""

    lead_id: str = ""
    customer_id: str = ""
    mobile: str = ""
    referral_code: str = ""
    email: str = ""

    @property
    def query(self) -> dict[str, str]:
        """Return what the search asks for; empty for a lead's own id, which stands in the path."""
        names = ("customer_id", "referral_code", "email", "mobile")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


class Identities:
    """Reads and writes member ids, and what a customer showed.

    Args:
        region: ISO 3166 letters of the shop.
        webhook_id: Seals mobile numbers; None where there is no webhook, and none are kept.
    """

    def __init__(self, settings: NectorSettings, region: str, webhook_id: Secret | None) -> None:
        self._settings = settings
        self._country_code = phonenumbers.country_code_for_region(region)
        key = hashlib.sha512(b"cashier-app nector\0" + webhook_id.reveal().encode()) if webhook_id else None
        self._cipher = AESSIV(key.digest()) if key else None

    def asked_for(self, identifier: Identifier) -> Named | None:
        """Return what to search by; None for what this shop's customers are not known by."""
        match identifier:
            case PhoneNumber(e164):
                mobile = self.mobile_of(e164)
                return Named(mobile=mobile) if mobile else None
            case MemberNumber(number) if self._settings.number_prefix:
                return _customer(self._settings.number_prefix + number)
            case MemberNumber(number):
                return Named(referral_code=number)
            case WalletToken(token) if self._is_customer_id(token):
                return _customer(token)
            case WalletToken(token) if "@" in token:
                return Named(email=token)
            case WalletToken(token):
                return Named(referral_code=token)

    def by_text(self, identified_by: str) -> Named | None:
        """Return what to search by for a customer met offline only; see `Effect.identified_by`."""
        kind, _, text = identified_by.partition(":")
        kinds = {"wallet": WalletToken, "phone": PhoneNumber, "number": MemberNumber}
        return self.asked_for(kinds[kind](text)) if kind in kinds else None

    def mobile_of(self, e164: str) -> str:
        """Return a number in the form this shop's customers have; empty where it can have none.

        Ten national digits of another country would be somebody else's number here.
        """
        if self._settings.phone_form == "national":
            try:
                number = phonenumbers.parse(e164)
            except phonenumbers.NumberParseException:
                return ""
            digits = phonenumbers.national_significant_number(number)
            ours = number.country_code == self._country_code
            return digits if ours and len(digits) in _LENGTHS else ""
        text = e164 if self._settings.phone_form == "plus" else e164.removeprefix("+")
        return text if len(text) in _LENGTHS else ""

    def masked(self, mobile: str) -> str:
        """Return a number in the shop's form with all but a few digits hidden."""
        if self._settings.phone_form == "national":
            return mask_phone(f"+{self._country_code}{mobile}")
        return mask_phone("+" + mobile.removeprefix("+"))

    def member_id(self, named: Named) -> str:
        """Return the member id of a customer by lead, customer id or mobile number."""
        if named.lead_id:
            return f"lead-{named.lead_id}"
        if named.customer_id:
            return f"customer-{named.customer_id}"
        if self._cipher is None or not named.mobile:
            raise ValueError("a member is known by something else")
        sealed = self._cipher.encrypt(named.mobile.encode(), None)
        return f"mobile-{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}"

    def named(self, member_id: str) -> Named | None:
        """Return who has this member id; None for one of other settings or of an earlier webhook id."""
        kind, _, text = member_id.partition("-")
        if kind == "lead":
            return Named(lead_id=text) if _LEAD.fullmatch(text) else None
        if kind == "customer":
            return _customer(text)
        if kind != "mobile" or self._cipher is None:
            return None
        try:
            sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            return Named(mobile=self._cipher.decrypt(sealed, None).decode())
        except (ValueError, InvalidTag):
            return None

    def _is_customer_id(self, text: str) -> bool:
        own = (self._settings.number_prefix, self._settings.new_prefix)
        return bool(_PREFIXED.fullmatch(text)) or any(one and text.startswith(one) for one in own)


def new_customer_id(prefix: str, key: str) -> str:
    """Return a customer id nobody can guess, the same for each try to enrol the same customer."""
    return prefix + hashlib.sha256(key.encode()).hexdigest()[:32]


def shown(masked: str | None) -> str:
    """Return a number masked by Nector as the till masks them; empty for one that is not."""
    text = (masked or "").strip()
    return text.replace("*", "\u2022") if _MASKED.fullmatch(text) else ""


def may_be(masked: str | None, mobile: str) -> bool:
    """Say whether a number masked by Nector can be this one."""
    text = (masked or "").strip()
    if not _MASKED.fullmatch(text) or len(text) != len(mobile):
        return True
    return all(one in {"*", other} for one, other in zip(text, mobile, strict=True))


def _customer(customer_id: str) -> Named | None:
    return Named(customer_id=customer_id) if _CUSTOMER.fullmatch(customer_id) else None
