"""One question for a PIN after another: pure steps, which the desk puts on show."""

from __future__ import annotations

import logging

from msgspec.structs import replace

from cashier_app.domain.pin import least_digits
from cashier_app.domain.staff import StaffMember
from cashier_app.errors import KnownError
from cashier_app.services.approval import ApprovalAsked
from cashier_app.services.desk_view import PinPrompt, Question, Trouble
from cashier_app.services.sign_in import BadgeAnswer, MayNot, NeedsPin, TooOften, TooSoon

logger = logging.getLogger(__name__)

BUG_SENTENCE = "Something went wrong here. Nothing was lost. Try again."


def approval_prompt(
    asked: ApprovalAsked,
    able: tuple[StaffMember, ...],
    on_duty: StaffMember | None,
    usual: int,
    *,
    by_badge: bool,
) -> PinPrompt:
    """Return the question for an approval; whoever is on duty is chosen where they may, or the only one.

    Args:
        asked: What is to be allowed.
        able: Who may allow it, not empty.
        on_duty: Who is at the till.
        usual: How many digits the shop asks of a PIN.
        by_badge: Whether a badge chooses somebody as well.
    """
    chosen = on_duty if on_duty in able else able[0] if len(able) == 1 else None
    prompt = PinPrompt(
        Question.APPROVAL,
        able,
        least=usual,
        by_badge=by_badge,
        can_cancel=True,
        asked=asked,
        reason=asked.reasons[0] if len(asked.reasons) == 1 else None,
    )
    return prompt if chosen is None else with_chosen(prompt, chosen, usual)


def with_chosen(prompt: PinPrompt, chosen: StaffMember, usual: int) -> PinPrompt:
    """Return the question to one person; what was typed for another is gone."""
    least = least_digits(chosen.role, usual)
    return replace(prompt, chosen=chosen, typed=0, least=least, trouble=None)


def refused(prompt: PinPrompt, answer: BadgeAnswer) -> PinPrompt:
    """Return the question again, with why the last try led to nothing."""
    match answer:
        case TooSoon(seconds):
            return replace(prompt, trouble=Trouble.WAIT, wait_seconds=seconds)
        case TooOften():
            return replace(prompt, trouble=Trouble.LOCKED_OUT)
        case MayNot() | NeedsPin():
            return replace(prompt, trouble=Trouble.MAY_NOT)
    return replace(prompt, trouble=Trouble.NOT_RIGHT)


def among(prompt: PinPrompt, people: tuple[StaffMember, ...]) -> PinPrompt:
    """Return the question with the people of now; whoever is chosen stays so while they are among them."""
    able = tuple(one for one in people if prompt.asked is None or one.may(prompt.asked.right))
    chosen = next((one for one in able if prompt.chosen and one.staff_id == prompt.chosen.staff_id), None)
    return replace(prompt, people=able, chosen=chosen, typed=prompt.typed if chosen else 0)


def sentence_of(error: BaseException) -> str:
    """Return one sentence for whatever a worker met; a bug is logged."""
    if isinstance(error, KnownError):
        return error.sentence
    logger.error("signing in met a bug", exc_info=error)
    return BUG_SENTENCE
