"""`cashier-cli claims`: two tills come to one key, and nobody sees it on the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cashier_app.claim_opening import CLAIMS_NAME, OpenClaimKeys, new_key
from cashier_app.command_line.parser import main
from cashier_app.domain.claim_code import claim_digits
from cashier_app.keeping_secrets import vault_of
from cashier_app.ports.credentials import Secret
from tests.fakes.kept_key import FileKeyStore

SETTINGS = """
[store]
name = "Corner Shop"
till = "{till}"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"
[backend]
address = "https://loyalty.example"
"""


class Till:
    def __init__(self, folder: Path, number: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.data, self._capsys = folder / number, capsys
        self.settings = folder / f"{number}.toml"
        self.settings.write_text(SETTINGS.format(till=number))
        self.data.mkdir()

    def run(self, action: str, *options: str) -> tuple[int, str]:
        code = main(["claims", action, *options, "--config", str(self.settings), "--data", str(self.data)])
        said = self._capsys.readouterr()
        return code, said.out + said.err

    def share(self, *options: str) -> tuple[int, str, str]:
        read, write = os.pipe()
        code, said = self.run("share", "--out-fd", str(write), *options)
        os.close(write)
        key = os.read(read, 200).decode().strip()
        os.close(read)
        return code, said, key

    def join(self, key: str, *options: str) -> tuple[int, str]:
        read, write = os.pipe()
        os.write(write, f"{key}\n".encode())
        os.close(write)
        code, said = self.run("join", "--in-fd", str(read), *options)
        os.close(read)
        return code, said

    def keys(self) -> OpenClaimKeys:
        return OpenClaimKeys(lambda: vault_of(self.data), self.data)


@pytest.fixture
def tills(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[Till, Till]:
    store = FileKeyStore(tmp_path / "key-store.json")
    monkeypatch.setattr("cashier_app.security.credentials.KeyStore", lambda: store)
    return Till(tmp_path, "1", capsys), Till(tmp_path, "2", capsys)


def test_alone_a_till_reads_only_its_own(tills: tuple[Till, Till]) -> None:
    one, two = (till.keys()() for till in tills)
    assert one.proves(b"receipt", one.sign(b"receipt"))
    assert not two.proves(b"receipt", one.sign(b"receipt"))


def test_two_tills_come_to_one_key(tills: tuple[Till, Till]) -> None:
    one, two = tills
    before = one.keys()().sign(b"receipt of before")
    code, said, key = one.share("--new")
    assert (code, len(key)) == (0, 64)
    assert key[:16] not in said
    code, said = two.join(key)
    assert code == 0
    assert key[:16] not in said
    signed = one.keys()().sign(b"receipt")
    assert two.keys()().proves(b"receipt", signed)
    assert one.keys()().proves(b"receipt of before", before)
    digits = claim_digits("sale", one.keys()().sign)
    assert two.keys()().digits_fit("sale", digits)
    for folder in (one.data, two.data):
        kept = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
        assert key.encode() not in kept
        assert bytes.fromhex(key) not in kept


def test_the_same_key_is_shared_again(tills: tuple[Till, Till]) -> None:
    first = tills[0].share("--new")[2]
    assert tills[0].share()[2] == tills[0].share("--new")[2] == first


def test_without_a_key_nothing_is_shared(tills: tuple[Till, Till]) -> None:
    code, said, key = tills[0].share()
    assert (code, key) == (2, "")
    assert "claims share --new" in said


def test_a_key_goes_to_no_screen(tills: tuple[Till, Till]) -> None:
    code, said = tills[0].run("share", "--out-fd", "1", "--new")
    assert code == 2
    assert "file or a pipe" in said


def test_what_is_no_key_is_not_taken(tills: tuple[Till, Till]) -> None:
    code, said = tills[0].join("0123abcd")
    assert code == 2
    assert "0123abcd" not in said


def test_another_key_is_taken_only_on_purpose(tills: tuple[Till, Till]) -> None:
    first, other = new_key().reveal(), new_key().reveal()
    assert tills[0].join(first)[0] == 0
    assert tills[0].join(first)[0] == 0
    assert tills[0].join(other)[0] == 2
    assert tills[0].share()[2] == first
    assert tills[0].join(other, "--replace")[0] == 0
    assert tills[0].share()[2] == other


def test_a_damaged_key_is_said_and_not_shown(tills: tuple[Till, Till]) -> None:
    vault_of(tills[0].data).write(CLAIMS_NAME, Secret("zz" * 32))
    with pytest.raises(Exception, match="no claim key"):
        tills[0].keys()()
