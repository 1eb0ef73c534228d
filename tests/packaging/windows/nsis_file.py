"""Read a program that NSIS built: which files it writes and deletes, without running it.

Format: NSIS 3, `Source/exehead/fileform.h`; Unicode, compressed in one piece (solid) by LZMA.
"""

from __future__ import annotations

import lzma
import struct
from pathlib import Path
from typing import NamedTuple

_MARK = b"\xef\xbe\xad\xdeNullsoftInst"
_COMMON = struct.Struct("<I16I")  # flags, then offset and number of each of eight blocks
_ENTRY = struct.Struct("<7i")
_ENTRIES, _STRINGS, _LANGUAGES = 2, 3, 4
_SET_FOLDER, _EXTRACT, _DELETE, _REMOVE_FOLDER, _RENAME, _WRITE_UNINSTALLER = 11, 20, 21, 23, 16, 62
_LINK, _REGISTER = 45, 51
_ROOTS = {0x80000001: "HKCU", 0x80000002: "HKLM"}
_CODES = {1: "language", 2: "shell", 3: "variable", 4: "skip"}


class NsisFile(NamedTuple):
    """What a program does, in the order it is written.

    Args:
        files: Place and content of each file it writes.
        deleted: What it deletes.
        folders_removed: Each folder it removes, and whether with everything in it.
        registered: What it writes into the registry: root and key, name, value.
        links: Each link it makes, and where that leads.
    """

    files: dict[str, bytes]
    deleted: list[str]
    folders_removed: list[tuple[str, bool]]
    registered: list[tuple[str, str, str]]
    links: list[tuple[str, str]]


def read(program: Path) -> NsisFile:
    """Read one.

    Places begin with the number of a variable in braces, such as ``{21}``, where they do in the script.

    Raises:
        ValueError: It is none that NSIS built in the way said above.
    """
    content = program.read_bytes()
    start = content.find(_MARK) - 4
    if start < 0:
        raise ValueError("no installer of NSIS")
    packed = content[start + 28 :]
    filters = [{"id": lzma.FILTER_LZMA1, **_properties(packed[:5])}]
    data = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters).decompress(packed[5:])
    header_size = struct.unpack_from("<I", data)[0]
    header, body = data[4 : 4 + header_size], data[4 + header_size :]
    return _carried_out(header, body)


def _carried_out(header: bytes, body: bytes) -> NsisFile:
    _, *blocks = _COMMON.unpack_from(header)
    strings = header[blocks[2 * _STRINGS] : blocks[2 * _LANGUAGES]]
    found = NsisFile({}, [], [], [], [])
    folder = ""
    for number in range(blocks[2 * _ENTRIES + 1]):
        kind, *given = _ENTRY.unpack_from(header, blocks[2 * _ENTRIES] + number * _ENTRY.size)
        if kind == _SET_FOLDER and given[1]:
            folder = _text(strings, given[0])
        elif kind == _EXTRACT:
            size = struct.unpack_from("<I", body, given[2])[0]
            name = _text(strings, given[1])
            found.files[f"{folder}\\{name}"] = body[given[2] + 4 : given[2] + 4 + size]
        elif kind == _DELETE:
            found.deleted.append(_text(strings, given[0]))
        elif kind == _REMOVE_FOLDER:
            found.folders_removed.append((_text(strings, given[0]), bool(given[1] & 2)))
        elif kind == _LINK:
            found.links.append((_text(strings, given[0]), _text(strings, given[1])))
        elif kind == _REGISTER:
            key, name, value = (_text(strings, place) for place in given[1:4])
            found.registered.append((f"{_ROOTS[given[0] & 0xFFFFFFFF]}\\{key}", name, value))
    return found


def _text(strings: bytes, offset: int) -> str:
    """Return the string at an offset, counted in signs of two bytes."""
    text = ""
    position = offset * 2
    while (sign := struct.unpack_from("<H", strings, position)[0]) != 0:
        position += 2
        if sign in _CODES:
            low, high = strings[position], strings[position + 1]
            position += 2
            number = (low & 0x7F) | (high & 0x7F) << 7
            text += f"{{{number}}}" if _CODES[sign] == "variable" else f"<{_CODES[sign]}>"
        else:
            text += chr(sign)
    return text


def _properties(packed: bytes) -> dict[str, int]:
    first, size = struct.unpack("<BI", packed)
    if first >= 225:
        raise ValueError("not compressed by LZMA in one piece")
    return {"lc": first % 9, "lp": first // 9 % 5, "pb": first // 45, "dict_size": size}
