"""The settings file: what is right is read, what is not is named."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.config import MAX_BYTES, check_region, read_config, till_settings
from cashier_app.domain.identifier import CheckScheme, NumberRange
from cashier_app.domain.money import Currency, Money
from cashier_app.errors import KnownError
from tests.fakes.clock import START

GOOD = """
[store]
name = "Marigold Stores"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
address = "https://loyalty.example/api"

[codes]
wallet_prefixes = ["LC1:"]
link_prefixes = ["https://m.example/c/"]
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "till.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, GOOD))
    settings = till_settings(config)
    assert (settings.store, settings.till, settings.locale, settings.hours) == (
        "Marigold Stores",
        "2",
        "en_IN",
        0,
    )
    assert settings.currency == Currency("INR", 2)
    assert settings.unusual_bill == Money(100_000_00, settings.currency)
    assert START.astimezone(settings.zone).utcoffset() == timedelta(hours=5, minutes=30)
    assert settings.rules.region == "IN"
    assert settings.rules.wallet_prefixes == ("LC1:",)
    assert settings.rules.link_prefixes == ("https://m.example/c/",)
    assert not settings.training
    assert till_settings(config, training=True).training
    check_region(settings)
    assert settings.posts_at_once == 4


def test_a_shop_says_for_how_many_members_it_posts_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('/api"', '/api"\nposts_at_once = 8')
    assert till_settings(read_config(written(tmp_path, text))).posts_at_once == 8


def test_codes_may_be_left_out(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, GOOD.split("[codes]", maxsplit=1)[0]))
    assert config.codes.wallet_prefixes == ("LC1:", "LR1:")


@pytest.mark.parametrize(
    ("line", "instead", "named"),
    [
        ('name = "Marigold Stores"', "", "name"),
        ('till = "2"', "till = 2", r"store\.till"),
        ('till = "2"', 'till = "2/1"', r"store\.till"),
        ('till = "2"', 'till = ""', r"store\.till"),
        ('till = "2"', 'till = "٢"', r"store\.till"),
        ('till = "2"', 'till = "123456789"', r"store\.till"),
        ("decimals = 2", "decimals = 5", r"store\.currency"),
        ("decimals = 2", "decimals = 2.0", r"store\.decimals"),
        ("decimals = 2", "decimals = nan", r"store\.decimals"),
        ("decimals = 2", "decimals = 2\nhours = 13", r"store\.hours"),
        ("decimals = 2", "decimals = 2\nunusual_bill = 0", r"store\.unusual_bill"),
        ("decimals = 2", "decimals = 2\nsecret = 1", "secret"),
        (
            'address = "https://loyalty.example/api"',
            'address = "https://loyalty.example/api"\nposts_at_once = 0',
            r"backend\.posts_at_once",
        ),
        (
            'address = "https://loyalty.example/api"',
            'address = "https://loyalty.example/api"\nposts_at_once = 9',
            r"backend\.posts_at_once",
        ),
        ('currency = "INR"', 'currency = "rupee"', r"store\.currency"),
        ('time_zone = "Asia/Kolkata"', 'time_zone = "Asia/Nowhere"', r"store\.time_zone"),
        ('time_zone = "Asia/Kolkata"', 'time_zone = "../../etc/passwd"', r"store\.time_zone"),
        ('time_zone = "Asia/Kolkata"', 'time_zone = ""', r"store\.time_zone"),
        ('["LC1:"]', '[""]', r"codes\.wallet_prefixes"),
        ('["LC1:"]', '["L"]', r"codes\.wallet_prefixes"),
        ('["LC1:"]', '["ÄÖ"]', r"codes\.wallet_prefixes"),
        ('["LC1:"]', '"LC1:"', r"codes\.wallet_prefixes"),
        ('"https://m.example/c/"', '"http://m.example/c/"', r"codes\.link_prefixes"),
        ('"https://m.example/c/"', '"https://"', r"codes\.link_prefixes"),
    ],
)
def test_what_is_not_right_is_named(tmp_path: Path, line: str, instead: str, named: str) -> None:
    assert line in GOOD
    with pytest.raises(KnownError, match=named) as refused:
        read_config(written(tmp_path, GOOD.replace(line, instead)))
    assert "Traceback" not in refused.value.sentence
    assert "\n" not in refused.value.sentence


