"""What Enter and Esc do now, in words; the scan field; the list of keys that are valid now."""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct

from cashier_app.services.till_steps import takes_other_amounts, usable_rewards
from cashier_app.services.till_view import (
    Choosing,
    ClaimShown,
    LookingUp,
    NotFound,
    Serving,
    Step,
    Target,
    TillView,
)
from cashier_app.wording.figures import MINUS
from cashier_app.wording.sentences import Sentence, name_in_sentence, plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.trouble import busy_label, is_saving
from cashier_app.wording.ways import WAY_ICONS


class KeyWords(Struct, frozen=True):
    """A key and what it does now."""

    key: str
    sentence: Sentence


class ScanFieldWords(Struct, frozen=True):
    """The scan field: `shown` while something is looked up or typed, else `hint`."""

    icon: str
    hint: Sentence
    shown: str
    spoken: str


def primary_label(view: TillView, wording: Wording, *, enrols: bool = False) -> Sentence:
    """Return what Enter does, or what it waits for. `enrols` where this till can add members."""
    if view.busy:
        return busy_label(view, wording)
    if view.here_before is not None:
        return Sentence.of(wording.text("Yes, same customer"), wording.text("Same customer"))
    match view.step:
        case Step.IDLE | Step.PROBLEM | Step.CLAIM:
            return _find_label(view, wording, enrols=enrols)
        case Step.LOOKING_UP:
            return Sentence.of(wording.text("Next"))
        case Step.CHOOSING:
            return _choose_label(view, wording)
        case Step.BILL | Step.REWARD:
            return _choice_label(view, wording)
        case Step.PAY:
            return _pay_label(view, wording)
        case Step.DONE:
            return Sentence.of(wording.text("Next customer"))
    assert_never(view.step)


def escape_label(view: TillView, wording: Wording) -> Sentence | None:
    """Return what Esc does, or None where it does nothing."""
    if view.busy and not is_saving(view):
        return Sentence.of(wording.text("Cancel"))
    if view.here_before is not None:
        return Sentence.of(wording.text("Not them"), wording.text("No"))
    if view.target is Target.VOUCHER:
        return Sentence.of(wording.text("Back"))
    match view.step:
        case Step.IDLE:
            return Sentence.of(wording.text("Clear")) if view.entry else None
        case Step.LOOKING_UP:
            return Sentence.of(wording.text("Cancel"))
        case Step.REWARD | Step.PAY:
            return Sentence.of(wording.text("Back"))
        case Step.CLAIM:
            return _leave_label(view, wording)
        case Step.CHOOSING | Step.PROBLEM | Step.BILL | Step.DONE:
            return Sentence.of(wording.text("Clear"))
    assert_never(view.step)


def scan_field(view: TillView, wording: Wording, *, typed: str = "") -> ScanFieldWords:
    """Return the scan field. `typed` is the entry grouped as the region does; by default as it stands."""
    spoken = wording.text("Scan, phone or member number")
    if isinstance(view.person, LookingUp | Choosing):
        icon = WAY_ICONS[view.person.way] if isinstance(view.person, LookingUp) else "phone"
        hint = wording.text("Scan another code to switch")
        return ScanFieldWords(icon, Sentence.of(hint), plain(view.person.shown), spoken)
    if view.target is Target.MANAGER:
        hint = wording.text("Manager's name")
        return ScanFieldWords("identification-card", Sentence.of(hint), plain(view.entry), hint)
    if view.target is Target.VOUCHER:
        hint = wording.text("Voucher code")
        return ScanFieldWords("gift", Sentence.of(hint), plain(view.entry), hint)
    if view.step is Step.DONE:
        hint = wording.text("Scan the next customer")
    elif isinstance(view.person, Serving) or view.step in {Step.BILL, Step.REWARD, Step.PAY}:
        hint = wording.text("Scan another code to switch")
    else:
        hint = wording.text("Scan, or type phone or number")
    digits = bool(view.entry) and view.entry.lstrip("+").isdigit()
    icon = "phone" if digits else "identification-card" if view.entry else "qr-code"
    return ScanFieldWords(icon, Sentence.of(hint), typed or view.entry, spoken)


def key_list(view: TillView, wording: Wording, *, enrols: bool = False) -> tuple[KeyWords, ...]:
    """Return the keys that are valid now, for the place of the keypad."""
    if view.busy:
        return _keys_while_busy(view, wording)
    enter = KeyWords(wording.text("Enter"), primary_label(view, wording, enrols=enrols))
    keys = [enter, *_keys_of_step(view, wording)]
    if view.step in {Step.BILL, Step.REWARD} and _has_rewards(view):
        keys.append(_key("↓", wording.text("Other rewards")))
    escape = _escape_in_full(view, wording)
    if escape is not None:
        keys.append(KeyWords(wording.text("Esc"), escape))
    if view.step in {Step.BILL, Step.REWARD}:
        keys.append(_key("F3", wording.text("Another member")))
    if view.step is Step.DONE:
        keys.append(_key("F9", wording.text("Undo the sale")))
        if view.finished is not None and view.finished.sale.way is not None:
            keys.append(_key("F3", wording.text("Another member's")))
        if view.receipt is not None and not view.receipt.claim:
            keys.append(_key("P", wording.text("Print the receipt code")))
    if view.step is Step.IDLE and view.today.last_sales:
        keys.append(_key("F9", wording.text("Undo the last sale")))
    keys.append(_key("F1", wording.text("All keys")))
    return tuple(keys)


