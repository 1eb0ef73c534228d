"""Make and keep the repository tills take signed updates from; docs/release.md has the ceremony.

Root and targets keys stay offline; the one key that is online signs for days only, and can name no file.
"""

from __future__ import annotations

import argparse
import getpass
import json
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.signer import CryptoSigner, Key, SSlibKey
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Role, Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.api.serialization.json import JSONSerializer

DAYS = {"root": 365, "targets": 180, "snapshot": 14, "timestamp": 14}
LIST_NAME = "releases.json"
VERSION = re.compile(r"\d{1,6}\.\d{1,6}\.\d{1,6}")
KINDS = tuple(
    f"{kind}-{machine}" for kind in ("deb", "windows", "macos", "folder") for machine in ("x86_64", "arm64")
)
STAGED = "staged-root.json"
_PRETTY = JSONSerializer(compact=False)


class Refused(Exception):  # noqa: N818 - it is an answer, not an accident
    """What was asked would make a repository no till believes."""


def new_key(file: Path, passphrase: str) -> str:
    """Write a private key under a passphrase and its public half beside it; return the key's id."""
    key = Ed25519PrivateKey.generate()
    kept = BestAvailableEncryption(passphrase.encode())
    for place, text in (
        (file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, kept)),
        (
            file.with_suffix(".pub"),
            key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        ),
    ):
        with place.open("xb") as opened:
            place.chmod(0o600)
            opened.write(text)
    return public_key(file.with_suffix(".pub")).keyid


def public_key(file: Path) -> SSlibKey:
    """Return the public half in a file."""
    return SSlibKey.from_crypto(load_pem_public_key(file.read_bytes()))


def signer(file: Path, passphrase: str) -> CryptoSigner:
    """Return what signs with the private key in a file."""
    return CryptoSigner(load_pem_private_key(file.read_bytes(), passphrase.encode()))


