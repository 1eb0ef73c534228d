"""The cameras of this computer by name, as people know and choose them.

A camera's number changes when another one is plugged in, its name does not. Two of the same model are told
apart by where they are plugged in.
"""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from cashier_app.scanning.opencv import opencv

logger = logging.getLogger(__name__)

LONGEST_NAME = 80
LINUX_CAMERAS = Path("/sys/class/video4linux")


class Opening(Struct, frozen=True):
    """A way to open a camera: its number with one of OpenCV's backends."""

    index: int
    backend: int


class Camera(Struct, frozen=True):
    """A camera that is plugged in.

    Args:
        name: How people choose it, also next week: no other camera present has the same.
        model: What it calls itself; two of a kind call themselves the same.
        place: Where it is plugged in, as the system says it; the same after a restart.
        openings: Ways to open it, best first.
        device: The system's path of it, such as ``/dev/video0``; may be empty.
    """

    name: str
    model: str
    place: str
    openings: tuple[Opening, ...]
    device: str = ""

    @property
    def full_name(self) -> str:
        """Return the name it has beside another one of its kind."""
        return f"{self.model} ({self.place})"


class Seen(Struct, frozen=True):
    """One line of what the system lists; one camera may have several.

    Args:
        model: The name as the device gives it, unchecked.
        place: Where it is plugged in.
        opening: Its number and backend.
        device: The system's path.
    """

    model: str
    place: str
    opening: Opening
    device: str = ""


See: TypeAlias = Callable[[], list[Seen]]


def list_cameras(see: See | None = None) -> list[Camera]:
    """Return the cameras plugged in, in the system's order, each once. Blocking, up to a second.

    Args:
        see: What looks; the system's own way when not given.
    """
    return _named(_once_each((see or see_cameras)()))


def find_camera(cameras: list[Camera], wanted: str) -> Camera | None:
    """Return the camera of that name, the first one for no name, or None.

    A name kept while two of a kind were there still finds the one that is left, wherever it is plugged in.
    """
    if not wanted:
        return cameras[0] if cameras else None
    for camera in cameras:
        if wanted in {camera.name, camera.full_name}:
            return camera
    of_its_kind = [c for c in cameras if wanted == c.model or wanted.startswith(f"{c.model} (")]
    if len(of_its_kind) == 1 or (of_its_kind and wanted == of_its_kind[0].model):
        return of_its_kind[0]
    return None


def see_cameras() -> list[Seen]:
    """Ask the system what there is; nothing where it cannot be asked."""
    on_linux = str(sys.platform) == "linux"  # text, or a type checker takes one way for impossible
    return see_on_linux() if on_linux else _enumerated_if_it_works(_enumerated)


def see_on_linux(
    folder: Path = LINUX_CAMERAS, enumerate_all: Callable[[], list[Seen]] | None = None
) -> list[Seen]:
    """Return what Linux lists, lowest number first; from the kernel's own folder where the library fails.

    Args:
        folder: The kernel's folder of video devices.
        enumerate_all: What lists devices that can capture; the library when not given.
    """
    seen = _enumerated_if_it_works(enumerate_all or _enumerated) or _from_kernel(folder)
    placed = [
        Seen(one.model, _linux_place(folder, one.opening.index), one.opening, one.device) for one in seen
    ]
    return sorted(placed, key=lambda one: one.opening.index)


def _enumerated_if_it_works(enumerate_all: Callable[[], list[Seen]]) -> list[Seen]:
    try:
        return enumerate_all()
    except Exception as fault:  # noqa: BLE001 - a library that reads what devices say may raise anything
        logger.info("the library that lists cameras failed: %s", type(fault).__name__)
        return []


def _from_kernel(folder: Path) -> list[Seen]:
    found = []
    for entry in folder.glob("video*") if folder.is_dir() else ():
        number = entry.name.removeprefix("video")
        # Index 0 shows pictures; the others of the same camera are its metadata.
        if number.isdecimal() and _line_of(entry / "index") in {"", "0"}:
            opening = Opening(int(number), opencv().CAP_V4L2)
            found.append(Seen(_line_of(entry / "name"), "", opening, f"/dev/{entry.name}"))
    return found


def _linux_place(folder: Path, index: int) -> str:
    """Return the bus path of a camera, such as ``1-1.2:1.0``; its number for one that hangs on no bus."""
    device = folder / f"video{index}" / "device"
    return device.resolve().name if device.exists() else f"video{index}"


def _line_of(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.readline(LONGEST_NAME * 2).strip()
    except OSError:
        return ""


def _enumerated() -> list[Seen]:
    """Return what cv2-enumerate-cameras lists for the backends we open cameras with."""
    cv2 = opencv()  # first, with its traps off: the library imports it too
    from cv2_enumerate_cameras import enumerate_cameras

    backends = {
        "linux": (cv2.CAP_V4L2,),
        "win32": (cv2.CAP_MSMF, cv2.CAP_DSHOW),
        "darwin": (cv2.CAP_AVFOUNDATION,),
    }
    return [
        Seen(found.name or "", place_of(found.path or ""), Opening(found.index, backend), found.path or "")
        for backend in backends.get(sys.platform, ())
        for found in enumerate_cameras(backend)
    ]


def place_of(path: str) -> str:
    r"""Return the part of a device's path that says where it is plugged in.

    On Windows ``\\?\usb#vid_046d&pid_0825&mi_00#7&1a2b3c&0&0000#{...}\global`` is the same device for both
    backends up to the brace. On macOS the path is an identifier without parts.
    """
    parts = path.lower().split("#")
    return parts[2] if len(parts) > 2 else path


def _once_each(seen: Iterable[Seen]) -> list[Camera]:
    found: dict[tuple[str, str], list[Seen]] = {}
    for one in seen:
        found.setdefault((_cleaned(one.model), _cleaned(one.place)), []).append(one)
    return [
        Camera(model, model, place, _openings(same), same[0].device) for (model, place), same in found.items()
    ]


def _openings(same: list[Seen]) -> tuple[Opening, ...]:
    """Return the first number for each backend: Linux lists some cameras under two."""
    best: dict[int, Opening] = {}
    for one in same:
        best.setdefault(one.opening.backend, one.opening)
    return tuple(best.values())


def _named(cameras: list[Camera]) -> list[Camera]:
    """Give cameras of the same model names that differ."""
    count = Counter(camera.model for camera in cameras)
    return [
        camera
        if count[camera.model] == 1
        else Camera(camera.full_name, camera.model, camera.place, camera.openings, camera.device)
        for camera in cameras
    ]


def _cleaned(text: str) -> str:
    """Return what a device says of itself as a short plain name that cannot be taken for a file."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(plain.split())[:LONGEST_NAME].replace("file:", "file ") or "Camera"
