"""The first start put together: what a fleet's file says, what was answered, what is written at the end.

Everything here blocks: for workers.
"""

from __future__ import annotations

import logging
import tomllib
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cashier_app import backend_opening, backend_setup, staff_opening
from cashier_app.backend_setup import Draft, TriedOut
from cashier_app.config import MAX_BYTES, TillConfig, settings_bytes
from cashier_app.config_change import create_config, write_owners_file
from cashier_app.config_check import refusal_of
from cashier_app.data_folder import check_kind
from cashier_app.documents.settings_text import settings_text
from cashier_app.domain.staff import Role, StaffMember
from cashier_app.errors import KnownError
from cashier_app.keeping_secrets import Keeper, choose_passphrase, vault_of
from cashier_app.paths import is_there
from cashier_app.ports.backend_kind import BackendKind
from cashier_app.ports.capabilities import Capabilities
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.credentials import Credentials, Secret
from cashier_app.services.first_run import (
    DEMO,
    Answers,
    BackendAnswer,
    Guess,
    answers_given,
    filled,
    settings_tables,
    with_given,
)
from cashier_app.services.staff_ids import staff_id_for
from cashier_app.services.staff_office import check_pin
from cashier_app.wording.countries import country_of_zone, currency_of, decimals_of, zones_of
from cashier_app.wording.translator import SOURCE_LANGUAGE, languages

logger = logging.getLogger(__name__)

DRAFT_FILE = "first-run.json"
FIRST_MANAGER = "first manager"
"""What stands in the audit log for whoever adds the first one: nobody can have signed in."""

_UNSURE_ZONES = frozenset({"", "UTC", "Etc/UTC", "GMT", "Etc/GMT"})
_UNKNOWN_REGION = "US"


class NewManager(Struct, frozen=True):
    """Who is to be the first manager; only in memory until everything is written."""

    name: str
    pin: Secret


class Surroundings(Struct, frozen=True):
    """What the system says of itself; each empty where it says nothing.

    Args:
        language: ISO 639 letters.
        region: ISO 3166 letters.
        time_zone: Such as ``Asia/Kolkata``.
    """

    language: str = ""
    region: str = ""
    time_zone: str = ""


def guess_of(system: Surroundings, store: str) -> Guess:
    """Return what a till is set up with where nobody says otherwise. Loads Babel.

    Args:
        system: What the system says.
        store: What a shop without a name is called.
    """
    from cashier_app.domain.phone import is_region

    said = system.region if is_region(system.region) else country_of_zone(system.time_zone)
    region = said or _UNKNOWN_REGION
    zone = system.time_zone
    if zone in _UNSURE_ZONES or not _is_zone(zone):
        zone = zones_of(said)[0] if said else "UTC"
    language = system.language if system.language in languages() else SOURCE_LANGUAGE
    currency = currency_of(region)
    return Guess(language, region, currency, decimals_of(currency), zone, store, bool(said))


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


