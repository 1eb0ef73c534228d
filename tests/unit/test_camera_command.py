"""`cashier-cli cameras` and `watch`, over a film."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from cashier_app import device_opening
from cashier_app.command_line.parser import main
from cashier_app.scanning.camera import CameraReader
from cashier_app.scanning.camera_state import CameraFault, CameraPhase
from cashier_app.scanning.decoders import DecodedSymbol
from scripts.make_clip import code_picture, frame_showing, write_clip
from tests.fakes.frame_sources import MemorySource

TEXTS = ("LC1:PRYA7K2M4Q9XW3TB", "LC1:ANNA7K2M4Q9XW3TB")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a film in which two customers show their codes, the first one twice."""
    path = tmp_path_factory.mktemp("clips") / "clip.avi"
    frames = [frame_showing(code_picture(text))[::2, ::2] for text in (*TEXTS, TEXTS[0]) for _ in range(8)]
    write_clip(path, iter(frames), 30)
    return path


def test_each_code_is_one_masked_line(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--camera", f"file:{clip}"]) == 0
    assert capsys.readouterr().out.splitlines() == ["QR Code: LC1:… (20 characters)"] * 2


def test_in_full_and_as_json(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--camera", f"file:{clip}", "--show", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["text"] for line in lines] == list(TEXTS)
    assert {line["symbology"] for line in lines} == {"QR Code"}
    assert [line["masked"] for line in lines] == [False, False]
    assert 0 <= lines[0]["seconds"] <= lines[1]["seconds"]


def test_no_longer_than_asked_for(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--camera", f"file:{clip}", "--seconds", "0"]) == 0
    assert capsys.readouterr().out == ""


def test_a_missing_file_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--camera", "file:/no/such/clip.mp4"]) == 2
    assert capsys.readouterr() == ("", "There is no file or folder with that name.\n")


def stand_in(source: MemorySource) -> object:
    class Silent:
        def read(self, frame: object) -> list[DecodedSymbol]:
            return []

    def open_camera(choice: str, **given: object) -> CameraReader:
        del given["loop"], given["formats"]
        return CameraReader(lambda: source, Silent, **given)  # type: ignore[arg-type]

    return open_camera


def test_no_camera_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = MemorySource()
    source.unplug(CameraFault(CameraPhase.NO_CAMERA, "No camera found. Type the phone number."))
    monkeypatch.setattr(device_opening, "open_camera", stand_in(source))
    assert main(["watch"]) == 2
    assert capsys.readouterr().err == "No camera found. Type the phone number.\n"


def test_cameras_by_name(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(device_opening, "cameras", lambda: ["HD Webcam", "Other"])
    assert main(["cameras"]) == 0
    assert capsys.readouterr().out == "HD Webcam\nOther\n"
    assert main(["cameras", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"cameras": ["HD Webcam", "Other"]}
    monkeypatch.setattr(device_opening, "cameras", list)
    assert main(["cameras"]) == 0
    assert capsys.readouterr().out == "No camera found.\n"


def test_other_kinds_are_looked_for_when_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = zxingcpp.create_barcode("8901030865398", zxingcpp.BarcodeFormat.EAN13).to_image(scale=3)
    picture = tmp_path / "goods.png"
    Image.fromarray(np.pad(np.asarray(code), 30, constant_values=255)).save(picture)
    assert main(["decode", str(picture)]) == 0
    assert capsys.readouterr().out == f"{picture}: no code found\n"
    assert main(["decode", str(picture), "--also", "Code 39", "--also", "EAN-13"]) == 0
    assert capsys.readouterr().out == f"{picture}: EAN-13: 8901030865398\n"
    assert main(["watch", "--camera", f"file:{picture}", "--also", "EAN-13", "--show"]) == 0
    assert "EAN-13: 8901030865398" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["decode", str(picture), "--also", "Micro QR"])
