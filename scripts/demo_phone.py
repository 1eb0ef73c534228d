"""Draw a member's phone and pass from above, flat: the material of the demo pictures."""

import io
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import fontpkg_inter
import numpy as np
import segno
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

SHOP = "Marigold Stores"
DOTS = 120  # px per cm of the flat phone
PHONE_WIDTH, PHONE_LENGTH, PHONE_DEPTH = 7.2, 15.0, 0.8  # cm
CORNER = 1.05  # cm, radius
BEZEL = 0.28  # cm
SCREEN_WIDTH = PHONE_WIDTH - 2 * BEZEL


@lru_cache
def font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Load Inter at a size in px and a weight from 100 to 900."""
    (file,) = [path for path in Path(fontpkg_inter.ROOT).rglob("Inter*.ttf") if "Italic" not in path.name]
    loaded = ImageFont.truetype(str(file), size)
    loaded.set_variation_by_axes([min(32, max(14, size)), weight])
    return loaded


def qr_code(text: str, side: int) -> Image.Image:
    """Draw a QR code with its quiet zone, black on white, of a side in px."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False, boost_error=False).save(buffer, kind="png", scale=1, border=3)
    return Image.open(buffer).convert("L").resize((side, side), Image.Resampling.NEAREST)


def aztec_code(text: str, side: int) -> Image.Image:
    """Draw an Aztec code with a quiet zone, black on white, of a side in px."""
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Aztec).to_image(
        scale=1, add_quiet_zones=False
    )
    modules = Image.fromarray(np.asarray(drawn))
    framed = Image.new("L", (modules.width + 4, modules.height + 4), 255)
    framed.paste(modules, (2, 2))
    return framed.resize((side, side), Image.Resampling.NEAREST)


def gradient(size: tuple[int, int], top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Image.Image:
    """Draw a slanting change from one colour to another."""
    width, height = size
    down = np.linspace(0, 1, height)[:, None] * 0.8 + np.linspace(0, 0.2, width)[None, :]
    mixed = np.array(top) * (1 - down[..., None]) + np.array(bottom) * down[..., None]
    return Image.fromarray(mixed.round().astype(np.uint8))


def rounded(size: tuple[int, int], radius: float) -> Image.Image:
    """Draw a mask with smooth round corners."""
    mask = Image.new("L", (size[0] * 4, size[1] * 4), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] * 4 - 1, size[1] * 4 - 1), radius * 4, fill=255)
    return mask.resize(size, Image.Resampling.LANCZOS)


def flower(side: int) -> Image.Image:
    """Draw the shop's marigold."""
    big = Image.new("RGBA", (side * 4, side * 4), (255, 255, 255, 0))
    draw, middle = ImageDraw.Draw(big), side * 2
    rings = ((0.36, 0.15, 12, (255, 214, 92, 255)), (0.21, 0.13, 8, (255, 180, 50, 255)))
    for reach, petal, count, colour in rings:
        for i in range(count):
            angle = 2 * math.pi * i / count
            x, y = middle + math.cos(angle) * reach * side * 4, middle + math.sin(angle) * reach * side * 4
            radius = petal * side * 4
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], colour)
    core = 0.12 * side * 4
    draw.ellipse([middle - core, middle - core, middle + core, middle + core], (150, 70, 20, 255))
    return big.resize((side, side), Image.Resampling.LANCZOS)


def status_bar(draw: ImageDraw.ImageDraw, width: int, unit: float, clock: str) -> None:
    """Draw clock, signal, network and battery on a dark ground."""
    white, y = (240, 240, 242), 0.36 * unit
    draw.text((0.55 * unit, y), clock, white, font(round(0.3 * unit), 600), anchor="lm")
    x = width - 1.75 * unit
    for i in range(4):
        bar = x + i * 0.085 * unit
        draw.rectangle(
            [bar, y + 0.1 * unit - (i + 1) * 0.055 * unit, bar + 0.05 * unit, y + 0.1 * unit], white
        )
    draw.text((x + 0.43 * unit, y), "5G", white, font(round(0.22 * unit), 600), anchor="lm")
    left, tall = x + 0.86 * unit, 0.11 * unit
    draw.rounded_rectangle(
        [left, y - tall, left + 0.44 * unit, y + tall], 0.06 * unit, outline=white, width=3
    )
    draw.rounded_rectangle([left + 6, y - tall + 6, left + 0.3 * unit, y + tall - 6], 0.03 * unit, fill=white)


@dataclass(frozen=True)
class Pass:
    """What a member's pass shows: the first name and never a phone number."""

    name: str
    coins: str
    tier: str
    code: Image.Image


