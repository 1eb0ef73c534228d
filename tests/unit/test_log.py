"""The log hides what looks like somebody's number, also in the words of errors nobody foresaw."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app.log import LOG_FILE, start_logging, without_personal_data


@pytest.mark.parametrize(
    "text",
    [
        "+919876501234", "98765 01234", "(987) 650-1234", "00 44 20 7946 0958", "4111 1111 1111 1111",
        "tel:+44-20-7946-0958", "'9876501234'", "phone=9876501234&x=1",
        "Bearer abc.def-ghi", "basic QWxhZGRpbg==",
    ],
)  # fmt: skip
def test_numbers_and_tokens_are_hidden(text: str) -> None:
    hidden = without_personal_data(f"no account for {text} here")
    assert "hidden)" in hidden
    assert not any(part in hidden for part in ("01234", "1234", "0958", "1111", "abc.def", "QWxh"))


@pytest.mark.parametrize(
    "text",
    [
        "019a8c3e-1234-7567-8901-123456789012", "sale 2-0418", "line 1234567", "https://127.0.0.1:45707/v1",
        "program v2026-11-21.4", "0x7f1234567890",
    ],
)  # fmt: skip
def test_what_is_nobodys_stays(text: str) -> None:
    assert without_personal_data(text) == text


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    start_logging(tmp_path)
    yield tmp_path / LOG_FILE
    for handler in root.handlers:
        handler.close()
    root.handlers[:], root.level = before, level


def test_messages_and_tracebacks_go_through_it(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("a test")
    try:
        {}["no account for +919876501234"]
    except KeyError:
        logger.exception("looking %s up failed for sale %s", "9876501234", "2-0418")
    written = log.read_text()
    assert "01234" not in written + capsys.readouterr().err
    assert "for sale 2-0418" in written
    assert "KeyError: 'no account for (number hidden)'" in written
    assert written[:2] == "20", "the time stays"
