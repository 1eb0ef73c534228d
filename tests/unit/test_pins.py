"""PINs under a pepper, where the pepper is kept, and that neither is ever seen anywhere."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.staff import Right
from cashier_app.errors import KnownError
from cashier_app.keeping_secrets import choose_passphrase
from cashier_app.ports.credentials import Secret
from cashier_app.security.credentials import NoKeyStoreError
from cashier_app.security.pepper import IN_FILE, PEPPER_FILE, PEPPER_NAME, PepperKeeper
from cashier_app.security.pins import STAND_INS, Cost, OtherPepperError, Pepper, PepperedPins
from cashier_app.security.sealed_file import SealedFile
from cashier_app.security.vault import KeyLostError, Vault
from cashier_app.services.sign_in import Allowed, MayNot, NotRight, TooOften, TooSoon
from tests.fakes.clock import FakeClock
from tests.fakes.kept_key import FileKeyStore
from tests.fakes.staff_book import ASHA, LIGHT, MEERA, PEPPER, PINS, WRONG, CountingPins, Shop, staffed

OTHER = Pepper(bytes(reversed(range(32))), "another test")
CANARY = "938174625093"
PASSPHRASE = Secret("four words make one")


def pins(pepper: Pepper = PEPPER, cost: Cost = LIGHT) -> PepperedPins:
    return PepperedPins(lambda: pepper, cost)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = staffed(tmp_path, FakeClock())
    yield opened
    opened.journal.close()


def test_a_pin_fits_its_person_and_nobody_else() -> None:
    verifier = pins().make("asha", Secret("582714"))
    assert pins().fits(verifier, "asha", Secret("582714"))
    assert not pins().fits(verifier, "asha", Secret("582715"))
    assert not pins().fits(verifier, "meera", Secret("582714")), "a verifier copied to another row"
    assert pins().make("asha", Secret("582714")).digest != verifier.digest, "each has a salt of its own"


def test_the_end_of_an_id_is_not_the_beginning_of_a_pin() -> None:
    verifier = pins().make("asha1", Secret("234567"))
    assert not pins().fits(verifier, "asha", Secret("1234567"))


def test_without_the_pepper_the_right_pin_fits_nothing() -> None:
    verifier = pins().make("asha", Secret("582714"))
    with pytest.raises(OtherPepperError):
        pins(OTHER).fits(verifier, "asha", Secret("582714"))
    forged = replace(verifier, pepper=pins(OTHER).make("asha", Secret("1")).pepper)
    assert not pins(OTHER).fits(forged, "asha", Secret("582714"))


def test_nothing_to_check_with_costs_the_same_and_never_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    from cashier_app.security import pins as module

    asked: list[tuple[int, int, int]] = []
    derived = module._argon2

    def counted(verifier: module.PinVerifier, text: bytes) -> bytes:
        asked.append((verifier.memory, verifier.passes, verifier.lanes))
        return derived(verifier, text)

    monkeypatch.setattr(module, "_argon2", counted)
    verifier = pins().make("asha", Secret("582714"))
    asked.clear()
    assert not pins().fits(verifier, "asha", Secret("000000"))
    assert not pins().fits(None, "nobody", Secret("000000"))
    assert asked == [(8, 1, 1)] * 2


@pytest.mark.parametrize(
    "part", [{"memory": 2**31}, {"memory": 1}, {"passes": 0}, {"passes": 9999}, {"lanes": 99}, {"salt": b""}]
)
def test_a_verifier_that_asks_for_all_memory_is_damage(part: dict[str, object]) -> None:
    verifier = replace(pins().make("asha", Secret("582714")), **part)
    with pytest.raises(KnownError, match="damaged"):
        pins().fits(verifier, "asha", Secret("582714"))


def test_parameters_that_are_raised_hold_from_the_next_sign_in(shop: Shop) -> None:
    stronger = CountingPins(PEPPER, Cost(memory=16, passes=2, lanes=1))
    shop.door._pins = stronger
    assert shop.enter("asha", WRONG) == NotRight()
    before = shop.book.record("asha")
    assert before is not None
    assert before.pin is not None
    assert before.pin.memory == 8
    assert shop.enter("asha", PINS["asha"]) == Allowed(ASHA)
    after = shop.book.record("asha")
    assert after is not None
    assert after.pin is not None
    assert (after.pin.memory, after.pin.passes) == (16, 2)
    assert shop.enter("asha", PINS["asha"]) == Allowed(ASHA)


def test_unknown_people_are_answered_like_known_ones(shop: Shop) -> None:
    """The same words, the same work, the same waits: as often as anybody likes to ask."""

    def answers(staff_id: str) -> list[object]:
        given: list[object] = []
        for _ in range(13):
            checked = shop.pins.checked
            answer = shop.enter(staff_id, WRONG)
            given.append((answer, shop.pins.checked - checked))
            if isinstance(answer, TooSoon):
                assert isinstance(shop.clock, FakeClock)
                shop.clock.advance(answer.seconds)
        return given

    known, unknown = answers("asha"), answers("nobody")
    assert known == unknown
    shop.office.change("vikram", "meera", active=False)
    assert answers("vikram") == known, "one who has left"
    assert not shop.office.records()[2].failures


def test_nobody_fills_the_disk_with_made_up_people(shop: Shop) -> None:
    stands = {shop.pins.stand_in(f"made up {number}") for number in range(2000)}
    assert len(stands) == STAND_INS


def test_a_right_pin_without_the_right_says_so_and_is_written_down(shop: Shop) -> None:
    answer = shop.door.verify("asha", Secret(PINS["asha"]), Right.MANAGE_STAFF)
    assert answer == MayNot(ASHA)
    assert shop.door.verify("meera", Secret(PINS["meera"]), Right.MANAGE_STAFF) == Allowed(MEERA)


def test_a_key_that_cannot_be_had_is_nobodys_wrong_pin(shop: Shop) -> None:
    def gone() -> Pepper:
        raise KnownError("The system's key store does not answer.")

    shop.door._pins = PepperedPins(gone, LIGHT)
    for _ in range(12):
        with pytest.raises(KnownError, match="key store"):
            shop.enter("asha", PINS["asha"])
        with pytest.raises(KnownError, match="key store"):
            shop.door.badge("BADGE-0001", alone=True)
    shop.door._pins = PepperedPins(lambda: OTHER, LIGHT)
    for _ in range(12):
        with pytest.raises(OtherPepperError):
            shop.enter("asha", PINS["asha"])
    shop.door._pins = shop.pins
    assert shop.enter("asha", PINS["asha"]) == Allowed(ASHA)


def test_badges_nobody_knows_wait_and_known_ones_wait_with_them(shop: Shop) -> None:
    shop.office.set_badge("asha", "BADGE-0001", "meera")
    for number in range(5):
        assert shop.door.badge(f"GUESS-{number:04}", alone=True) == NotRight()
    assert shop.door.badge("BADGE-0001", alone=True) == TooSoon(30)
    assert isinstance(shop.clock, FakeClock)
    shop.clock.advance(30)
    assert shop.door.badge("BADGE-0001", alone=True) == Allowed(ASHA)
    for number in range(30):
        shop.door.badge(f"GUESS-{number:04}", alone=True)
        shop.clock.advance(3601)
    assert shop.door.badge("BADGE-0001", alone=True) == Allowed(ASHA), "badges are never locked"


def test_a_badge_of_somebody_locked_out_or_gone_opens_nothing(shop: Shop) -> None:
    shop.office.set_badge("asha", "BADGE-0001", "meera")
    for _ in range(10):
        shop.enter("asha", WRONG)
        assert isinstance(shop.clock, FakeClock)
        shop.clock.advance(4000)
    assert shop.door.badge("BADGE-0001", alone=True) == TooOften()
    shop.office.reset("asha", "meera")
    shop.office.change("asha", "meera", active=False)
    assert shop.door.badge("BADGE-0001", alone=True) == NotRight()


# --- where the pepper is kept ---------------------------------------------------------------------


def vault(folder: Path, store: FileKeyStore | None = None) -> tuple[Vault, FileKeyStore]:
    kept = store or FileKeyStore(folder / "key-store.json")
    return Vault(SealedFile(folder), kept, FakeClock()), kept


def test_it_is_sealed_under_the_key_stores_key(tmp_path: Path) -> None:
    sealed, _ = vault(tmp_path)
    made = PepperKeeper(sealed, tmp_path).read_or_make()
    assert made.kept_by == "made up"
    again = PepperKeeper(vault(tmp_path)[0], tmp_path).read()
    assert again == made
    assert not (tmp_path / PEPPER_FILE).exists()
    for path in tmp_path.iterdir():
        assert made.key not in path.read_bytes()
        assert made.key.hex() not in path.read_text(errors="replace")


def test_without_a_key_store_it_is_a_file_for_its_owner(tmp_path: Path) -> None:
    sealed, store = vault(tmp_path)
    store.problem = NoKeyStoreError()
    made = PepperKeeper(sealed, tmp_path).read_or_make()
    assert made.kept_by == IN_FILE
    assert (tmp_path / PEPPER_FILE).stat().st_mode & 0o777 == 0o600
    store.problem = None
    assert PepperKeeper(sealed, tmp_path).read() == made, "a key store that comes later changes nothing"
    assert PepperKeeper(None, tmp_path).read_or_make() == made


def test_people_sign_in_before_anybody_typed_the_passphrase(tmp_path: Path) -> None:
    sealed, store = vault(tmp_path)
    store.problem = NoKeyStoreError()
    sealed.keep_by_passphrase(PASSPHRASE)
    made = PepperKeeper(sealed, tmp_path).read_or_make()
    assert made.kept_by == IN_FILE
    locked, _ = vault(tmp_path, store)
    assert locked.needs_passphrase()
    assert PepperKeeper(locked, tmp_path).read() == made


def test_it_leaves_the_secrets_when_a_passphrase_comes(tmp_path: Path) -> None:
    sealed, store = vault(tmp_path)
    sealed.write("token", Secret("t-1"))
    made = PepperKeeper(sealed, tmp_path).read_or_make()
    with pytest.raises(KnownError, match="at least"):
        choose_passphrase(sealed, Secret("short"))
    assert PEPPER_NAME in sealed.names()
    choose_passphrase(sealed, PASSPHRASE)
    assert sealed.names() == ("token",)
    locked, _ = vault(tmp_path, store)
    assert locked.needs_passphrase()
    found = PepperKeeper(locked, tmp_path).read()
    assert found is not None
    assert (found.key, found.kept_by) == (made.key, IN_FILE)


def test_a_key_store_that_is_only_silent_makes_no_second_pepper(tmp_path: Path) -> None:
    sealed, store = vault(tmp_path)
    PepperKeeper(sealed, tmp_path).read_or_make()
    silent, _ = vault(tmp_path, store)
    store.problem = KnownError("The system's key store does not answer.")
    with pytest.raises(KnownError, match="does not answer"):
        PepperKeeper(silent, tmp_path).read_or_make()
    assert not (tmp_path / PEPPER_FILE).exists()


def test_a_lost_key_is_said_and_made_anew_on_purpose_only(tmp_path: Path) -> None:
    sealed, store = vault(tmp_path)
    lost = PepperKeeper(sealed, tmp_path).read_or_make()
    for name in list(store.items()):
        store.remove(name)
    fresh, _ = vault(tmp_path, store)
    with pytest.raises(KeyLostError):
        PepperKeeper(fresh, tmp_path).read_or_make()
    made = PepperKeeper(fresh, tmp_path).read_or_make_anew()
    assert made.key != lost.key
    assert PepperKeeper(fresh, tmp_path).read_or_make_anew() == made


@pytest.mark.parametrize("content", [b"", b"zz", b"00" * 31, b"00" * 33, b"\xff" * 64])
def test_a_damaged_file_is_said_without_its_content(tmp_path: Path, content: bytes) -> None:
    (tmp_path / PEPPER_FILE).write_bytes(content)
    (tmp_path / PEPPER_FILE).chmod(0o600)
    with pytest.raises(KnownError, match="damaged") as caught:
        PepperKeeper(None, tmp_path).read_or_make()
    assert caught.value.__cause__ is None
    assert PepperKeeper(None, tmp_path).read_or_make_anew().kept_by == IN_FILE


@pytest.mark.skipif(sys.platform == "win32", reason="files have owners by other means there")
def test_a_file_others_may_read_is_refused(tmp_path: Path) -> None:
    PepperKeeper(None, tmp_path).read_or_make()
    (tmp_path / PEPPER_FILE).chmod(0o640)
    with pytest.raises(KnownError, match="Others may read"):
        PepperKeeper(None, tmp_path).read()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KnownError, match="key of the PINs"):
        PepperKeeper(None, tmp_path / "file" / "folder").read_or_make()


# --- and that neither is ever seen ----------------------------------------------------------------


def leaks(folder: Path, said: list[str], *secrets: bytes) -> list[str]:
    """Return where a secret is found: in any file of the folder, or in anything said."""
    texts = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    texts |= {f"said {number}": text.encode() for number, text in enumerate(said)}
    return [name for name, content in texts.items() for secret in secrets if secret in content]


@pytest.mark.parametrize("planted", [False, True])
def test_no_pin_and_no_pepper_is_in_a_log_an_error_or_a_file(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    planted: bool,  # noqa: FBT001
) -> None:
    said: list[str] = []
    with caplog.at_level(logging.DEBUG):
        shop = staffed(tmp_path, FakeClock())
        shop.office.set_pin("asha", Secret(CANARY), "meera")
        shop.office.set_badge("asha", f"BADGE-{CANARY}", "meera")
        said += [repr(shop.enter("asha", CANARY)), repr(shop.enter("asha", CANARY[::-1]))]
        said += [repr(shop.enter(CANARY[:6], CANARY)), repr(shop.door.badge(f"BADGE-{CANARY}", alone=True))]
        said += [repr(shop.book.records()), repr(shop.pins), repr(vars(shop.pins)), repr(Secret(CANARY))]
        for staff_id, pin in (("asha", f"x{CANARY}"), ("asha", CANARY * 2), (CANARY[:3], CANARY)):
            with pytest.raises(KnownError) as caught:
                shop.office.set_pin(staff_id, Secret(pin), "meera")
            said += [str(caught.value), repr(caught.value.__cause__), repr(caught.value.__context__)]
        if planted:
            logging.getLogger("cashier_app").debug("tried %s", CANARY)
            with shop.journal.database.writing() as connection:
                connection.execute("UPDATE staff SET name = ? WHERE staff_id = 'asha'", (CANARY,))
    shop.journal.close()
    said += [record.getMessage() for record in caplog.records]
    secrets = [CANARY.encode(), CANARY[::-1].encode(), PEPPER.key, PEPPER.key.hex().encode()]
    found = leaks(tmp_path, said, *secrets)
    assert len(found) >= 2 if planted else not found, found


def test_the_name_of_the_pepper_in_the_vault_is_no_secret(tmp_path: Path) -> None:
    sealed, _ = vault(tmp_path)
    PepperKeeper(sealed, tmp_path).read_or_make()
    assert sealed.names() == (PEPPER_NAME,)
