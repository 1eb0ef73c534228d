"""Which keys are worth showing now: for the key list beside the till and for the help."""

from __future__ import annotations

from cashier_app.services.till_view import Step, Target, TillView
from ui.key_router import Intent

Hint = tuple[str, Intent]
"""The words on the keycap and what the key asks for."""

_TILL_ONLY_HELP: tuple[Hint, ...] = (("F7", Intent.SHOW_QUEUE), ("F1", Intent.SHOW_HELP))
_WINDOW: tuple[Hint, ...] = (
    ("Ctrl+V", Intent.PASTE),
    ("Ctrl+K", Intent.SWITCH_KEYPAD),
    ("F11", Intent.FULL_SCREEN),
)
_QUEUE: tuple[Hint, ...] = (
    ("Enter", Intent.OPEN_ROW),
    ("↓", Intent.NEXT_ROW),
    ("→", Intent.NEXT_TAB),
    ("L", Intent.LOOK_UP_NOW),
    ("R", Intent.SEND_AGAIN),
    ("F5", Intent.SEND_ALL_NOW),
    ("Esc", Intent.CLOSE_DRAWER),
)
_CHOOSING = (Step.BILL, Step.REWARD)


def keys_now(view: TillView) -> tuple[Hint, ...]:
    """Return the keys that mean something in this state, most wanted first."""
    return (
        ("Enter", Intent.CONFIRM),
        *_typing(view),
        *_rewards(view),
        *_leaving(view),
        *_TILL_ONLY_HELP,
    )


def all_keys(view: TillView) -> tuple[Hint, ...]:
    """Return every key of this state, for the help."""
    return (*keys_now(view), *_WINDOW)


def queue_keys() -> tuple[Hint, ...]:
    """Return the keys of the queue."""
    return _QUEUE


def _typing(view: TillView) -> list[Hint]:
    hints: list[Hint] = []
    if view.target is not Target.NOTHING:
        hints.append(("0–9", Intent.TYPE_CHARACTER))  # noqa: RUF001 - a range is written with a dash
    if view.target in {Target.BILL, Target.DISCOUNT} and view.bill.currency.decimals:
        hints.append((".", Intent.PRESS_POINT))
    return hints


def _rewards(view: TillView) -> list[Hint]:
    hints: list[Hint] = []
    answer = view.quote if view.step in _CHOOSING else None
    if answer is not None and answer.maximum:
        hints += [("*", Intent.TAKE_MAXIMUM), ("−", Intent.TAKE_NOTHING)]  # noqa: RUF001 - a true minus
        if view.target is Target.DISCOUNT:
            hints += [("←", Intent.LESS), ("→", Intent.MORE)]
    if answer is not None and any(option.refusal is None for option in answer.rewards):
        hints.append(("↓", Intent.MARK_NEXT))
    if view.step is Step.CHOOSING:
        hints.append(("↓", Intent.MARK_NEXT))
    if view.marked_reward:
        hints.append(("Space", Intent.PICK_MARKED))
    return hints


def _leaving(view: TillView) -> list[Hint]:
    hints: list[Hint] = [("Esc", Intent.BACK)]
    if view.step in _CHOOSING:
        hints += [("F3", Intent.ANOTHER_MEMBER), ("F5", Intent.REFRESH_ACCOUNT)]
    if view.step in {Step.IDLE, Step.LOOKING_UP, Step.CHOOSING, Step.PROBLEM}:
        hints.append(("F8", Intent.WITHOUT_MEMBER))
    return hints
