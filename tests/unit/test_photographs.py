"""The repository's own photographs: made by the script, and read as they must be."""

import importlib.util
import json
import sys
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import cv2
import numpy as np
import pytest

from cashier_app.scanning.decoders import LiveDecoder, decode
from cashier_app.scanning.picture_files import decode_picture_file
from cashier_app.scanning.symbologies import ON_REQUEST, WALLET

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "photographs"
MANIFEST = json.loads((FOLDER / "MANIFEST.json").read_text(encoding="utf-8"))
ALL: list[dict[str, Any]] = MANIFEST["photographs"]
WITH_CODE = [entry for entry in ALL if entry["texts"]]
ON_WALLETS = [entry for entry in WITH_CODE if entry["symbology"] not in ON_REQUEST]
ON_CARDS = [entry for entry in WITH_CODE if entry["symbology"] in ON_REQUEST]
WITHOUT = [entry for entry in ALL if not entry["texts"]]
FRAMES_UNTIL_READ = 8


class Shot(Protocol):
    name: str


@lru_cache(maxsize=1)
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_photographs", ROOT / "scripts" / "make_photographs.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_photographs"] = module
    spec.loader.exec_module(module)
    return module


def picture(entry: dict[str, Any]) -> np.ndarray:
    pixels = cv2.imread(str(FOLDER / entry["file"]))
    assert pixels is not None
    return pixels


def texts(found: list[Any]) -> list[str]:
    return sorted(symbol.text for symbol in found)


def name_of(entry: dict[str, Any]) -> str:
    return str(entry["file"])


def test_the_script_makes_the_same_manifest() -> None:
    assert script().manifest(script().SEED) == MANIFEST
    kept = {file.name for file in FOLDER.iterdir()}
    assert kept == {entry["file"] for entry in ALL} | {"MANIFEST.json"}
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 3_000_000


def test_every_kind_and_condition_is_there() -> None:
    assert {entry["symbology"] for entry in WITH_CODE} == {*WALLET, *ON_REQUEST, ""}
    for symbology in WALLET:
        conditions = {entry["condition"] for entry in WITH_CODE if entry["symbology"] == symbology}
        assert len(conditions) == 10
    assert len(WITHOUT) >= 7


@pytest.mark.parametrize("shot", [*script().shots(script().SEED)][::4], ids=lambda shot: shot.name)
def test_the_kept_pictures_are_what_the_script_makes(shot: Shot) -> None:
    made = cv2.imdecode(
        np.frombuffer(script().encoded(script().photograph(shot, script().SEED)), np.uint8), cv2.IMREAD_COLOR
    )
    kept = cv2.imread(str(FOLDER / f"{shot.name}.jpg"))
    assert made is not None
    assert kept is not None
    # Other builds of OpenCV round otherwise here and there.
    difference = np.abs(made.astype(np.int16) - kept)
    assert difference.mean() < 1.5
    assert np.percentile(difference, 99) < 16


@pytest.mark.parametrize("entry", ON_WALLETS, ids=name_of)
def test_every_code_is_read_and_none_wrong(entry: dict[str, Any]) -> None:
    found = decode(picture(entry))
    assert texts(found) == sorted(entry["texts"])
    for symbol in found:
        across, down = np.mean(symbol.corners, axis=0)
        assert abs(across - 480) < 170, "the phone is held in the middle"
        assert abs(down - 270) < 170


@pytest.mark.parametrize("entry", ON_CARDS, ids=name_of)
def test_other_kinds_are_read_only_when_switched_on(entry: dict[str, Any]) -> None:
    assert decode(picture(entry)) == []
    (symbol,) = decode(picture(entry), (*WALLET, entry["symbology"]))
    assert ([symbol.text], symbol.symbology) == (entry["texts"], entry["symbology"])


@pytest.mark.parametrize("entry", WITHOUT, ids=name_of)
def test_nothing_is_read_where_no_code_is(entry: dict[str, Any]) -> None:
    frame = picture(entry)
    assert decode(frame, WALLET + ON_REQUEST) == []
    live = LiveDecoder(WALLET + ON_REQUEST)
    assert [live.read(frame) for _ in range(16)] == [[]] * 16


@pytest.mark.parametrize("entry", WITH_CODE, ids=name_of)
def test_a_camera_reads_each_within_a_quarter_second(entry: dict[str, Any]) -> None:
    frame, live = picture(entry), LiveDecoder(WALLET + ON_REQUEST)
    answers = [live.read(frame) for _ in range(FRAMES_UNTIL_READ)]
    assert texts(answers[-1]) == sorted(entry["texts"]) or sorted(entry["texts"]) in map(texts, answers)
    assert {symbol.text for answer in answers for symbol in answer} == set(entry["texts"])


def test_a_picture_file_is_read_in_the_same_way() -> None:
    tilted = [entry for entry in ON_WALLETS if entry["condition"] == "tilted"]
    for entry in tilted:
        assert texts(decode_picture_file(FOLDER / entry["file"])) == entry["texts"]
