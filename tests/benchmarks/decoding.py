"""Decoding against raw zxing-cpp: rates, wrong texts and time, interleaved and shuffled in one run.

Photographs of real codes are not kept in the repository. Name a folder of them, with a MANIFEST.json of
``{"photos": [{"file": …, "text": …}]}``, in CASHIER_PHOTOGRAPHS or as the first argument; a photograph with
an empty text shows no code. Without one, the repository's own drawn photographs are measured.

Usage: python -m tests.benchmarks.decoding [FOLDER]
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

import cv2
import numpy as np
import zxingcpp

from cashier_app.scanning.decoders import LiveDecoder, decode, zbar_works
from cashier_app.scanning.symbologies import ON_REQUEST
from tests.benchmarks.goal import Goal

OWN = Path(__file__).parents[1] / "photographs"
VARIABLE = "CASHIER_PHOTOGRAPHS"
CALLS = 5
LIVE_FRAMES = 128  # twelve rounds of all looks, with zbar on every fourth frame
FRAME = (1280, 720)

_known = zxingcpp.BarcodeFormat
_FORMATS = zxingcpp.BarcodeFormats([_known.QRCode, _known.Aztec, _known.PDF417, _known.Code128])


@dataclass(frozen=True)
class Photograph:
    """A picture as height x width x BGR and as gray, with the texts of the codes in it."""

    name: str
    pixels: Any
    gray: Any
    texts: tuple[str, ...]


def folded(text: str) -> str:
    """Return a text without white space: manifests fold it in different ways."""
    return "".join(text.split())


def photographs(folder: Path) -> list[Photograph]:
    """Return the photographs of a folder that show wallet codes or none."""
    manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    found = []
    for entry in manifest.get("photos") or manifest["photographs"]:
        if entry.get("symbology") in ON_REQUEST:
            continue
        pixels = cv2.imread(str(folder / entry["file"]))
        if pixels is None:
            raise FileNotFoundError(entry["file"])
        texts = entry["texts"] if "texts" in entry else [entry["text"]] if entry.get("text") else []
        gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        found.append(Photograph(entry["file"], pixels, gray, tuple(map(folded, texts))))
    return found


def raw_zxing(gray: Any) -> list[str]:  # noqa: ANN401 - a numpy array
    """Read as decode does first, and no more."""
    plain = zxingcpp.TextMode.Plain
    return [folded(code.text) for code in zxingcpp.read_barcodes(gray, formats=_FORMATS, text_mode=plain)]


def raw_zbar(gray: Any) -> list[str]:  # noqa: ANN401 - a numpy array
    """Read with pyzbar, QR and Code 128."""
    from pyzbar import pyzbar

    kinds = [pyzbar.ZBarSymbol.QRCODE, pyzbar.ZBarSymbol.CODE128]
    return [folded(code.data.decode("utf-8", "replace")) for code in pyzbar.decode(gray, symbols=kinds)]


def rates(shown: list[Photograph]) -> list[Goal]:
    """Return how many codes are read, against zxing-cpp and pyzbar together, and what is read wrongly."""
    either = ours = wrong = invented = 0
    for photograph in shown:
        raw = {*raw_zxing(photograph.gray), *(raw_zbar(photograph.gray) if zbar_works() else [])}
        found = {folded(symbol.text) for symbol in decode(photograph.pixels)}
        either += bool(photograph.texts) and set(photograph.texts) <= raw
        ours += bool(photograph.texts) and set(photograph.texts) <= found
        strange = found - set(photograph.texts)
        wrong += bool(strange and photograph.texts)
        invented += bool(strange and not photograph.texts)
    total = sum(bool(photograph.texts) for photograph in shown)
    detail = f"{ours} of {total} photographs read, {either} by zxing-cpp and pyzbar together"
    return [
        Goal("photographs that both decoders read more of, less ours", either - ours, 0, detail),
        Goal("photographs with a wrong text", wrong, 0, f"of {total} with a code"),
        Goal("code-free photographs with a text", invented, 0, f"of {len(shown) - total} without a code"),
    ]


def ratio_of(pixels: Any, gray: Any, chance: random.Random) -> float:  # noqa: ANN401 - numpy arrays
    """Return decode's least time over raw zxing-cpp's on the gray picture."""
    jobs: list[tuple[str, Callable[[], object]]] = [
        ("decode", lambda: decode(pixels)),
        ("raw", lambda: raw_zxing(gray)),
    ] * CALLS
    chance.shuffle(jobs)
    best: dict[str, float] = {}
    for name, job in jobs:
        started = time.perf_counter()
        job()
        best[name] = min(best.get(name, 9.0), time.perf_counter() - started)
    return best["decode"] / best["raw"]


def code_free_frames(shown: list[Photograph]) -> list[Any]:
    """Return camera frames without a code: photographs without one, or parts of drawn ones, at 1280 x 720."""
    empty = [photograph for photograph in shown if not photograph.texts]
    return [cv2.resize(photograph.pixels, FRAME, interpolation=cv2.INTER_AREA) for photograph in empty]


def live_ratio(frames: list[Any], chance: random.Random) -> float:
    """Return the mean time of a live decoder a frame over raw zxing-cpp's, on streams of empty frames."""
    spent = {"live": 0.0, "raw": 0.0}
    for frame in frames:
        live, gray = LiveDecoder(), cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
        jobs = ["live", "raw"] * LIVE_FRAMES
        chance.shuffle(jobs)
        for name in jobs:
            started = time.perf_counter()
            if name == "raw":
                raw_zxing(gray)
            else:
                live.read(frame)
            spent[name] += time.perf_counter() - started
    return spent["live"] / spent["raw"]


def measure(folder: Path | None = None) -> list[Goal]:
    """Return rates and ratios on photographs; says which ones were measured."""
    named = folder or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    own = photographs(OWN)
    shown = photographs(named) if named else own
    where = (
        "photographs of real codes"
        if named
        else f"the repository's drawn photographs; {VARIABLE} names others"
    )
    print(f"decoding: {len(shown)} {where}; libzbar {'is' if zbar_works() else 'is not'} installed")
    # A folder may show codes only: the drawn pictures without one stand in.
    empty = [photograph for photograph in shown if not photograph.texts] or [
        photograph for photograph in own if not photograph.texts
    ]
    chance = random.Random(5)
    read = [photograph for photograph in shown if photograph.texts and decode(photograph.gray)]
    with_code = [ratio_of(photograph.pixels, photograph.gray, chance) for photograph in read]
    without = [ratio_of(photograph.pixels, photograph.gray, chance) for photograph in empty]
    easy = [
        figure
        for photograph, figure in zip(read, with_code, strict=True)
        if set(photograph.texts) <= set(raw_zxing(photograph.gray))
    ]
    live = live_ratio(code_free_frames(empty), chance)
    return [
        *rates(shown),
        Goal(
            "decode of a code, times raw",
            median(with_code),
            1.1,
            f"mean {mean(with_code):.2f} of {len(read)}",
        ),
        Goal("the same where raw reads it too", median(easy), 1.1, f"p90 {np.quantile(easy, 0.9):.2f}"),
        Goal(
            "decode without a code, times raw",
            median(without),
            3.5,
            f"mean {mean(without):.2f} of {len(empty)}",
        ),
        Goal("live on empty 720p frames, times raw", live, 2.2, f"mean over {LIVE_FRAMES} frames each"),
    ]


def main() -> int:
    """Measure a folder and print; exit code 1 when a goal is missed."""
    goals = measure(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    for goal in goals:
        print(goal)
    return 0 if all(goal.met for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
