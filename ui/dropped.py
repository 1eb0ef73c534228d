"""What is pasted or dropped: a picture file, a picture or a text that may hold a code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMimeData
from PySide6.QtGui import QImage

from cashier_app.domain.identifier import MAX_LENGTH

_LONGEST_TEXT = 4 * MAX_LENGTH  # what is longer is no code; how much longer does not matter

ReadPicture = Callable[[Path | bytes], Sequence[str]]
"""Reads the texts of all codes in a picture file or its bytes; blocking, raises `KnownError`."""


def may_hold_code(data: QMimeData) -> bool:
    """Return whether it is worth looking into. Nothing is opened but local files."""
    return data.hasImage() or data.hasText() or any(url.isLocalFile() for url in data.urls())


def codes_in(data: QMimeData, read: ReadPicture) -> Callable[[], Sequence[str]] | str:
    """Return what reads the codes in a picture, for a worker; else the text, which may be empty."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if files:
        return lambda: read(files[0])
    image = data.imageData() if data.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return lambda: read(_png(image))
    return data.text().strip()[:_LONGEST_TEXT]


def _png(image: QImage) -> bytes:
    """Return a pasted picture as the bytes of a file, so that it is read like any other."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub asks for bytes, Qt takes a name
    return bytes(buffer.data().data())
