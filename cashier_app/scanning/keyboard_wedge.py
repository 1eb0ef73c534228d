"""Telling a scanner that types from a person who types.

A scanner in keyboard mode types a code within a blink and ends it with Enter. `KeyboardWedge` is fed with
every key before the window sees it and says for each: let it pass, or keep it back for now. Keys kept back
come out again as one `Burst` (a scan) or as `Released` (typing, to be handed on in that order), never both,
never twice.

What decides (figures: measured scanners stall up to 35 ms inside a burst, people roll over single keys faster
than that, so only the mean tells them apart):

* a burst has at least six characters, a mean gap of at most 35 ms and no gap above 120 ms;
* Enter, Tab, the configured suffix or 120 ms of silence end it;
* the configured prefix or an AIM identifier (`]Q1`) makes it certain at once, whatever its length;
* a burst is taken whole or not at all: what follows characters already let go is typing until a pause.

Nothing here knows a window or a clock: times come with the keys. They must be those of the operating system,
since typed keys that queue behind a freeze all arrive in the same moment and would look like a scanner.
"""

from enum import Enum, auto
from typing import Final

from msgspec import Struct

from cashier_app.scanning import symbologies

ENTER: Final = "\r"
TAB: Final = "\t"
_TERMINATORS: Final = frozenset({ENTER, "\n", TAB})


class Key(Struct, frozen=True, eq=False):
    r"""One key going down.

    Args:
        character: What it types: Enter ``\r``, Tab ``\t``, Ctrl+B ``\x02``; empty where it types nothing.
        at_ms: When, in ms on the operating system's event clock.
        auto_repeat: Whether the system calls it a repetition of a key held down.
        modifier: Whether it is Shift, Ctrl, Alt, AltGr or a lock key, which say nothing by themselves.
        source: Whatever the caller needs to replay it.
    """

    character: str
    at_ms: int
    auto_repeat: bool = False
    modifier: bool = False
    source: object = None

    def __eq__(self, other: object) -> bool:
        """Compare what was pressed and when, not where it came from."""
        return isinstance(other, Key) and self._pressed() == other._pressed()

    def __hash__(self) -> int:
        return hash(self._pressed())

    def __repr__(self) -> str:
        # Keys may spell a phone number, and what is shown may end in a log.
        return f"Key(at_ms={self.at_ms})"

    def _pressed(self) -> tuple[str, int, bool, bool]:
        return self.character, self.at_ms, self.auto_repeat, self.modifier

    @property
    def types(self) -> bool:
        """Tell whether it puts a visible character or a space into a text field."""
        return self.character.isprintable() and self.character != ""


class Verdict(Enum):
    """What to do with the key just fed."""

    PASS = auto()  # hand it on as if we were not there
    HOLD = auto()  # keep it back; it will come out in a Burst, Overlong or Released
    SWALLOW = auto()  # drop it: it belongs to a burst already reported


class Burst(Struct, frozen=True):
    """A scan.

    To give a text nobody understands back to the field with the focus, insert `text`; never replay `keys`: a
    hostile code may hold Enter, shortcuts and function keys.

    Args:
        text: What was scanned, without prefix, suffix, AIM identifier and terminator; not checked in any way.
        hint: The symbology the scanner announced, or None.
        keys: Every key that was kept back for it, the one just fed included.
    """

    text: str
    hint: str | None
    keys: tuple[Key, ...]

    def __repr__(self) -> str:
        # A code names a member, and what is shown may end in a log.
        return f"Burst({len(self.text)} characters, hint={self.hint!r})"


class Released(Struct, frozen=True):
    """Typing: hand these keys on, in this order."""

    keys: tuple[Key, ...]


class Overlong(Struct, frozen=True):
    """A machine typed more than a code can hold: say so and drop it, with what follows until it pauses."""

    keys: tuple[Key, ...]


Answer = Verdict | Burst | Released | Overlong