def _keys_of_step(view: TillView, wording: Wording) -> tuple[KeyWords, ...]:
    """Return the keys that mean something else at each step."""
    if view.target in {Target.MANAGER, Target.VOUCHER}:
        named = (
            wording.text("Manager's name") if view.target is Target.MANAGER else wording.text("Voucher code")
        )
        return (_key("A\N{EN DASH}Z", named),)
    none = _key(MINUS, wording.text("No {points}", points=wording.points_name))
    match view.step:
        case Step.IDLE | Step.PROBLEM | Step.DONE | Step.CLAIM:
            return (_key("0\N{EN DASH}9", wording.text("Phone or number")),)
        case Step.CHOOSING:
            choose = _key("1\N{EN DASH}9", wording.text("Choose"))
            return (choose, _key("↑ ↓", wording.text("Mark another")))
        case Step.BILL | Step.LOOKING_UP:
            amount = _key("0\N{EN DASH}9", wording.text("Amount"))
            if view.here_before is not None or view.quote is None or not view.quote.maximum:
                return (amount,)
            return (amount, _key("*", wording.text("Use the most and pay")), none)
        case Step.REWARD if view.quote is None or not view.quote.maximum:
            return ()
        case Step.REWARD if not takes_other_amounts(view):
            return (none,)
        case Step.REWARD:
            other = _key("0\N{EN DASH}9", wording.text("Other amount"))
            step = Sentence.of(wording.text("One step less or more"), wording.text("Less or more"))
            return (other, KeyWords("← →", step), none)
        case Step.PAY:
            return ()
    assert_never(view.step)


def _keys_while_busy(view: TillView, wording: Wording) -> tuple[KeyWords, ...]:
    """Return the keys that work while points are held or a sale is saved: the first can be called off."""
    keys = (_key("F1", wording.text("All keys")),)
    return keys if is_saving(view) else (_key(wording.text("Esc"), wording.text("Cancel")), *keys)


def _key(key: str, words: str) -> KeyWords:
    return KeyWords(key, Sentence.of(words))


def _has_rewards(view: TillView) -> bool:
    return bool(usable_rewards(view))


def _escape_in_full(view: TillView, wording: Wording) -> Sentence | None:
    match view.step:
        case Step.REWARD if view.target is Target.MANAGER:
            return Sentence.of(wording.text("Back to the offer"))
        case _ if view.target is Target.VOUCHER:
            return escape_label(view, wording)
        case Step.REWARD:
            return Sentence.of(wording.text("Back to the bill"))
        case Step.PAY if view.is_holding:
            points = wording.points_name
            full = wording.text("Back, {points} are given back", points=points)
            return Sentence.of(full, wording.text("Give {points} back", points=points))
        case _:
            return escape_label(view, wording)


def _choose_label(view: TillView, wording: Wording) -> Sentence:
    plain_words = wording.text("Choose")
    if not isinstance(view.person, Choosing):
        return Sentence.of(plain_words)
    name = view.person.found[view.person.marked].member.first_name
    if not plain(name):
        return Sentence.of(plain_words)
    return Sentence.of(wording.text("Choose {name}", name=name_in_sentence(name)), plain_words)


def _choice_label(view: TillView, wording: Wording) -> Sentence:
    if view.target is Target.VOUCHER:
        return Sentence.of(wording.text("Check the voucher"), wording.text("Check"))
    return _bill_label(view, wording) if view.step is Step.BILL else _reward_label(view, wording)


def _bill_label(view: TillView, wording: Wording) -> Sentence:
    following = wording.text("Next")
    if not view.bill.money:
        return Sentence.of(following)
    if view.quote is not None and (view.quote.maximum or _has_rewards(view)):
        full = wording.text("Next: use {points}", points=wording.points_name)
        return Sentence.of(full, following)
    return Sentence.of(wording.text("Take payment"))


def _leave_label(view: TillView, wording: Wording) -> Sentence | None:
    if view.entry:
        return Sentence.of(wording.text("Clear"))
    # Enter closes what cannot be claimed; Esc does the same and needs no button beside it.
    refused = isinstance(view.person, ClaimShown) and view.person.refused is not None
    return None if refused else Sentence.of(wording.text("Close"))


def _find_label(view: TillView, wording: Wording, *, enrols: bool) -> Sentence:
    if isinstance(view.person, ClaimShown):
        from cashier_app.wording.claims import claim_primary  # loaded with the first receipt

        return claim_primary(view, view.person, wording)
    adds = enrols and view.step is Step.PROBLEM and isinstance(view.person, NotFound)
    return Sentence.of(wording.text("Add as member") if adds else wording.text("Find member"))


def _pay_label(view: TillView, wording: Wording) -> Sentence:
    if view.hold_over:
        full = wording.text("Hold {points} again", points=wording.points_name)
        return Sentence.of(full, wording.text("Hold again"))
    if view.trouble:
        return Sentence.of(wording.text("Try again to finish"), wording.text("Try again"))
    return Sentence.of(wording.text("Paid, finish sale"), wording.text("Paid"))


def _reward_label(view: TillView, wording: Wording) -> Sentence:
    quote = view.quote
    if quote is None or not quote.points_used:
        return Sentence.of(wording.text("Take payment"))
    if view.target is Target.MANAGER:
        from cashier_app.wording.offline import confirm_label  # loaded behind the first frame

        return confirm_label(quote, wording)
    points, number = wording.points(quote.points_used), wording.figures.points(quote.points_used)
    return Sentence.of(wording.text("Use {points}", points=points), wording.text("Use {n}", n=number))
