"""After a day with a loyalty system that repeats what it is told, no secret and no phone number is anywhere.

Looked through: the log, the settings, every file of the data folder (database, its write-ahead log, backups),
what the window and the commands printed, the pictures' bytes and text chunks, and every text the window held
while the pictures were taken. Pixels are not read: a picture shows what the window's texts say. Phone numbers
are looked for at rest, not while they stand typed in the entry field.

A sale made while the loyalty system could not be reached needs the phone number that was typed until it is
posted; without it nobody would get the points. It is encrypted in the database, then wiped.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import urllib.request
import zipfile
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image

from cashier_app.command_line.parser import main
from cashier_app.security import credentials
from cashier_app.testing.people import Person
from cashier_app.testing.running import RunningStandIn
from tests.fakes.kept_key import FileKeyStore

HERE = Path(__file__).parents[2]
SECOND_SECRET = "EAAA-second-s3cret-0xC0FFEE"
PHONES = ("9876501234", "9876505678")
CONFIG = """[store]
name = "Corner Shop"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"
[backend]
address = "{address}"
"""


class Echo(ThreadingHTTPServer):
    """Stands before a loyalty system; when told to, answers every request by repeating all of it."""

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind, self.mode, self.repeated = behind, "honest", 0
        self.address = f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Echo
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/-door?"):
            self.server.mode = self.path.partition("?")[2]
            self._answer(200, b"", {})
        elif self.server.mode == "honest":
            self._forward()
        else:
            self._repeat()

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - named by the library

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def _forward(self) -> None:
        asked = urllib.request.Request(  # noqa: S310 - loopback
            self.server.behind + self.path, self._body(), method=self.command,
            headers={name: value for name, value in self.headers.items() if name.lower() != "host"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310 - loopback
                self._answer(answer.status, answer.read(), {"Content-Type": answer.headers["Content-Type"]})
        except urllib.error.HTTPError as error:
            self._answer(error.code, error.read(), {"Content-Type": error.headers["Content-Type"]})

    def _repeat(self) -> None:
        self.server.repeated += 1
        token, body = self.headers.get("Authorization", ""), (self._body() or b"").decode()
        told = f"{token} {self.path} {body} +91{PHONES[1]}"
        status = (401, 500, 422, 403)[self.server.repeated % 4]
        line = told.replace("\r", " ").replace("\n", " ")
        answer = f'{{"title": "{status}", "detail": {json.dumps(told)}, "type": "about:blank"}}'.encode()
        self._answer(
            status,
            answer,
            {"Content-Type": "application/problem+json", "X-Debug": line, "Retry-After": line},
            line,
        )

    def _body(self) -> bytes | None:
        length = int(self.headers.get("Content-Length", 0))
        return self.rfile.read(length) if length else None

    def _answer(self, status: int, body: bytes, headers: dict[str, str], reason: str = "") -> None:
        self.send_response(status, reason[:200] or None)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def stand_in() -> Iterator[RunningStandIn]:
    with RunningStandIn("contract") as running:
        yield running


@pytest.fixture
def echo(stand_in: RunningStandIn) -> Iterator[Echo]:
    stand_in.reset()
    for place, phone in enumerate(PHONES):
        stand_in.add_member(Person(name=f"Asha {place}", phone=f"+91{phone}", points="1240"))
    server = Echo(stand_in.address)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, typed: str, *words: str
) -> str:
    """Run a command and return all that it printed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    with_code = ""
    try:
        with_code = str(main(list(words)))
    except SystemExit as stopped:
        with_code = str(stopped.code)
    out, err = capsys.readouterr()
    return f"{' '.join(words)}: {with_code}\n{out}{err}"