class WedgeSettings(Struct, frozen=True):
    """How the scanners of this till type.

    Args:
        prefix: What the scanner types first, best a control character that nobody types; empty for none.
        suffix: What it types last, before a possible Enter or Tab; empty for none.
        mean_gap_ms: The slowest scanner; 20 to 80, more for Bluetooth.
        longest_gap_ms: A longer silence ends a burst.
        fewest_characters: The shortest code taken without prefix or AIM identifier.
        most_characters: More than this is not a member's code.
        longest_ms: Nor is anything that takes longer. At 35 ms a character 1 s would cut off codes of 29.
    """

    prefix: str = ""
    suffix: str = ""
    mean_gap_ms: int = 35
    longest_gap_ms: int = 120
    fewest_characters: int = 6
    most_characters: int = 256
    longest_ms: int = 2000

    @property
    def first_hold_ms(self) -> int:
        """Return how long a single key waits for a second: a little more than the slowest scanner needs."""
        return self.mean_gap_ms + 5

    @property
    def stall_ms(self) -> int:
        """Return by how much a burst may run late for a while: one longest gap."""
        return self.longest_gap_ms - self.mean_gap_ms


class KeyboardWedge:
    """The burst detector: feed every key in order, and call `expire` when `deadline` has come.

    Feed all keys that are already waiting before calling `expire`: a late key is not a missing one.

    Args:
        settings: How the scanners type.
    """

    def __init__(self, settings: WedgeSettings | None = None) -> None:
        self._settings = settings or WedgeSettings()
        self._held: list[Key] = []
        # Whether prefix or AIM identifier was seen, and whether the held keys follow typing without a pause.
        self._certain = False
        self._after_typing = False
        # Times in ms: of the last character that was let go or that silence cut off; of the end of the last
        # burst; of the last key of a stream that is being dropped.
        self._typing_ms: int | None = None
        self._ended_ms: int | None = None
        self._dropping_ms: int | None = None

    @property
    def deadline(self) -> int | None:
        """Return when, in ms on the keys' clock, to call `expire`; None while nothing is kept back."""
        if not self._held:
            return None
        settings, first, last = self._settings, self._held[0].at_ms, self._held[-1].at_ms
        if self._certain:
            latest = last + settings.longest_gap_ms
        elif len(self._held) == 1:
            latest = first + settings.first_hold_ms
        else:
            # Never behind the slowest scanner by more than one stall: a person is, within a few keys.
            behind = first + settings.mean_gap_ms * len(self._held) + settings.stall_ms
            latest = min(last + settings.longest_gap_ms, behind)
        return min(latest, first + settings.longest_ms) + 1

    def feed(self, key: Key) -> tuple[Answer, ...]:
        """Take one key; the last answer is about it, one before that ends what was kept back earlier.

        A `Released` as the last answer has the key as its last.
        """
        if key.modifier:
            return (Verdict.PASS,)
        overdue = self.expire(key.at_ms)
        answer = self._follow(key) if self._held else self._start(key)
        return (answer,) if overdue is None else (overdue, answer)

    def expire(self, now_ms: int) -> Burst | Released | Overlong | None:
        """End what is kept back if its time is over.

        Args:
            now_ms: The time in ms on the keys' clock.
        """
        deadline = self.deadline
        if deadline is None:
            return None
        last_ms = self._held[-1].at_ms
        # X11 counts milliseconds in 32 bits, so its clock falls back to 0 every 49 days.
        fell_back = now_ms < last_ms - self._settings.longest_ms
        if now_ms < deadline and not fell_back:
            return None
        if not fell_back and now_ms - last_ms <= self._settings.longest_gap_ms and self._is_machine():
            return self._refuse()
        # With a suffix configured, silence means that the end is missing.
        scan = None if self._settings.suffix else self._scan(closed=False)
        if scan is None:
            return self._release()
        self._typing_ms = last_ms
        return scan

    def _start(self, key: Key) -> Verdict:
        """Judge a key that comes while nothing is kept back."""
        if _within(key, self._dropping_ms, self._settings.longest_gap_ms):
            self._dropping_ms = key.at_ms
            return Verdict.SWALLOW
        # The line feed after an Enter, the Enter after a suffix.
        if key.character in _TERMINATORS and _within(key, self._ended_ms, self._settings.mean_gap_ms):
            return Verdict.SWALLOW
        after_typing = _within(key, self._typing_ms, self._settings.longest_gap_ms)
        begins_prefix = self._settings.prefix != "" and key.character == self._settings.prefix[0]
        if not key.auto_repeat and (begins_prefix or (key.types and not after_typing)):
            self._after_typing = after_typing
            self._held.append(key)
            self._certain = self._announces_itself()
            return Verdict.HOLD
        if key.types:
            self._typing_ms = key.at_ms
        return Verdict.PASS

    def _follow(self, key: Key) -> Verdict | Burst | Released | Overlong:
        """Judge a key that comes in time after those kept back.

        A key marked as auto-repeat counts here: a held-down key repeats after 200 ms at the earliest, but X11
        marks the second of two equal characters that a scanner types within 10 ms.
        """
        if key.character in _TERMINATORS:
            return self._scan(closed=True, end=key) or self._release(key)
        self._held.append(key)
        self._certain = self._certain or self._announces_itself()
        settings = self._settings
        if settings.suffix and self._characters().endswith(settings.suffix):
            scan = self._scan(closed=True)
            if scan is not None:
                return scan
        marks = len(settings.prefix) + len(settings.suffix) + symbologies.AIM_LENGTH
        if len(self._held) > settings.most_characters + marks:
            return self._refuse() if self._is_machine() else self._release()
        return Verdict.HOLD

    def _characters(self) -> str:
        return "".join(key.character for key in self._held)

    def _announces_itself(self) -> bool:
        """Tell whether the prefix, or an AIM identifier at a scanner's speed, is complete now."""
        if len(self._held) > max(len(self._settings.prefix), symbologies.AIM_LENGTH):
            return False
        text = self._characters()
        if self._settings.prefix and text.startswith(self._settings.prefix):
            return True
        in_one_go = not self._after_typing and self._is_fast()
        return in_one_go and symbologies.from_aim_identifier(text) is not None

    def _is_fast(self) -> bool:
        """Tell whether the mean gap is a scanner's."""
        span_ms = self._held[-1].at_ms - self._held[0].at_ms
        return span_ms <= self._settings.mean_gap_ms * (len(self._held) - 1)

    def _is_machine(self) -> bool:
        """Tell whether so many keys came so fast that nobody can have typed them."""
        return len(self._held) >= self._settings.fewest_characters and self._is_fast()

    def _scan(self, *, closed: bool, end: Key | None = None) -> Burst | None:
        """Return the burst and forget its keys, if it is one.

        Args:
            closed: Whether a terminator or the suffix ended it, rather than silence.
            end: The terminator.
        """
        text = self._characters().removeprefix(self._settings.prefix)
        hint = symbologies.from_aim_identifier(text)
        if hint is not None:
            text = text[symbologies.AIM_LENGTH :]
        text = text.removesuffix(self._settings.suffix)
        visible = sum(character.isprintable() for character in text)
        if closed and self._certain:
            is_scan = visible > 0
        else:
            is_long = visible >= self._settings.fewest_characters
            is_scan = is_long and self._is_fast() and (self._certain or not self._after_typing)
        if not is_scan:
            return None
        keys = (*self._held, end) if end else tuple(self._held)
        self._forget()
        self._typing_ms = None
        self._ended_ms = keys[-1].at_ms
        return Burst(text, hint, keys)

    def _release(self, key: Key | None = None) -> Released:
        keys = (*self._held, key) if key else tuple(self._held)
        typed = [each.at_ms for each in keys if each.types]
        if typed:
            self._typing_ms = typed[-1]
        self._forget()
        return Released(keys)

    def _refuse(self) -> Overlong:
        keys = tuple(self._held)
        self._dropping_ms = keys[-1].at_ms
        self._forget()
        return Overlong(keys)

    def _forget(self) -> None:
        self._held.clear()
        self._certain = False
        self._after_typing = False


def _within(key: Key, since_ms: int | None, limit_ms: int) -> bool:
    """Tell whether a key came close to a moment; stamps may be out of order by a little."""
    return since_ms is not None and abs(key.at_ms - since_ms) <= limit_ms
