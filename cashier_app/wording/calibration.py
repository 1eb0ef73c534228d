"""Checking a scanner, in words: what was found, or what is wrong and what to do about it."""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct

from cashier_app.device_sections import ScannerSection
from cashier_app.domain.calibration import Calibration, NotCalibrated, Obstacle, Remark, Terminator
from cashier_app.wording.sentences import Row, Sentence, Tone
from cashier_app.wording.speech import Wording

_CONTROL_NAMES = {"\x01": "SOH", "\x02": "STX", "\x03": "ETX", "\x1d": "GS", "\x1b": "ESC"}


class CheckWords(Struct, frozen=True):
    """What the page says now; `spoken` is for a screen reader."""

    icon: str
    title: Sentence
    sentence: Sentence
    rows: tuple[Row, ...]
    tone: Tone
    spoken: str


class CheckButtons(Struct, frozen=True):
    """What can be done on the page."""

    title: Sentence
    scan: Sentence
    use: Sentence
    keep: Sentence
    sheet: Sentence
    before: Sentence
    allowed: str
    longest: str
    file_title: Sentence
    file_kind: Sentence


def check_buttons(wording: Wording) -> CheckButtons:
    """Return the words around a check."""
    return CheckButtons(
        title=Sentence.of(wording.text("Check the scanner")),
        scan=Sentence.of(
            wording.text("Scan one of these codes. A scanner that reads no screens wants them on paper."),
            wording.text("Scan one of these codes."),
        ),
        use=Sentence.of(wording.text("Use these settings"), wording.text("Use these")),
        keep=Sentence.of(wording.text("Back")),
        sheet=Sentence.of(wording.text("Codes on paper")),
        before=Sentence.of(wording.text("Settings before"), wording.text("Before")),
        allowed=wording.text("{n} ms in the mean is allowed", n="{n}"),
        longest=wording.text("{n} ms ends a code", n="{n}"),
        file_title=Sentence.of(wording.text("Save the test codes, to be printed")),
        file_kind=Sentence.of(wording.text("PDF document")),
    )


def waiting_words(wording: Wording) -> CheckWords:
    """Return what is said before the first scan."""
    title = wording.text("Waiting for a scan")
    sentence = wording.text("Nothing is looked up and no key reaches the till while this page is open.")
    rows = (
        Row("qr-code", Sentence.of(wording.text("The square code for scanners that see")), Tone.PLAIN),
        Row("barcode", Sentence.of(wording.text("The bars for scanners with a laser line")), Tone.PLAIN),
        Row("check-circle", Sentence.of(wording.text("Two scans that agree are sure")), Tone.PLAIN),
    )
    return _words("hourglass-medium", title, sentence, rows, Tone.PLAIN, wording)


def sheet_saved_words(file: str, wording: Wording) -> Sentence:
    """Say that the sheet was written."""
    return Sentence.of(wording.text("Saved as {file}. Print it at full size.", file=file))


def settings_taken_words(wording: Wording) -> Sentence:
    """Say that settings are in use."""
    return Sentence.of(wording.text("These settings are in use now."))


def found_words(found: Calibration, wording: Wording) -> CheckWords:
    """Return what was found out about a scanner."""
    count = wording.figures.count
    title = (
        wording.text("This scanner works") if found.is_sure else wording.text("This scanner works, it seems")
    )
    pace = wording.text(
        "{mean} ms between characters, {longest} at most. Allowed: {allowed} ms.",
        mean=count(found.mean_gap_ms),
        longest=count(found.longest_gap_ms),
        allowed=count(found.found.mean_gap_ms),
    )
    if found.found.prefix:
        pace = wording.text(
            "{mean} ms between characters, {longest} at most. Known by its prefix.",
            mean=count(found.mean_gap_ms),
            longest=count(found.longest_gap_ms),
        )
    rows = [Row("check-circle", _ends(found, wording), Tone.GOOD)]
    marks = _marks(found.found, wording)
    if marks:
        rows.append(Row("check-circle", Sentence.of(marks[:1].upper() + marks[1:]), Tone.GOOD))
    rows += [_remark(remark, wording) for remark in found.remarks if remark is not Remark.NOTHING_AFTER]
    if found.is_sure:
        agree = wording.plural("{n} scan agrees", "{n} scans agree", found.scans, n=count(found.scans))
        rows.append(Row("check-circle", Sentence.of(agree), Tone.GOOD))
    else:
        again = wording.text("Scan the other code as well, to be sure.")
        rows.append(Row("info", Sentence.of(again), Tone.WAIT))
    return _words("check-circle", title, pace, tuple(rows), Tone.GOOD, wording)


