"""Whether all that belongs to this installation is there and works; looked at from inside.

Nothing is asked of the network and nothing of the shop's is read: what is written goes into a folder that is
thrown away. What needs Qt is in `ui.self_check`.
"""

from __future__ import annotations

import hashlib
import io
import pkgutil
import ssl
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from cashier_app.build_stamp import BuildStamp, read_stamp
from cashier_app.errors import KnownError
from cashier_app.own_program import is_frozen
from cashier_app.paths import resources

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

NO_STAMP = "this bundle does not say what belongs into it"
NO_AUTHORITIES = (
    "The system trusts no certificate, so no https address can be asked. Install ca-certificates."
)
Look = Callable[[Path], str]


class Finding(Struct, frozen=True):
    """One thing looked at, and in a few words what was found."""

    name: str
    fine: bool
    words: str


class BrokenError(Exception):
    """Something that belongs to the installation is missing or does not do what it should."""


def findings(looks: Iterable[tuple[str, Look]], scratch: Path) -> Iterator[Finding]:
    """Look at one thing after the other.

    Args:
        looks: Names, and what looks.
        scratch: A folder to write into.
    """
    for name, look in looks:
        try:
            yield Finding(name, fine=True, words=look(scratch))
        except KnownError as error:
            yield Finding(name, fine=False, words=error.sentence)
        except BrokenError as error:
            yield Finding(name, fine=False, words=str(error))
        except Exception as error:  # noqa: BLE001 - whatever is broken shall be named, and the next looked at
            yield Finding(name, fine=False, words=f"{error.__class__.__name__}: {error}")


def look_at_modules(_: Path) -> str:
    """Import every module of ours."""
    stamp = _stamp()
    names = stamp.modules if stamp is not None else tuple(_own_modules())
    import_all(name for name in names if not name.startswith("ui"))
    return f"{len(names)} are there"


def look_at_libraries(_: Path) -> str:
    """Import everything our modules import from others, also what they import late."""
    stamp = _stamp()
    if stamp is None:
        return "as installed"
    import_all(stamp.libraries)
    return f"{len(stamp.libraries)} names are there"


def look_at_files(_: Path) -> str:
    """Compare every data file with what was put in."""
    stamp = _stamp()
    if stamp is None:
        return f"in {resources().name}"
    root = resources().parent.parent
    wrong = [place for place, digest in stamp.files.items() if _digest(root / place) != digest]
    if wrong:
        raise BrokenError(f"missing or changed: {', '.join(wrong)}")
    return f"{len(stamp.files)} are as they were built"


def look_at_decoders(_: Path) -> str:
    """Read the demo shop's pictures with each decoder."""
    from cashier_app.device_opening import picture_texts
    from cashier_app.scanning.decoders import read_with_zbar, read_with_zxing, zbar_works

    demo = resources() / "demo"
    for picture in ("wallet-aztec.png", "wallet-priya.jpg"):
        if not picture_texts(demo / picture):
            raise BrokenError(f"nothing is read in {picture}")
    code = _drawn_code()
    if not read_with_zxing(code):
        raise BrokenError("zxing-cpp reads nothing")
    if not zbar_works():
        return "zxing-cpp reads; libzbar is not installed"
    if not read_with_zbar(code):
        raise BrokenError("libzbar reads nothing")
    return "zxing-cpp and libzbar read"


def look_at_cameras(_: Path) -> str:
    """Load what opens cameras and films."""
    import cv2

    films = "FFMPEG" in cv2.getBuildInformation()
    return f"OpenCV {cv2.__version__}, films {'too' if films else 'not'}"


def look_at_database(scratch: Path) -> str:
    """Make a database, and bring one of the first version up to date."""
    from cashier_app.storage.database import SCHEMA_VERSION
    from cashier_app.storage.opening import open_journal
    from cashier_app.storage.trial import write_oldest

    for name in ("new", "old"):
        folder = scratch / name
        folder.mkdir()
        if name == "old":
            write_oldest(folder / "till.db")
        open_journal(folder / "till.db", "1", datetime.now(UTC)).close()
    return f"made, and brought from version 1 to {SCHEMA_VERSION}"


def look_at_trust(_: Path) -> str:
    """Load the system's certificate authorities, as every connection does."""
    from cashier_app.backends.trust import tls_context

    context = tls_context()
    if context.verify_mode is not ssl.CERT_REQUIRED:
        raise BrokenError("certificates would not be checked")
    known = len(context.get_ca_certs())
    if not known and sys.platform.startswith("linux") and not _authorities_lie_apart():
        raise BrokenError(NO_AUTHORITIES)
    return f"{ssl.OPENSSL_VERSION}, {known} authorities loaded" if known else ssl.OPENSSL_VERSION


