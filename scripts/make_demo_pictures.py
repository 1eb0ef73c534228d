"""Make the pictures of the demo shop: a member's phone on the counter, and a screenshot of a pass.

Both are computed from nothing: same arguments, same picture. The counter is seen by a pinhole camera (lengths
in cm, x to the right, y away from the camera, z up), and lit and blurred in linear light.
"""

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from demo_phone import (
    BEZEL,
    CORNER,
    PHONE_DEPTH,
    PHONE_LENGTH,
    PHONE_WIDTH,
    SHOP,
    Pass,
    aztec_code,
    font,
    phone,
    screen,
)
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Pixels = NDArray[np.float32]
Matrix = NDArray[np.float64]
Point = tuple[float, float]

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "demo"
PRIYA, RAVI = "LC1:PRYA7K2M4Q9XW3TB", "LC1:RAVI5N8C2H6ZD4KP"

WIDTH, HEIGHT = 1280, 960  # px of the finished photograph
FINE = 2  # drawn so many times larger, then scaled down
WARM = np.array([1.06, 0.98, 0.88], np.float32)  # the shop's lamps
COOL = np.array([0.97, 1.0, 1.05], np.float32)  # the phone's screen


def smooth_noise(rng: np.random.Generator, size: tuple[int, int], cell: tuple[float, float]) -> Pixels:
    """Return soft noise of mean 0 and deviation 1; cells of so many px across and down."""
    width, height = size
    coarse = rng.normal(size=(math.ceil(height / cell[1]) + 3, math.ceil(width / cell[0]) + 3)).astype(
        np.float32
    )
    grown = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    field = np.asarray(grown)
    return (field - field.mean()) / field.std()


