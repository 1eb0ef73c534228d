"""A proxy before PostgreSQL that loses an answer: the server commits, and nobody hears of it."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

HOST = "127.0.0.1"
_CHUNK = 65536
_READY = b"Z\x00\x00\x00\x05I"
"""The end of every answer outside a transaction."""


class AnswerThief:
    """Passes everything on until armed; then the answer to the next COMMIT is waited for and thrown away.

    Args:
        port: The server's, on loopback. Connections must not be encrypted.
    """

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._listening = socket.create_server((HOST, 0))
        self.port: int = self._listening.getsockname()[1]
        self.stolen = 0
        self._armed = False
        self._silent = False
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def arm(self) -> None:
        """Steal the answer to the next COMMIT, and close the connection."""
        self._armed = True

    def fall_silent(self) -> None:
        """From now on pass nothing on in either direction, and close nothing."""
        self._silent = True

    def close(self) -> None:
        """End all connections and threads."""
        for one in (self._listening, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join()

    def _start(self, run: object, *values: object) -> None:
        thread = threading.Thread(target=run, args=values, name="answer thief", daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
                server = socket.create_connection((HOST, self._server_port))
            except OSError:
                return
            self._open += [client, server]
            stealing = threading.Event()
            self._start(self._upwards, client, server, stealing)
            self._start(self._downwards, server, client, stealing)

    def _upwards(self, client: socket.socket, server: socket.socket, stealing: threading.Event) -> None:
        with suppress(OSError):
            while data := client.recv(_CHUNK):
                if self._armed and b"COMMIT" in data:
                    self._armed = False
                    stealing.set()
                if not self._silent:
                    server.sendall(data)
            server.shutdown(socket.SHUT_WR)

    def _downwards(self, server: socket.socket, client: socket.socket, stealing: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(_CHUNK):
                if stealing.is_set():
                    if data.endswith(_READY):
                        self.stolen += 1
                        client.shutdown(socket.SHUT_RDWR)
                        return
                elif not self._silent:
                    client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)
