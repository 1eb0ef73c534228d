"""Which camera, listed by name; trying it out shows what it sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from cashier_app.device_opening import cameras
from cashier_app.services.first_run import Step
from cashier_app.wording.devices import DeviceFacts, camera_page_words
from cashier_app.wording.first_run_pages import camera_test
from cashier_app.wording.sentences import Row, Sentence
from ui.camera_control import OpenCamera
from ui.screens.device_choice import DeviceChoice
from ui.screens.devices_drawer import LOOK_AGAIN_MS
from ui.wizard.camera_view import CameraView
from ui.wizard.desk import WizardDesk
from ui.wizard.page import WizardPage


class CameraPage(WizardPage):
    """Nothing is opened before somebody asks for a try.

    Args:
        list_cameras: Lists them; blocking.
        camera: Makes a reader; `device_opening.open_camera` when not given.
    """

    step = Step.CAMERA

    def __init__(
        self,
        desk: WizardDesk,
        parent: QWidget | None = None,
        *,
        list_cameras: Callable[[], Sequence[str]] = cameras,
        camera: OpenCamera | None = None,
    ) -> None:
        super().__init__(desk, parent)
        self._list_cameras = list_cameras
        self._names: Sequence[str] | None = None
        self._listing = False
        self._picked: str | None = None
        self.choice = DeviceChoice(self)
        self.choice.chosen.connect(self._choose)
        self.choice.acted.connect(self.look_again)
        how = {} if camera is None else {"camera": camera}
        self.view = CameraView(desk.runner, desk.wording, parent=self, **how)
        self.view.changed.connect(self.changed)
        self._again = QTimer(self)
        self._again.setInterval(LOOK_AGAIN_MS)
        self._again.timeout.connect(self.look_again)

    def open(self) -> None:
        """List what is plugged in, again every few seconds."""
        self._show()
        self.look_again()
        self._again.start()

    def leave(self) -> None:
        """Let go of the camera, and keep what was chosen."""
        self._again.stop()
        self.view.stop()
        if self._picked is not None:
            self.desk.answer(camera=self._picked)

    def look_again(self) -> None:
        """List the cameras anew; one look at a time."""
        if not self._listing:
            self._listing = True
            self.desk.runner.run(self._list_cameras, self._came, self._not_listed)

    def about(self) -> Sentence:
        """Say nothing more: the list says it."""
        return Sentence.of("")

    def second(self) -> tuple[Sentence, str]:
        """Offer a try."""
        return camera_test(self.view.is_on, self.desk.wording), "T"

    def do_second(self) -> None:
        """Try the camera, or end it."""
        if self.view.is_on:
            self.view.stop()
        else:
            self.view.start(self._name())
        self.changed.emit()

    def note(self) -> Row | None:
        """Say nothing more: the list and the picture do."""
        return None

    def go_on(self) -> None:
        """Keep the camera, where there is one or somebody chose."""
        if self._names and self._picked is None:
            self._picked = self._name()
        self.answered.emit()

    def choose(self, character: str) -> None:
        """Take the camera with this digit, or look again."""
        self.choice.choose(character)

    def mark(self, direction: int) -> None:
        """Mark the camera below or above."""
        self.choice.mark(direction)

    def set_wording(self) -> None:
        """Speak with another voice."""
        self.view.set_wording(self.desk.wording)
        self._show()

    def arrange(self) -> None:
        """Put the list at the left, the picture at the right."""
        gap = self.look.px(20)
        wide = (self.width() - gap) // 2
        self.choice.setGeometry(0, 0, wide, self.height())
        self.view.setGeometry(wide + gap, 0, self.width() - wide - gap, self.height())

    def _name(self) -> str:
        return self._picked if self._picked is not None else (self.desk.answers.camera or "")

    def _choose(self, name: str) -> None:
        self._picked = name
        if self.view.is_on:
            self.view.start(name)
        self._show()

    def _came(self, names: Sequence[str]) -> None:
        self._listing = False
        self._names = names
        self._show()

    def _not_listed(self, error: BaseException) -> None:
        self._listing = False
        raise error  # logged by whoever catches what nobody caught

    def _show(self) -> None:
        facts = DeviceFacts(camera=self._name())
        words = camera_page_words(facts, self._names, self.desk.wording)
        # How the till's own camera does is no matter here: this one is off until it is tried.
        self.choice.show_words(replace(words, note=None) if self._names else words)
        self.changed.emit()
