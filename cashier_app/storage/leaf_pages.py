"""Rows read from the pages of a damaged database themselves, when SQLite cannot find its way to them.

A table's rows are in its leaf pages; what leads to those may be gone: the header, the schema, an inner page.
Each leaf says of itself what it is. Nothing read here is believed: the seal of a row decides.

The format: https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PAGE_BYTES = 4096
TABLE_LEAF = 0x0D
_HEADER_BYTES = 100
_LOG_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24
_MAX_PAYLOAD = 16 * 1024 * 1024

Value = int | float | bytes | None
"""A column as it is stored; texts stay bytes."""


def pages_of(database: Path, log: Path) -> dict[int, bytes]:
    """Return the newest committed state of each page by its number; missing files are empty."""
    pages: dict[int, bytes] = {}
    content = _content(database)
    for start in range(0, len(content), PAGE_BYTES):
        pages[start // PAGE_BYTES + 1] = content[start : start + PAGE_BYTES].ljust(PAGE_BYTES, b"\0")
    pages.update(_logged(_content(log)))
    return pages


def rows_of(pages: dict[int, bytes]) -> Iterator[tuple[int, list[Value]]]:
    """Yield number and columns of every row in any leaf page of any table, stale ones among them."""
    for number, page in sorted(pages.items()):
        start = _HEADER_BYTES if number == 1 else 0
        if page[start] != TABLE_LEAF:
            continue
        cells = int.from_bytes(page[start + 3 : start + 5], "big")
        for index in range(min(cells, PAGE_BYTES // 2)):
            pointer = start + 8 + 2 * index
            # A damaged cell reads as anything at all; the next one may be whole.
            with suppress(ValueError, IndexError):
                yield _cell(pages, page, int.from_bytes(page[pointer : pointer + 2], "big"))


def _logged(content: bytes) -> dict[int, bytes]:
    """Return the pages of a write-ahead log up to its last commit, also behind a damaged frame."""
    committed: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    salt = content[16:24]
    frame_bytes = _FRAME_HEADER_BYTES + PAGE_BYTES
    for start in range(_LOG_HEADER_BYTES, len(content) - frame_bytes + 1, frame_bytes):
        header = content[start : start + _FRAME_HEADER_BYTES]
        if header[8:16] != salt:
            continue  # from before the log was begun anew, or damaged
        waiting[int.from_bytes(header[:4], "big")] = content[
            start + _FRAME_HEADER_BYTES : start + frame_bytes
        ]
        if any(header[4:8]):
            committed.update(waiting)
            waiting.clear()
    return committed


def _cell(pages: dict[int, bytes], page: bytes, at: int) -> tuple[int, list[Value]]:
    length, at = _varint(page, at)
    number, at = _varint(page, at)
    if not 0 < length <= _MAX_PAYLOAD:
        raise ValueError("no row is this long")
    return number, _columns(_payload(pages, page, at, length))


def _payload(pages: dict[int, bytes], page: bytes, at: int, length: int) -> bytes:
    most = PAGE_BYTES - 35
    if length <= most:
        return page[at : at + length]
    least = (PAGE_BYTES - 12) * 32 // 255 - 23
    local = least + (length - least) % (PAGE_BYTES - 4)
    local = local if local <= most else least
    payload = bytearray(page[at : at + local])
    following = int.from_bytes(page[at + local : at + local + 4], "big")
    while len(payload) < length:
        more = pages.get(following)
        if more is None:
            raise ValueError("the rest of the row is gone")
        payload += more[4 : 4 + length - len(payload)]
        following = int.from_bytes(more[:4], "big")
    return bytes(payload)


def _columns(payload: bytes) -> list[Value]:
    header_end, at = _varint(payload, 0)
    kinds = []
    while at < header_end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    columns: list[Value] = []
    for kind in kinds:
        size = _size(kind)
        raw = payload[at : at + size]
        if len(raw) != size:
            raise ValueError("the row is cut short")
        columns.append(_value(kind, raw))
        at += size
    return columns


def _size(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    return (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)[kind]


def _value(kind: int, raw: bytes) -> Value:
    if kind >= 12:
        return raw
    if kind in {8, 9}:
        return kind - 8
    return int.from_bytes(raw, "big", signed=True) if 1 <= kind <= 6 else None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index in range(8):
        byte = data[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    return value << 8 | data[at + 8], at + 9


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
