"""A stand-in in a process of its own, and its back door."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import msgspec

from cashier_app.own_program import command_line
from cashier_app.testing.people import Books, Noted, Person, StagedVoucher
from cashier_app.testing.stand_ins.faults import StagedFault

STOP_SECONDS = 10.0
_ENCODE = msgspec.json.Encoder(decimal_format="string")
Answer = TypeVar("Answer")


class RunningStandIn:
    """Starts ``cashier-cli stand-in`` and speaks to its back door. A context manager.

    The process ends by itself when this one does, however this one ends.

    Args:
        kind: Such as ``square``, or the place of a stand-in of your own, ``my_package.mine:MyStandIn``.
        environment: Variables for the process; this one's when not given.
        secrets: Secrets to ask for, by the names of the kind's secret fields; others are made up.
    """

    def __init__(
        self,
        kind: str,
        environment: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        command = [*command_line(), "stand-in", kind, "--until-input-ends"]
        for name, value in (secrets or {}).items():
            command += ["--secret", f"{name}={value}"]
        # A pipe that nobody empties would stop a stand-in that complains a lot.
        self._complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            env=None if environment is None else dict(environment),
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith("{"):
            self._process.communicate(timeout=STOP_SECONDS)
            raise RuntimeError(f"the stand-in did not start: {line}{self.complaints()}")
        told: dict[str, Any] = json.loads(line)
        self.address: str = told["address"]
        self.secrets: dict[str, str] = told["secrets"]
        self._door = httpx.Client(base_url=self.address + told["back_door"], trust_env=False, timeout=30)

    def reset(self) -> None:
        """Begin again with empty books, nothing staged and nothing remembered."""
        self._ask("POST", "/reset", dict)

    def add_member(self, person: Person) -> str:
        """Put a member into the books; return the id an adapter must report."""
        return self._ask("POST", "/members", str, _ENCODE.encode(person))

    def books(self, member_id: str) -> Books:
        """Return what the books say of a member."""
        return self._ask("GET", f"/books/{member_id}", Books)

    def stage(self, fault: StagedFault) -> None:
        """Stage a fault behind those staged before."""
        self._ask("POST", "/faults", dict, _ENCODE.encode(fault))

    def befallen(self) -> int:
        """Return how many requests a staged fault befell."""
        return self._ask("GET", "/befallen", int)

    def settle(self) -> None:
        """Let everything happen that the vendor does a little later."""
        self._ask("POST", "/settle", dict)

    def switch(self, name: str, value: str) -> None:
        """Let the stand-in behave otherwise where its vendor leaves something open; until the next reset."""
        self._ask("POST", f"/switches/{name}", dict, value.encode())

    def use_points(self, member_id: str, points: str) -> None:
        """Take points away as another till would."""
        self._ask("POST", f"/used/{member_id}", dict, points.encode())

    def lapse_points(self, member_id: str, points: str) -> None:
        """Let points expire now."""
        self._ask("POST", f"/lapsed/{member_id}", dict, points.encode())

    def add_voucher(self, voucher: StagedVoucher) -> None:
        """Put a voucher into the books."""
        self._ask("POST", "/vouchers", dict, _ENCODE.encode(voucher))

    def add_referral(self, member_id: str) -> str:
        """Return the code a member gives to friends."""
        return self._ask("POST", f"/referrals/{member_id}", str)

    def add_offer(self, member_id: str, title: str) -> None:
        """Put an offer for one member into the books."""
        self._ask("POST", f"/offers/{member_id}", dict, title.encode())

    def noted(self, member_id: str) -> Noted:
        """Return what the books note of a member beside points."""
        return self._ask("GET", f"/noted/{member_id}", Noted)

    def failures(self) -> list[str]:
        """Return what did not agree with the vendor's document, requests and answers."""
        return self._ask("GET", "/failures", list[str])

    def complaints(self) -> str:
        """Return what the process said on its error output; to be asked once it has ended."""
        self._complaints.seek(0)
        return self._complaints.read()

    def close(self) -> None:
        """End the process."""
        self._door.close()
        if self._process.poll() is None:
            self._process.communicate(timeout=STOP_SECONDS)
        self._complaints.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, method: str, path: str, shape: type[Answer], body: bytes = b"") -> Answer:
        answer = self._door.request(method, path, content=body)
        if answer.status_code != httpx.codes.OK:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return msgspec.json.decode(answer.content, type=shape)
