"""A new version that lies here, in words: that it is ready, and what somebody has to do."""

from __future__ import annotations

import shlex
from pathlib import Path

from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording


def ready_sentence(version: str, wording: Wording) -> Sentence:
    """Return what the cashier is told."""
    return Sentence.of(
        wording.text("Version {version} is ready. Tell who looks after this till.", version=version),
        wording.text("Version {version} is ready", version=version),
    )


def what_to_do(kind: str, file: Path, wording: Wording) -> str:
    """Return how whoever looks after the till puts it in place; the program never does that by itself."""
    place = str(file)
    match kind.partition("-")[0]:
        case "deb":
            command = f"sudo apt install {shlex.quote(place)}"
            return wording.text(
                "An administrator installs it, then the till is started again: {command}", command=command
            )
        case "windows":
            return wording.text("Close the till, then run {file}", file=place)
        case "macos":
            return wording.text("Close the till, then open {file}", file=place)
        case _:
            return wording.text("Close the till, then unpack {file} over its folder.", file=place)
