"""A settings file names its backend, and whatever is wrong with that is one sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app import backend_opening
from cashier_app.backends import registry
from cashier_app.config import TillConfig, read_config
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret

STORE = """
[store]
name = "Corner Shop"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"
[backend]
"""
THEIRS = """
from msgspec import Struct
from cashier_app.backends.contract_kind import ContractRules
from cashier_app.ports.backend_kind import BackendKind, SecretField

class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    place: str
    tries: int = 1

opened = []

KIND = BackendKind(
    name="corner", title="Corner Points", settings=Settings, addresses=("https://points.example",),
    secrets=(SecretField("key", "API key"), SecretField("extra", "Second key", mandatory=False)),
    rules=lambda settings, around: ContractRules(),
    open_backend=lambda *given: opened.append(given) or ContractRules(),
)
"""


class Store:
    """A key store that holds what it is given."""

    def __init__(self, **secrets: str) -> None:
        self.secrets = secrets
        self.asked: list[str] = []

    def read(self, name: str) -> Secret | None:
        self.asked.append(name)
        value = self.secrets.get(name.replace(" ", "_"))
        return Secret(value) if value else None

    def write(self, name: str, secret: Secret) -> None:
        raise AssertionError

    def describe(self) -> str:
        return "made up"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install packages that register a backend: one that works, and two that do not."""
    (tmp_path / "corner_points.py").write_text(THEIRS)
    (tmp_path / "broken_points.py").write_text("raise ImportError('no such library')")
    info = tmp_path / "corner_points-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: corner-points\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[cashier_app.backends]\ncorner = corner_points:KIND\nbroken = broken_points:KIND\n"
        "odd = corner_points:THEIRS_IS_NONE\nliar = corner_points:KIND\ncontract = corner_points:KIND\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in ("corner_points", "broken_points"):
        sys.modules.pop(name, None)


def config(folder: Path, backend: str) -> TillConfig:
    file = folder / "till.toml"
    file.write_text(STORE + backend)
    return read_config(file)


def test_our_own_contract_is_the_kind_when_none_is_named(tmp_path: Path) -> None:
    given = config(tmp_path, 'address = "https://loyalty.example"')
    store = Store(backend_token="made-up")
    backend = backend_opening.open_backend(given, store)
    backend.close()
    assert store.asked == ["backend token"], "as tills kept it before there were kinds"
    assert backend_opening.rules_of(given).capabilities == backend.capabilities
    with pytest.raises(KnownError, match="sign-in"):
        backend_opening.open_backend(given, Store())


def test_another_packages_kind_is_opened_with_its_settings_and_secrets(installed: Path) -> None:
    given = config(installed, 'kind = "corner"\n[backend.settings]\nplace = "counter"\n')
    backend_opening.open_backend(given, Store(corner_key="made-up"))
    (settings, secrets, around) = sys.modules["corner_points"].opened[0]
    assert (settings.place, settings.tries) == ("counter", 1)
    assert set(secrets) == {"key"}
    assert around.address == "https://points.example"
    assert (around.currency.code, around.till, around.folder) == ("INR", "2", installed.resolve())
    assert "corner" in registry.names()


@pytest.mark.parametrize(
    ("backend", "sentence"),
    [
        ('kind = "nobody"', r"backend\.kind: 'nobody' is not installed\. There are: contract.*corner"),
        pytest.param(
            'kind = "broken"',
            "'broken' is installed but cannot be loaded",
            marks=pytest.mark.expects_log("the backend broken"),
        ),
        pytest.param(
            'kind = "odd"',
            "'odd' is installed but cannot be loaded",
            marks=pytest.mark.expects_log("the backend odd"),
        ),
        ('kind = "liar"', "'liar' is installed but is no backend"),
        ('kind = "corner"', "backend.settings for Corner Points: .*place"),
        ('kind = "corner"\n[backend.settings]\nplace = 3', r"backend\.settings\.place"),
        ('kind = "corner"\n[backend.settings]\nplace = "a"\nplane = "b"', "plane"),
        ('kind = "corner"\n[backend.settings]\nplace = "a"', "Corner Points: no API key is stored"),
    ],
)
def test_what_is_wrong_is_one_sentence(installed: Path, backend: str, sentence: str) -> None:
    given = config(installed, backend)
    with pytest.raises(KnownError, match=sentence):
        backend_opening.open_backend(given, Store())


def test_nobody_takes_the_place_of_what_the_program_brings_along(installed: Path) -> None:
    assert registry.kind_of("contract").title == "Reference contract"
    assert registry.names().count("contract") == 1


@pytest.mark.parametrize(
    "backend", ["", 'kind = "corner"\naddress = "http://loyalty.example"', 'kind = "contract"']
)
def test_an_address_is_checked_where_one_is_needed(tmp_path: Path, backend: str) -> None:
    with pytest.raises(KnownError, match=r"backend\.address"):
        config(tmp_path, backend)


def test_no_file_can_say_where_it_lies(tmp_path: Path) -> None:
    file = tmp_path / "till.toml"
    file.write_text('folder = "/"\n' + STORE + 'address = "https://loyalty.example"')
    with pytest.raises(KnownError, match="folder"):
        read_config(file)