def a_day(
    folder: Path,
    echo: Echo,
    token: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    leaks: str = "",
) -> str:
    """Live through a day, and return what was said on the way."""
    config, data, store = folder / "till.toml", folder / "data", folder / "keys" / "store.json"
    store.parent.mkdir()
    config.write_text(CONFIG.format(address=echo.address))
    monkeypatch.setattr(credentials, "KeyStore", lambda: FileKeyStore(store))
    shop = ("--config", str(config), "--data", str(data))
    said = command(
        capsys,
        monkeypatch,
        token + "\n",
        "backend",
        "add",
        "contract",
        "--by",
        "Mira",
        "--address",
        echo.address,
        *shop,
    )
    assert "Kept." in said, said
    door = f"{echo.address}/-door"
    ran = subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.leaking_run", str(config), str(data), str(store),
         str(folder / "pictures"), door, leaks],
        input="\n".join((*PHONES, SECOND_SECRET, "")),
        capture_output=True, text=True, cwd=HERE, check=False, timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    said += ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    assert "sold found: done" in said
    assert "sold not reached: done" in said
    assert echo.repeated > 3
    asked = ("backend check", "backend show", "doctor", "outbox list", "outbox send --seconds 1")
    for words in (one.split() for one in asked):
        said += command(capsys, monkeypatch, "", *words, *shop)
    said += command(capsys, monkeypatch, SECOND_SECRET + "\n", "backend", "add", "contract", "--by", "Mira",
                    "--address", echo.address, *shop)  # fmt: skip
    said += command(capsys, monkeypatch, "", "outbox", "export", str(folder / "export.json"), *shop)
    said += command(capsys, monkeypatch, "", "support-bundle", str(folder / "support.zip"), *shop)
    assert (folder / "support.zip").exists(), said
    return said


def found_in(folder: Path, said: str, wanted: dict[str, str]) -> dict[str, set[str]]:
    """Return where each of these texts stands: file names, or what was said."""
    found: dict[str, set[str]] = {}
    texts = {"what was said": said.encode()}
    for file in folder.rglob("*"):
        if file.is_file() and "keys" not in file.parts:
            texts[str(file.relative_to(folder))] = file.read_bytes() + _text_chunks(file)
    for name, text in wanted.items():
        for spelling in (text.encode(), text.encode("utf-16-le"), text.encode().hex().encode()):
            for place, content in texts.items():
                if spelling in content:
                    found.setdefault(name, set()).add(place)
    return found


def _text_chunks(file: Path) -> bytes:
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    if file.suffix != ".png":
        return b""
    with Image.open(file) as picture:
        picture.load()
        return repr(picture.info).encode()


def wanted(token: str) -> dict[str, str]:
    phones = {}
    for phone in PHONES:
        phones |= {f"{phone} plain": phone, f"{phone} spaced": f"{phone[:5]} {phone[5:]}"}
    return {"the token": token, "the second secret": SECOND_SECRET, **phones}


def test_no_secret_and_no_phone_number_is_left_anywhere(
    tmp_path: Path,
    echo: Echo,
    stand_in: RunningStandIn,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = stand_in.secrets["token"]
    said = a_day(tmp_path, echo, token, capsys, monkeypatch)
    assert (tmp_path / "data" / "till.log").read_text().count("nobody caught this") == 1
    assert len(list((tmp_path / "pictures").glob("*.png"))) > 8
    assert found_in(tmp_path, said, wanted(token)) == {}, "while a sale waits"
    echo.mode = "honest"
    shop = ("--config", str(tmp_path / "till.toml"), "--data", str(tmp_path / "data"))
    said += command(capsys, monkeypatch, "", "outbox", "send", "--seconds", "5", *shop)
    assert found_in(tmp_path, said, wanted(token)) == {}, "posted, and wiped"


def test_planted_leaks_are_all_found(
    tmp_path: Path,
    echo: Echo,
    stand_in: RunningStandIn,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = stand_in.secrets["token"]
    said = a_day(tmp_path, echo, token, capsys, monkeypatch, leaks="all")
    found = found_in(tmp_path, said, wanted(token))
    assert found[f"{PHONES[0]} plain"] == {"what was said"}
    assert found[f"{PHONES[1]} plain"] & {"data/till.sqlite", "data/till.sqlite-wal"}, "kept in clear"
    assert found["the second secret"] - {"data/till.sqlite-wal"} == {
        "what was said",  # the log goes to standard error as well
        "data/till.log",
        "data/till.sqlite",
        "data/note.txt",
        "pictures/at the end.txt",
        "pictures/planted.png",
    }


def test_the_search_reads_packed_text_chunks(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", SECOND_SECRET * 3, zip=True)
    Image.new("RGB", (4, 4)).save(tmp_path / "packed.png", pnginfo=info)
    assert zlib.crc32((tmp_path / "packed.png").read_bytes())
    assert SECOND_SECRET.encode() not in (tmp_path / "packed.png").read_bytes()
    assert found_in(tmp_path, "", wanted("no token")) == {"the second secret": {"packed.png"}}
