"""Undoing a sale, or giving it to another member, in words: what changes, before anything does."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from msgspec import Struct

from cashier_app.domain.sale import ReturnReason, Sale
from cashier_app.domain.voiding import WhyNotVoid
from cashier_app.services.last_act import ActDone, LastAct
from cashier_app.services.undo_view import Undone, UndoStep, UndoView
from cashier_app.services.undoable import Movable, NotForThem, NothingSold, NotMovable, NotUndoable, Undoable
from cashier_app.wording.returns import untold_note
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence, plain
from cashier_app.wording.speech import Wording

_UNKNOWN = "\N{EN DASH}"


class UndoLine(Struct, frozen=True):
    """What changes, and by how much."""

    label: Sentence
    figure: str
    tone: Tone = Tone.PLAIN


class UndoWords(Struct, frozen=True):
    """The dialog.

    Args:
        about: Which sale it is; empty where none is.
        field: What stands typed, or the hint; None where nothing is typed.
        other: The button that gives the sale to another member; None where it cannot be.
        primary: What Enter does; None where it does nothing.
        danger: Whether that takes something away.
    """

    title: Sentence
    about: Sentence
    lines: tuple[UndoLine, ...]
    notes: tuple[Row, ...]
    keep: Sentence
    primary: Sentence | None
    danger: bool = False
    field: Sentence | None = None
    typed: str = ""
    other: Sentence | None = None


def undo_words(view: UndoView, wording: Wording, now: datetime) -> UndoWords:
    """Return the dialog as it stands; `now` is UTC."""
    match view.step:
        case UndoStep.CLOSED | UndoStep.LOOKING:
            return _looking(view, wording)
        case UndoStep.CANNOT:
            return _cannot(view, wording, now)
        case UndoStep.SALE if view.found is not None:
            return _sale(view, view.found, wording, now)
        case UndoStep.MOVE if view.move is not None:
            return _move(view, view.move, wording, now)
        case UndoStep.WHOM if view.found is not None:
            return _whom(view, view.found, wording, now)
        case _:
            raise ValueError("a step without its subject")


def undone_words(done: Undone, wording: Wording) -> Sentence:
    """Return what is said once it is done, for the toast."""
    number = plain(done.sale.number)
    if done.moved is not None:
        name = _first_name(done.moved)
        if not name:
            return Sentence.of(wording.text("{number} is moved", number=number))
        full = wording.text("{number} is now {name}'s", number=number, name=name)
        return Sentence.of(full, wording.text("Moved to {name}", name=name))
    full = wording.text("Undone. Give back {money}", money=wording.figures.money(done.sale.paid))
    return Sentence.of(full, wording.text("Undone"))


def _looking(view: UndoView, wording: Wording) -> UndoWords:
    title = wording.text("Move this sale?") if view.moving else wording.text("Undo this sale?")
    return UndoWords(
        title=Sentence.of(title),
        about=Sentence.of(wording.text("Looking…")),
        lines=(),
        notes=(),
        keep=_keep(wording),
        primary=None,
    )


def _sale(view: UndoView, found: Undoable, wording: Wording, now: datetime) -> UndoWords:
    figures, plan = wording.figures, found.plan(view.balance)
    lines = _points_of(view, found, wording) if found.moves else ()
    back = wording.text("Give the {money} back at your till as well.", money=figures.money(found.sale.paid))
    notes = [*_warnings(view, found, wording), Row("", Sentence.of(back))]
    if not found.moves:
        alone = wording.text("No {points} hang on it.", points=wording.points_name)
        notes.insert(0, Row("", Sentence.of(alone)))
    if plan.shortfall:
        notes.insert(
            0,
            Row(
                "",
                Sentence.of(
                    wording.text(
                        "{points} are spent already and stay spent.", points=wording.points(plan.shortfall)
                    )
                ),
                Tone.WAIT,
            ),
        )
    return UndoWords(
        title=Sentence.of(wording.text("Undo this sale?")),
        about=_about(found.sale, wording, now),
        lines=lines,
        notes=tuple(notes),
        keep=_keep(wording, found),
        primary=_while(view, wording, Sentence.of(wording.text("Undo the sale"), wording.text("Undo"))),
        danger=True,
        other=Sentence.of(wording.text("It was another member's"), wording.text("Another member's"))
        if view.can_move
        else None,
    )


def _whom(view: UndoView, found: Undoable, wording: Wording, now: datetime) -> UndoWords:
    notes = list(_warnings(view, found, wording))
    if view.problem is not None:
        notes.append(Row("", Sentence.of(_problem(view.problem, wording)), Tone.STOP))
    elif view.not_a_code:
        words = wording.text("This is no code, phone or member number.")
        notes.append(Row("", Sentence.of(words), Tone.STOP))
    elif not notes:
        name = _first_name(found.sale)
        words = wording.text("Nothing is changed yet.")
        if name:
            words = wording.text("Nothing is changed yet: it is {name}'s.", name=name)
        notes.append(Row("", Sentence.of(words)))
    return UndoWords(
        title=Sentence.of(wording.text("Whose sale was it?")),
        about=_about(found.sale, wording, now),
        lines=(),
        notes=tuple(notes),
        keep=_keep(wording, found),
        primary=_while(view, wording, Sentence.of(wording.text("Find member"))),
        field=Sentence.of(wording.text("Scan, or type phone or number"), wording.text("Scan or type")),
        typed=view.entry,
    )


def _move(view: UndoView, move: Movable, wording: Wording, now: datetime) -> UndoWords:
    figures, found = wording.figures, move.undone
    name = name_in_sentence(move.member.first_name if move.member else "") or plain(move.seen_as)
    first = _first_name(found.sale) or wording.text("the first member")
    earns = figures.signed_points(move.quote.earns)
    label = wording.text("{name} earns", name=name) if name else wording.text("The other member earns")
    lines = [
        *_points_of(view, found, wording, of=first),
        UndoLine(Sentence.of(label), earns, Tone.GOOD if move.quote.earns else Tone.PLAIN),
    ]
    notes = list(_warnings(view, found, wording))
    primary = Sentence.of(wording.text("Move the sale"), wording.text("Move"))
    if move.dropped:
        more = figures.money(move.quote.to_pay - found.sale.paid)
        off = figures.money(found.sale.discount)
        lines.append(UndoLine(Sentence.of(wording.text("To take from the customer")), more, Tone.STOP))
        words = wording.text(
            "The {off} off was {first}'s and falls away. Take {more} more at your till.",
            first=first,
            off=off,
            more=more,
        )
        if found.sale.points_used:
            words = wording.text(
                "{first}'s {points} paid the {off} off: it falls away. Take {more} more at your till.",
                first=first,
                points=wording.points_name,
                off=off,
                more=more,
            )
        notes.append(Row("", Sentence.of(words), Tone.WAIT))
        primary = Sentence.of(
            wording.text("Move without {off} off", off=off), wording.text("Move without it")
        )
    if not move.rules_kept:
        notes.append(Row("", Sentence.of(wording.text("Its rules are not known here: those of now apply."))))
    if move.member is None:
        words = wording.text("Not looked up: they are named when it is posted.")
        notes.append(Row("", Sentence.of(words), Tone.WAIT))
    title = wording.text("Move this sale to {name}?", name=name) if name else wording.text("Move this sale?")
    return UndoWords(
        title=Sentence.of(title, wording.text("Move this sale?")),
        about=_about(found.sale, wording, now),
        lines=tuple(lines),
        notes=tuple(notes),
        keep=Sentence.of(wording.text("Back")),
        primary=_while(view, wording, primary),
        danger=move.dropped,
    )


def _points_of(view: UndoView, found: Undoable, wording: Wording, *, of: str = "") -> tuple[UndoLine, ...]:
    figures, plan, points = wording.figures, found.plan(view.balance), wording.points_capital
    given = wording.text("{Points} given back", Points=points)
    taken = wording.text("{Points} taken back", Points=points)
    after = wording.text("Balance after")
    if of:
        given = wording.text("{Points} given back to {name}", Points=points, name=of)
        taken = wording.text("{Points} taken back from {name}", Points=points, name=of)
    minus = figures.signed_points(-plan.taken_back)
    about = wording.text("about {points}", points=minus) if found.found.about and plan.taken_back else minus
    lines = [
        UndoLine(
            Sentence.of(given, wording.text("{Points} given back", Points=points)),
            figures.signed_points(plan.restored),
            Tone.GOOD if plan.restored else Tone.PLAIN,
        ),
        UndoLine(
            Sentence.of(taken, wording.text("{Points} taken back", Points=points)),
            about,
            Tone.STOP if plan.taken_back else Tone.PLAIN,
        ),
    ]
    if not of:
        lines.append(UndoLine(Sentence.of(after), _balance(view, found, wording)))
    return tuple(lines)


def _balance(view: UndoView, found: Undoable, wording: Wording) -> str:
    if view.balance is None or found.found.about:
        return _UNKNOWN
    return wording.figures.points(view.balance + found.plan(view.balance).balance_change)


def _warnings(view: UndoView, found: Undoable, wording: Wording) -> list[Row]:
    """Return what must be read before Enter, the most urgent first."""
    rows = []
    if view.trouble:
        rows.append(Row("", Sentence.of(plain(view.trouble)), Tone.STOP))
    if view.stray:
        rows.append(Row("", Sentence.of(wording.text("Scan not used: answer this first")), Tone.WAIT))
    if found.found.untold is not None:
        words = untold_note(found.found.untold, wording)
        if found.found.untold.effect.reason is ReturnReason.MOVED:
            words = wording.text("It was being moved to another member when the till stopped.")
        rows.append(Row("", Sentence.of(words), Tone.WAIT))
    if view.changed:
        rows.append(Row("", Sentence.of(wording.text("The figures have changed. Look again.")), Tone.WAIT))
    if found.used and view.step is not UndoStep.WHOM:
        words = wording.text(
            "The loyalty system cannot give the {points} used back.", points=wording.points(found.used)
        )
        rows.append(Row("", Sentence.of(words), Tone.WAIT))
    if found.voucher_free is not None and view.step is not UndoStep.WHOM:
        rows.append(_voucher(wording, free=found.voucher_free))
    if found.moves and not found.found.posted and view.step is UndoStep.SALE:
        words = wording.text("It is still to be posted. Undoing follows it by itself.")
        rows.append(Row("", Sentence.of(words), Tone.WAIT))
    return rows


def _voucher(wording: Wording, *, free: bool) -> Row:
    if free:
        return Row("", Sentence.of(wording.text("Its voucher may be used again.")))
    words = wording.text("Its voucher stays used: the loyalty system cannot give it back.")
    return Row("", Sentence.of(words), Tone.WAIT)


def _cannot(view: UndoView, wording: Wording, now: datetime) -> UndoWords:
    about = Sentence.of("")
    if view.trouble:
        title, words = wording.text("This did not work"), plain(view.trouble)
    else:
        match view.cannot:
            case NotUndoable(sale) as why:
                title, about = wording.text("This sale stays"), _about(sale, wording, now)
                if why.why is WhyNotVoid.UNDONE:
                    title = wording.text("Undone already")
                words = _why_not(why, wording, now)
            case LastAct() as act:
                title, words = _last_act(act, wording)
            case NothingSold() | None:
                title = wording.text("Nothing to undo")
                words = wording.text("Nothing was sold at this till yet.")
            case _:
                assert_never(view.cannot)
    return UndoWords(
        title=Sentence.of(title),
        about=about,
        lines=(),
        notes=(Row("", Sentence.of(words)),),
        keep=Sentence.of(wording.text("Close")),
        primary=None,
    )


def _why_not(why: NotUndoable, wording: Wording, now: datetime) -> str:
    match why.why:
        case WhyNotVoid.OTHER_DAY:
            return wording.text("It was made on another day. It is a return now: F4.")
        case WhyNotVoid.DAY_CLOSED:
            return wording.text("The day was closed since. It is a return now: F4.")
        case WhyNotVoid.OTHER_TILL:
            return wording.text("It was made at another till. It is a return here: F4.")
        case WhyNotVoid.RETURNED:
            return wording.text("Some of it came back. The rest is a return now: F4.")
        case WhyNotVoid.UNDONE if why.at is not None:
            time = wording.figures.moment(why.at, now)
            return wording.text("It was undone at {time}. Nothing more is to be done.", time=time)
        case WhyNotVoid.UNDONE:
            return wording.text("Nothing more is to be done.")
        case WhyNotVoid.NOT_COMMITTED:
            return wording.text("It was never finished: there is nothing to undo.")
        case WhyNotVoid.WHOSE:
            return wording.text(
                "Only the loyalty system knows whose sale this is. Have its {points} put right there.",
                points=wording.points_name,
            )
        case WhyNotVoid.OTHER_SYSTEM:
            return wording.text(
                "It was sold with another loyalty system. Have its {points} put right there.",
                points=wording.points_name,
            )
    assert_never(why.why)


def _last_act(act: LastAct, wording: Wording) -> tuple[str, str]:
    match act.kind:
        case ActDone.RETURNED:
            words = wording.text(
                "Goods that came back cannot be sold again by one key. Ring them up as a sale."
            )
            return wording.text("A return stays"), words
        case ActDone.ENROLLED:
            name = name_in_sentence(act.name)
            words = wording.text(
                "What they agreed to is kept. Only the loyalty system takes members out again, or puts a "
                "name right: tell whoever runs it."
            )
            title = (
                wording.text("{name} stays a member", name=name) if name else wording.text("The member stays")
            )
            return title, words
    assert_never(act.kind)


def _problem(problem: NotMovable, wording: Wording) -> str:
    name = name_in_sentence(problem.name)
    match problem.why:
        case NotForThem.NOBODY:
            return wording.text("Nobody is known by this. Nothing is changed.")
        case NotForThem.SEVERAL:
            return wording.text(
                "More than one member has this phone. Scan the card or type the member number."
            )
        case NotForThem.CODE_RAN_OUT:
            return wording.text("This code ran out or was used. Ask the customer to open the card again.")
        case NotForThem.SAME if name:
            return wording.text("It is {name}'s sale already.", name=name)
        case NotForThem.SAME:
            return wording.text("It is their sale already.")
        case NotForThem.BLOCKED if name:
            return wording.text("{name} is blocked. Nothing is changed.", name=name)
        case NotForThem.BLOCKED:
            return wording.text("This member is blocked. Nothing is changed.")
    assert_never(problem.why)


def _first_name(sale: Sale) -> str:
    return name_in_sentence(sale.display_name.split(maxsplit=1)[0]) if sale.display_name.strip() else ""


def _about(sale: Sale, wording: Wording, now: datetime) -> Sentence:
    money, time = wording.figures.money(sale.paid), wording.figures.moment(sale.at, now)
    name = plain(sale.display_name)
    parts = [money, name, time] if name else [money, time]
    return Sentence.of(wording.joined(parts), wording.joined([money, time]))


def _while(view: UndoView, wording: Wording, label: Sentence) -> Sentence:
    return Sentence.of(wording.text("Saving…")) if view.busy and view.step is not UndoStep.WHOM else label


def _keep(wording: Wording, found: Undoable | None = None) -> Sentence:
    if found is not None and found.found.untold is not None:
        # It may be undone already where it counts.
        return Sentence.of(wording.text("Later"))
    return Sentence.of(wording.text("Keep it"))
