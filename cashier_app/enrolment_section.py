"""`[enrolment]`: what customers who join at the till are asked, and what they agree to."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from cashier_app.domain.enrolment import ConsentText, EnrolmentField
from cashier_app.errors import KnownError
from cashier_app.services.enrolment_settings import DEFAULT_TERMS, EnrolmentSettings, Terms

LONGEST_CONSENT, LONGEST_TERMS, LONGEST_ADDRESS, MOST_LANGUAGES = 300, 8_000, 300, 12
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")


class TermsSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[enrolment.terms]]`: what customers agree to, in one language.

    Args:
        language: ISO 639 letters, such as ``en`` or ``ta``.
        version: Recorded with each consent: a new one for every change of the text.
        consent: The sentence said aloud, at most 300 characters; ``{points}`` for what the points are called.
        terms: The whole text, at most 8,000 characters, for who wants to read it; may be left out.
    """

    language: str
    version: str
    consent: str
    terms: str = ""


class EnrolmentSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[enrolment]`: what customers who join at the till are asked.

    Args:
        ask: What is asked besides what the loyalty system insists on, where it takes it.
        join_address: https address where customers join by themselves: shown as a code where the loyalty
            system gives no page of its own.
        terms: In each language; without any, a plain sentence in six languages.
    """

    ask: tuple[Literal["email", "referral", "number", "birthday"], ...] = ("email", "referral")
    join_address: str = ""
    terms: tuple[TermsSection, ...] = ()


def enrolment_settings(section: EnrolmentSection) -> EnrolmentSettings:
    """Return the section as the services want it.

    Raises:
        KnownError: A value makes no sense; the sentence names it.
    """
    if section.join_address and not _is_https(section.join_address):
        raise KnownError("enrolment.join_address: an https address of at most 300 characters is expected.")
    if len(section.terms) > MOST_LANGUAGES:
        raise KnownError(f"enrolment.terms: at most {MOST_LANGUAGES} languages are expected.")
    languages = [terms.language for terms in section.terms]
    if len(set(languages)) != len(languages):
        raise KnownError("enrolment.terms: each language once is expected.")
    return EnrolmentSettings(
        terms=tuple(_terms(terms) for terms in section.terms) or DEFAULT_TERMS,
        wants=frozenset(EnrolmentField(name) for name in section.ask),
        join_address=section.join_address,
    )


def _terms(section: TermsSection) -> Terms:
    if not _LANGUAGE.fullmatch(section.language):
        raise KnownError("enrolment.terms: language must be letters such as en.")
    if not _VERSION.fullmatch(section.version):
        raise KnownError("enrolment.terms: version must be up to 32 letters, digits, dots or hyphens.")
    if not 0 < len(section.consent.strip()) <= LONGEST_CONSENT:
        raise KnownError(
            f"enrolment.terms: consent must be a sentence of up to {LONGEST_CONSENT} characters."
        )
    if len(section.terms) > LONGEST_TERMS:
        raise KnownError(f"enrolment.terms: terms may have up to {LONGEST_TERMS} characters.")
    return Terms(
        ConsentText(section.version, section.language, section.consent.strip()), section.terms.strip()
    )


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
        plain = address.isascii() and address.isprintable() and " " not in address
        return (
            plain
            and len(address) <= LONGEST_ADDRESS
            and parts.scheme == "https"
            and bool(parts.hostname)
            and parts.username is None
        )
    except ValueError:
        return False
