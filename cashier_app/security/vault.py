"""The till's secrets: sealed in a file of the data folder, under one key in the system's key store.

One item in the key store means one prompt, and no limit on what a secret may weigh: Windows keeps 1,280
characters in an item. A machine without a key store that encrypts keeps the key under a passphrase instead.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes, token_hex

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.structs import replace

from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.credentials import Credentials, Secret
from cashier_app.security.passphrases import check_passphrase, lock_key, unlock_key
from cashier_app.security.sealed_file import DamagedSecretsError, SealedFile, SealedSecrets

MAX_SECRET = 16 * 1024
LONGEST_WAIT_SECONDS = 60.0
FREE_TRIES = 2
_CHECK, _CHECKED = "what the key is checked with", b"the till's key"
_NONCE = 12


class PassphraseNeededError(KnownError):
    """The secrets are under a passphrase nobody has typed since the program started."""

    def __init__(self) -> None:
        super().__init__("The loyalty system's credentials are locked. Type this till's passphrase.")


class KeyLostError(KnownError):
    """The key store answers, and does not hold this till's key."""

    def __init__(self) -> None:
        super().__init__(
            "The system's key store no longer holds this till's key. Enter the credentials again."
        )


class Vault:
    """Sealed secrets of one data folder. Safe from any thread; every method blocks, at most 5 s for the key.

    Args:
        file: Where they are kept, sealed.
        key_store: Keeps the one key.
        clock: Times the waits after wrong passphrases.
        moved: Names that tills of before kept in the key store itself; they move here when first read.
        passphrase: Returns the passphrase the program was started with, if any; asked once, when needed.
    """

    def __init__(
        self,
        file: SealedFile,
        key_store: Credentials,
        clock: Clock,
        *,
        moved: frozenset[str] = frozenset(),
        passphrase: Callable[[], Secret | None] = lambda: None,
    ) -> None:
        self._file, self._key_store, self._clock = file, key_store, clock
        self._moved, self._given = moved, passphrase
        self._lock = threading.RLock()
        self._keys: dict[str, bytes] = {}
        self._wrong = 0
        self._next_try_at = float("-inf")

    @property
    def folder(self) -> Path:
        """Return the data folder whose secrets these are."""
        return self._file.folder

    # --- what the port asks -----------------------------------------------------------------------

    def read(self, name: str) -> Secret | None:
        """Return a secret, or None when none is stored under this name.

        Raises:
            KnownError: The key cannot be had, or the secret is damaged; the sentence says what to do.
        """
        with self._lock:
            copies = self._file.read()
            if not any(name in copy.secrets for copy in copies):
                return self._moved_in(name)
            return Secret(self._plain(self._usable(copies), name).decode())

    def write(self, name: str, secret: Secret) -> None:
        """Store a secret. A file nobody can open any more is put aside, and a new one begins.

        Raises:
            KnownError: It is too long, or it cannot be stored; what was there is still there.
        """
        if not 0 < len(secret.reveal().encode()) <= MAX_SECRET:
            raise KnownError(f"A secret of 1 to {MAX_SECRET} bytes is expected.")
        with self._lock, self._file.alone():
            held = self._held_or_new()
            sealed = self._sealed(held, self._key_of(held), name, secret.reveal().encode())
            self._file.write(replace(held, secrets={**held.secrets, name: sealed}))
            self._forget_moved(name)

    def remove(self, name: str) -> None:
        """Forget a secret; nothing happens where there is none.

        Raises:
            KnownError: The file cannot be read or written.
        """
        with self._lock, self._file.alone():
            copies = self._file.read()
            if any(name in copy.secrets for copy in copies):
                left = {key: sealed for key, sealed in copies[0].secrets.items() if key != name}
                self._file.write(replace(copies[0], secrets=left))
            self._forget_moved(name)

    def describe(self) -> str:
        """Return what keeps the key.

        Raises:
            KnownError: It is the key store, and that cannot be asked.
        """
        copies = self._file.read()
        if copies and copies[0].kept_by == "passphrase":
            return "passphrase"
        return self._key_store.describe()

    # --- the key ----------------------------------------------------------------------------------

    def names(self) -> tuple[str, ...]:
        """Return the names of the secrets there are. Needs no key.

        Raises:
            KnownError: The file cannot be read.
        """
        copies = self._file.read()
        return tuple(sorted(copies[0].secrets)) if copies else ()

    def needs_passphrase(self) -> bool:
        """Say whether somebody must type the passphrase before anything can be read.

        Raises:
            KnownError: The file cannot be read.
        """
        with self._lock:
            copies = self._file.read()
            if not copies or copies[0].kept_by != "passphrase":
                return False
            try:
                self._key_of(copies[0])
            except PassphraseNeededError:
                return True
            return False

    def unlock(self, passphrase: Secret) -> None:
        """Open the secrets with the passphrase, until the program ends.

        Raises:
            KnownError: It is wrong, or it is too soon after wrong ones.
        """
        with self._lock:
            for copy in self._file.read():
                if copy.vault not in self._keys:
                    self._keys[copy.vault] = self._key_under(copy, passphrase)

    def keep_by_passphrase(self, passphrase: Secret) -> None:
        """Keep the key under this passphrase from now on: where there is no key store, or to change it.

        Raises:
            KnownError: It is too short, or what is stored cannot be opened.
        """
        check_passphrase(passphrase)
        with self._lock, self._file.alone():
            try:
                copies = self._file.read()
            except DamagedSecretsError:
                self._file.put_aside()
                copies = ()
            kept = self._everything(self._usable(copies)) if copies else {}
            self._begin(kept, passphrase)
            self._drop_keys_of(copies)

    def rotate(self) -> None:
        """Make a new key and seal everything under it anew.

        Raises:
            KnownError: What is stored cannot be opened, or the new key cannot be kept. Nothing is lost.
        """
        with self._lock, self._file.alone():
            copies = self._file.read()
            if not copies:
                return
            if copies[0].kept_by == "passphrase":
                raise KnownError("The key is under a passphrase: change the passphrase to change the key.")
            self._begin(self._everything(self._usable(copies)), None)
            self._drop_keys_of(copies)

    def _held_or_new(self) -> SealedSecrets:
        try:
            copies = self._file.read()
            if copies:
                return self._mended(self._usable(copies))
        except (DamagedSecretsError, KeyLostError):
            self._file.put_aside()
        return self._begin({}, None)

    def _begin(self, kept: dict[str, bytes], passphrase: Secret | None) -> SealedSecrets:
        """Write a file under a new key. The key is kept before the file needs it."""
        vault, key = token_hex(16), token_bytes(32)
        lock = None
        if passphrase is None:
            self._key_store.write(_item(vault), Secret(key.hex()))
            back = self._key_store.read(_item(vault))
            if back is None or back.reveal() != key.hex():
                raise KnownError("The system's key store does not keep what it is given. Use a passphrase.")
        else:
            lock = lock_key(key, passphrase, _item(vault))
        held = SealedSecrets(vault, "key store" if lock is None else "passphrase", b"", {}, lock)
        sealed = {name: self._sealed(held, key, name, text) for name, text in kept.items()}
        held = replace(held, check=self._sealed(held, key, _CHECK, _CHECKED), secrets=sealed)
        self._file.write(held)
        self._keys[vault] = key
        return held

    def _key_of(self, held: SealedSecrets) -> bytes:
        known = self._keys.get(held.vault)
        if known is not None:
            return known
        if held.kept_by == "passphrase":
            given, self._given = self._given(), lambda: None
            if given is None:
                raise PassphraseNeededError
            key = self._key_under(held, given)
        else:
            key = self._key_in_store(held)
        self._keys[held.vault] = key
        return key

    def _key_in_store(self, held: SealedSecrets) -> bytes:
        found = self._key_store.read(_item(held.vault))
        try:
            key = bytes.fromhex(found.reveal()) if found else b""
        except ValueError:
            key = b""
        if len(key) != 32 or not self._fits(held, key):
            raise KeyLostError
        return key

    def _key_under(self, held: SealedSecrets, passphrase: Secret) -> bytes:
        wait = self._next_try_at - self._clock.monotonic()
        if wait > 0:
            raise KnownError(f"Wait {int(wait) + 1} s, then type the passphrase again.")
        key = unlock_key(held.lock, passphrase, _item(held.vault)) if held.lock else None
        if key is None or not self._fits(held, key):
            self._wrong += 1
            over = self._wrong - FREE_TRIES
            delay = min(2.0**over, LONGEST_WAIT_SECONDS) if over > 0 else 0.0
            self._next_try_at = self._clock.monotonic() + delay
            raise KnownError("This is not the till's passphrase.")
        self._wrong = 0
        return key

    def _drop_keys_of(self, copies: tuple[SealedSecrets, ...]) -> None:
        for before in {copy.vault: copy for copy in copies}.values():
            self._keys.pop(before.vault, None)
            if before.kept_by == "key store":
                self._key_store.remove(_item(before.vault))

    # --- one secret -------------------------------------------------------------------------------

    def _usable(self, copies: tuple[SealedSecrets, ...]) -> tuple[SealedSecrets, ...]:
        """Return the copies whose key can be had; a damaged one may name a key there never was."""
        usable, lost = [], KeyLostError()
        for copy in copies:
            try:
                self._key_of(copy)
                usable.append(copy)
            except KeyLostError as error:
                lost = error
        if not usable:
            raise lost
        return tuple(usable)

    def _mended(self, copies: tuple[SealedSecrets, ...]) -> SealedSecrets:
        """Return the first copy, with secrets damaged there taken from the other."""
        first, *others = copies
        mended = dict(first.secrets)
        for name in first.secrets:
            for other in others:
                if self._opened(first, name) is None and (text := self._opened(other, name)) is not None:
                    mended[name] = self._sealed(first, self._key_of(first), name, text)
        return replace(first, secrets=mended)

    def _everything(self, copies: tuple[SealedSecrets, ...]) -> dict[str, bytes]:
        return {name: self._plain(copies, name) for name in copies[0].secrets}

    def _plain(self, copies: tuple[SealedSecrets, ...], name: str) -> bytes:
        found = (self._opened(copy, name) for copy in copies)
        text = next((one for one in found if one is not None), None)
        if text is None:
            raise KnownError(f"The stored {name} is damaged. Enter it again.")
        return text

    def _opened(self, held: SealedSecrets, name: str) -> bytes | None:
        sealed = held.secrets.get(name)
        if sealed is None:
            return None
        try:
            return AESGCM(self._key_of(held)).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(held, name))
        except (InvalidTag, ValueError):
            return None

    def _fits(self, held: SealedSecrets, key: bytes) -> bool:
        try:
            AESGCM(key).decrypt(held.check[:_NONCE], held.check[_NONCE:], _bound(held, _CHECK))
        except (InvalidTag, ValueError):
            return False
        return True

    def _sealed(self, held: SealedSecrets, key: bytes, name: str, text: bytes) -> bytes:
        nonce = token_bytes(_NONCE)
        return nonce + AESGCM(key).encrypt(nonce, text, _bound(held, name))

    # --- what was in the key store before -----------------------------------------------------------

    def _moved_in(self, name: str) -> Secret | None:
        """Return what a till of before kept in the key store, and move it here."""
        if name not in self._moved:
            return None
        found = self._key_store.read(name)
        if found is not None:
            with suppress(KnownError):  # it is as safe where it is; the next start tries again
                self.write(name, found)
        return found

    def _forget_moved(self, name: str) -> None:
        if name in self._moved and self.describe() != "passphrase":
            self._key_store.remove(name)


def _item(vault: str) -> str:
    return f"till key {vault}"


def _bound(held: SealedSecrets, name: str) -> bytes:
    """Return what a sealed text is bound to: nothing sealed for one name or file opens for another."""
    return f"cashier-app secrets 1|{held.vault}|{name}".encode()
