"""Between the contract's messages and the till's values."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC
from decimal import Decimal

import msgspec

from cashier_app.backends.contract_messages import (
    AccountAnswer,
    BookedAnswer,
    FoundAnswer,
    MemberAnswer,
    MoneyAnswer,
    ProgramDocument,
)
from cashier_app.domain.member import Account, Lapse, Member, TierStanding
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import Booked, MemberFound
from cashier_app.domain.phone import mask_phone
from cashier_app.domain.points import PointName
from cashier_app.domain.program import (
    Cap,
    Conversion,
    Earning,
    Program,
    Redemption,
    Reward,
    check_program,
)
from cashier_app.domain.sale import Effect, EffectKind

MAX_NAME = 200
_JOINER = "\u200d"


class WrongCurrencyError(ValueError):
    """An amount is not of the program's currency."""


def program_of(document: ProgramDocument) -> Program:
    """Return the program a document describes.

    Raises:
        ProgramError: A figure makes no sense.
    """
    earning, redemption = document.earning, document.redemption
    conversion = redemption.conversion
    return check_program(
        Program(
            name=plain_name(document.name),
            version=document.version,
            currency=Currency(document.currency.code, document.currency.decimals),
            point_name=PointName(
                plain_name(document.point_name.singular), plain_name(document.point_name.plural)
            ),
            point_scale=document.point_scale,
            earning=Earning(
                points=Decimal(earning.points),
                per=earning.per,
                minimum_bill=earning.minimum_bill,
                tier_multipliers={tier: Decimal(text) for tier, text in earning.tier_multipliers.items()},
            ),
            redemption=Redemption(
                conversion=Conversion(Decimal(conversion.points), conversion.value, conversion.whole_blocks),
                start_points=Decimal(redemption.start_points),
                minimum_bill=redemption.minimum_bill,
                caps=tuple(Cap(cap.from_bill, cap.maximum) for cap in redemption.caps),
                maximum_percent=redemption.maximum_percent,
                minimum_to_pay=redemption.minimum_to_pay,
            ),
            rewards=tuple(
                Reward(
                    reward_id=reward.reward_id,
                    name=plain_name(reward.name),
                    kind=reward.kind,
                    cost=Decimal(reward.cost),
                    value=reward.value,
                    maximum=reward.maximum,
                    minimum_bill=reward.minimum_bill,
                )
                for reward in document.rewards
            ),
        )
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
    tier = answer.tier
    return Account(
        balance=Decimal(answer.balance),
        as_of=answer.as_of.astimezone(UTC),
        tier=None
        if tier is None
        else TierStanding(
            name=plain_name(tier.name),
            rank=min(tier.rank, tier.of),
            of=tier.of,
            next_name=plain_name(tier.next_name),
            missing=None if tier.missing is None else _money(tier.missing, currency),
            progress=tier.progress,
        ),
        lapses=None if answer.lapses is None else Lapse(Decimal(answer.lapses.points), answer.lapses.on),
        store_credit=None if answer.store_credit is None else _money(answer.store_credit, currency),
        version=answer.version,
    )


def booked_of(answer: BookedAnswer) -> Booked:
    """Return what the backend wrote."""
    return Booked(
        reference=answer.reference,
        balance=None if answer.balance is None else Decimal(answer.balance),
        points=None if answer.points is None else Decimal(answer.points),
        expires_at=None if answer.expires_at is None else answer.expires_at.astimezone(UTC),
    )


def effect_request(effect: Effect) -> tuple[str, bytes]:
    """Return the path and the JSON text that make an effect take hold."""
    common: dict[str, object] = {"sale_id": effect.sale_id, "at": effect.at}
    points = format(effect.points, "f")
    reward = {"reward_id": effect.reward_id} if effect.reward_id else {}
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
            told = {"points": points} if effect.member_id else {"identified_by": effect.identified_by}
            more = {"program_version": effect.program_version}
            return "/v1/sales", _encoded(common, amounts, more, told, reward)
        case EffectKind.REFUND:
            amounts = _amounts(effect, "bill", "discount", "paid")
            return "/v1/refunds", _encoded(common, amounts, {"original_key": effect.original_key})


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


def _encoded(*parts: Mapping[str, object]) -> bytes:
    return msgspec.json.encode({name: value for part in parts for name, value in part.items()})


def _amounts(effect: Effect, *names: str) -> dict[str, object]:
    amounts: dict[str, Money] = {name: getattr(effect, name) for name in names}
    return {name: {"minor": money.minor, "currency": money.currency.code} for name, money in amounts.items()}


def _money(answer: MoneyAnswer, currency: Currency) -> Money:
    if answer.currency != currency.code:
        raise WrongCurrencyError
    return Money(answer.minor, currency)