def screen(shown: Pass, size: tuple[int, int], clock: str) -> Image.Image:
    """Draw the wallet with the loyalty pass."""
    width, height = size
    unit = width / SCREEN_WIDTH
    picture = Image.new("RGB", size, (14, 15, 18))
    draw = ImageDraw.Draw(picture)
    status_bar(draw, width, unit, clock)
    light = (240, 240, 242)
    draw.text((0.5 * unit, 1.25 * unit), "Wallet", light, font(round(0.55 * unit), 700), anchor="lm")
    draw.ellipse([width - 1.05 * unit, 0.98 * unit, width - 0.5 * unit, 1.53 * unit], (48, 50, 58))
    draw.text((width - 0.775 * unit, 1.25 * unit), "+", light, font(round(0.4 * unit), 500), anchor="mm")
    card = loyalty_card(shown, unit)
    left, top = round(0.32 * unit), round(1.95 * unit)
    picture.paste(card, (left, top), rounded(card.size, 0.38 * unit))
    for i, (colour, label) in enumerate((((34, 84, 140), "City Library"), ((36, 110, 84), "Metro Day Pass"))):
        strip = Image.new("RGB", (card.width, round(1.5 * unit)), colour)
        place = (0.4 * unit, 0.5 * unit)
        ImageDraw.Draw(strip).text(place, label, light, font(round(0.3 * unit), 600), anchor="lm")
        picture.paste(strip, (left, round(top + (9.85 + i) * unit)), rounded(strip.size, 0.38 * unit))
    draw.rectangle([0, height - 0.62 * unit, width, height], (14, 15, 18))
    bar = [width / 2 - 1.1 * unit, height - 0.32 * unit, width / 2 + 1.1 * unit, height - 0.23 * unit]
    draw.rounded_rectangle(bar, 0.045 * unit, (225, 225, 228))
    return picture


def loyalty_card(shown: Pass, unit: float) -> Image.Image:
    """Draw the shop's card, with square corners."""
    card = gradient((round((SCREEN_WIDTH - 0.64) * unit), round(9.6 * unit)), (232, 120, 22), (186, 62, 18))
    ink, light, pale = ImageDraw.Draw(card), (255, 250, 240), (255, 222, 190)
    logo = flower(round(0.85 * unit))
    card.paste(logo, (round(0.32 * unit), round(0.3 * unit)), logo)
    ink.text((1.35 * unit, 0.73 * unit), SHOP, light, font(round(0.42 * unit), 700), anchor="lm")
    facts = [("MEMBER", shown.name, 0.4, "lm"), ("COINS", shown.coins, 3.0, "lm")]
    facts.append(("TIER", shown.tier, 5.62, "rm"))
    for label, value, x, anchor in facts:
        ink.text((x * unit, 1.62 * unit), label, pale, font(round(0.21 * unit), 600), anchor=anchor)
        ink.text((x * unit, 2.02 * unit), value, light, font(round(0.42 * unit), 650), anchor=anchor)
    panel = Image.new("RGB", (round(5.1 * unit), round(5.75 * unit)), "white")
    panel.paste(shown.code, ((panel.width - shown.code.width) // 2, round(0.2 * unit)))
    place = (panel.width / 2, panel.height - 0.36 * unit)
    advice = "Show this code at the till"
    ImageDraw.Draw(panel).text(place, advice, (84, 84, 88), font(round(0.25 * unit), 500), anchor="mm")
    card.paste(panel, ((card.width - panel.width) // 2, round(2.75 * unit)), rounded(panel.size, 0.25 * unit))
    place = (card.width / 2, 9.05 * unit)
    ink.text(place, "Earn coins on every visit", light, font(round(0.28 * unit), 600), anchor="mm")
    return card


def phone(code_text: str) -> tuple[Image.Image, Image.Image]:
    """Draw the phone from above with its screen, and the mask of its lit screen."""
    size = (round(PHONE_WIDTH * DOTS), round(PHONE_LENGTH * DOTS))
    rim = round(BEZEL * DOTS)
    inner = (size[0] - 2 * rim, size[1] - 2 * rim)
    body = Image.new("RGBA", size, (0, 0, 0, 0))
    body.paste(gradient(size, (120, 122, 128), (52, 53, 58)), (0, 0), rounded(size, CORNER * DOTS))
    edge = round(0.07 * DOTS)
    glass = (size[0] - 2 * edge, size[1] - 2 * edge)
    body.paste(Image.new("RGB", glass, (6, 6, 8)), (edge, edge), rounded(glass, 0.98 * DOTS))
    lit = rounded(inner, 0.78 * DOTS)
    shown = Pass("Priya", "1,240", "Gold", qr_code(code_text, round(4.6 * DOTS)))
    body.paste(screen(shown, inner, "14:32"), (rim, rim), lit)
    draw, middle = ImageDraw.Draw(body), size[0] / 2
    lens = 0.16 * DOTS
    draw.ellipse([middle - lens, 0.64 * DOTS - lens, middle + lens, 0.64 * DOTS + lens], (3, 3, 5))
    draw.ellipse(
        [middle - lens / 3, 0.6 * DOTS - lens / 3, middle + lens / 3, 0.6 * DOTS + lens / 3], (26, 30, 46)
    )
    mask = Image.new("L", size, 0)
    mask.paste(lit, (rim, rim))
    return body, mask
