"""Ending a connection another thread waits on, as each system numbers its connections."""

from __future__ import annotations

import os
import socket
import sys
from types import SimpleNamespace

import pytest

from cashier_app.ledger import connecting


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_a_cut_ends_the_connection_and_leaves_its_owner_to_close_it(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = socket.socketpair()
    with here, there:
        monkeypatch.setattr(sys, "platform", platform)
        if platform == "win32":  # a number there is no file's

            def refuse(_: int) -> int:
                raise OSError("Bad file descriptor")

            monkeypatch.setattr(os, "dup", refuse)
        connecting.cut(SimpleNamespace(fileno=here.fileno))  # type: ignore[arg-type]
        there.settimeout(5)
        assert there.recv(1) == b""
        assert here.fileno() > 0
        assert here.getsockname() is not None
