"""Write a bundle's files as NSIS reads them: each put in place, and each taken away again."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

LONGEST_PLACE = 150
"""Signs of a file's place in the bundle: Windows allows 260 with the user's own folder before it."""
_FORBIDDEN = frozenset('"\r\n\t<>:|?*`{}')  # braces mean something to NSIS


class UnfitPayloadError(ValueError):
    """A file cannot be installed on Windows; the sentence names it."""


def write_payload(bundle: Path, target: Path) -> int:
    """Write the macros `PayloadFiles` and `PayloadDeletes` and return how many bytes the files have.

    Args:
        bundle: What is installed; its links are followed, since Windows has none an ordinary user may make.
        target: The file to write.

    Raises:
        UnfitPayloadError: There are no files, or Windows could not hold one.
    """
    places = places_of(bundle)
    lines = ["!macro PayloadFiles"]
    folder: PurePosixPath | None = None
    for place in places:
        if place.parent != folder:
            folder = place.parent
            lines.append(f'  SetOutPath "{_inside("$Target", folder)}"')
        lines.append(f'  File "/oname={_quoted(place.name)}" "{bundle / place}"')
    lines += ["!macroend", "", "!macro PayloadDeletes"]
    lines += [f'  Delete "{_inside("$INSTDIR", place)}"' for place in places]
    lines += [f'  RMDir "{_inside("$INSTDIR", inner)}"' for inner in folders_of(places)]
    target.write_text("\n".join([*lines, "!macroend", ""]), encoding="utf-8-sig", newline="\n")
    return sum((bundle / place).stat().st_size for place in places)


def places_of(bundle: Path) -> list[PurePosixPath]:
    """Return where each file of a bundle is in it, folder by folder, the programs last.

    The programs last: where they are, everything else is.

    Raises:
        UnfitPayloadError: There are no files, or Windows could not hold one.
    """
    places = [
        PurePosixPath(file.relative_to(bundle).as_posix()) for file in bundle.rglob("*") if file.is_file()
    ]
    if not places:
        raise UnfitPayloadError(f"{bundle} holds no files. Build it first: python installer/build.py")
    seen: set[str] = set()
    for place in places:
        name = str(place)
        if (
            len(name) > LONGEST_PLACE
            or _FORBIDDEN & set(name)
            or any(part[-1] in ". " for part in place.parts)
        ):
            raise UnfitPayloadError(f"Windows could not hold {name}.")
        if name.lower() in seen:
            raise UnfitPayloadError(f"Windows takes {name} and another for one.")
        seen.add(name.lower())
    return sorted(places, key=lambda place: (len(place.parts) == 1, place.parent, place.name))


def folders_of(places: list[PurePosixPath]) -> list[PurePosixPath]:
    """Return each folder the files are in, inner ones before the outer; the bundle's own is not one."""
    found = {folder for place in places for folder in place.parents if folder.name}
    return sorted(found, key=lambda folder: (-len(folder.parts), folder))


def _inside(variable: str, place: PurePosixPath) -> str:
    inner = "\\".join(_quoted(part) for part in place.parts)
    return f"{variable}\\{inner}" if inner else variable


def _quoted(text: str) -> str:
    return text.replace("$", "$$")
