"""Telling a scanner that types from a person who types.

A scanner in keyboard mode types a code within a blink and ends it with Enter. `KeyboardWedge` is fed with
every key before the window sees it and says for each: let it pass, or keep it back for now. Keys kept back
come out again as one `Burst` (a scan) or as `Released` (typing, to be handed on in that order).

What decides (figures: measured scanners stall up to 35 ms inside a burst, people roll over single keys faster
than that, so only the mean tells them apart):

* a burst has at least six characters, a mean gap of at most 35 ms and no gap above 120 ms;
* Enter, Tab, the configured suffix or 120 ms of silence end it;
* the configured prefix or an AIM identifier (`]Q1`) makes it certain at once, whatever its length;
* it begins after a pause; right behind typing only what is three times as fast as a scanner need be is one;
* what is surely a machine is never handed on as keys: a hostile code may hold Enter and function keys.

Nobody waits for a scanner: a key is let go when 40 ms after it no other came. Where a scanner stalls that
long within its first characters they are let go too, and the `Burst` says which of them to take back.

Nothing here knows a window or a clock: times come with the keys. They must be those of the operating system,
since typed keys that queue behind a freeze all arrive in the same moment and would look like a scanner.
"""

from enum import Enum, auto
from typing import Final

from msgspec import Struct

from cashier_app.device_sections import ScannerSection
from cashier_app.scanning import symbologies

ENTER: Final = "\r"
TAB: Final = "\t"
SLOWEST_MEAN_GAP_MS: Final = 80
_TERMINATORS: Final = frozenset({ENTER, "\n", TAB})


