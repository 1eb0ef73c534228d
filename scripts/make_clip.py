"""Make a short video of codes held before a camera: `python scripts/make_clip.py clip.mp4 TEXT`.

For training and tests without a camera: `cashier-app --demo --camera file:clip.mp4`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIZE = (1280, 720)
FRAMES_A_SECOND = 15
_COUNTER_TOP = 96  # gray, of 255
_NOISE = 3  # standard deviation, as a webcam's by day
_BORDER = 40  # px of white around a code
_CODECS = {".mp4": "mp4v", ".avi": "MJPG", ".mkv": "mp4v"}


def code_picture(text: str, symbology: str = "QR Code", width: int = 300) -> NDArray[np.uint8]:
    """Return a code in gray on a white card, about so wide in px.

    Args:
        text: What it says.
        symbology: ``QR Code``, or what zxing-cpp writes: ``Aztec``, ``PDF417``, ``Code 128``.
        width: Of the code without its border; modules are whole px.
    """
    import cv2
    import numpy as np

    if symbology == "QR Code":
        import segno

        modules = np.array([list(row) for row in segno.make(text, micro=False).matrix], np.uint8)
        code = np.where(modules, 0, 255).astype(np.uint8)
    else:
        import zxingcpp

        kind = getattr(zxingcpp.BarcodeFormat, symbology.replace(" ", ""))
        written = zxingcpp.create_barcode(text, kind).to_image(scale=1, add_quiet_zones=False)
        code = np.array(written, np.uint8)
    scale = max(1, width // code.shape[1])
    code = code.repeat(scale, 0).repeat(scale, 1)
    return cv2.copyMakeBorder(code, *[_BORDER] * 4, cv2.BORDER_CONSTANT, value=(255,)).astype(np.uint8)


def frame_showing(
    picture: NDArray[np.uint8] | None, *, left: int | None = None, size: tuple[int, int] = SIZE, seed: int = 1
) -> NDArray[np.uint8]:
    """Return a frame of blue, green, red with a card on the counter, or the bare counter.

    Args:
        picture: The card in gray.
        left: Its left edge in px, in the middle when not given; what lies outside is cut off.
        size: Width and height of the frame.
        seed: Of the camera's noise.
    """
    import numpy as np

    width, height = size
    gray = np.full((height, width), _COUNTER_TOP, np.float32)
    if picture is not None:
        rows, columns = min(picture.shape[0], height), picture.shape[1]
        start = (width - columns) // 2 if left is None else left
        first, last = max(0, start), min(width, start + columns)
        top = (height - rows) // 2
        if first < last:
            gray[top : top + rows, first:last] = picture[:rows, first - start : last - start]
    noise = np.random.default_rng(seed).normal(0, _NOISE, gray.shape)
    noisy = np.clip(gray + noise, 0, 255).astype(np.uint8)
    return np.repeat(noisy[:, :, None], 3, axis=2)


def frames_of(texts: Sequence[str], symbology: str = "QR Code") -> Iterator[NDArray[np.uint8]]:
    """Yield frames in which each code comes in from the left, is held, and leaves: two seconds each."""
    for number, text in enumerate(texts):
        picture = code_picture(text, symbology)
        middle = (SIZE[0] - picture.shape[1]) // 2
        way = [middle - 170 * step for step in (5, 3, 1)]
        lefts = [None] * 6 + way + [middle] * FRAMES_A_SECOND + way[::-1] + [None] * 3
        for step, left in enumerate(lefts):
            shown = None if left is None else picture
            yield frame_showing(shown, left=left, seed=number * 100 + step)


def write_clip(
    path: Path, frames: Iterator[NDArray[np.uint8]], frames_a_second: float = FRAMES_A_SECOND
) -> None:
    """Write frames as a video; its name ends in .mp4, .avi or .mkv.

    Raises:
        OSError: The file cannot be written.
    """
    import cv2

    writer: cv2.VideoWriter | None = None
    for frame in frames:
        if writer is None:
            codec = cv2.VideoWriter.fourcc(*_CODECS[path.suffix.lower()])
            writer = cv2.VideoWriter(str(path), codec, frames_a_second, (frame.shape[1], frame.shape[0]))
            if not writer.isOpened():
                raise OSError("the video cannot be written there")
        writer.write(frame)
    if writer is not None:
        writer.release()


def main() -> None:
    """Write the clip asked for."""
    parser = argparse.ArgumentParser(description="Make a short video of codes held before a camera.")
    parser.add_argument("clip", type=Path, help="its name ends in .mp4, .avi or .mkv")
    parser.add_argument("texts", nargs="+", metavar="TEXT", help="what the codes say")
    parser.add_argument("--symbology", default="QR Code", help="QR Code, Aztec, PDF417 or Code 128")
    options = parser.parse_args()
    write_clip(options.clip, frames_of(options.texts, options.symbology))
    print(f"{options.clip}: {options.clip.stat().st_size} bytes")


if __name__ == "__main__":
    main()