class Repository:
    """A folder with ``metadata/`` and ``targets/``, as a web server shows it.

    Args:
        now: The time; given by tests.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.folder, self._now = folder, now
        self.metadata, self.targets = folder / "metadata", folder / "targets"

    # --- root -----------------------------------------------------------------------------------

    def stage_root(
        self,
        root_keys: Sequence[Key],
        threshold: int,
        targets_keys: Sequence[Key],
        targets_threshold: int,
        online: Key,
    ) -> Root:
        """Write down who may sign, as the next version of root; nobody believes it before it is signed."""
        ids = {key.keyid for key in root_keys}
        if not 0 < threshold <= len(ids) or not 0 < targets_threshold <= len(targets_keys):
            raise Refused("A threshold is from 1 to the number of keys.")
        if online.keyid in ids | {key.keyid for key in targets_keys}:
            raise Refused("The online key may sign neither root nor targets.")
        everybody = {key.keyid: key for key in (*root_keys, *targets_keys, online)}
        roles = {
            "root": Role(sorted(ids), threshold),
            "targets": Role(sorted({key.keyid for key in targets_keys}), targets_threshold),
            "snapshot": Role([online.keyid], 1),
            "timestamp": Role([online.keyid], 1),
        }
        version = len(list(self.metadata.glob("*.root.json"))) + 1
        root = Root(
            version=version,
            expires=self._until("root"),
            keys=everybody,
            roles=roles,
            consistent_snapshot=True,
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        Metadata(root).to_file(str(self.folder / STAGED), _PRETTY)
        return root

    def sign_root(self, signing: CryptoSigner) -> bool:
        """Add one signature to the staged root; return whether it is published now, with enough of them."""
        staged = Metadata[Root].from_file(str(self.folder / STAGED))
        staged.sign(signing, append=True)
        staged.to_file(str(self.folder / STAGED), _PRETTY)
        version = staged.signed.version
        judges = [staged.signed]
        if version > 1:
            judges.append(Metadata[Root].from_file(str(self.metadata / f"{version - 1}.root.json")).signed)
        try:
            for judge in judges:
                judge.verify_delegate("root", staged.signed_bytes, staged.signatures)
        except RepositoryError:
            return False
        self.metadata.mkdir(exist_ok=True)
        (self.folder / STAGED).replace(self.metadata / f"{version}.root.json")
        return True

    def root(self) -> Metadata[Root]:
        """Return the newest published root."""
        found = [int(path.name.split(".")[0]) for path in self.metadata.glob("*.root.json")]
        if not found:
            raise Refused("No root is published yet: sign the staged one.")
        return Metadata[Root].from_file(str(self.metadata / f"{max(found)}.root.json"))

    # --- releases -------------------------------------------------------------------------------

    def add(self, file: Path, version: str, kind: str) -> None:
        """Put a file into the list of releases; publish with `sign_targets` and `refresh`."""
        if not VERSION.fullmatch(version):
            raise Refused(f"{version!r} is no version such as 0.2.0: no till would take it.")
        if kind not in KINDS:
            raise Refused(f"{kind!r} is for no till: there are {', '.join(KINDS)}.")
        listed = self._listed()
        place = f"{version}/{file.name}"
        listed = [one for one in listed if (one["version"], one["kind"]) != (version, kind)]
        listed.append({"version": version, "kind": kind, "path": place})
        staged = self.folder / "staged"
        (staged / version).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, staged / place)
        text = json.dumps({"releases": listed}, indent=1) + "\n"
        (staged / LIST_NAME).write_text(text, encoding="utf-8")

    def sign_targets(self, signing: Sequence[CryptoSigner]) -> int:
        """Sign the list and its files with the offline targets keys; return the new version of targets."""
        before = self._targets()
        signed = Targets(
            version=before.version + 1 if before else 1,
            expires=self._until("targets"),
            targets=dict(before.targets) if before else {},
        )
        staged = self.folder / "staged"
        for file in sorted(path for path in staged.rglob("*") if path.is_file()):
            place = file.relative_to(staged).as_posix()
            target = TargetFile.from_file(place, str(file), ["sha256"])
            signed.targets[place] = target
            kept = self.targets / place
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, kept.with_name(f"{target.hashes['sha256']}.{kept.name}"))
        made = self._signed(Metadata(signed), signing, "targets")
        made.to_file(str(self.metadata / f"{signed.version}.targets.json"), _PRETTY)
        (self.metadata / "targets.version").write_text(str(signed.version), encoding="utf-8")
        shutil.rmtree(staged, ignore_errors=True)
        return signed.version

    def refresh(self, signing: CryptoSigner) -> int:
        """Sign snapshot and timestamp anew with the online key, every few days; return their version."""
        targets = self._targets()
        if targets is None:
            raise Refused("There are no releases yet.")
        version = max((self._number(path) for path in self.metadata.glob("*.snapshot.json")), default=0) + 1
        snapshot = Snapshot(
            version=version,
            expires=self._until("snapshot"),
            meta={"targets.json": MetaFile(version=targets.version)},
        )
        timestamp = Timestamp(
            version=version, expires=self._until("timestamp"), snapshot_meta=MetaFile(version=version)
        )
        made = self._signed(Metadata(snapshot), [signing], "snapshot")
        made.to_file(str(self.metadata / f"{version}.snapshot.json"), _PRETTY)
        fresh = self.metadata / "timestamp.json.new"
        self._signed(Metadata(timestamp), [signing], "timestamp").to_file(str(fresh), _PRETTY)
        fresh.replace(self.metadata / "timestamp.json")
        return version

    def _signed(self, made: Metadata, signing: Sequence[CryptoSigner], role: str) -> Metadata:
        for one in signing:
            made.sign(one, append=True)
        try:
            self.root().signed.verify_delegate(role, made.signed_bytes, made.signatures)
        except RepositoryError as error:
            raise Refused(f"These keys do not sign {role}: {error}") from error
        return made

    def _targets(self) -> Targets | None:
        found = [self._number(path) for path in self.metadata.glob("*.targets.json")]
        if not found:
            return None
        return Metadata[Targets].from_file(str(self.metadata / f"{max(found)}.targets.json")).signed

    def _listed(self) -> list[dict[str, str]]:
        staged, targets = self.folder / "staged" / LIST_NAME, self._targets()
        if staged.exists():
            return list(json.loads(staged.read_text(encoding="utf-8"))["releases"])
        if targets is None:
            return []
        name = f"{targets.targets[LIST_NAME].hashes['sha256']}.{LIST_NAME}"
        return list(json.loads((self.targets / name).read_text(encoding="utf-8"))["releases"])

    def _until(self, role: str) -> datetime:
        return (self._now() + timedelta(days=DAYS[role])).replace(microsecond=0)

    @staticmethod
    def _number(path: Path) -> int:
        return int(path.name.split(".")[0])


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one step of the ceremony or of a release."""
    options = _parser().parse_args(arguments)
    try:
        print(options.act(options))
    except (Refused, OSError, ValueError, RepositoryError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _make_key(options: argparse.Namespace) -> str:
    passphrase = _passphrase(options, options.file)
    if not passphrase:
        raise Refused("A key without a passphrase is a key for whoever finds it.")
    if options.passphrase_file is None and getpass.getpass("The same again: ") != passphrase:
        # Mistyped, it would be found out when the key is needed.
        raise Refused("These are two passphrases. No key was made.")
    return f"{options.file} is key {new_key(options.file, passphrase)}"


def _begin(options: argparse.Namespace) -> str:
    root = Repository(options.repository).stage_root(
        [public_key(file) for file in options.root_key],
        options.threshold,
        [public_key(file) for file in options.targets_key],
        options.targets_threshold,
        public_key(options.online_key),
    )
    keys = (*options.root_key, *options.targets_key, options.online_key)
    ids = "".join(f"{file} is key {public_key(file).keyid}\n" for file in keys)
    return (
        f"{ids}Root {root.version} is staged. Have it signed by {options.threshold} of its keys: sign-root."
    )


def _sign_root(options: argparse.Namespace) -> str:
    done = Repository(options.repository).sign_root(signer(options.key, _passphrase(options, options.key)))
    return "Signed; it is published." if done else "Signed; more signatures are needed."


def _add(options: argparse.Namespace) -> str:
    Repository(options.repository).add(options.file, options.release, options.kind)
    return "Staged. Publish it: sign-targets, then refresh."


def _sign_targets(options: argparse.Namespace) -> str:
    signing = [signer(file, _passphrase(options, file)) for file in options.key]
    return f"Targets {Repository(options.repository).sign_targets(signing)} is signed."


def _refresh(options: argparse.Namespace) -> str:
    version = Repository(options.repository).refresh(signer(options.key, _passphrase(options, options.key)))
    return f"Snapshot and timestamp {version} hold for {DAYS['timestamp']} days."


def _passphrase(options: argparse.Namespace, file: Path) -> str:
    if options.passphrase_file is not None:
        return str(options.passphrase_file.read_text(encoding="utf-8").rstrip("\n"))
    return getpass.getpass(f"Passphrase of {file}: ")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passphrase-file", type=Path, help="read it from here; asked for when not given")
    steps = parser.add_subparsers(required=True, metavar="STEP")

    def step(name: str, act: Callable[[argparse.Namespace], str], about: str) -> argparse.ArgumentParser:
        made = steps.add_parser(name, help=about)
        made.set_defaults(act=act)
        if act is not _make_key:
            made.add_argument("repository", type=Path, help="the folder")
        return made

    step("new-key", _make_key, "make a key").add_argument("file", type=Path)
    begin = step("stage-root", _begin, "say who may sign: at the beginning, and whenever a key changes")
    begin.add_argument("--root-key", type=Path, action="append", required=True, metavar="PUB")
    begin.add_argument("--threshold", type=int, required=True, help="how many of them must sign")
    begin.add_argument("--targets-key", type=Path, action="append", required=True, metavar="PUB")
    begin.add_argument("--targets-threshold", type=int, default=1)
    begin.add_argument("--online-key", type=Path, required=True, metavar="PUB")
    step("sign-root", _sign_root, "sign it with one key").add_argument("--key", type=Path, required=True)
    add = step("add", _add, "put a file into the list of releases")
    add.add_argument("file", type=Path)
    add.add_argument("--release", required=True, help="its version, such as 0.2.0")
    add.add_argument("--kind", required=True, help=f"one of {', '.join(KINDS)}")
    targets = step("sign-targets", _sign_targets, "sign the list and its files, offline")
    targets.add_argument("--key", type=Path, action="append", required=True)
    refresh = step("refresh", _refresh, "say that this is the newest, with the online key, every few days")
    refresh.add_argument("--key", type=Path, required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