def scanner_in_brief(section: ScannerSection, wording: Wording) -> Sentence:
    """Return settings as one line."""
    pace = wording.text("Up to {n} ms between characters", n=wording.figures.count(section.mean_gap_ms))
    marks = _marks(section, wording)
    layout = "" if section.layout == "us" else wording.text("read by this computer's layout")
    return Sentence.of(wording.joined((pace, marks, layout)), pace)


def failed_words(failed: NotCalibrated, wording: Wording) -> CheckWords:
    """Return what is wrong with a scan of the test code, and what to do."""
    title, sentence = _obstacle(failed, wording)
    tone = Tone.PLAIN if failed.why is Obstacle.NOTHING_SCANNED else Tone.WAIT
    return _words("warning", title, sentence, (), tone, wording)


def _words(
    icon: str, title: str, sentence: str, rows: tuple[Row, ...], tone: Tone, wording: Wording
) -> CheckWords:
    spoken = wording.text(". ").join([title, sentence, *(row.sentence.full for row in rows)])
    return CheckWords(icon, Sentence.of(title), Sentence.of(sentence), rows, tone, spoken)


def _ends(found: Calibration, wording: Wording) -> Sentence:
    match found.terminator:
        case Terminator.ENTER:
            return Sentence.of(wording.text("Presses Enter after a code"))
        case Terminator.TAB:
            return Sentence.of(wording.text("Presses Tab after a code"))
        case Terminator.LINE_FEED:
            return Sentence.of(wording.text("Sends a line feed after a code"))
        case Terminator.NOTHING if found.found.suffix:
            return Sentence.of(wording.text("Presses no Enter after a code"))
        case Terminator.NOTHING:
            full = wording.text("Presses nothing after a code: each takes 0.1 s longer than with Enter")
            return Sentence.of(full, wording.text("Presses nothing after a code"))
    assert_never(found.terminator)


def _marks(section: ScannerSection, wording: Wording) -> str:
    prefix, suffix = _visible(section.prefix), _visible(section.suffix)
    if prefix and suffix:
        return wording.text("types {prefix} before and {suffix} after a code", prefix=prefix, suffix=suffix)
    if prefix:
        return wording.text("types {prefix} before a code", prefix=prefix)
    return wording.text("types {suffix} after a code", suffix=suffix) if suffix else ""


def _visible(marks: str) -> str:
    """Return marks as they can be read: control characters by their names."""
    names = (
        _CONTROL_NAMES.get(mark, f"^{chr(ord(mark) + 64)}" if ord(mark) < 32 else mark) for mark in marks
    )
    return "".join(names)


def _remark(remark: Remark, wording: Wording) -> Row:
    good, wait = ("check-circle", Tone.GOOD), ("info", Tone.WAIT)
    brief = ""
    match remark:
        case Remark.ANNOUNCES_KIND:
            (icon, tone), text = good, wording.text("Names the kind of code first; that is taken off")
            brief = wording.text("Names the kind of code first")
        case Remark.OTHER_LAYOUT_HERE:
            text = wording.text("Another keyboard layout on this computer; codes come out right all the same")
            brief = wording.text("Another keyboard layout here; no matter")
            icon, tone = good
        case Remark.COMPUTER_LAYOUT:
            (icon, tone), text = good, wording.text("Types in this computer's keyboard layout")
        case Remark.CAPS_LOCK:
            (icon, tone), text = good, wording.text("Caps Lock is on; codes come out right all the same")
            brief = wording.text("Caps Lock is on; no matter")
        case Remark.NOTHING_AFTER:
            (icon, tone), text = wait, wording.text("Presses nothing after a code")
        case Remark.SLOW:
            text = wording.text("Slow. A smaller delay between characters can be set in the scanner")
            brief = wording.text("Slow: set a smaller delay in it")
            icon, tone = wait
        case _:
            assert_never(remark)
    return Row(icon, Sentence.of(text, brief), tone)


