"""Between the contract's messages and the till's values."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from cashier_app.backends.contract_messages import (
    AccountAnswer,
    BookedAnswer,
    FoundAnswer,
    MemberAnswer,
    MoneyAnswer,
    MovementsAnswer,
    OfferAnswer,
    ProblemAnswer,
    RewardUseAnswer,
    TierAnswer,
    UsageAnswer,
    UsedAnswer,
    VoucherMessage,
)
from cashier_app.documents.problems import MISSING, ProgramError
from cashier_app.documents.program_document import program_value, read_program_value
from cashier_app.domain.ledger import LedgerLine, LedgerRead
from cashier_app.domain.member import (
    Account,
    Lapse,
    Lot,
    Member,
    RewardUse,
    TierStanding,
    Usage,
    Used,
)
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import Booked, MemberFound
from cashier_app.domain.personal_offer import OfferKind, PersonalOffer
from cashier_app.domain.phone import mask_phone
from cashier_app.domain.points import PointName
from cashier_app.domain.program import Program
from cashier_app.domain.sale import Effect, EffectKind, ReturnReason
from cashier_app.domain.vouchers import VoucherOffer, VoucherRefused, WhyNoVoucher

MAX_NAME = 200
_WHY_NO_VOUCHER = {
    "no_such_voucher": WhyNoVoucher.UNKNOWN,
    "voucher_used": WhyNoVoucher.USED,
    "voucher_expired": WhyNoVoucher.EXPIRED,
    "voucher_not_yet": WhyNoVoucher.NOT_YET,
    "voucher_of_other_member": WhyNoVoucher.OTHER_MEMBER,
    "voucher_bill_too_small": WhyNoVoucher.BILL_TOO_SMALL,
    "voucher_not_combinable": WhyNoVoucher.NOT_COMBINABLE,
    "not_allowed": WhyNoVoucher.NOT_ALLOWED,
}
_JOINER = "\u200d"


class WrongCurrencyError(ValueError):
    """An amount is not of the program's currency."""


def program_of(value: object) -> Program:
    """Return the program a document describes, its names without invisible marks.

    Raises:
        ProgramError: Naming the first part that cannot be applied, what stands there and what was expected.
    """
    program = read_program_value(value)
    if not program.version:
        raise ProgramError("version", MISSING, "a name for these rules, which every sale carries")
    names = program.point_name
    return replace(
        program,
        name=plain_name(program.name),
        point_name=PointName(plain_name(names.singular), plain_name(names.plural)),
        rewards=tuple(
            replace(reward, name=plain_name(reward.name) or reward.reward_id) for reward in program.rewards
        ),
    )


def found_of(answer: FoundAnswer, currency: Currency) -> MemberFound:
    """Return a member with their account.

    Raises:
        WrongCurrencyError: An amount is not of this currency.
    """
    return MemberFound(_member_of(answer.member), account_of(answer.account, currency))


def account_of(answer: AccountAnswer, currency: Currency) -> Account:
    """Return an account.

    Raises:
        WrongCurrencyError: An amount is not of this currency.
    """
    return Account(
        balance=Decimal(answer.balance),
        as_of=answer.as_of.astimezone(UTC),
        tier=None if answer.tier is None else _tier_of(answer.tier, currency),
        lapses=None if answer.lapses is None else Lapse(Decimal(answer.lapses.points), answer.lapses.on),
        store_credit=_money_or_none(answer.store_credit, currency),
        version=answer.version,
        gift_balance=_money_or_none(answer.gift_balance, currency),
        lots=tuple(Lot(Decimal(lot.points), lot.last_day, lot.first_day) for lot in answer.lots),
        usage=_usage_of(answer.usage, currency),
        reward_uses=_uses_of(answer.reward_uses),
        rule_uses=_uses_of(answer.rule_uses),
        tags=answer.tags,
        offers=tuple(_offer_of(one) for one in answer.offers),
    )


def booked_of(answer: BookedAnswer) -> Booked:
    """Return what the backend wrote."""
    return Booked(
        reference=answer.reference,
        balance=None if answer.balance is None else Decimal(answer.balance),
        points=None if answer.points is None else Decimal(answer.points),
        expires_at=None if answer.expires_at is None else answer.expires_at.astimezone(UTC),
        member_id=answer.member_id or "",
    )


def ledger_of(answer: MovementsAnswer, currency: Currency) -> LedgerRead:
    """Return what the backend's books hold for a sale.

    Raises:
        WrongCurrencyError: An amount is not of the program's currency.
    """
    return LedgerRead(
        tuple(
            LedgerLine(one.key, one.kind, Decimal(one.points), _money_or_none(one.paid, currency))
            for one in answer.movements
        )
    )