class Key(Struct, frozen=True, eq=False):
    r"""One key going down.

    Args:
        character: What it types: Enter ``\r``, Tab ``\t``, Ctrl+B ``\x02``; empty where it types nothing.
        at_ms: When, in ms on the operating system's event clock.
        auto_repeat: Whether the system calls it a repetition of a key held down.
        modifier: Whether it is Shift, Ctrl, Alt, AltGr or a lock key, which say nothing by themselves.
        command: Whether a character would be acted on where it goes, so that it cannot be taken back.
        source: Whatever the caller needs to replay it.
    """

    character: str
    at_ms: int
    auto_repeat: bool = False
    modifier: bool = False
    command: bool = False
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
        aim: The AIM identifier the scanner sent before it, such as ``]Q1``, or None.
        keys: Every key that was kept back for it, the one just fed included.
        let_go: Characters before them that were let go already: to be taken back, wherever they went.
    """

    text: str
    aim: str | None
    keys: tuple[Key, ...]
    let_go: tuple[Key, ...] = ()

    @property
    def announced(self) -> str:
        """Return the text behind its AIM identifier, as a scanner sends it: the kind of code decides more."""
        return f"{self.aim or ''}{self.text}"

    def __repr__(self) -> str:
        # A code names a member, and what is shown may end in a log.
        return f"Burst({len(self.text)} characters, aim={self.aim!r})"


class Released(Struct, frozen=True):
    """Typing: hand these keys on, in this order."""

    keys: tuple[Key, ...]


class Overlong(Struct, frozen=True):
    """A machine typed more than a code can hold: say so and drop it, with what follows until it pauses.

    Args:
        keys: Every key that was kept back.
        let_go: Characters before them to be taken back.
    """

    keys: tuple[Key, ...]
    let_go: tuple[Key, ...] = ()


Answer = Verdict | Burst | Released | Overlong


class WedgeSettings(Struct, frozen=True):
    """How the scanners of this till type.

    Args:
        prefix: What the scanner types first, best a control character that nobody types; empty for none.
        suffix: What it types last, before a possible Enter or Tab; empty for none. A control character ends
            the code at once; what a code may hold as well only before Enter, Tab or silence.
        mean_gap_ms: The slowest scanner; 20 to 80, more for Bluetooth.
        longest_gap_ms: A longer silence ends a burst.
        fewest_characters: The shortest code taken without prefix or AIM identifier.
        most_characters: More than this is not a member's code.
        longest_ms: What takes longer is given back, unless every character of it came in step.
    """

    prefix: str = ""
    suffix: str = ""
    mean_gap_ms: int = 35
    longest_gap_ms: int = 120
    fewest_characters: int = 6
    most_characters: int = 256
    longest_ms: int = 2000

    @property
    def hold_ms(self) -> int:
        """Return how long a key waits for the next one: a little more than the slowest scanner needs."""
        return self.mean_gap_ms + 5

    @property
    def quick_gap_ms(self) -> int:
        """Return the mean gap of what is a machine for sure, even right behind typing."""
        return self.mean_gap_ms // 3

    @property
    def late_ms(self) -> int:
        """Return by how much a burst may run late: two longest gaps. A person does within a few keys."""
        return 2 * (self.longest_gap_ms - self.mean_gap_ms)


def wedge_settings(section: ScannerSection) -> WedgeSettings:
    """Return what the settings file or calibration says of the scanner, as the detector takes it."""
    return WedgeSettings(section.prefix, section.suffix, section.mean_gap_ms)


class KeyboardWedge:
    """The burst detector: feed every key in order, and call `expire` when `deadline` has come.

    Feed all keys that are already waiting before calling `expire`: a late key is not a missing one.

    Args:
        settings: How the scanners type.
    """

    def __init__(self, settings: WedgeSettings | None = None) -> None:
        self._settings = settings or WedgeSettings()
        # What may become a burst: characters let go already, then the keys kept back.
        self._let_go: list[Key] = []
        self._held: list[Key] = []
        # Whether prefix or AIM identifier was seen, and whether these keys follow typing without a pause.
        self._certain = False
        self._after_typing = False
        # Times in ms: of the last character that was typed; of the end of the last burst; of the last key of
        # a stream that is being dropped.
        self._typing_ms: int | None = None
        self._ended_ms: int | None = None
        self._dropping_ms: int | None = None

    def change(self, settings: WedgeSettings) -> Released | None:
        """Take other settings from the next key on, and return what was kept back by the old ones."""
        released = self._release() if self._held else None
        self._forget()
        self._settings = settings
        return released

    @property
    def begins(self) -> bool:
        """Return whether the key just fed is the first that may become a burst."""
        return len(self._held) == max(1, len(self._settings.prefix) * self._certain) and not self._let_go

    @property
    def deadline(self) -> int | None:
        """Return when, in ms on the keys' clock, to call `expire`; None while nothing is kept back."""
        if not self._held:
            return None
        settings, last = self._settings, self._held[-1].at_ms
        if self._is_machine():
            return last + settings.longest_gap_ms + 1
        if self._certain:
            latest = last + settings.longest_gap_ms
        elif self._after_typing and not self._begins_prefix():
            latest = last + settings.quick_gap_ms
        elif any(key.command and key.types for key in self._held):
            latest = last + settings.longest_gap_ms
        else:
            # Never behind the slowest scanner: its first characters may be taken back.
            behind = self._held[0].at_ms + settings.mean_gap_ms * len(self._held) + 5
            latest = min(last + settings.hold_ms, behind)
        return min(latest, self._first().at_ms + self._longest_ms()) + 1

    def feed(self, key: Key) -> tuple[Answer, ...]:
        """Take one key; the last answer is about it, one before that ends what was kept back earlier.

        A `Released` as the last answer has the key as its last.
        """
        if key.modifier:
            return (Verdict.PASS,)
        overdue = self.expire(key.at_ms)
        if not self._held and not self._goes_on(key):
            self._forget()
        answer = self._follow(key) if self._held or self._let_go else self._start(key)
        typed = self._typed_before_prefix() if answer is Verdict.HOLD else None
        return tuple(each for each in (overdue, typed, answer) if each is not None)

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
        silence = fell_back or now_ms - last_ms > self._settings.longest_gap_ms
        scan = self._scan() if silence and self._is_sure() else None
        if scan is not None:
            # The rest of a code that was cut off is no code.
            self._dropping_ms = last_ms
            return scan
        return self._release() if fell_back else self._let_them_go()

    def _start(self, key: Key) -> Verdict:
        """Judge a key that comes while nothing is kept back."""
        if _within(key, self._dropping_ms, self._settings.longest_gap_ms):
            self._dropping_ms = key.at_ms
            return Verdict.SWALLOW
        # The line feed after an Enter, the Enter after a suffix.
        if key.character in _TERMINATORS and _within(key, self._ended_ms, self._settings.mean_gap_ms):
            self._ended_ms = key.at_ms
            return Verdict.SWALLOW
        after_typing = _within(key, self._typing_ms, self._settings.longest_gap_ms)
        if key.auto_repeat:
            self._typing_ms = key.at_ms if key.types else self._typing_ms
            return Verdict.PASS
        # Enter and commands wait as well: they may be the first of a hostile code.
        self._after_typing = after_typing
        self._held.append(key)
        self._certain = self._announces_itself()
        return Verdict.HOLD

    def _follow(self, key: Key) -> Verdict | Burst | Released | Overlong:
        """Judge a key that comes in time after those kept back or let go.

        A key marked as auto-repeat counts here: a held-down key repeats after 200 ms at the earliest, but X11
        marks the second of two equal characters that a scanner types within 10 ms.
        """
        followed = self._certain or any(each.types for each in (*self._let_go, *self._held))
        if key.character in _TERMINATORS and followed:
            nothing_held = not self._held
            ended = self._scan(key) or self._release(key)
            return Verdict.PASS if nothing_held and isinstance(ended, Released) else ended
        self._held.append(key)
        self._certain = self._certain or self._announces_itself()
        if self._is_machine():
            self._after_typing = False
        settings = self._settings
        # What a code may hold as well ends it only together with a terminator or silence.
        ends = settings.suffix != "" and not settings.suffix.isprintable()
        if ends and self._characters().endswith(settings.suffix):
            scan = self._scan()
            if scan is not None:
                return scan
        marks = len(settings.prefix) + len(settings.suffix) + symbologies.AIM_LENGTH
        if len(self._characters()) > settings.most_characters + marks:
            return self._refuse() if self._is_machine() else self._release()
        return Verdict.HOLD

    def _goes_on(self, key: Key) -> bool:
        """Tell whether characters that were let go may still be the first of a burst with this key."""
        if not self._let_go:
            return False
        settings, first = self._settings, self._first().at_ms
        late = key.at_ms - first - settings.mean_gap_ms * len(self._let_go)
        in_time = _within(key, self._let_go[-1].at_ms, settings.longest_gap_ms)
        return in_time and late <= settings.late_ms

    def _longest_ms(self) -> int:
        """Return how long these keys may be kept back, as long as they come at all: a code may be long."""
        in_step = SLOWEST_MEAN_GAP_MS * len(self._held) if self._certain else 0
        return max(self._settings.longest_ms, in_step)

    def _typed_before_prefix(self) -> Released | None:
        """Let go what was typed right before the prefix, which nobody types."""
        prefix = self._settings.prefix
        if self._certain or not prefix or not self._characters().endswith(prefix):
            return None
        typed, begun = self._held[: -len(prefix)], self._held[-len(prefix) :]
        self._forget()
        self._held += begun
        self._certain = True
        return Released(tuple(typed)) if typed else None

    def _first(self) -> Key:
        return (self._let_go or self._held)[0]

    def _characters(self) -> str:
        return "".join(key.character for key in (*self._let_go, *self._held))

    def _begins_prefix(self) -> bool:
        return self._settings.prefix != "" and self._settings.prefix.startswith(self._characters())

    def _announces_itself(self) -> bool:
        """Tell whether the prefix, or an AIM identifier at a scanner's speed, is complete now."""
        text = self._characters()
        if len(text) > max(len(self._settings.prefix), symbologies.AIM_LENGTH):
            return False
        if self._settings.prefix and text.startswith(self._settings.prefix):
            return True
        return self._is_fast() and symbologies.from_aim_identifier(text) is not None

    def _is_fast(self) -> bool:
        """Tell whether the mean gap is a scanner's."""
        gaps = len(self._let_go) + len(self._held) - 1
        mean_ms = self._settings.quick_gap_ms if self._after_typing else self._settings.mean_gap_ms
        return self._held[-1].at_ms - self._first().at_ms <= mean_ms * gaps

    def _is_machine(self) -> bool:
        """Tell whether so many keys came so fast that nobody can have typed them."""
        return len(self._let_go) + len(self._held) >= self._settings.fewest_characters and self._is_fast()

    def _is_sure(self) -> bool:
        return self._certain or self._is_machine()

    def _scan(self, end: Key | None = None) -> Burst | None:
        """Return the burst, ended by a terminator or not, and forget its keys, if it is one."""
        text = self._characters().removeprefix(self._settings.prefix)
        aim = text[: symbologies.AIM_LENGTH] if symbologies.from_aim_identifier(text) else None
        text = text.removeprefix(aim or "")
        text = text.removesuffix(self._settings.suffix)
        announced = self._certain and any(character.isprintable() for character in text)
        if not announced and not (self._held and self._is_machine()):
            return None
        keys = (*self._held, end) if end else tuple(self._held)
        scan = Burst(text, aim, keys, tuple(self._let_go))
        self._forget()
        self._typing_ms = None
        self._ended_ms = keys[-1].at_ms
        return scan

    def _let_them_go(self) -> Released:
        """Let the keys go, and remember them as long as they can be taken back."""
        can_be_taken_back = all(key.types and not key.command for key in self._held)
        if self._certain or self._after_typing or not can_be_taken_back:
            return self._release()
        released = Released(tuple(self._held))
        self._let_go += self._held
        self._held.clear()
        self._typing_ms = released.keys[-1].at_ms
        return released

    def _release(self, key: Key | None = None) -> Released:
        keys = (*self._held, key) if key else tuple(self._held)
        typed = [each.at_ms for each in keys if each.types]
        if typed:
            self._typing_ms = typed[-1]
        self._forget()
        return Released(keys)

    def _refuse(self) -> Overlong:
        refused = Overlong(tuple(self._held), tuple(self._let_go))
        self._dropping_ms = self._held[-1].at_ms
        self._forget()
        return refused

    def _forget(self) -> None:
        self._held.clear()
        self._let_go.clear()
        self._certain = False
        self._after_typing = False


def _within(key: Key, since_ms: int | None, limit_ms: int) -> bool:
    """Tell whether a key came close to a moment; stamps may be out of order by a little."""
    return since_ms is not None and abs(key.at_ms - since_ms) <= limit_ms