@pytest.mark.parametrize(
    "address",
    [
        "https://loyalty.example",
        "https://loyalty.example:8443/api",
        "http://127.0.0.1:8000",
        "http://localhost:8000",
        "http://[::1]:8000",
    ],
)
def test_addresses_that_may_be_spoken_to(tmp_path: Path, address: str) -> None:
    config = read_config(written(tmp_path, GOOD.replace("https://loyalty.example/api", address)))
    assert config.backend.address == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://",
        "http://loyalty.example",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://localhost@evil.example",
        "https://user:word@loyalty.example",
        "https://:word@loyalty.example",
        "https://loyalty.example:99999",
        "https://loyalty.example:port",
        "https://[::1",
        "ftp://loyalty.example",
        "file:///etc/passwd",
        "loyalty.example",
    ],
)
def test_addresses_that_may_not(tmp_path: Path, address: str) -> None:
    with pytest.raises(KnownError, match=r"backend\.address"):
        read_config(written(tmp_path, GOOD.replace("https://loyalty.example/api", address)))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe not utf-8",
        b"a = " + b"[" * 20_000,
        b"a = 1" + b"0" * 5_000,
        b"[store",
        b"# only a remark",
        b"a" * MAX_BYTES,
    ],
)
def test_a_hostile_file_is_one_sentence(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(KnownError, match=r"till\.toml"):
        read_config(written(tmp_path, text))


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="too large"):
        read_config(written(tmp_path, b"#" * (MAX_BYTES + 1)))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"missing\.toml cannot be read"):
        read_config(tmp_path / "missing.toml")
    with pytest.raises(KnownError, match="cannot be read"):
        read_config(tmp_path)


def test_a_region_nobody_knows_is_named(tmp_path: Path) -> None:
    settings = till_settings(read_config(written(tmp_path, GOOD.replace('"IN"', '"XX"'))))
    with pytest.raises(KnownError, match=r"store\.region"):
        check_region(settings)


@given(text=st.binary(max_size=200))
def test_any_bytes_are_refused_in_one_sentence(tmp_path_factory: pytest.TempPathFactory, text: bytes) -> None:
    with pytest.raises(KnownError):
        read_config(written(tmp_path_factory.getbasetemp(), text))


CODES = """
[codes]
life_seconds = 120
link_fields = ["id"]
json_key = "member"
gs1 = ["8018"]

[[codes.patterns]]
name = "PassKit"
form = "{member:alphanumeric:22}"
mixed_case = true

[[codes.patterns]]
name = "Google"
form = "MEMBER-{member:digits:4-12}-{totp_timestamp_seconds}-{totp_value_0}"
period_seconds = 60
send = "member"
ask_as = "member number"

[[codes.numbers]]
prefix = "29"
lengths = [13]
check = "ean"
check_digit_missing = true
"""


def test_the_shops_forms_of_codes_are_read(tmp_path: Path) -> None:
    text = GOOD.split("[codes]", maxsplit=1)[0] + CODES
    rules = till_settings(read_config(written(tmp_path, text))).rules
    assert (rules.life_seconds, rules.link_fields, rules.json_key, rules.gs1_keys) == (
        120,
        ("id",),
        "member",
        ("8018",),
    )
    assert rules.numbers == (NumberRange("29", (13,), CheckScheme.EAN, check_digit_missing=True),)
    first, second = rules.patterns
    assert first.mixed_case
    assert not first.sends_member
    assert second.life_seconds == 120
    assert second.sends_member
    assert second.is_number


@pytest.mark.parametrize(
    ("line", "instead", "named"),
    [
        ("{member:alphanumeric:22}", "{member:token:1-22}-{check}", r"codes\.patterns: PassKit: .*ends"),
        ("{member:alphanumeric:22}", "(a+)+$", r"codes\.patterns: PassKit: .*member"),
        ('name = "PassKit"\n', "", r"name"),
        ('send = "member"', 'send = "all"', r"send"),
        ("period_seconds = 60", "period_seconds = 9", r"codes\.patterns: Google: .*life"),
        ('prefix = "29"', 'prefix = "4"', r"codes\.numbers: 4: .*payment cards"),
        ('check = "ean"', 'check = "sum"', r"check"),
        ('gs1 = ["8018"]', 'gs1 = ["01"]', r"gs1"),
        ("life_seconds = 120", "life_seconds = 1", r"codes\.life_seconds"),
        ("lengths = [13]", "lengths = []", r"codes\.numbers: 29: lengths"),
    ],
)
def test_a_form_that_makes_no_sense_is_named_in_one_sentence(
    tmp_path: Path, line: str, instead: str, named: str
) -> None:
    assert line in CODES
    text = GOOD.split("[codes]", maxsplit=1)[0] + CODES.replace(line, instead)
    with pytest.raises(KnownError, match=named) as refused:
        read_config(written(tmp_path, text))
    assert "\n" not in refused.value.sentence
    assert refused.value.sentence.endswith(".")


def test_forms_without_end_are_refused(tmp_path: Path) -> None:
    one = '\n[[codes.numbers]]\nprefix = "29"\nlengths = [13]\n'
    with pytest.raises(KnownError, match="at most 32"):
        read_config(written(tmp_path, GOOD + one * 33))
