"""A loyalty system in words: what it can and cannot do here, and what came of trying it out."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from cashier_app.domain.enrolment import Enrolling, EnrolmentField
from cashier_app.domain.member import Way
from cashier_app.domain.probe import Found, Probed, Right, RightProbed
from cashier_app.ports.capabilities import Capabilities, Idempotency, Quoting
from cashier_app.wording.backends_around import around_rows
from cashier_app.wording.sentences import Row, Sentence, Tone, plain
from cashier_app.wording.speech import Wording

MOST_SKEW = timedelta(seconds=120)


class Here(Struct, frozen=True):
    """The shop a loyalty system is compared with: ISO letters of its currency, name of its time zone."""

    currency: str
    zone: str


def capability_rows(can: Capabilities, wording: Wording) -> tuple[Row, ...]:
    """Return what a loyalty system can do here, then what it cannot and what the till does instead."""
    rows = (
        _finding(can, wording),
        _earning(can, wording),
        _offering(can, wording),
        _amounts(can, wording),
        _holding(can, wording),
        _repeating(can, wording),
        *_returning(can, wording),
        _joining(can.enrolling, wording),
        _either(
            can.adjusts,
            wording.text("Balances can be corrected."),
            wording.text("Balances cannot be corrected."),
        ),
        _either(
            can.tiers,
            wording.text("Tiers are shown."),
            wording.text("It has no tiers, or does not tell them: none are shown."),
        ),
        _either(
            can.store_credit,
            wording.text("Store credit is shown."),
            wording.text("No store credit is shown."),
        ),
        _either(
            can.reads_ledger,
            wording.text("Its books can be compared with the till's, sale by sale."),
            wording.text("Its books cannot be compared with the till's."),
        ),
        *around_rows(can, wording),
    )
    return tuple(sorted(rows, key=lambda row: row.tone is not Tone.GOOD))


def works_rows(probed: Probed, here: Here, wording: Wording) -> tuple[Row, ...]:
    """Return what came of trying a loyalty system out: each right, its program, clock, currency and zone."""
    rows = [_right(right, wording) for right in probed.rights]
    if probed.program_name:
        said = wording.text("Its program is called “{name}”.", name=plain(probed.program_name))
        rows.append(Row("check-circle", Sentence.of(said), Tone.GOOD))
    rows += [row for row in (_currency(probed, here, wording), _clock(probed, wording)) if row]
    if probed.time_zone and probed.time_zone != here.zone:
        said = wording.text(
            "Its days begin by {theirs}, the shop's by {ours}.",
            theirs=plain(probed.time_zone),
            ours=here.zone,
        )
        rows.append(Row("info", Sentence.of(said), Tone.WAIT))
    rows += [Row("info", Sentence.of(plain(remark)), Tone.WAIT) for remark in probed.remarks]
    return tuple(rows)


def may_be_kept(probed: Probed, here: Here) -> bool:
    """Say whether everything works and amounts would be in the shop's own currency."""
    return probed.works and probed.currency in {"", here.currency}


def result_sentence(probed: Probed, here: Here, wording: Wording) -> Row:
    """Return what trying out came to, in one line."""
    if not probed.works:
        said = wording.text("Not everything works yet. See what is marked.")
        return Row("warning", Sentence.of(said), Tone.STOP)
    if not may_be_kept(probed, here):
        said = wording.text("It reckons in another currency than this shop.")
        return Row("warning", Sentence.of(said), Tone.STOP)
    return Row("check-circle", Sentence.of(wording.text("Everything works.")), Tone.GOOD)


def _right(probed: RightProbed, wording: Wording) -> Row:
    names = {
        Right.PROGRAM: wording.text("Read the program"),
        Right.FIND: wording.text("Find members"),
        Right.ACCOUNT: wording.text("Read balances"),
        Right.REWARDS: wording.text("Read rewards"),
        Right.LEDGER: wording.text("Read its books"),
        Right.SALES: wording.text("Read sales"),
        Right.LOCATION: wording.text("Read the shop's place"),
    }
    said = {
        Found.WORKS: wording.text("works"),
        Found.REFUSED: wording.text("refused: these credentials do not allow it"),
        Found.NOT_THERE: wording.text("not there: check the address and the settings"),
        Found.STRANGE: wording.text("an answer of another kind: is this the right address?"),
        Found.UNFIT: wording.text("does not fit this shop"),
        Found.UNREACHABLE: wording.text("no answer"),
    }
    full = wording.text("{right}: {result}", right=names[probed.right], result=said[probed.found])
    if probed.found is Found.WORKS:
        return Row("check-circle", Sentence.of(full), Tone.GOOD)
    detail = plain(probed.detail)
    longer = wording.text("{sentence} ({detail})", sentence=full, detail=detail) if detail else full
    return Row("prohibit", Sentence.of(longer, full), Tone.STOP)