class FirstRun:
    """One till that has no settings of its own yet.

    Args:
        path: Where its settings file will be.
        folder: Its data folder.
        given_by: A file made for many tills that answers some of it; None for none.

    Raises:
        KnownError: That file is not right; the sentence names line and key.
    """

    def __init__(self, path: Path, folder: Path, given_by: Path | None = None) -> None:
        self.path, self.folder, self.given_by = path, folder, given_by
        self.given: dict[str, object] = _given(given_by) if given_by is not None else {}
        self._draft = path.with_name(DRAFT_FILE)
        self._vault: Credentials | None = None

    @property
    def unattended(self) -> bool:
        """Return whether nobody is there to ask."""
        section = self.given.get("first_run")
        return isinstance(section, dict) and section.get("unattended") is True

    # --- what was answered ------------------------------------------------------------------------

    def answers(self) -> Answers:
        """Return what was answered before and what the fleet's file says."""
        return with_given(self._kept(), answers_given(self.given))

    def was_left(self) -> bool:
        """Say whether somebody began before, and stopped."""
        return self._draft.is_file()

    def keep(self, answers: Answers) -> None:
        """Keep what was answered; no secret is among it.

        Raises:
            KnownError: It cannot be written.
        """
        fresh = self._draft.with_suffix(".new")
        try:
            self._draft.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_owners_file(fresh, msgspec.json.format(msgspec.json.encode(answers)))
            fresh.replace(self._draft)
        except OSError as error:
            raise KnownError(
                f"The answers cannot be kept in {self._draft.parent}. Check its permissions."
            ) from error

    def _kept(self) -> Answers:
        try:
            if self._draft.stat().st_size > MAX_BYTES:
                return Answers()
            return msgspec.json.decode(self._draft.read_bytes(), type=Answers)
        except FileNotFoundError:
            return Answers()
        except (OSError, ValueError, RecursionError):
            logger.info("what was answered before cannot be read; the questions begin again")
            return Answers()

    # --- the loyalty system -----------------------------------------------------------------------

    def config(self, answers: Answers) -> TillConfig:
        """Return the settings as they would be with whole answers.

        Raises:
            KnownError: They make no sense.
        """
        tables = settings_tables(answers, self.given)
        if answers.backend is None or answers.backend.kind == DEMO:
            tables["backend"] = {}
        try:
            return msgspec.toml.decode(settings_text(tables) + _no_backend(tables), type=TillConfig)
        except (msgspec.DecodeError, ValueError) as error:
            raise KnownError(f"The answers make no settings file: {str(error)[:200]}.") from error

    def kinds(self, answers: Answers) -> tuple[tuple[BackendKind, Capabilities | None], ...]:
        """Return the loyalty systems there are, and what each can do as far as that is known before."""
        config = self.config(answers)
        return tuple((kind, _can(kind, config)) for kind in backend_setup.kinds())

    def backend_title(self, name: str) -> str:
        """Return what a kind of backend calls itself; its name where it is not installed any more."""
        try:
            return backend_setup.kind_named(name).title
        except KnownError:
            return name

    def try_out(self, answers: Answers, draft: Draft) -> TriedOut:
        """Try a loyalty system out, keeping nothing. Up to 20 s.

        Raises:
            KnownError: Something does not fit, a secret is missing, or sales wait for another one.
        """
        config = self.config(answers)
        backend_setup.refuse_while_owed(self.folder, config, backend_setup.draft_config(config, draft))
        return backend_setup.try_out(config, draft, self.vault())

    def keep_backend(self, answers: Answers, draft: Draft, passphrase: Secret | None) -> BackendAnswer:
        """Seal the secrets of a loyalty system in the data folder, and return what else there is to answer.

        Raises:
            KnownError: As `try_out` does, or the secrets cannot be kept.
        """
        changed = backend_setup.draft_config(self.config(answers), draft)
        self._make_folder()
        if passphrase is not None:
            choose_passphrase(self.vault(), passphrase)
        backend_setup.keep_secrets(backend_setup.kind_named(draft.kind), draft, self.vault())
        settings = {
            name: value
            for name, value in changed.backend.settings.items()
            if isinstance(value, str | int | bool)
        }
        return BackendAnswer(changed.backend.kind, changed.backend.address, settings)

    def vault(self) -> Credentials:
        """Return the till's sealed secrets; nothing is read yet."""
        if self._vault is None:
            self._vault = vault_of(self.folder)
        return self._vault

    def stored(self, kind: BackendKind) -> frozenset[str]:
        """Return the names of the secrets stored for a kind."""
        try:
            there = [one for one in kind.secrets if self.vault().read(backend_opening.secret_name(kind, one))]
        except KnownError:
            return frozenset()
        return frozenset(one.name for one in there)

    def lacks_secrets(self, answers: Answers) -> bool:
        """Say whether a file named the loyalty system, and nobody typed its secrets here yet.

        Which there are is known without opening any.
        """
        chosen = answers.backend
        named = self.given.get("backend")
        if chosen is None or chosen.kind == DEMO or (isinstance(named, dict) and named.get("token_file")):
            return False
        try:
            kind = backend_setup.kind_named(chosen.kind)
            wanted = {backend_opening.secret_name(kind, one) for one in kind.secrets if one.mandatory}
            return not wanted <= {*vault_of(self.folder).names()}
        except KnownError:
            return False

    # --- the manager ------------------------------------------------------------------------------

    def has_people(self) -> bool:
        """Say whether somebody was added to this till before: then the first manager is no matter of ours.

        Raises:
            KnownError: The database cannot be used.
        """
        if not staff_opening.has_database(self.folder):
            return False
        with staff_opening.staff_journal(self.folder, "1") as journal:
            return not staff_opening.open_office(journal, None, SystemClock(), 0).is_empty()

    def check_manager(self, manager: NewManager, answers: Answers) -> None:
        """Check a first manager's PIN, writing nothing.

        Raises:
            KnownError: It cannot be taken; the sentence says why.
        """
        check_pin(manager.pin, _member(manager), self.config(answers).staff.pin_digits)

    # --- the end ----------------------------------------------------------------------------------

    def finish(self, answers: Answers, guess: Guess, manager: NewManager | None) -> Path:
        """Write the settings file and the first manager, forget the draft, and return the file.

        The manager comes first: a till that opened without would let anybody be the first one.

        Raises:
            KnownError: Something does not fit or cannot be written, or there is a settings file already.
        """
        whole = filled(answers, guess)
        if whole.backend is None or whole.backend.kind == DEMO:
            raise KnownError("The demo shop has no settings file.")
        if is_there(self.path):
            raise KnownError(f"There is a settings file already: {self.path}. It was left as it is.")
        config = self.config(whole)
        if manager is not None:
            self._add(manager, config)
        create_config(self.path, settings_text(settings_tables(whole, self.given)))
        with suppress(OSError):
            self._draft.unlink(missing_ok=True)
        return self.path

    def finish_unattended(self, guess: Guess) -> Path:
        """Write the settings file with defaults for what the fleet's file does not say.

        Raises:
            KnownError: There is a settings file already, or it cannot be written.
        """
        return self.finish(answers_given(self.given), guess, None)

    def _add(self, manager: NewManager, config: TillConfig) -> None:
        check_kind(self.folder, training=False)
        self._make_folder()
        secrets = staff_opening.secrets_for_pins(Keeper(self.vault), self.folder)
        with staff_opening.staff_journal(self.folder, config.store.till) as journal:
            office = staff_opening.open_office(journal, secrets, SystemClock(), config.staff.pin_digits)
            if office.is_empty():
                office.add(_member(manager), manager.pin, FIRST_MANAGER)

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise KnownError(
                f"The data folder {self.folder} cannot be made. Check its permissions."
            ) from error


def _member(manager: NewManager) -> StaffMember:
    return StaffMember(staff_id_for(manager.name, ()), manager.name, Role.MANAGER)


def _no_backend(tables: dict[str, object]) -> str:
    return "" if tables.get("backend") else "\n[backend]\n"


def _given(path: Path) -> dict[str, object]:
    text = settings_bytes(path)
    refusal = refusal_of(path, text, partial=True)
    if refusal is not None:
        raise refusal
    return tomllib.loads(text.decode())


def _can(kind: BackendKind, config: TillConfig) -> Capabilities | None:
    """Return what a kind can do with nothing but made-up settings; None where it does not say."""
    made_up = {field.name: "1" for field in backend_setup.setting_fields(kind) if field.mandatory}
    address = next(iter(kind.addresses), "https://loyalty.example")
    backend = replace(config.backend, kind=kind.name, address=address, settings=made_up)
    try:
        return backend_opening.rules_of(replace(config, backend=backend)).capabilities
    except KnownError:
        return None
