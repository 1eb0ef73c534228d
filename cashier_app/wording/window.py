"""The window itself in words: its title, the help, and what is said when it is closed too early."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.ports.journal import QueueCounts
from cashier_app.services.till_view import Choosing, Step, TillView
from cashier_app.wording.buttons import KeyWords, key_list
from cashier_app.wording.places import till_label
from cashier_app.wording.problems import ToastWords
from cashier_app.wording.sentences import Sentence, plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.training_mark import training_title


class HelpWords(Struct, frozen=True):
    """The help: the keys of this moment, and those that are the same everywhere."""

    title: Sentence
    close: Sentence
    now_title: Sentence
    now: tuple[KeyWords, ...]
    always_title: Sentence
    always: tuple[KeyWords, ...]


def window_title(store: str, till: str, wording: Wording, *, training: bool) -> str:
    """Return the title of the window; training is never without its word."""
    names = [name for name in (plain(store), till_label(till, wording)) if name]
    title = wording.text(", ").join(names)
    return training_title(title, wording) if training else title


def help_words(view: TillView, wording: Wording) -> HelpWords:
    """Return the keys that work now, and those that work at every step."""
    now = tuple(words for words in key_list(view, wording) if words.key != "F1")
    return HelpWords(
        title=Sentence.of(wording.text("Keys and help")),
        close=Sentence.of(wording.text("Close")),
        now_title=Sentence.of(wording.text("Now")),
        now=(*now, *_more_now(view, wording)),
        always_title=Sentence.of(wording.text("Always")),
        always=(
            _key(wording.text("Ctrl+V"), wording.text("Paste a code or a picture")),
            *((_key("F2", wording.text("New member")),) if _takes_members(view) else ()),
            _key("F4", wording.text("Goods that come back")),
            _key("F6", wording.text("Camera on or off")),
            _key("F7", wording.text("Sales not posted yet")),
            _key(wording.text("Ctrl+D"), wording.text("Figures and health of the day")),
            _key(wording.text("Ctrl+K"), wording.text("Keypad or list of keys")),
            _key("F10", wording.text("Menu: scanner, camera, sound")),
            _key("F11", wording.text("Full screen")),
            *((_key("F12", wording.text("Lock or change cashier")),) if view.cashier else ()),
            _key(wording.text("Alt+1"), wording.text("Same as F1, and so on")),
            _key("F1", wording.text("This help")),
        ),
    )


def _takes_members(view: TillView) -> bool:
    return view.can is not None and view.can.enrolling is not None


def quit_words(counts: QueueCounts, wording: Wording) -> ToastWords:
    """Return what is said when the window is to be closed while sales are not posted."""
    count = counts.waiting + counts.needs_attention
    full = wording.plural(
        "{n} sale is not posted yet. It stays saved and is posted when the till is open again.",
        "{n} sales are not posted yet. They stay saved and are posted when the till is open again.",
        count,
        n=wording.figures.count(count),
    )
    brief = wording.plural(
        "{n} sale is not posted yet", "{n} sales are not posted yet", count, n=wording.figures.count(count)
    )
    return ToastWords(Sentence.of(full, brief), Sentence.of(wording.text("Close the till")), "")


def _more_now(view: TillView, wording: Wording) -> tuple[KeyWords, ...]:
    if view.busy:
        return ()
    keys = []
    if view.marked_reward:
        keys.append(_key(wording.text("Space"), wording.text("Take the marked reward")))
    if view.step in {Step.BILL, Step.REWARD}:
        keys.append(_key("F5", wording.text("Read the balance again")))
        if view.can is not None and view.can.vouchers:
            keys.append(_key("+", wording.text("Voucher code")))
    if view.step in {Step.IDLE, Step.LOOKING_UP, Step.CHOOSING, Step.PROBLEM, Step.DONE}:
        keys.append(_key("F8", wording.text("Without a member")))
    if view.step is Step.DONE:
        keys.append(_key(wording.text("F9, held"), wording.text("Undo without being asked")))
    if view.step is Step.DONE and view.receipt is not None:
        claimed = wording.text("Print claim code")
        keys.append(_key("P", claimed if view.receipt.claim else wording.text("Print the receipt code")))
    if isinstance(view.person, Choosing) and len(view.person.found) == 2:
        keys.append(_key("J", wording.text("Same person? Ask to join")))
    if view.step is not Step.IDLE:
        keys.append(_key(wording.text("Esc, held"), wording.text("Clear everything")))
    return tuple(keys)


def _key(key: str, words: str) -> KeyWords:
    return KeyWords(key, Sentence.of(words))
