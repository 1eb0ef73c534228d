"""What is pressed while a PIN is asked for, whether on the lock or over the till."""

from __future__ import annotations

from cashier_app.services.desk_view import DeskView, Trouble
from ui.desk import Desk
from ui.pin_lengths import PinLengths


class PinPrompt:
    """Tells the desk; where the PIN of a person is known to end, it is checked at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lengths = PinLengths()

    def type_digit(self, digit: str) -> None:
        """Take one digit."""
        prompt = self._desk.view.prompt
        if prompt is None or prompt.trouble is Trouble.WAIT:
            return
        if prompt.chosen is None and len(prompt.people) == 1:
            self._desk.choose(prompt.people[0].staff_id)
        self._desk.type_digit(digit)
        prompt = self._desk.view.prompt
        if prompt and prompt.chosen and self._lengths.ends_at(prompt.chosen.staff_id, prompt.typed):
            self.enter()

    def enter(self) -> None:
        """Have the PIN checked."""
        prompt = self._desk.view.prompt
        if prompt is None or prompt.trouble is Trouble.WAIT:
            return
        if prompt.chosen is not None and not prompt.busy:
            self._lengths.tried(prompt.chosen.staff_id, prompt.typed)
        self._desk.enter()

    def pick(self, place: int) -> None:
        """Take the person at this place."""
        prompt = self._desk.view.prompt
        if prompt is not None and 0 <= place < len(prompt.people):
            self._desk.choose(prompt.people[place].staff_id)

    def pick_reason(self, place: int) -> None:
        """Take the reason at this place."""
        prompt = self._desk.view.prompt
        if prompt is not None and prompt.asked is not None and 0 <= place < len(prompt.asked.reasons):
            self._desk.choose_reason(prompt.asked.reasons[place])

    def back(self) -> None:
        """Ask whose PIN it is again, else ask no longer."""
        prompt = self._desk.view.prompt
        if prompt is None:
            return
        if prompt.chosen is not None and len(prompt.people) > 1 and not prompt.busy:
            self._desk.choose_again()
        else:
            self._desk.cancel()

    def learn(self, before: DeskView, view: DeskView) -> None:
        """Note how long a PIN is that was right."""
        self._lengths.learn(before, view)

    def forget(self, staff_id: str) -> None:
        """Know no longer how long somebody's PIN is: it may be another."""
        self._lengths.forget(staff_id)
