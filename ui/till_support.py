"""The support of a real till: its own settings, folder and secrets."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app.bootstrap import Till
from cashier_app.paths import default_config_file
from ui.support import SupportLook

if TYPE_CHECKING:
    from cashier_app.config import TillConfig
    from cashier_app.services.support_bundle import SupportBundle
    from ui.main_window import MainWindow


class TillSupport:
    """What `ui.support.Support` asks, of one till.

    Args:
        till: Whose folder and secrets.
        settings_file: The file it was opened with; None for a shop that is not real.
        unreal: The settings of such a shop.
    """

    def __init__(self, till: Till, settings_file: Path | None, unreal: TillConfig | None) -> None:
        self._till, self._settings_file, self._unreal = till, settings_file, unreal

    def look(self, scripts: Mapping[str, bool]) -> SupportLook:
        """Look at this till."""
        from cashier_app.examining.examination import examine
        from cashier_app.support_opening import collect, patient_of_till

        patient = patient_of_till(
            self._till.folder,
            self._settings_file,
            self._till.keeper,
            unreal=self._unreal,
            training=self._till.settings.training,
            scripts=scripts,
        )
        findings = examine(patient)
        return SupportLook(tuple(findings), collect(patient, self._till.clock.now(), findings=findings))

    def save(self, path: Path, bundle: SupportBundle, *, replace: bool) -> None:
        """Write the file."""
        from cashier_app.services.support_bundle import write_bundle

        write_bundle(path, bundle, replace=replace)


def give_support(window: MainWindow, till: Till, options: argparse.Namespace) -> None:
    """Let a window open the page of support."""
    if options.demo or options.training:
        window.ways.support = TillSupport(till, None, _unreal(options))
    else:
        window.ways.support = TillSupport(till, options.config or default_config_file(), None)


def _unreal(options: argparse.Namespace) -> TillConfig:
    """Return the settings of a shop that is not real."""
    from cashier_app.config import read_config
    from cashier_app.demo_shop import DEMO_CONFIG
    from cashier_app.training_shop import training_config

    if options.demo:
        return DEMO_CONFIG
    return training_config(read_config(options.config) if options.config is not None else None)
