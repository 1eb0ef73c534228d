"""The printable sheet of practice passes in words, with the codes that stand beside them."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from cashier_app.wording.practice_pass import PassWords
from cashier_app.wording.sentences import name_in_sentence, plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.training_mark import training_line, training_word


class SheetCode(Struct, frozen=True):
    """A code on the sheet.

    Args:
        kind: Its symbology, as named in `symbologies`.
        name: What people call that kind.
        text: What it says.
        rows: Its modules, as `PrintedCode` has them; a bar code has one row.
        quiet: The white room it needs round it, modules.
        caption: What stands under it; TRAINING is always part of it.
    """

    kind: str
    name: str
    text: str
    rows: tuple[str, ...]
    quiet: int
    caption: str


class SheetPass(Struct, frozen=True):
    """A member's card: their words and all their codes, and what to type instead."""

    words: PassWords
    codes: tuple[SheetCode, ...]
    typed: str


class SheetCell(Struct, frozen=True):
    """One more thing to try: what it is, what the till will say, and its code, if it has one."""

    title: str
    body: str
    code: SheetCode | None = None


class PracticeSheet(Struct, frozen=True):
    """All that stands on the sheet.

    Args:
        mark: What must not be missed: TRAINING, with its sentence `marked`.
        steps: How to use it.
        others: Codes that are no passes, then `vouchers`, each list with its title.
    """

    store: str
    title: str
    mark: str
    marked: str
    steps: str
    others_steps: str
    foot: str
    passes: tuple[SheetPass, ...]
    others_title: str
    others: tuple[SheetCell, ...]
    vouchers_title: str
    vouchers: tuple[SheetCell, ...]
    page_form: str

    def page(self, number: int, pages: int) -> str:
        """Return which page this is, such as ``2 of 5``."""
        # A translation may have lost its places: it must not cost the sheet.
        return self.page_form.replace("{page}", str(number)).replace("{pages}", str(pages))


class VoucherFacts(Struct, frozen=True):
    """What the sheet says of a voucher; days of the shop as `datetime` at their beginning."""

    gives: str
    owner: str = ""
    from_day: datetime | None = None
    until_day: datetime | None = None
    is_good: bool = True


def caption(wording: Wording, detail: str = "") -> str:
    """Return what stands under a code."""
    mark = training_word(wording)
    return wording.text("{mark} · {detail}", mark=mark, detail=plain(detail)) if detail else mark


def typed_line(words: PassWords, wording: Wording) -> str:
    """Return what can be typed instead of scanning."""
    phone, number = words.typed
    return wording.text("To type: {phone} or {number}", phone=phone, number=number)


def other_cells(
    codes: tuple[SheetCode, SheetCode, SheetCode, SheetCode],
    made_at: datetime,
    life: timedelta,
    wording: Wording,
    store: str,
) -> tuple[SheetCell, ...]:
    """Return what is there to try besides passes.

    `codes` are one too old, one good once, one of goods and one of another shop's receipt. The second was
    made at `made_at`, UTC, and may be used for `life`.
    """
    text = wording.text
    stale, once, goods, receipt = codes
    until = wording.figures.time(made_at + life)
    return (
        SheetCell(
            text("A code that is too old"),
            text("A photo of a card that changes its code. The till asks for the card itself."),
            stale,
        ),
        SheetCell(
            text("Good for one sale, until {time}", time=until),
            text("Finish a sale with it, then scan it again: it was used. Later it is too old."),
            once,
        ),
        SheetCell(
            text("Not ours: goods"),
            text("What stands on a box or a tin. The till says that it is no loyalty code."),
            goods,
        ),
        SheetCell(
            text("Not ours: a receipt of another shop"),
            text("No till of {store} wrote it. The till gives nothing for it.", store=plain(store)),
            receipt,
        ),
        SheetCell(
            text("A receipt of your own"),
            text(
                "Sell without a member (F8) and press P at the end: the slip has a square code. "
                "Scan the square code before the member's card, and the sale is theirs."
            ),
        ),
        SheetCell(
            text("A card without the card"),
            text("Type the phone number on a pass, then Enter. Two passes share one number: ask the name."),
        ),
    )


def voucher_cell(facts: VoucherFacts, code: SheetCode, wording: Wording) -> SheetCell:
    """Return a voucher with whose it is and when it is good."""
    figures = wording.figures
    parts = []
    if facts.owner:
        parts.append(wording.text("Only for {name}.", name=name_in_sentence(facts.owner)))
    if not facts.is_good and facts.from_day is not None:
        parts.append(wording.text("Not good before {day}.", day=figures.day(facts.from_day.date())))
    elif not facts.is_good and facts.until_day is not None:
        parts.append(wording.text("Over since {day}.", day=figures.day(facts.until_day.date())))
    elif facts.until_day is not None:
        parts.append(wording.text("Good until {day}.", day=figures.day(facts.until_day.date())))
    else:
        parts.append(wording.text("Good on any day."))
    return SheetCell(plain(facts.gives), " ".join(parts), code)


def practice_sheet(
    store: str,
    passes: tuple[SheetPass, ...],
    others: tuple[SheetCell, ...],
    vouchers: tuple[SheetCell, ...],
    wording: Wording,
) -> PracticeSheet:
    """Return the whole sheet."""
    text = wording.text
    return PracticeSheet(
        store=plain(store),
        title=text("Practice passes"),
        mark=training_word(wording),
        marked=training_line(wording),
        steps=text(
            "Scan one code from a hand's breadth away, or hold the card before the camera and cover the "
            "others. All four codes of a card are the same member."
        ),
        others_steps=text(
            "Scan one code from a hand's breadth away. Each says what the till should answer: "
            "see that it does."
        ),
        foot=text("For the practice shop only. The people and numbers are invented."),
        passes=passes,
        others_title=text("Other things that are held up"),
        others=others,
        vouchers_title=text("Vouchers"),
        vouchers=vouchers,
        page_form=text("{page} of {pages}", page="{page}", pages="{pages}"),
    )
