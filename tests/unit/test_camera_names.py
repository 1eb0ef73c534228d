"""Cameras by name: each once, two of a kind told apart, found again whatever their number."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cashier_app.scanning import camera_names
from cashier_app.scanning.camera_names import (
    Opening,
    Seen,
    find_camera,
    list_cameras,
    place_of,
    see_on_linux,
)
from cashier_app.scanning.opencv import opencv

V4L2, MSMF, DSHOW = 200, 1400, 700


def seen(model: str, place: str, index: int, backend: int = V4L2) -> Seen:
    return Seen(model, place, Opening(index, backend), f"/dev/video{index}")


def names(*lines: Seen) -> list[str]:
    return [camera.name for camera in list_cameras(lambda: list(lines))]


class KernelTree:
    """A made-up /sys/class/video4linux."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "video4linux"
        self.folder.mkdir()
        self._buses = folder / "devices"

    def add(self, number: int, name: str, bus: str = "", index: int = 0) -> None:
        entry = self.folder / f"video{number}"
        entry.mkdir()
        (entry / "name").write_text(name + "\n", encoding="utf-8")
        (entry / "index").write_text(f"{index}\n")
        if bus:
            place = self._buses / bus
            place.mkdir(parents=True, exist_ok=True)
            (entry / "device").symlink_to(place)


@pytest.fixture
def tree(tmp_path: Path) -> KernelTree:
    return KernelTree(tmp_path)


def nothing() -> list[Seen]:
    return []


def test_one_camera_keeps_its_plain_name() -> None:
    assert names(seen("HD Webcam", "1-1:1.0", 0)) == ["HD Webcam"]


def test_a_camera_listed_twice_is_one() -> None:
    cameras = list_cameras(
        lambda: [
            seen("HD Webcam", "1-1:1.0", 0),
            seen("HD Webcam", "1-1:1.0", 1),
            seen("Other", "1-2:1.0", 2),
        ]
    )
    assert [camera.name for camera in cameras] == ["HD Webcam", "Other"]
    assert cameras[0].openings == (Opening(0, V4L2),)


def test_one_camera_under_two_backends_has_two_ways_to_open() -> None:
    place = place_of(r"\\?\usb#vid_046d&pid_0825&mi_00#7&1A2B3C&0&0000#{e5323777-f976}\global")
    other = place_of(r"\\?\USB#VID_046D&PID_0825&MI_00#7&1a2b3c&0&0000#{65e8773d-8f56}\global")
    assert place == other == "7&1a2b3c&0&0000"
    (camera,) = list_cameras(lambda: [seen("C270", place, 0, MSMF), seen("C270", other, 1, DSHOW)])
    assert camera.openings == (Opening(0, MSMF), Opening(1, DSHOW))


def test_two_of_a_kind_differ_by_their_place() -> None:
    lines = [seen("HD Webcam", "1-1:1.0", 0), seen("HD Webcam", "1-4:1.0", 2)]
    assert names(*lines) == ["HD Webcam (1-1:1.0)", "HD Webcam (1-4:1.0)"]
    swapped = [seen("HD Webcam", "1-4:1.0", 0), seen("HD Webcam", "1-1:1.0", 2)]
    found = find_camera(list_cameras(lambda: swapped), "HD Webcam (1-1:1.0)")
    assert found is not None
    assert found.openings[0].index == 2, "the number changed, the name did not"


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("", "1-1:1.0"),
        ("HD Webcam", "1-1:1.0"),
        ("HD Webcam (1-4:1.0)", "1-4:1.0"),
        ("HD Webcam (9-9:1.0)", None),
        ("Scanner Cam", "1-5:1.0"),
        ("Scanner Cam (1-5:1.0)", "1-5:1.0"),
        ("Scanner Cam (9-9:1.0)", "1-5:1.0"),
        ("Scanner", None),
        ("0", None),
    ],
)
def test_found_again(wanted: str, place: str | None) -> None:
    cameras = list_cameras(
        lambda: [
            seen("HD Webcam", "1-1:1.0", 0),
            seen("HD Webcam", "1-4:1.0", 2),
            seen("Scanner Cam", "1-5:1.0", 4),
        ]
    )
    found = find_camera(cameras, wanted)
    assert (found.place if found else None) == place


def test_no_camera_is_none() -> None:
    assert find_camera([], "") is None
    assert find_camera([], "HD Webcam") is None


def test_a_hostile_name_is_made_plain() -> None:
    assert names(seen("  Cam\x1b[31m\n\u202e  X ", "", 0)) == ["Cam [31m X"]
    assert names(seen("file:/etc/passwd", "", 0)) == ["file /etc/passwd"]
    assert names(seen("", "", 0)) == ["Camera"]
    assert [len(name) for name in names(seen("x" * 5000, "", 0))] == [camera_names.LONGEST_NAME]


def test_linux_adds_the_bus_to_what_the_library_lists(tree: KernelTree) -> None:
    tree.add(0, "HD Webcam", "1-1/1-1:1.0")
    tree.add(2, "HD Webcam", "1-4/1-4:1.0")
    listed = [seen("HD Webcam", "", 2), seen("HD Webcam", "", 0)]
    cameras = list_cameras(lambda: see_on_linux(tree.folder, lambda: listed))
    assert [camera.name for camera in cameras] == ["HD Webcam (1-1:1.0)", "HD Webcam (1-4:1.0)"]
    assert [camera.openings[0].index for camera in cameras] == [0, 2]


@pytest.mark.parametrize("fails", [True, False])
def test_linux_without_the_library_reads_the_kernels_folder(tree: KernelTree, fails: bool) -> None:  # noqa: FBT001
    tree.add(0, "HD Webcam: HD Webcam", "1-1/1-1:1.0")
    tree.add(1, "HD Webcam: HD Webcam", "1-1/1-1:1.0", index=1)
    tree.add(10, "Loopback")
    (tree.folder / "video-strange").mkdir()

    def broken() -> list[Seen]:
        raise OSError

    cameras = list_cameras(lambda: see_on_linux(tree.folder, broken if fails else nothing))
    assert [(camera.name, camera.openings[0].index) for camera in cameras] == [
        ("HD Webcam: HD Webcam", 0),
        ("Loopback", 10),
    ]
    assert cameras[0].device == "/dev/video0"
    assert cameras[0].openings[0].backend == opencv().CAP_V4L2


def test_linux_without_cameras(tmp_path: Path) -> None:
    assert see_on_linux(tmp_path / "none", nothing) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's folder is Linux's")
def test_the_real_library_answers() -> None:
    assert isinstance(list_cameras(), list)
