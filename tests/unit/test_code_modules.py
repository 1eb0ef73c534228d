"""Rows of a drawn code."""

from __future__ import annotations

from cashier_app.domain.code_modules import dark_runs


def test_dark_runs_are_where_a_row_is_dark() -> None:
    assert list(dark_runs("1101000111")) == [(0, 2), (3, 1), (7, 3)]
    assert list(dark_runs("000")) == []
    assert list(dark_runs("")) == []