def look_at_key_store(_: Path) -> str:
    """Ask the helper process which key store there is; none is an answer too."""
    from cashier_app.security.credentials import KeyStore, NoKeyStoreError

    try:
        return f"the helper answers: {KeyStore().describe()}"
    except NoKeyStoreError:
        return "the helper answers: none on this system"


def look_at_printing(scratch: Path) -> str:
    """Write the sheet of test codes as PDF: faces, shaping, both kinds of code."""
    from cashier_app.bootstrap import DEFAULT_POINT_NAME
    from cashier_app.device_opening import write_scanner_sheet
    from cashier_app.wording.speech import Wording

    file = scratch / "sheet.pdf"
    write_scanner_sheet(file, Wording.of("en", UTC, DEFAULT_POINT_NAME))
    if not file.read_bytes().startswith(b"%PDF"):
        raise BrokenError("what was written is no PDF")
    return f"{file.stat().st_size} bytes of PDF"


def look_at_regions(_: Path) -> str:
    """Write a date and an amount in several languages, and read a phone number."""
    from zoneinfo import ZoneInfo

    import phonenumbers
    from babel.dates import format_date
    from babel.numbers import format_currency

    moment = datetime(2026, 11, 21, 12, tzinfo=ZoneInfo("Asia/Kolkata"))
    places = ("en_IN", "hi_IN", "ta_IN", "ar_IQ", "de_DE", "ja_JP")
    written = {
        format_date(moment, locale=place) + format_currency(1, "INR", locale=place) for place in places
    }
    if len(written) != len(places):
        raise BrokenError("languages are not told apart")
    if not phonenumbers.is_possible_number(phonenumbers.parse("+442079460000")):
        raise BrokenError("no phone number is known")
    return f"{len(places)} languages, time zones, phone numbers"


def look_at_ledger(_: Path) -> str:
    """Load the client of PostgreSQL."""
    import psycopg

    return f"libpq {psycopg.pq.version()} ({psycopg.pq.__impl__})"


def look_at_devices(_: Path) -> str:
    """List serial ports, and load what plays sounds."""
    import miniaudio

    from cashier_app.device_opening import serial_devices

    return f"{len(serial_devices())} serial ports, miniaudio {miniaudio.__version__}"


def look_at_secrets(_: Path) -> str:
    """Seal something and open it again, and hash a PIN's way."""
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    box = Fernet(Fernet.generate_key())
    if box.decrypt(box.encrypt(b"open")) != b"open":
        raise BrokenError("what is sealed cannot be opened")
    Argon2id(salt=b"0" * 16, length=32, iterations=1, lanes=1, memory_cost=64).derive(b"a PIN")
    return "sealed, opened and hashed"


LOOKS: tuple[tuple[str, Look], ...] = (
    ("modules", look_at_modules),
    ("libraries", look_at_libraries),
    ("files", look_at_files),
    ("decoders", look_at_decoders),
    ("cameras", look_at_cameras),
    ("database", look_at_database),
    ("trust store", look_at_trust),
    ("key store", look_at_key_store),
    ("printing", look_at_printing),
    ("regions", look_at_regions),
    ("ledger", look_at_ledger),
    ("devices", look_at_devices),
    ("secrets", look_at_secrets),
)


def _stamp() -> BuildStamp | None:
    """Return what belongs here; None from source.

    Raises:
        BrokenError: A bundle without a stamp.
    """
    stamp = read_stamp()
    if stamp is None and is_frozen():
        raise BrokenError(NO_STAMP)
    return stamp


def _own_modules() -> Iterator[str]:
    import cashier_app

    for module in pkgutil.walk_packages(cashier_app.__path__, "cashier_app."):
        if not module.name.startswith("cashier_app.testing") and not module.name.endswith("__main__"):
            yield module.name


def import_all(names: Iterable[str]) -> None:
    """Import modules, or names of modules.

    Raises:
        BrokenError: Some cannot be imported.
    """
    missing = [f"{name} ({problem})" for name in names if (problem := import_problem(name))]
    if missing:
        raise BrokenError(", ".join(missing))


def import_problem(name: str) -> str:
    """Say why a `module`, or a `module:name`, cannot be imported; empty when it can."""
    module, _, member = name.partition(":")
    try:
        found = import_module(module)
        if member and not hasattr(found, member):
            import_module(f"{module}.{member}")
    except ImportError as error:
        return str(error)
    return ""


def _authorities_lie_apart() -> bool:
    """Say whether OpenSSL finds each authority in a file of its own, when it meets one."""
    folder = Path(ssl.get_default_verify_paths().openssl_capath)
    return any(folder.glob("*.0"))


def _drawn_code() -> Picture:
    """Draw a QR code, black on white."""
    import segno
    from PIL import Image

    drawn = io.BytesIO()
    segno.make_qr("self-check").save(drawn, kind="png", scale=6, border=4)
    return Image.open(drawn).convert("L")


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""
