"""A camera through OpenCV: found by name, opened with a fallback, refusals told apart; OpenCV is made up."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from cashier_app.scanning.camera_device import CameraDevice, may_use_camera
from cashier_app.scanning.camera_names import Camera, Opening
from cashier_app.scanning.camera_state import CameraFault, CameraPhase
from cashier_app.scanning.opencv import opencv

Frame = NDArray[np.uint8]
PICTURE = np.zeros((720, 1280, 3), np.uint8)


class Driver:
    """What OpenCV would do with the cameras of one computer."""

    def __init__(self) -> None:
        self.cameras = [
            Camera("HD Webcam", "HD Webcam", "1-1:1.0", (Opening(0, 1400), Opening(3, 700)), "/dev/video0"),
            Camera("Other", "Other", "1-2:1.0", (Opening(1, 1400),), "/dev/video1"),
        ]
        self.asked: list[tuple[int, int, tuple[int, ...]]] = []
        self.opens_with: set[tuple[int, int]] = {(0, 1400), (3, 700), (1, 1400)}
        self.most_parameters = 99
        self.frames: list[Frame | Exception | None] = []
        self.held = 0
        self.allowed = True

    def device(self, choice: str = "", platform: str = "linux") -> CameraDevice:
        return CameraDevice(
            choice,
            look=lambda: self.cameras,
            connect=self.connect,
            may_use=lambda _: self.allowed,
            platform=platform,
        )

    def connect(self, index: int, backend: int, parameters: Sequence[int]) -> Handle:
        self.asked.append((index, backend, tuple(parameters)))
        works = (index, backend) in self.opens_with and len(parameters) <= self.most_parameters
        return Handle(self, works=works)


class Handle:
    """One opened device."""

    def __init__(self, driver: Driver, *, works: bool) -> None:
        self._driver = driver
        self._works = works
        driver.held += works

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return self._works

    def read(self) -> tuple[bool, Frame | None]:
        frame = self._driver.frames.pop(0) if self._driver.frames else PICTURE
        if isinstance(frame, Exception):
            raise frame
        return frame is not None, frame

    def release(self) -> None:
        self._driver.held -= self._works
        self._works = False


@pytest.fixture
def driver() -> Driver:
    return Driver()


def fault_of(device: CameraDevice) -> CameraFault:
    with pytest.raises(CameraFault) as caught:
        device.open()
    return caught.value


def test_the_first_camera_in_1280_by_720_motion_jpeg(driver: Driver) -> None:
    device = driver.device()
    assert device.name == ""
    device.open()
    assert device.name == "HD Webcam"
    cv2 = opencv()
    ((index, backend, parameters),) = driver.asked
    asked = dict(zip(parameters[::2], parameters[1::2], strict=True))
    assert (index, backend) == (0, 1400)
    assert asked == {
        cv2.CAP_PROP_FOURCC: cv2.VideoWriter.fourcc(*"MJPG"),
        cv2.CAP_PROP_FRAME_WIDTH: 1280,
        cv2.CAP_PROP_FRAME_HEIGHT: 720,
    }
    assert device.read() is PICTURE
    device.close()
    device.close()
    assert driver.held == 0


def test_by_name_and_looked_for_at_each_open(driver: Driver) -> None:
    device = driver.device("Other")
    driver.cameras.pop()
    assert fault_of(device).phase is CameraPhase.NO_CAMERA
    driver.cameras.append(Camera("Other", "Other", "1-7:1.0", (Opening(0, 1400),)))
    device.open()
    assert driver.asked[-1][0] == 0
    device.close()


def test_a_driver_that_knows_fewer_parameters(driver: Driver) -> None:
    driver.most_parameters = 4
    device = driver.device()
    device.open()
    assert [len(parameters) for _, _, parameters in driver.asked] == [6, 4]
    device.close()


def test_the_second_backend_after_the_first(driver: Driver) -> None:
    driver.opens_with.discard((0, 1400))
    device = driver.device()
    device.open()
    assert driver.asked[-1][:2] == (3, 700)
    device.close()
    assert driver.held == 0


def test_none_there(driver: Driver) -> None:
    driver.cameras.clear()
    fault = fault_of(driver.device())
    assert (fault.phase, fault.sentence) == (CameraPhase.NO_CAMERA, "No camera found. Type the phone number.")


def test_the_one_chosen_is_not_there(driver: Driver) -> None:
    fault = fault_of(driver.device("Gone"))
    assert fault.phase is CameraPhase.NO_CAMERA
    assert fault.sentence.startswith("The camera chosen is not connected.")


@pytest.mark.parametrize("opens", [True, False])
@pytest.mark.parametrize(
    ("platform", "phase", "word"),
    [
        ("linux", CameraPhase.IN_USE, "Another program"),
        ("win32", CameraPhase.IN_USE, "Another program"),
        ("darwin", CameraPhase.REFUSED, "macOS"),
    ],
)
def test_listed_but_shows_nothing(
    driver: Driver,
    opens: bool,  # noqa: FBT001
    platform: str,
    phase: CameraPhase,
    word: str,
) -> None:
    if opens:
        driver.frames = [None] * 200
    else:
        driver.opens_with.clear()
    fault = fault_of(driver.device(platform=platform))
    assert fault.phase is phase
    assert fault.sentence.startswith(word)
    assert driver.held == 0


@pytest.mark.parametrize(
    ("platform", "word"), [("linux", "This user"), ("win32", "Windows"), ("darwin", "macOS"), ("aix", "This")]
)
def test_refused_before_it_is_opened(driver: Driver, platform: str, word: str) -> None:
    driver.allowed = False
    fault = fault_of(driver.device(platform=platform))
    assert fault.phase is CameraPhase.REFUSED
    assert fault.sentence.startswith(word)
    assert driver.asked == []


@pytest.mark.skipif(sys.platform != "linux", reason="the rights of a device file are Linux's")
def test_linux_asks_for_the_rights_of_the_device_file(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = tmp_path / "video0"
    device.touch()
    camera = replace(driver.cameras[0], device=str(device))
    assert may_use_camera(camera)
    monkeypatch.setattr(os, "access", lambda *_: False)  # rights mean nothing to a root user
    assert not may_use_camera(camera)
    assert may_use_camera(replace(camera, device="")), "nothing to ask"


def test_a_camera_that_warms_up(driver: Driver) -> None:
    driver.frames = [None] * 5
    device = driver.device()
    device.open()
    assert device.read() is PICTURE
    device.close()


def test_one_lost_frame_is_not_unplugged_three_are(driver: Driver) -> None:
    device = driver.device()
    device.open()
    device.read()
    driver.frames = [None, None, PICTURE, None, opencv().error("gone"), None]
    assert device.read() is PICTURE
    assert device.read() is None
    device.close()


@pytest.mark.parametrize(
    "frame",
    [
        np.zeros((720, 1280, 2), np.uint8),
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((10, 10, 3), np.uint16),
        np.zeros((9000, 1, 3), np.uint8),
        np.zeros((1, 9000), np.uint8),
    ],
    ids=["two channels", "empty", "16 bits", "high", "wide"],
)
def test_what_is_no_frame_is_none(driver: Driver, frame: Frame) -> None:
    device = driver.device()
    device.open()
    device.read()
    driver.frames = [frame] * 3
    assert device.read() is None
    device.close()


def test_interrupted_it_opens_nothing_and_complains_of_nothing(driver: Driver) -> None:
    device = driver.device()
    device.interrupt()
    device.open()
    assert device.read() is None
    assert driver.asked == []
