"""Draw the test photographs: codes on phones and cards, as a camera on a counter sees them.

Nothing in them is anybody's code: the texts are made up, the seed is fixed. `tests/photographs/` keeps what
this writes, with a manifest of the true texts.

Usage: python scripts/make_photographs.py [--folder FOLDER] [--seed NUMBER]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import barcode
import cv2
import numpy as np
import segno
import zxingcpp
from numpy.typing import NDArray

FOLDER = Path(__file__).parent.parent / "tests" / "photographs"
MANIFEST = "MANIFEST.json"
SEED = 20261122
WIDTH, HEIGHT = 960, 540
FINE = 2  # everything is warped at twice the size and scaled down, like light on a sensor's pixels
SCREEN = (700, 1400)  # px of the drawn phone screen
JPEG_QUALITY = 64

Pixels = NDArray[np.uint8]
Light = NDArray[np.float32]
Matrix = NDArray[np.float64]

QR_CODE, AZTEC, PDF417, CODE_128 = "QR Code", "Aztec", "PDF417", "Code 128"
WALLET = (QR_CODE, AZTEC, PDF417, CODE_128)
OTHERS = ("Code 39", "Codabar", "EAN-13", "ITF", "Data Matrix")
BARS = (PDF417, CODE_128, "Code 39", "Codabar", "EAN-13", "ITF")

# How many px of the photograph one module takes, up close and far away.
NEAR = {QR_CODE: 5.0, AZTEC: 6.0, PDF417: 3.4, CODE_128: 3.0, "Data Matrix": 6.0}
FAR = {QR_CODE: 2.6, AZTEC: 3.6, PDF417: 2.0, CODE_128: 2.0}
CONDITIONS = (
    "clean", "blur", "glare", "moire", "perspective", "dark mode", "low light", "motion", "tilted", "far",
)  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """One photograph to take: what lies there and what spoils it."""

    name: str
    condition: str
    symbology: str = ""
    texts: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def shots(seed: int) -> Iterator[Shot]:
    """Name every photograph of the set, with its texts."""
    chance = np.random.default_rng(seed)
    for symbology in WALLET:
        for condition in CONDITIONS:
            name = f"{symbology}-{condition}".lower().replace(" ", "")
            yield Shot(name, condition, symbology, (made_up(symbology, chance),), (symbology,))
    for symbology in OTHERS:
        name = symbology.lower().replace(" ", "").replace("-", "")
        yield Shot(name, "card", symbology, (made_up(symbology, chance),), (symbology,))
    pair = (made_up(QR_CODE, chance), made_up(CODE_128, chance))
    yield Shot("two-codes", "two codes", "", pair, codes=(QR_CODE, CODE_128))
    same = made_up(QR_CODE, chance)
    yield Shot("same-text-twice", "two codes", "", (same,), codes=(QR_CODE, CODE_128))
    for kind in ("words", "words in the dark", *BACKGROUNDS):
        yield Shot(f"no-code-{kind.replace(' ', '-')}", kind)


def made_up(symbology: str, chance: np.random.Generator) -> str:
    """Return a text that this kind of code can hold and that means nothing."""
    letters = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"
    if symbology in {"Codabar", "EAN-13", "ITF"}:
        digits = "2" + "".join(str(digit) for digit in chance.integers(0, 10, 11))
        if symbology == "EAN-13":
            total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
            return f"{digits}{-total % 10}"
        return f"A{digits}B" if symbology == "Codabar" else digits
    body = "".join(letters[place] for place in chance.integers(0, len(letters), 12))
    return body if symbology == "Code 39" else f"LC1:{body}" if symbology != CODE_128 else f"M{body[:9]}"


def modules(symbology: str, text: str) -> Pixels:
    """Draw a code with one px a module, 0 for ink, in the quiet zone it needs."""
    if symbology == QR_CODE:
        rows = segno.make(text, micro=False, error="m").matrix_iter(scale=1, border=4)
        return np.array([[0 if dark else 255 for dark in row] for row in rows], np.uint8)
    if symbology == CODE_128:
        (bars,) = barcode.Code128(text).build()
        line = np.array([255] * 12 + [0 if bar == "1" else 255 for bar in bars] + [255] * 12, np.uint8)
        return np.repeat(line[None, :], 44, axis=0)
    kind = zxingcpp.barcode_format_from_str(symbology.replace(" ", "").replace("-", ""))
    return np.asarray(zxingcpp.create_barcode(text, kind).to_image(scale=1), np.uint8)


def wood(x: Light, y: Light, chance: np.random.Generator) -> Light:
    """Draw planks with the grain running across."""
    bent = y + 14 * np.sin(x / 170 + 3 * np.sin(y / 260)) + 5 * np.sin(x / 61)
    rings = np.cumsum(chance.normal(size=4096)).astype(np.float32)
    grain = rings[(bent * 0.9 + 800).astype(int) % 4096] - rings[(bent * 0.25 + 800).astype(int) % 4096]
    return 105 + 12 * np.tanh(grain / 8) + 20 * np.sin(bent / 90)


def stripes(x: Light, y: Light, chance: np.random.Generator) -> Light:
    """Draw a striped shirt: bars of many widths, which mean nothing."""
    turned = x * 0.97 + y * float(chance.uniform(-0.3, 0.3))
    edges = np.cumsum(chance.integers(5, 34, 400))
    return np.where(np.searchsorted(edges, np.clip(turned, 0, None)) % 2, 205, 48).astype(np.float32)


def checks(x: Light, y: Light, chance: np.random.Generator) -> Light:
    """Draw a chequered cloth."""
    cell = float(chance.uniform(20, 34))
    return 70 + 55 * ((x / cell).astype(int) % 2) + 55 * ((y / cell).astype(int) % 2).astype(np.float32)


def tiles(x: Light, y: Light, chance: np.random.Generator) -> Light:
    """Draw floor tiles with dark joints and nested squares, which look like finder patterns."""
    cell = float(chance.uniform(110, 150))
    off = np.maximum(np.abs(x % cell - cell / 2), np.abs(y % cell - cell / 2)) / cell
    return np.select([off > 0.47, off > 0.33, off > 0.2], [60.0, 190.0, 80.0], 180.0).astype(np.float32)


def print_on_paper(x: Light, y: Light, chance: np.random.Generator) -> Light:
    """Draw a printed page: rows of words, as a receipt or a leaflet has them."""
    page = np.full(x.shape, 225, np.uint8)
    for row in range(34, page.shape[0] + 60, 34):
        words = "".join(chr(letter) for letter in chance.integers(97, 123, 150))
        cut = " ".join(words[i : i + 6] for i in range(0, 150, 6))
        cv2.putText(page, cut, (-20, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 50, 2, cv2.LINE_AA)
    return page.astype(np.float32) + 8 * np.sin(x / 300) * np.cos(y / 200)


BACKGROUNDS: dict[str, Callable[[Light, Light, np.random.Generator], Light]] = {
    "wood": wood, "stripes": stripes, "checks": checks, "tiles": tiles, "print": print_on_paper,
}  # fmt: skip


def background(kind: str, chance: np.random.Generator) -> Light:
    """Return the counter in blue, green and red, at the fine size."""
    y, x = np.mgrid[0 : HEIGHT * FINE, 0 : WIDTH * FINE].astype(np.float32)
    gray = BACKGROUNDS[kind](x, y, chance)
    tint = np.array([0.85, 0.95, 1.0]) if kind == "wood" else chance.uniform(0.85, 1.0, 3)
    return (gray[..., None] * tint).astype(np.float32)


@dataclass(frozen=True)
class Screen:
    """What a phone shows, and where on it the codes are: px, as left, top, right, bottom."""

    picture: Pixels
    module: float
    middle: tuple[float, float]


def screen(shot: Shot) -> Screen:
    """Draw a pass in white, or in black for dark mode, with words around the codes."""
    width, height = SCREEN
    face = np.full((height, width), 250, np.uint8)
    cv2.rectangle(face, (0, 0), (width, 190), 150, -1)
    cv2.putText(face, "YOUR SHOP", (60, 125), cv2.FONT_HERSHEY_SIMPLEX, 2, 255, 5, cv2.LINE_AA)
    cv2.putText(face, "Points  1 240", (60, 290), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 60, 3, cv2.LINE_AA)
    top, module, first = 380, 1.0, height / 2
    for place, symbology in enumerate(shot.codes):
        code = modules(symbology, shot.texts[min(place, len(shot.texts) - 1)])
        scale = max(1, min((width - 40) // code.shape[1], 520 // code.shape[0]))
        drawn = np.kron(code, np.ones((scale, scale), np.uint8))
        left = (width - drawn.shape[1]) // 2
        face[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
        if place == 0:
            module, first = float(scale), top + drawn.shape[0] / 2
        top += drawn.shape[0] + 50
    if not shot.codes:
        for row in range(420, 900, 80):
            cv2.putText(face, "Show this card", (60, row), cv2.FONT_HERSHEY_SIMPLEX, 1.8, 30, 4, cv2.LINE_AA)
    cv2.putText(face, "Thank you", (60, height - 90), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 60, 3, cv2.LINE_AA)
    if shot.condition in {"dark mode", "words in the dark"}:
        face = 255 - face
    return Screen(face, module, (width / 2, first if len(shot.codes) < 2 else (380 + top) / 2))


def placed(shot: Shot, shown: Screen, chance: np.random.Generator) -> Matrix:
    """Return the homography from px of the screen to px of the fine photograph."""
    near = NEAR.get(shot.symbology, 2.6)
    size = FAR[shot.symbology] if shot.condition == "far" else near
    scale = size / shown.module if len(shot.codes) == 1 else 0.62
    upright = shot.symbology in BARS or len(shot.codes) != 1
    degrees = chance.uniform(-3, 3) if upright else chance.uniform(-40, 40)
    if shot.condition == "tilted":
        degrees = chance.uniform(22, 38) if upright else chance.uniform(40, 320)
    cosine, sine = np.cos(np.radians(degrees)) * scale * FINE, np.sin(np.radians(degrees)) * scale * FINE
    aim = np.array([WIDTH / 2 + chance.uniform(-50, 50), HEIGHT / 2 + chance.uniform(-30, 30)]) * FINE
    turn = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
    centred = np.array([[1, 0, -shown.middle[0]], [0, 1, -shown.middle[1]], [0, 0, 1]])
    lean = (chance.uniform(1.2e-4, 2e-4), chance.uniform(-1, 1) * 1e-4)
    if shot.condition != "perspective":
        lean = (0.0, 0.0)
    away = np.array([[1, 0, 0], [0, 1, 0], [*lean, 1]])
    to_aim = np.array([[1, 0, aim[0]], [0, 1, aim[1]], [0, 0, 1]])
    return to_aim @ away @ turn @ centred


def lay_phone(counter: Light, shown: Screen, mapping: Matrix) -> tuple[Light, Light]:
    """Put the phone in front of the counter; return the light and where its glass is, 0 to 1."""
    width, height = SCREEN
    rim = 36
    body = np.full((height + 4 * rim, width + 2 * rim), 22, np.uint8)
    body[2 * rim : 2 * rim + height, rim : rim + width] = shown.picture
    shift = np.array([[1, 0, -rim], [0, 1, -2 * rim], [0, 0, 1]])
    fine = (WIDTH * FINE, HEIGHT * FINE)
    seen = cv2.warpPerspective(body, mapping @ shift, fine, flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.full_like(body, 255), mapping @ shift, fine, flags=cv2.INTER_LINEAR)
    share = (mask.astype(np.float32) / 255)[..., None]
    shadow = cv2.GaussianBlur(np.roll(mask, (18, 14), (0, 1)), (0, 0), 16).astype(np.float32)[..., None] / 255
    lit = seen.astype(np.float32)[..., None] * np.array([1.0, 0.985, 0.96], np.float32)
    return counter * (1 - 0.5 * shadow) * (1 - share) + lit * share, share


def spoil(light: Light, glass: Light, condition: str, chance: np.random.Generator) -> Light:
    """Do to the light what a condition does, before the sensor sees it."""
    y, x = np.mgrid[0 : light.shape[0], 0 : light.shape[1]].astype(np.float32)
    if condition == "glare":
        at = np.array([WIDTH, HEIGHT]) * FINE / 2 + chance.uniform(-60, 60, 2)
        spot = np.exp(-(((x - at[0]) / 170) ** 2) - ((y - at[1]) / 110) ** 2)
        tube = np.exp(-(((x * 0.9 + y * 0.4 - at[0] - 0.2 * at[1] - 260) / 60) ** 4))
        return light + glass * (150 * spot + 90 * tube)[..., None]
    if condition == "moire":
        pitch = chance.uniform(5.2, 6.4)
        waves = np.sin(x * 6.283 / pitch + y / 47) + np.sin(y * 6.283 / (pitch * 1.07) + x / 61)
        slow = np.sin(x / 21 + y / 33)
        return light * (1 + glass * (0.07 * waves + 0.09 * slow)[..., None])
    if condition == "low light":
        return light * 0.16
    if condition == "blur":
        return cv2.GaussianBlur(light, (0, 0), 1.6 * FINE)
    if condition == "motion":
        length = 5 * FINE
        return cv2.blur(light, (1, length)) if chance.integers(0, 2) else cv2.blur(light, (length, 1))
    return light


def exposed(light: Light, condition: str, chance: np.random.Generator) -> Pixels:
    """Let the sensor count the light, with its noise and the lamp's uneven fall."""
    small = cv2.resize(light, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    fall = 1.06 - 0.22 * ((x / WIDTH - 0.4) ** 2 + (y / HEIGHT - 0.3) ** 2)
    noise = 5.5 if condition == "low light" else 1.6
    grain = chance.normal(0, noise, (HEIGHT, WIDTH, 1)) + chance.normal(0, noise / 3, (HEIGHT, WIDTH, 3))
    return np.clip(small * fall[..., None] + grain, 0, 255).astype(np.uint8)


def photograph(shot: Shot, seed: int) -> Pixels:
    """Take one photograph: height x width x BGR."""
    chance = np.random.default_rng([seed, *shot.name.encode()])
    kinds = sorted(BACKGROUNDS)
    kind = shot.condition if shot.condition in BACKGROUNDS else kinds[int(chance.integers(0, len(kinds)))]
    light, glass = background(kind, chance), np.zeros((HEIGHT * FINE, WIDTH * FINE, 1), np.float32)
    if shot.condition not in BACKGROUNDS:
        shown = screen(shot)
        light = cv2.GaussianBlur(light, (0, 0), 2.6 * FINE)  # the camera looks at the phone
        light, glass = lay_phone(light, shown, placed(shot, shown, chance))
    return exposed(spoil(light, glass, shot.condition, chance), shot.condition, chance)


def encoded(picture: Pixels) -> bytes:
    """Return a photograph as the JPEG that is kept."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise RuntimeError("the JPEG cannot be written")
    return bytes(data)


def manifest(seed: int) -> dict[str, Any]:
    """Return what the manifest says: every file with its true texts."""
    photographs = [
        {
            "file": f"{shot.name}.jpg",
            "symbology": shot.symbology,
            "texts": list(shot.texts),
            "condition": shot.condition,
        }
        for shot in shots(seed)
    ]
    return {"made_by": "scripts/make_photographs.py", "seed": seed, "photographs": photographs}


def main() -> None:
    """Write all photographs and the manifest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed is another set")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for shot in shots(options.seed):
        (options.folder / f"{shot.name}.jpg").write_bytes(encoded(photograph(shot, options.seed)))
    text = json.dumps(manifest(options.seed), indent=1, ensure_ascii=False)
    (options.folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
