"""What stands on the sheet of test codes."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.wording.speech import Wording
from cashier_app.wording.training_mark import training_title


class SheetWords(Struct, frozen=True):
    """The words of the sheet; `codes` has a line for each kind of code, by its name."""

    title: str
    steps: tuple[str, ...]
    codes: tuple[tuple[str, str], ...]
    foot: str

    def of_kind(self, kind: str) -> str:
        """Return what a kind of code is for."""
        return dict(self.codes)[kind]


def sheet_words(wording: Wording, *, training: bool = False) -> SheetWords:
    """Return the words of the sheet of test codes; printed in training, it says so."""
    title = wording.text("Scanner test sheet")
    return SheetWords(
        title=training_title(title, wording) if training else title,
        steps=(
            wording.text("1. At the till press F10, then 1 for scanner and camera, then 1 for the scanner."),
            wording.text("2. Scan one of these codes, then a second one."),
            wording.text("3. Read what was found, and press Enter to use it."),
        ),
        codes=(
            ("QR Code", wording.text("Most wallet passes. Scan this one first.")),
            ("Aztec", wording.text("Some wallet passes and tickets.")),
            ("PDF417", wording.text("Some wallet passes, wide and low.")),
            (
                "Code 128",
                wording.text("Printed cards. For scanners with a laser line, which read bars only."),
            ),
        ),
        foot=wording.text(
            "Where a scanner reads one kind of code and not another, that kind is switched off in it, "
            "or it has no eye for it. Its manual has a code that switches kinds on."
        ),
    )