def _currency(probed: Probed, here: Here, wording: Wording) -> Row | None:
    if not probed.currency:
        return None
    if probed.currency == here.currency:
        said = wording.text("Currency: {currency}, as in this shop", currency=here.currency)
        return Row("check-circle", Sentence.of(said), Tone.GOOD)
    said = wording.text(
        "It reckons in {theirs}, this shop in {ours}: amounts would be wrong.",
        theirs=plain(probed.currency),
        ours=here.currency,
    )
    return Row("prohibit", Sentence.of(said), Tone.STOP)


def _clock(probed: Probed, wording: Wording) -> Row | None:
    ahead = probed.clock_ahead
    if ahead is None:
        return None
    if abs(ahead) <= MOST_SKEW:
        return Row("check-circle", Sentence.of(wording.text("Clocks agree")), Tone.GOOD)
    minutes = wording.figures.count(round(abs(ahead) / timedelta(minutes=1)))
    if ahead > timedelta(0):
        said = wording.text("This computer's clock is {minutes} min behind. Set it right.", minutes=minutes)
    else:
        said = wording.text("This computer's clock is {minutes} min fast. Set it right.", minutes=minutes)
    return Row("clock", Sentence.of(said), Tone.WAIT)


def _finding(can: Capabilities, wording: Wording) -> Row:
    names = {
        Way.WALLET_CODE: wording.text("wallet code"),
        Way.PHONE: wording.text("phone"),
        Way.MEMBER_NUMBER: wording.text("member number"),
    }
    ways = wording.joined(names[way] for way in names if way in can.finds_by)
    return _good(wording.text("Members are found by: {ways}", ways=ways))


def _earning(can: Capabilities, wording: Wording) -> Row:
    if not can.earns:
        return _not(wording.text("Sales earn nothing through this till."))
    if can.earns_later:
        return _good(wording.text("Sales earn points; they are booked a little later."))
    return _good(wording.text("Sales earn points at once."))


def _offering(can: Capabilities, wording: Wording) -> Row:
    if can.quoting is Quoting.VENDOR:
        return _good(wording.text("It says for each bill what may be redeemed; the till asks at Enter."))
    return _good(wording.text("The till works out what may be redeemed, also before it is asked."))


def _amounts(can: Capabilities, wording: Wording) -> Row:
    if can.variable_amounts:
        return _good(wording.text("Less than the most may be redeemed."))
    return _not(wording.text("Only what it offers may be redeemed, no amount in between."))


def _holding(can: Capabilities, wording: Wording) -> Row:
    if not can.holds_points:
        return _not(
            wording.text("Points cannot be held: the balance is read again just before the customer pays.")
        )
    if can.hold is None:
        return _good(wording.text("Points are held until they are used or given back."))
    minutes = wording.figures.count(round(can.hold / timedelta(minutes=1)))
    return _good(wording.text("Points are held for {minutes} min while the customer pays.", minutes=minutes))


def _repeating(can: Capabilities, wording: Wording) -> Row:
    if can.idempotency is not Idempotency.READ_BACK:
        return _good(wording.text("What is sent twice is booked once."))
    if can.search_lag is None:
        return _not(wording.text("What is in doubt cannot be looked up there: a person decides."))
    return _not(wording.text("It does not notice what is sent twice: the till looks it up first."))


def _returning(can: Capabilities, wording: Wording) -> tuple[Row, ...]:
    return (
        _either(
            can.partial_refund,
            wording.text("A part of a sale can come back."),
            wording.text("Only a whole sale can come back."),
        ),
        _either(
            can.restores_points,
            wording.text("Points used on what comes back are given back."),
            wording.text("Points used are not given back with a return."),
        ),
        _either(
            can.negative_balance,
            wording.text("Points a return takes may leave a balance below zero."),
            wording.text("A return never takes a balance below zero; what is missing is noted."),
        ),
    )


def _joining(enrolling: Enrolling | None, wording: Wording) -> Row:
    if enrolling is None:
        return _not(wording.text("Nobody can join at this till."))
    names = {
        EnrolmentField.PHONE: wording.text("phone"),
        EnrolmentField.NAME: wording.text("name"),
        EnrolmentField.EMAIL: wording.text("e-mail"),
        EnrolmentField.NUMBER: wording.text("member number"),
        EnrolmentField.BIRTHDAY: wording.text("birthday"),
        EnrolmentField.CONSENT_TO_TERMS: wording.text("consent to its terms"),
        EnrolmentField.CONSENT_TO_MARKETING: wording.text("consent to marketing"),
        EnrolmentField.REFERRAL: wording.text("the code of who sent them"),
    }
    wanted = wording.joined(names[field] for field in enrolling.mandatory)
    one_of = wording.text(" or ").join(names[field] for field in enrolling.one_of)
    return _good(
        wording.text("Customers can join here. Wanted: {fields}", fields=wording.joined((wanted, one_of)))
    )


def _either(can: bool, yes: str, no: str) -> Row:  # noqa: FBT001 - a capability
    return _good(yes) if can else _not(no)


def _good(said: str) -> Row:
    return Row("check-circle", Sentence.of(said), Tone.GOOD)


def _not(said: str) -> Row:
    return Row("minus-circle", Sentence.of(said), Tone.MUTED)
