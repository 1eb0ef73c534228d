"""PINs and badges hashed under a key that is not in the database: a copied database alone is worth nothing.

A PIN of six digits has a million values: no hashing keeps those from somebody with the file and a night. So
the PIN is first put through HMAC-SHA-256 with a key of 32 bytes, the pepper, together with whose PIN it is:
a verifier copied to somebody else's row fits nobody. Argon2id comes on top, for the day that key is out.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable
from secrets import token_bytes

from msgspec import Struct

from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.ports.staff import PinVerifier

PEPPER_BYTES = 32
STAND_INS = 64
_DIGEST_BYTES, _SALT_BYTES = 32, 16
_MOST_MEMORY_KIB, _MOST_PASSES, _MOST_LANES = 1024 * 1024, 64, 16


class Cost(Struct, frozen=True):
    """How hard Argon2id makes one try: KiB, passes and lanes as RFC 9106 names them."""

    memory: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


class OtherPepperError(KnownError):
    """The PINs here were hashed under another key."""

    def __init__(self) -> None:
        super().__init__(
            "The key of this till's PINs is not the one they were made with. "
            "The owner of this computer sets them anew: cashier-cli staff pin"
        )


class Pepper(Struct, frozen=True):
    """The key and what keeps it.

    Args:
        key: 32 bytes.
        kept_by: Such as ``SecretService`` or ``a file in the data folder``.
    """

    key: bytes
    kept_by: str

    def __repr__(self) -> str:
        return f"Pepper(..., kept_by={self.kept_by!r})"


class PepperedPins:
    """Hashes PINs under a pepper that is read when first wanted. Blocking; safe from any thread.

    Args:
        pepper: Reads or makes the key; may raise `KnownError`, and is then asked again next time.
        cost: What new PINs are hashed with, and unknown people's.
    """

    def __init__(self, pepper: Callable[[], Pepper], cost: Cost | None = None) -> None:
        self._read = pepper
        self._cost = cost or Cost()
        self._lock = threading.Lock()
        self._held: Pepper | None = None
        self._nobody = PinVerifier(bytes(_SALT_BYTES), bytes(_DIGEST_BYTES), *_parts(self._cost), "")

    def make(self, staff_id: str, pin: Secret) -> PinVerifier:
        """Return what this person's PIN will be checked with."""
        pepper = self._pepper()
        verifier = PinVerifier(token_bytes(_SALT_BYTES), b"", *_parts(self._cost), _name(pepper))
        digest = _argon2(verifier, _peppered(pepper, staff_id, pin))
        return PinVerifier(verifier.salt, digest, *_parts(self._cost), verifier.pepper)

    def fits(self, verifier: PinVerifier | None, staff_id: str, pin: Secret) -> bool:
        """Say whether a PIN is right; does the same work where there is nothing to check it with.

        Raises:
            KnownError: The pepper cannot be had, or is not the one this verifier was made with.
        """
        self.ready(verifier)
        pepper = self._pepper()
        against = verifier or self._nobody
        if not _is_bearable(against):
            raise KnownError("What this PIN is checked with is damaged. A manager sets it anew.")
        same = hmac.compare_digest(_argon2(against, _peppered(pepper, staff_id, pin)), against.digest)
        return same and verifier is not None

    def ready(self, verifier: PinVerifier | None) -> None:
        """Read the pepper if that was not done yet.

        Raises:
            KnownError: It cannot be had, or is not the one this verifier was made with.
        """
        if self._fits_pepper(verifier):
            return
        with self._lock:
            self._held = None  # the owner of the computer may have made another one beside this process
        if not self._fits_pepper(verifier):
            raise OtherPepperError

    def is_current(self, verifier: PinVerifier) -> bool:
        """Say whether it was made as strong as PINs are hashed now."""
        return (verifier.memory, verifier.passes, verifier.lanes) == _parts(self._cost)

    def badge(self, code: str) -> bytes:
        """Return the keyed hash of a badge's code."""
        return _keyed(self._pepper(), b"badge", code.encode(errors="surrogatepass"))

    def stand_in(self, staff_id: str) -> str:
        """Return what tries for a person nobody knows are counted under."""
        digest = _keyed(self._pepper(), b"nobody", staff_id.encode(errors="surrogatepass"))
        return f"nobody:{digest[0] % STAND_INS}"

    def kept_by(self) -> str:
        """Say what keeps the pepper."""
        return self._pepper().kept_by

    def _fits_pepper(self, verifier: PinVerifier | None) -> bool:
        name = _name(self._pepper())
        return verifier is None or hmac.compare_digest(verifier.pepper, name)

    def _pepper(self) -> Pepper:
        with self._lock:
            if self._held is None:
                self._held = self._read()
            return self._held


def _parts(cost: Cost) -> tuple[int, int, int]:
    return cost.memory, cost.passes, cost.lanes


def _is_bearable(verifier: PinVerifier) -> bool:
    return (
        8 * verifier.lanes <= verifier.memory <= _MOST_MEMORY_KIB
        and 1 <= verifier.passes <= _MOST_PASSES
        and 1 <= verifier.lanes <= _MOST_LANES
        and len(verifier.salt) == _SALT_BYTES
    )


def _name(pepper: Pepper) -> str:
    return _keyed(pepper, b"name", b"").hex()[:16]


def _keyed(pepper: Pepper, purpose: bytes, text: bytes) -> bytes:
    return hmac.new(pepper.key, b"cashier-app 1|%s|%s" % (purpose, text), hashlib.sha256).digest()


def _peppered(pepper: Pepper, staff_id: str, pin: Secret) -> bytes:
    who, digits = (text.encode(errors="surrogatepass") for text in (staff_id, pin.reveal()))
    # The length keeps one person's id and PIN from reading as another's.
    return _keyed(pepper, b"pin", b"%d|%s|%s" % (len(who), who, digits))


def _argon2(verifier: PinVerifier, text: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=verifier.salt,
        length=_DIGEST_BYTES,
        iterations=verifier.passes,
        lanes=verifier.lanes,
        memory_cost=verifier.memory,
    )
    return kdf.derive(text)
