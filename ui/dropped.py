"""What is pasted or dropped: a picture file, a picture or a text that may hold a code, or a bill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMimeData
from PySide6.QtGui import QImage

from cashier_app.domain.identifier import MAX_LENGTH
from cashier_app.errors import KnownError
from cashier_app.services.pasted_bill import MAX_CHARACTERS, looks_like_bill

_LONGEST_TEXT = 4 * MAX_LENGTH  # what is longer is no code; how much longer does not matter
_LONGEST_BILL = MAX_CHARACTERS + 1  # one more, so that what is too long is told from what is not
_BILL_FILE = ".json"
_MOST_BYTES = 4 * MAX_CHARACTERS + 1  # at most four to a character
_UNREADABLE = "The bill file cannot be read."

ReadPicture = Callable[[Path | bytes], Sequence[str]]
"""Reads the texts of all codes in a picture file or its bytes; blocking, raises `KnownError`."""


def may_hold_code(data: QMimeData) -> bool:
    """Return whether it is worth looking into. Nothing is opened but local files."""
    return data.hasImage() or data.hasText() or any(url.isLocalFile() for url in data.urls())


def codes_in(data: QMimeData, read: ReadPicture) -> Callable[[], Sequence[str]] | str:
    """Return what reads the codes in a picture or a bill file, for a worker; else the text, perhaps empty."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if files and files[0].suffix.lower() == _BILL_FILE:
        return lambda: _bill_in(files[0])
    if files:
        return lambda: read(files[0])
    image = data.imageData() if data.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return lambda: read(_png(image))
    text = data.text().strip()
    return text[: _LONGEST_BILL if looks_like_bill(text) else _LONGEST_TEXT]


def _bill_in(path: Path) -> Sequence[str]:
    """Return the text of a bill file; of one that is too large, as much as shows that it is."""
    try:
        if not path.is_file():
            raise KnownError(_UNREADABLE)
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode()
    except (OSError, UnicodeDecodeError):
        raise KnownError(_UNREADABLE) from None
    # A file that holds anything else is no bill either, and is refused as one.
    text = text.strip()[:_LONGEST_BILL]
    return [text if looks_like_bill(text) else "{"]


def _png(image: QImage) -> bytes:
    """Return a pasted picture as the bytes of a file, so that it is read like any other."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub asks for bytes, Qt takes a name
    return bytes(buffer.data().data())