def _obstacle(failed: NotCalibrated, wording: Wording) -> tuple[str, str]:  # noqa: C901, PLR0912, PLR0915 - one table
    count = wording.figures.count(failed.count)
    switch = wording.text("Its manual has a code for that. Then scan again.")
    match failed.why:
        case Obstacle.NOTHING_SCANNED:
            title = wording.text("Nothing was scanned")
            todo = wording.text("Where the scanner beeps and nothing comes here, it is not in keyboard mode.")
        case Obstacle.BY_HAND:
            title = wording.text("That was typed by hand")
            todo = wording.text("Scan one of the codes with the scanner.")
        case Obstacle.OTHER_CODE:
            title = wording.text("That was another code")
            todo = wording.text("Scan one of the codes on this page or on the sheet.")
        case Obstacle.ONLY_PART:
            title = wording.text("Only part of the code came")
            todo = wording.text("The scanner cuts codes off. Switch its limit of length off. ") + switch
        case Obstacle.TWICE:
            title = wording.text("The code came twice at once")
            todo = wording.text("Let the scanner read a code once, with a pause before the next. ") + switch
        case Obstacle.CAPITALS:
            title = wording.text("This scanner turns small letters into capitals")
            todo = wording.text("Switch its conversion of case off. ") + switch
        case Obstacle.SMALL_LETTERS:
            title = wording.text("This scanner turns capitals into small letters")
            todo = wording.text("Switch its conversion of case off. ") + switch
        case Obstacle.CASE_SWAPPED:
            title = wording.text("Capitals and small letters are swapped")
            todo = wording.text("Switch Caps Lock off, or the scanner's conversion of case. Then scan again.")
        case Obstacle.OTHER_LAYOUT:
            title = wording.text("This scanner types with another keyboard layout")
            todo = wording.text("Set it to the US keyboard, which is right for every computer. ") + switch
        case Obstacle.DROPPED:
            title = wording.plural(
                "{n} character was lost", "{n} characters were lost", failed.count, n=count
            )
            todo = wording.text("Set a longer delay between characters in the scanner. ") + switch
        case Obstacle.DOUBLED:
            title = wording.plural(
                "{n} character came twice", "{n} characters came twice", failed.count, n=count
            )
            todo = wording.text("Set a longer delay between characters in the scanner. ") + switch
        case Obstacle.GARBLED:
            title = wording.text("Some characters came out wrong")
            todo = wording.text("Scan again. If it stays so, set the scanner to the US keyboard. ") + switch
        case Obstacle.TOO_SLOW:
            title = wording.text("This scanner is too slow: {n} ms between characters", n=count)
            todo = (
                wording.text("The till takes up to 80 ms. Set its delay between characters to none. ")
                + switch
            )
        case Obstacle.STOPS:
            title = wording.text("The scanner stopped for {n} ms within the code", n=count)
            todo = wording.text("Scan again. If it stays so, bring a wireless one nearer to its base.")
        case Obstacle.MARKS_DIFFER:
            title = wording.text("What comes before the code differs from kind to kind")
            todo = wording.text("Switch the scanner's code identifiers off, or to AIM. ") + switch
        case Obstacle.MARKS_UNUSABLE:
            title = wording.text("What comes before or after the code cannot be set here")
            todo = wording.text("Set a prefix and a suffix of up to 16 plain characters, or none. ") + switch
        case _:
            assert_never(failed.why)
    return title, todo
