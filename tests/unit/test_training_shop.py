"""The practice shop's settings: what it takes of the shop's own, and what it never does."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.code_sections import CodesSection
from cashier_app.config import BackendSection, TillConfig, read_config, till_settings
from cashier_app.demo_shop import DEMO_CONFIG, DemoShop
from cashier_app.device_sections import CameraSection
from cashier_app.errors import KnownError
from cashier_app.ledger_section import LedgerSection
from cashier_app.training_shop import PRACTICE_STORE, TrainingShop, practice_till, training_config

OWN = TillConfig(
    store=replace(
        DEMO_CONFIG.store,
        name="Bäckerei Sonne",
        till="12",
        region="DE",
        currency="EUR",
        locale="de_DE",
        time_zone="Europe/Berlin",
        hours=None,
    ),
    backend=BackendSection(address="https://loyalty.example", token_file="/secret/token"),
    codes=CodesSection(),
    camera=CameraSection(name="Counter camera"),
    ledger=LedgerSection(url="postgresql://ledger.example/shop"),
)


def test_it_has_the_shop_s_name_language_time_and_devices() -> None:
    made = training_config(OWN)
    assert (made.store.name, made.store.till) == ("Bäckerei Sonne", "TRAIN12")
    assert (made.store.locale, made.store.time_zone, made.store.hours) == ("de_DE", "Europe/Berlin", None)
    assert made.camera == OWN.camera
    assert till_settings(made, training=True).training


def test_it_has_nothing_that_leads_to_work() -> None:
    made = training_config(OWN)
    assert made.backend == DEMO_CONFIG.backend
    assert made.ledger == DEMO_CONFIG.ledger
    assert made.staff == DEMO_CONFIG.staff
    assert "example" not in repr(made)
    assert "secret" not in repr(made)
    demo = DEMO_CONFIG.store
    store = made.store
    assert (store.currency, store.decimals, store.region) == (demo.currency, demo.decimals, demo.region)


def test_without_settings_it_is_the_practice_shop() -> None:
    store = training_config().store
    assert (store.name, store.till, store.locale) == (PRACTICE_STORE, "TRAIN2", "en_IN")


@pytest.mark.parametrize(("till", "practised"), [("2", "TRAIN2"), ("KASSE12", "TRAINKAS"), ("", "TRAIN")])
def test_its_number_is_a_till_s(till: str, practised: str) -> None:
    assert practice_till(till) == practised
    till_settings(training_config(replace(OWN, store=replace(OWN.store, till=till))), training=True)


@pytest.mark.parametrize("till", ["TRAIN2", "train", "Training"])
def test_no_till_that_works_is_called_so(tmp_path: Path, till: str) -> None:
    settings = tmp_path / "till.toml"
    settings.write_text(
        f"""
[store]
name = "Shop"
till = "{till}"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
address = "https://loyalty.example"
""",
        encoding="utf-8",
    )
    with pytest.raises(KnownError, match="kept for training"):
        read_config(settings)


def test_a_second_training_says_what_is_open_already(tmp_path: Path) -> None:
    first = TrainingShop(tmp_path)
    try:
        with pytest.raises(KnownError, match=r"^Training is already open on this computer\.$"):
            TrainingShop(tmp_path)
    finally:
        first.till.close()
    TrainingShop(tmp_path).till.close()


def test_a_second_demo_is_a_till(tmp_path: Path) -> None:
    first = DemoShop(tmp_path)
    try:
        with pytest.raises(KnownError, match=r"^The till is already open"):
            DemoShop(tmp_path)
    finally:
        first.till.close()
