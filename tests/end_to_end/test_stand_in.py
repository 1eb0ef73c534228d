"""Stand-ins as people and tests run them: a process that says where it is, and never outlives its purpose."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from cashier_app.command_line import stand_in
from cashier_app.command_line.parser import main
from cashier_app.testing.people import Person
from cashier_app.testing.running import RunningStandIn

RUN = [sys.executable, "-m", "cashier_app", "stand-in"]


def test_it_says_where_it_is_and_what_it_asks_for() -> None:
    command = [*RUN, "contract", "--secret", "token=made-up-token"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address, secret = process.stdout.readline().strip(), process.stdout.readline().strip()
        headers = {"Authorization": "Bearer made-up-token"}
        assert httpx.get(f"{address}/v1/program", headers=headers, trust_env=False).status_code == 200
        asked = {"phone": "+919845012210"}
        there = httpx.post(f"{address}/v1/members/find", json=asked, headers=headers, trust_env=False)
        process.terminate()
    assert there.json()["found"][0]["member"]["name"] == "Priya Raghunathan", (
        "the demo shop's people are there"
    )
    assert secret == "token: made-up-token"


def test_it_ends_when_whoever_started_it_dies(tmp_path: Path) -> None:
    parent = (
        "import os, subprocess, sys\n"
        f"child = subprocess.Popen({[*RUN, 'contract', '--until-input-ends']!r}, "
        "stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)\n"
        "print(child.stdout.readline(), end='', flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", parent], capture_output=True, text=True, check=False)
    address = json.loads(done.stdout)["address"]
    tries = iter(range(5000))
    while answers(address):
        assert next(tries, None) is not None, "it lives on"


def answers(address: str) -> bool:
    try:
        httpx.get(address, trust_env=False)
    except httpx.TransportError:
        return False
    return True


def test_the_back_door_has_a_secret_address() -> None:
    with RunningStandIn("contract") as running:
        member_id = running.add_member(Person("Asha"))
        assert running.books(member_id).moves == 0
        for path in ("/stand-in/members", "/stand-in/x/members"):
            answer = httpx.post(running.address + path, content=b"{}", trust_env=False)
            assert answer.status_code in {400, 401, 404}
        assert running.failures(), "what the document does not know is remembered"
        running.reset()
        assert running.failures() == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nobody"], "There is no stand-in for 'nobody'"),
        (["nowhere.at:All"], "cannot be loaded"),
        (["contract", "--secret", "token"], "NAME=VALUE is expected"),
    ],
)
def test_what_cannot_be_run_is_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["stand-in", *arguments]) != 0
    said = capsys.readouterr()
    assert sentence in said.err + said.out
    assert "Traceback" not in said.err


def test_without_the_extra_one_sentence_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stand_in, "find_spec", lambda _: None)
    assert main(["stand-in", "contract"]) != 0
    said = capsys.readouterr()
    assert "pip install 'cashier-app[testing]'" in said.err + said.out


def test_a_port_that_is_taken_is_one_sentence() -> None:
    with RunningStandIn("contract") as running:
        port = running.address.rpartition(":")[2]
        done = subprocess.run(
            [*RUN, "contract", "--port", port], capture_output=True, text=True, check=False, env=os.environ
        )
    assert done.returncode != 0
    assert f"Port {port} is in use" in done.stderr + done.stdout
