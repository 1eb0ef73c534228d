"""The control files of the Debian package: version, fields, check sums, change log."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

PACKAGE = "cashier-app"
NOBODY = "cashier-app <maintainers@cashier-app.invalid>"
"""Who maintains a package that nobody put a name to; see DEBFULLNAME and DEBEMAIL in installer/README.md."""

_FIELD_ORDER = (
    "Package", "Version", "Section", "Priority", "Architecture", "Maintainer", "Installed-Size",
    "Depends", "Recommends", "Suggests", "Description",
)  # fmt: skip

DESCRIPTION = """loyalty till that posts every sale exactly once
 Recognises a member by scanned code, camera, picture or phone number, shows
 balance and tier and what may be redeemed and why, and posts each sale to the
 shop's loyalty system exactly once, also after hours without a network.
 .
 Comes with a demo shop and with training, in which nothing is real. Works
 beside any till: it takes no money itself. The command cashier-cli does the
 same without a window.
 .
 Sales and settings are kept in the home of whoever works at the till. They
 stay when the package is removed or purged."""

_ALWAYS = ("ca-certificates",)
_RECOMMENDED = (
    "fonts-noto-core",
    "libasound2t64 | libasound2",
    "default-dbus-session-bus | dbus-session-bus",
)
_SUGGESTED = ("gnome-keyring | kwalletmanager",)

_PEP_440 = re.compile(
    r"(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)"
    r"(?:(?P<pre>a|b|rc)(?P<pre_number>\d+))?(?:\.post(?P<post>\d+))?(?:\.dev(?P<dev>\d+))?"
)


def debian_version(version: str, revision: int = 1) -> str:
    """Return a version of Python's in Debian's form, which sorts the same way: ``1.0rc1`` is ``1.0~rc1-1``.

    `~` sorts before the end, and `+` before the dot of a longer version.

    Raises:
        ValueError: It is not in the normal form, or made on somebody's own machine (``1.0+here``).
    """
    read = _PEP_440.fullmatch(version)
    if read is None:
        raise ValueError(f"{version!r} is not a version that can be packaged")
    part = read.groupdict()
    written = (part["epoch"] + ":" if part["epoch"] else "") + part["release"]
    if part["pre"]:
        written += f"~{part['pre']}{part['pre_number']}"
    if part["post"]:
        written += f"+post{part['post']}"
    if part["dev"]:
        # Before everything it leads to: 1.0.dev1 comes before 1.0a1.
        written += f"~dev{part['dev']}" if part["pre"] or part["post"] else f"~~dev{part['dev']}"
    return f"{written}-{revision}"


def control(
    version: str, architecture: str, maintainer: str, installed_kib: int, depends: Sequence[str], zbar: str
) -> str:
    """Return the control file.

    Args:
        version: In Debian's form.
        architecture: In Debian's words.
        maintainer: ``Name <address>``.
        installed_kib: Size on disk in KiB.
        depends: What the bundle's own files need.
        zbar: The package of libzbar, which Python only tries to load.
    """
    values = {
        "Package": PACKAGE,
        "Version": version,
        "Section": "misc",
        "Priority": "optional",
        "Architecture": architecture,
        "Maintainer": maintainer,
        "Installed-Size": str(installed_kib),
        "Depends": ", ".join(sorted({*depends, *_ALWAYS, zbar})),
        "Recommends": ", ".join(_RECOMMENDED),
        "Suggests": ", ".join(_SUGGESTED),
        "Description": DESCRIPTION,
    }
    return "".join(f"{name}: {values[name]}\n" for name in _FIELD_ORDER)


def check_sums(tree: Path) -> str:
    """Return the file `md5sums`, by which `dpkg --verify` finds damage; dpkg knows no other sum."""
    lines = []
    for file in sorted(tree.rglob("*")):
        place = file.relative_to(tree)
        if file.is_file() and not file.is_symlink() and place.parts[0] != "DEBIAN":
            md5 = hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
            lines.append(f"{md5}  {place.as_posix()}\n")
    return "".join(lines)


def debian_changes(version: str, maintainer: str, epoch: int) -> str:
    """Return the package's own change log; the program's lies beside it.

    Args:
        version: In Debian's form.
        maintainer: ``Name <address>``.
        epoch: When it was made, in seconds since 1970, UTC.
    """
    day = format_datetime(datetime.fromtimestamp(epoch, UTC))
    body = "  * What is new in the program stands in changelog.gz."
    return f"{PACKAGE} ({version}) unstable; urgency=medium\n\n{body}\n\n -- {maintainer}  {day}\n"
