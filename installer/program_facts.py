"""What Windows and macOS are told of the programs: names, versions, rights and the reason for the camera."""

from __future__ import annotations

import re
from pathlib import Path

PUBLISHER = "The cashier-app authors"
MAC_NAME = "cashier-app.app"
MAC_IDENTIFIER = "invalid.cashier-app.till"
"""As the Linux package's, under a domain that is nobody's; a publisher with one of their own puts it here."""
LEAST_MACOS = "13.0"
"""What the wheels of Qt 6.11 are built for."""
ENTITLEMENTS = Path(__file__).resolve().parent / "macos" / "entitlements.plist"

_RESOURCE = """\
VSVersionInfo(
  ffi=FixedFileInfo(
    filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0
  ),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "{publisher}"),
      StringStruct("FileDescription", "{description}"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "{name}"),
      StringStruct("LegalCopyright", "{publisher}, MIT License"),
      StringStruct("OriginalFilename", "{name}.exe"),
      StringStruct("ProductName", "cashier-app"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x409, 1200])]),
  ],
)
"""
_DESCRIPTIONS = {"cashier-app": "cashier-app", "cashier-cli": "cashier-app on the command line"}


def version_number(version: str) -> str:
    """Return a version as Windows compares them, four numbers; what comes before a release counts as it.

    >>> version_number("1.2.0rc1")
    '1.2.0.0'
    """
    release = re.match(r"\d+(?:\.\d+)*", version)
    numbers = release.group().split(".") if release else []
    return ".".join([*numbers, "0", "0", "0", "0"][:4])


def write_version_resource(target: Path, version: str, name: str) -> Path:
    """Write what Windows shows as a program's details, in PyInstaller's form, and return the file.

    Args:
        target: The file.
        version: Of the program, in Python's form.
        name: `cashier-app` or `cashier-cli`.
    """
    numbers = tuple(int(number) for number in version_number(version).split("."))
    text = _RESOURCE.format(
        numbers=numbers, publisher=PUBLISHER, description=_DESCRIPTIONS[name], version=version, name=name
    )
    target.write_text(text, encoding="utf-8")
    return target


def mac_information(version: str) -> dict[str, object]:
    """Return what stands in the application's Info.plist besides what PyInstaller writes itself."""
    return {
        "CFBundleIdentifier": MAC_IDENTIFIER,
        "CFBundleName": "cashier-app",
        "CFBundleDisplayName": "cashier-app",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": ".".join(version_number(version).split(".")[:3]),
        "CFBundleDevelopmentRegion": "en",
        "LSApplicationCategoryType": "public.app-category.business",
        "LSMinimumSystemVersion": LEAST_MACOS,
        "LSMultipleInstancesProhibited": False,  # training is a second one beside the till
        "NSCameraUsageDescription": "The camera reads codes that members hold up to it. No picture is kept.",
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": f"{PUBLISHER}, MIT License",
        "NSRequiresAquaSystemAppearance": False,  # dark where the system is
    }