def wood(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Draw an oiled wooden counter with the grain running across."""
    width, height = size
    across = np.arange(height, dtype=np.float32)[:, None]
    bent = across + smooth_noise(rng, size, (900, 260)) * 16 + smooth_noise(rng, size, (300, 60)) * 3
    grain = np.zeros((height, width), np.float32)
    for cell, strength in ((90.0, 1.0), (26.0, 0.7), (8.0, 0.55), (3.0, 0.35)):
        rings = rng.normal(size=math.ceil(height / cell) + 80)
        grain += strength * np.interp(bent / cell + 30, np.arange(rings.size), rings).astype(np.float32)
    grain += 0.35 * smooth_noise(rng, size, (36, 2.2)) + 0.25 * smooth_noise(rng, size, (600, 300))
    pores = np.clip(smooth_noise(rng, size, (22, 1.6)) - 1.7, 0, 1)
    share = np.clip(0.5 + grain * 0.17, 0, 1)[..., None]
    colour = np.array([102, 66, 42]) * (1 - share) + np.array([178, 132, 92]) * share
    return Image.fromarray(np.clip(colour * (1 - 0.45 * pores[..., None]), 0, 255).astype(np.uint8))


GOODS = {
    "Basmati rice 5 kg": 745, "Toor dal 1 kg": 172, "Coconut oil": 268, "Filter coffee": 389,
    "Jaggery": 96, "Tomatoes": 64, "Soap": 120, "Rusk": 55,
}  # fmt: skip


def receipt() -> Image.Image:
    """Draw the till's receipt of the sale before."""
    dots = 60
    paper = Image.new("RGBA", (8 * dots, 15 * dots), (236, 235, 230, 255))
    draw, ink = ImageDraw.Draw(paper), (70, 68, 74)
    draw.text((4 * dots, 1.2 * dots), SHOP, ink, font(38, 700), anchor="mm")
    draw.text((4 * dots, 2.0 * dots), "12 MG Road", ink, font(24, 400), anchor="mm")
    for i, (item, price) in enumerate(GOODS.items()):
        y = (3.4 + i * 0.82) * dots
        draw.text((0.7 * dots, y), item, ink, font(26, 450), anchor="lm")
        draw.text((7.3 * dots, y), f"{price}.00", ink, font(26, 450), anchor="rm")
    draw.line([0.7 * dots, 10.2 * dots, 7.3 * dots, 10.2 * dots], ink, 3)
    draw.text((0.7 * dots, 10.9 * dots), "TOTAL", ink, font(36, 750), anchor="lm")
    draw.text((7.3 * dots, 10.9 * dots), f"{sum(GOODS.values()):,}.00", ink, font(36, 750), anchor="rm")
    return paper


@dataclass(frozen=True)
class Camera:
    """A pinhole camera above the counter.

    Args:
        place: Where it is, in cm.
        aim: The point of the counter in the middle of the picture, in cm.
        roll: How far it is turned about its own axis, in radians.
        angle: Its horizontal field of view, in radians.
    """

    place: tuple[float, float, float]
    aim: Point
    roll: float
    angle: float

    def plane(self, height: float) -> NDArray[np.float64]:
        """Return the homography from x, y of a level plane (cm) to px of the fine picture."""
        place = np.array(self.place)
        forward = np.array([*self.aim, 0.0]) - place
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        down = np.cross(forward, right)
        cosine, sine = math.cos(self.roll), math.sin(self.roll)
        turned = np.array([cosine * right + sine * down, cosine * down - sine * right, forward])
        focal = WIDTH * FINE / 2 / math.tan(self.angle / 2)
        lens = np.array([[focal, 0, WIDTH * FINE / 2], [0, focal, HEIGHT * FINE / 2], [0, 0, 1]])
        return lens @ turned @ np.column_stack([[1, 0, 0], [0, 1, 0], np.array([0, 0, height]) - place])


def laid(size: tuple[int, int], width: float, middle: Point, degrees: float) -> NDArray[np.float64]:
    """Return the map from px of a flat picture to cm on the counter, for a picture of a width in cm."""
    scale, angle = width / size[0], math.radians(degrees)
    cosine, sine = math.cos(angle), math.sin(angle)
    centred = np.array([[scale, 0, -width / 2], [0, -scale, scale * size[1] / 2], [0, 0, 1]])
    return np.array([[cosine, -sine, middle[0]], [sine, cosine, middle[1]], [0, 0, 1]]) @ centred


def seen(picture: Image.Image, mapping: NDArray[np.float64]) -> Image.Image:
    """Return a flat picture as the camera sees it, transparent or black around."""
    back = np.linalg.inv(mapping)
    coefficients = (back / back[2, 2]).ravel()[:8]
    fine = (WIDTH * FINE, HEIGHT * FINE)
    return picture.transform(fine, Image.Transform.PERSPECTIVE, list(coefficients), Image.Resampling.BICUBIC)


def blurred(light: Pixels, radius: float) -> Pixels:
    """Blur about like a lens: three box filters each way approximate a Gaussian."""
    box = max(1, round(radius * 2 / 3)) * 2 + 1
    for axis in (0, 1):
        for _ in range(3):
            edges = [(box // 2 + 1, box // 2) if i == axis else (0, 0) for i in range(light.ndim)]
            total = np.cumsum(np.pad(light, edges, mode="edge"), axis=axis, dtype=np.float64)
            light = (
                (np.delete(total, range(box), axis) - np.delete(total, range(-box, 0), axis)) / box
            ).astype(np.float32)
    return light


def linear(picture: Image.Image) -> Pixels:
    """Return light from a picture's sRGB values, about."""
    return (np.asarray(picture, dtype=np.float32) / 255) ** 2.2


def mask_of(picture: Image.Image) -> Pixels:
    """Return the opacity of a picture as three equal channels from 0 to 1."""
    return np.asarray(picture.getchannel("A"), dtype=np.float32)[..., None] / 255


def outline(width: float, length: float, corner: float) -> list[Point]:
    """Return points of a rectangle with round corners about the origin, in cm."""
    points = []
    for quarter, (sign_x, sign_y) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        for step in range(9):
            angle = (quarter + step / 8) * math.pi / 2
            x, y = sign_x * (width / 2 - corner), sign_y * (length / 2 - corner)
            points.append((x + corner * math.cos(angle), y + corner * math.sin(angle)))
    return points


def turned(points: list[Point], middle: Point, degrees: float) -> list[Point]:
    """Turn points about the origin and move them, on the counter."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [(middle[0] + x * cosine - y * sine, middle[1] + x * sine + y * cosine) for x, y in points]


def projected(points: list[Point], plane: Matrix) -> list[Point]:
    """Return where the camera sees points of a level plane, in px."""
    seen_at = (plane @ np.array([(x, y, 1.0) for x, y in points]).T).T
    return [(float(x / w), float(y / w)) for x, y, w in seen_at]


class Scene:
    """The light that reaches the camera, object after object."""

    def __init__(self, camera: Camera, rng: np.random.Generator) -> None:
        self.camera = camera
        self.rng = rng
        rows, columns = np.mgrid[0 : HEIGHT * FINE, 0 : WIDTH * FINE].astype(np.float32)
        self.x, self.y = columns / (WIDTH * FINE), rows / (HEIGHT * FINE)
        lamp = np.exp(-(((self.x - 0.8) / 0.75) ** 2) - ((self.y - 0.05) / 0.8) ** 2)
        self.lamp = (0.42 + 0.75 * lamp)[..., None] * WARM
        self.light = np.zeros((HEIGHT * FINE, WIDTH * FINE, 3), np.float32)

    def cover(self, picture: Image.Image, mapping: Matrix, height: float = 0) -> None:
        """Lay a flat picture into the light of the shop."""
        visible = seen(picture.convert("RGBA"), self.camera.plane(height) @ mapping)
        opacity = mask_of(visible)
        self.light = self.light * (1 - opacity) + linear(visible.convert("RGB")) * self.lamp * opacity

    def shade(self, points: list[Point], drift: Point, softness: float, strength: float) -> None:
        """Take light away below something, which throws its shadow aside by so many cm."""
        mask = Image.new("L", (WIDTH * FINE, HEIGHT * FINE), 0)
        moved = [(x + drift[0], y + drift[1]) for x, y in points]
        ImageDraw.Draw(mask).polygon(projected(moved, self.camera.plane(0)), fill=255)
        soft = mask.filter(ImageFilter.GaussianBlur(softness * FINE))
        self.light *= 1 - strength * np.asarray(soft, np.float32)[..., None] / 255

    def raise_block(self, points: list[Point], height: float, low: float, high: float) -> None:
        """Draw the sides of something with an outline, from a dark foot to a brighter rim."""
        layers = Image.new("RGBA", (WIDTH * FINE, HEIGHT * FINE), (0, 0, 0, 0))
        draw = ImageDraw.Draw(layers)
        for level in np.linspace(0, 1, 24):
            tone = round(low + (high - low) * float(level) ** 2)
            draw.polygon(
                projected(points, self.camera.plane(height * level)), fill=(tone, tone, tone + 4, 255)
            )
        opacity = mask_of(layers)
        self.light = self.light * (1 - opacity) + linear(layers.convert("RGB")) * self.lamp * opacity

    def lay_phone(self, body: Image.Image, lit: Image.Image, middle: Point, degrees: float) -> None:
        """Lay the phone down: its screen shines by itself and mirrors the lamps."""
        edge = turned(outline(PHONE_WIDTH, PHONE_LENGTH, CORNER), middle, degrees)
        glow = seen(lit, self.camera.plane(0.1) @ laid(lit.size, PHONE_WIDTH, middle, degrees))
        spill = np.asarray(glow.filter(ImageFilter.GaussianBlur(70 * FINE)), np.float32)[..., None] / 255
        self.shade(edge, (-0.9, -0.35), 16, 0.5)
        self.shade(edge, (-0.25, -0.1), 4, 0.6)
        self.light += spill * np.array([0.075, 0.045, 0.03], np.float32)
        self.raise_block(edge, PHONE_DEPTH, 14, 96)
        mapping = self.camera.plane(PHONE_DEPTH) @ laid(body.size, PHONE_WIDTH, middle, degrees)
        visible, glass = seen(body, mapping), np.asarray(seen(lit, mapping), np.float32)[..., None] / 255
        opacity = mask_of(visible)
        colour = linear(visible.convert("RGB"))
        shining = colour * COOL * 0.92
        mirrored = opacity * (0.012 + self.glare()[..., None])
        self.light = self.light * (1 - opacity) + opacity * (
            glass * shining + (1 - glass) * colour * self.lamp
        )
        self.light += mirrored * np.array([1.0, 0.97, 0.92], np.float32)

    def glare(self) -> Pixels:
        """Return how brightly the glass mirrors a lamp, a window and the fingers that were on it."""
        along = self.x * math.cos(0.42) + self.y * math.sin(0.42)
        tube = 0.34 * np.exp(-(((along - 0.735) / 0.016) ** 4)) + 0.10 * np.exp(
            -(((along - 0.70) / 0.07) ** 2)
        )
        fade = np.clip(1.25 - 1.15 * self.y, 0.15, 1)
        fingers = smooth_noise(self.rng, (WIDTH * FINE, HEIGHT * FINE), (90 * FINE, 60 * FINE))
        return (tube * fade + 0.006 * np.clip(fingers, 0, 3)).astype(np.float32)

    def photographed(self) -> Image.Image:
        """Let lens and sensor do their work and return the picture."""
        light = self.light
        far = np.clip(1 - self.y / 0.34, 0, 1)[..., None] ** 0.8
        near = 0.6 * np.clip((self.y - 0.86) / 0.14, 0, 1)[..., None]
        light = light * (1 - far) + blurred(light, 6.5 * FINE) * far
        light = light * (1 - near) + blurred(light, 2.5 * FINE) * near
        light = blurred(light, 0.9 * FINE)
        light += 0.05 * blurred(np.clip(light - 0.55, 0, None), 22 * FINE)
        falloff = 1 / (1 + 0.62 * ((self.x - 0.5) ** 2 + ((self.y - 0.5) * 0.75) ** 2)) ** 2
        light = light * falloff[..., None]
        small = light.reshape(HEIGHT, FINE, WIDTH, FINE, 3).mean(axis=(1, 3))
        knee = np.where(small < 0.6, small, 0.6 + 0.4 * np.tanh((small - 0.6) / 0.4))
        tone = np.clip(knee, 0, 1) ** (1 / 2.2)
        tone = 0.65 * tone + 0.35 * tone * tone * (3 - 2 * tone)  # the contrast that cameras add
        grain = self.rng.normal(0, 0.0125, (HEIGHT, WIDTH, 1)) + self.rng.normal(0, 0.006, (HEIGHT, WIDTH, 3))
        stains = np.dstack([smooth_noise(self.rng, (WIDTH, HEIGHT), (4, 4)) for _ in range(3)]) * 0.0045
        noisy = tone + (grain + stains) * (1.25 - 0.6 * np.clip(tone, 0, 1))
        return Image.fromarray((np.clip(noisy, 0, 1) * 255).round().astype(np.uint8))


def photograph(code_text: str, seed: int) -> Image.Image:
    """Take a picture of the phone on the counter; the seed moves everything a little."""
    rng = np.random.default_rng(seed)
    sway = rng.uniform(-1, 1, 8)
    camera = Camera(
        (0.6 + sway[0], -16.5 + sway[1], 21.5 + sway[2]), (0.3, 0.4), 0.02 * sway[3], math.radians(50)
    )
    scene = Scene(camera, rng)
    counter = wood(rng, (2880, 2340))
    scene.cover(counter, laid(counter.size, 64, (0, 6), 4))
    paper, place, tilt = receipt(), (-9.1 + 0.4 * sway[4], 3.6), 13 + 4 * sway[5]
    edge = turned([(-4, -7.5), (4, -7.5), (4, 7.5), (-4, 7.5)], place, tilt)
    scene.shade(edge, (-0.12, -0.06), 3, 0.45)
    scene.cover(paper, laid(paper.size, 8, place, tilt))
    terminal(scene, (12.4, 9.6), -19)
    body, lit = phone(code_text)
    scene.lay_phone(body, lit, (0.9 + 0.5 * sway[6], 0.1), -9 + 5 * sway[7])
    return scene.photographed()


def terminal(scene: Scene, middle: Point, degrees: float) -> None:
    """Stand a card terminal beside the phone."""
    width, length, height, dots = 7.6, 16.0, 3.0, 60
    edge = turned(outline(width, length, 0.9), middle, degrees)
    scene.shade(edge, (-1.8, -0.7), 26, 0.55)
    scene.raise_block(edge, height, 10, 58)
    top = Image.new("RGBA", (round(width * dots), round(length * dots)), (0, 0, 0, 0))
    draw = ImageDraw.Draw(top)
    draw.rounded_rectangle([0, 0, top.width - 1, top.height - 1], 0.9 * dots, fill=(62, 64, 70))
    draw.rounded_rectangle([0.7 * dots, 1.2 * dots, 6.9 * dots, 6 * dots], 0.2 * dots, fill=(96, 134, 138))
    draw.text((3.8 * dots, 3.5 * dots), "READY", (20, 40, 46), font(64, 700), anchor="mm")
    keys = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "x", "0", "o")
    for i, key in enumerate(keys):
        x, y = (0.8 + i % 3 * 2.1) * dots, (6.9 + i // 3 * 1.9) * dots
        fill = {"x": (150, 52, 46), "o": (58, 120, 72)}.get(key, (168, 168, 164))
        draw.rounded_rectangle([x, y, x + 1.8 * dots, y + 1.4 * dots], 0.25 * dots, fill=fill)
        draw.text((x + 0.9 * dots, y + 0.7 * dots), key, (24, 24, 26), font(52, 600), anchor="mm")
    scene.cover(top, laid(top.size, width, middle, degrees), height)


def main() -> None:
    """Write both pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", default=PRIYA, help="what the QR code on the phone says")
    parser.add_argument("--seed", type=int, default=11, help="another seed is another photograph")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    photograph(options.text, options.seed).save(
        options.folder / "wallet-priya.jpg", quality=84, optimize=True
    )
    size = (540, 1170)
    shown = Pass("Ravi", "460", "Silver", aztec_code(RAVI, round(4.6 / (PHONE_WIDTH - 2 * BEZEL) * size[0])))
    shot = screen(shown, size, "18:07").quantize(128, dither=Image.Dither.NONE)
    shot.save(options.folder / "wallet-aztec.png", optimize=True)


if __name__ == "__main__":
    main()
