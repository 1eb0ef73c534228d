"""What of the world outside is looked at: the loyalty system, its clock, and whom TLS trusts."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator
from datetime import timedelta

from cashier_app.errors import KnownError
from cashier_app.examining.finding import Facts, Finding, Patient, State

CLOCK_MAY_DIFFER = timedelta(minutes=2)


def backend(patient: Patient) -> Iterator[Finding]:
    """Say whether the loyalty system answers, and how far its clock is from ours."""
    if patient.backend is None:
        yield Finding("backend", "not asked")
        return
    with patient.backend() as opened:
        if not opened.is_reachable():
            words = "The loyalty system does not answer. Check the network and its address."
            yield Finding("backend", words, State.FAIL, {"answers": False})
            yield Finding("clock", "not known: the loyalty system does not answer", facts={"known": False})
            return
        ahead = opened.clock_ahead
        try:
            program = opened.program()
        except KnownError as error:
            yield Finding("backend", error.sentence, State.FAIL, {"answers": True, "program": False})
        else:
            words = f"answers: program {program.name!r}, version {program.version}"
            yield Finding("backend", words, facts={"answers": True, "program": True})
        yield _clock(ahead if ahead is not None else opened.clock_ahead)


def _clock(ahead: timedelta | None) -> Finding:
    if ahead is None:
        return Finding("clock", "the loyalty system does not say its time", facts={"known": False})
    seconds = round(-ahead.total_seconds())
    facts = {"ahead_seconds": seconds}
    if abs(ahead) > CLOCK_MAY_DIFFER:
        side = "ahead of" if seconds > 0 else "behind"
        words = (
            f"This computer's clock is {timedelta(seconds=abs(seconds))} {side} the loyalty system's. "
            "Set it, and let the system keep it."
        )
        return Finding("clock", words, State.NOTE, facts)
    return Finding("clock", f"{abs(seconds)} s from the loyalty system's", facts=facts)


def certificates(_: Patient) -> Iterator[Finding]:
    """Say whether the system's list of trusted certificates is there."""
    from cashier_app.backends.trust import tls_context

    try:
        context = tls_context()
        if sys.platform in {"win32", "darwin"}:
            yield Finding("certificates", f"the system's own are used, {ssl.OPENSSL_VERSION}")
            return
        held = context.cert_store_stats()["x509_ca"]
    except (OSError, ssl.SSLError) as error:
        raise KnownError(
            "The list of trusted certificates cannot be read. Install ca-certificates again."
        ) from error
    facts: Facts = {"authorities": held, "openssl": ssl.OPENSSL_VERSION.split()[1]}
    if not held:
        words = "The system trusts no certificate, so no https address can be asked. Install ca-certificates."
        yield Finding("certificates", words, State.FAIL, facts)
        return
    yield Finding("certificates", f"{held} authorities are trusted, {ssl.OPENSSL_VERSION}", facts=facts)