def effect_request(effect: Effect) -> tuple[str, bytes]:
    """Return the path and the JSON text that make an effect take hold."""
    common: dict[str, object] = {"sale_id": effect.sale_id, "at": effect.at}
    points = format(effect.points, "f")
    reward = {"reward_id": effect.reward_id} if effect.reward_id else {}
    reward |= {"voucher": effect.voucher} if effect.voucher else {}
    if effect.member_id:
        common["member_id"] = effect.member_id
    match effect.kind:
        case EffectKind.RESERVE:
            amounts = _amounts(effect, "bill", "discount")
            more = {"points": points, "program_version": effect.program_version}
            return "/v1/reservations", _encoded(common, amounts, more, reward)
        case EffectKind.CAPTURE | EffectKind.RELEASE:
            path = f"/v1/reservations/{effect.reservation}/{effect.kind.value}"
            return path, _encoded(common, {"points": points})
        case EffectKind.SALE:
            amounts = _amounts(effect, "bill", "discount", "paid")
            # A member met offline only: nobody knew the tier, the backend works out what the sale earns.
            told = {"points": points} if effect.member_id else _named(effect)
            more = {"program_version": effect.program_version}
            return "/v1/sales", _encoded(common, amounts, more, told, reward)
        case EffectKind.REFUND:
            amounts = _amounts(effect, "bill", "discount", "paid")
            why = {} if effect.reason is ReturnReason.RETURN else {"reason": effect.reason.value}
            return "/v1/refunds", _encoded(common, amounts, {"original_key": effect.original_key}, why)
        case _:
            raise ValueError(f"the contract has no {effect.kind.value}")


def link_request(effect: Effect) -> bytes:
    """Return the JSON text that gives a sale to a member."""
    named = {"member_id": effect.member_id} if effect.member_id else _named(effect)
    return _encoded({"sale_id": effect.sale_id, "at": effect.at}, named)


def voucher_of(answer: VoucherMessage, program: Program) -> VoucherOffer:
    """Return what a voucher gives, by the rules of the program it is to be used beside.

    Raises:
        ProgramError: It gives something that is no reward, costs points, or is named as one of the program's.
    """
    value = program_value(replace(program, rewards=()))
    reward = read_program_value({**value, "rewards": [answer.reward]}).rewards[0]
    if reward.cost or any(reward.reward_id == one.reward_id for one in program.rewards):
        raise ProgramError("reward", answer.reward.get("reward_id"), "a reward of its own, for no points")
    named = replace(reward, name=plain_name(reward.name) or reward.reward_id)
    return VoucherOffer(answer.code, named, answer.until, answer.with_points)


def voucher_refused(problem: ProblemAnswer, currency: Currency) -> VoucherRefused | None:
    """Return why a voucher gives nothing; None for a code that says nothing of vouchers.

    Raises:
        WrongCurrencyError: The smallest bill is not of this currency.
    """
    because = _WHY_NO_VOUCHER.get(problem.code)
    if because is None:
        return None
    minimum = _money_or_none(problem.minimum, currency)
    return VoucherRefused(because, problem.on, minimum, plain_name(problem.detail))


def plain_name(name: str) -> str:
    """Return a name as plain text: no control, direction or other invisible marks, at most 200 characters.

    Scripts need two of the invisible ones inside a word (joiner and non-joiner); those stay.
    """
    kept = (
        character
        for character in name
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        or character in {_JOINER, "\u200c"}
    )
    return "".join(kept)[:MAX_NAME].strip()


def _member_of(answer: MemberAnswer) -> Member:
    return Member(
        member_id=answer.member_id,
        name=plain_name(answer.name),
        masked_phone=mask_phone(answer.phone) if answer.phone else "",
        number=answer.number or "",
        blocked_since=answer.blocked_since,
        last_visit=answer.last_visit,
    )


def _offer_of(offer: OfferAnswer) -> PersonalOffer:
    kind = OfferKind(offer.kind.replace("_", " "))
    return PersonalOffer(kind, plain_name(offer.title), offer.until, offer.voucher or "")


def _named(effect: Effect) -> dict[str, str]:
    """Return how a member is named who was never seen; nothing for a sale of nobody's."""
    return {"identified_by": effect.identified_by} if effect.identified_by else {}


def _tier_of(tier: TierAnswer, currency: Currency) -> TierStanding:
    return TierStanding(
        name=plain_name(tier.name),
        rank=min(tier.rank, tier.of),
        of=tier.of,
        next_name=plain_name(tier.next_name),
        missing=_money_or_none(tier.missing, currency),
        progress=tier.progress,
        missing_points=None if tier.missing_points is None else Decimal(tier.missing_points),
        missing_visits=tier.missing_visits,
    )


def _usage_of(usage: UsageAnswer, currency: Currency) -> Usage:
    return Usage(
        day=_used_of(usage.day, currency),
        week=_used_of(usage.week, currency),
        month=_used_of(usage.month, currency),
        year=_used_of(usage.year, currency),
        ever=_used_of(usage.ever, currency),
    )


def _uses_of(uses: Mapping[str, RewardUseAnswer]) -> dict[str, RewardUse]:
    return {name: RewardUse(use.day, use.ever) for name, use in uses.items()}


def _used_of(used: UsedAnswer, currency: Currency) -> Used:
    discount = 0 if used.discount is None else _money(used.discount, currency).minor
    return Used(Decimal(used.points), discount, used.uses, Decimal(used.earned))


def _encoded(*parts: Mapping[str, object]) -> bytes:
    return msgspec.json.encode({name: value for part in parts for name, value in part.items()})


def _amounts(effect: Effect, *names: str) -> dict[str, object]:
    amounts: dict[str, Money] = {name: getattr(effect, name) for name in names}
    return {name: {"minor": money.minor, "currency": money.currency.code} for name, money in amounts.items()}


def _money(answer: MoneyAnswer, currency: Currency) -> Money:
    if answer.currency != currency.code:
        raise WrongCurrencyError
    return Money(answer.minor, currency)


def _money_or_none(answer: MoneyAnswer | None, currency: Currency) -> Money | None:
    return None if answer is None else _money(answer, currency)
