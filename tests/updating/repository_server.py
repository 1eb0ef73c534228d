"""A repository on loopback, as a publisher keeps it and as somebody in between would change it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from securesystemslib.signer import CryptoSigner

from scripts.update_repository import Repository

KIND = "deb-x86_64"
Answer = Callable[[str, bytes | None], tuple[int, bytes] | None]
"""What is answered to a path instead of the file there; None for the file."""


class Keys:
    """The publisher's: two root keys of which both sign, one for targets, one that is online."""

    def __init__(self) -> None:
        self.roots = [CryptoSigner.generate_ed25519(), CryptoSigner.generate_ed25519()]
        self.targets = CryptoSigner.generate_ed25519()
        self.online = CryptoSigner.generate_ed25519()


class Publisher:
    """Somebody who publishes into a folder; `now` may lie in the past."""

    def __init__(self, folder: Path, keys: Keys | None = None) -> None:
        self.keys = keys or Keys()
        self.now = datetime.now(UTC)
        self.folder = folder
        self.repository = Repository(folder, lambda: self.now)

    def begin(self) -> bytes:
        """Publish the first root and return it, as it is shipped with the program."""
        self.stage_root()
        for key in self.keys.roots:
            self.repository.sign_root(key)
        return (self.repository.metadata / "1.root.json").read_bytes()

    def stage_root(self) -> None:
        """Say who may sign."""
        keys = self.keys
        roots = [key.public_key for key in keys.roots]
        self.repository.stage_root(roots, len(roots), [keys.targets.public_key], 1, keys.online.public_key)

    def publish(self, version: str, content: bytes = b"a package " * 2000, kind: str = KIND) -> None:
        """Publish one version."""
        file = self.folder / f"cashier-app_{version}.bin"
        file.write_bytes(content)
        self.repository.add(file, version, kind)
        file.unlink()
        self.repository.sign_targets([self.keys.targets])
        self.repository.refresh(self.keys.online)


class RepositoryServer:
    """Shows a folder on loopback; `answer` may say something else.

    Args:
        folder: As a publisher keeps it; may be changed for another at any time.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answer: Answer = lambda _path, _file: None
        self.endless: str = ""
        self.cut_off: str = ""
        self.dripping: str = ""
        self.asked: list[str] = []
        self._ended = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer._serve(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        """Return where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path.lstrip("/")
        self.asked.append(path)
        handler.close_connection = True
        file = self.folder / path
        content = file.read_bytes() if file.is_file() and ".." not in path else None
        status, body = self.answer(path, content) or (200 if content is not None else 404, content or b"")
        handler.send_response(status)
        if status == 302:
            handler.send_header("Location", "http://portal.example.test/")
        if self.endless and self.endless in path:
            self._never_end(handler)
            return
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Connection", "close")
        handler.end_headers()
        if self.dripping and self.dripping in path:
            self._drip(handler, body)
            return
        cut = bool(self.cut_off) and self.cut_off in path
        handler.wfile.write(body[: len(body) // 2] if cut else body)

    def _drip(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """Send a byte now and then, each well before anybody would give up waiting for one."""
        for byte in body:
            try:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
            except OSError:
                return
            if self._ended.wait(0.05):
                return

    def _never_end(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_header("Connection", "close")
        handler.end_headers()
        until = time.monotonic() + 20
        try:
            while time.monotonic() < until:
                handler.wfile.write(b"{" * 65536)
        except OSError:
            pass
