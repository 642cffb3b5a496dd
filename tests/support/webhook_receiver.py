"""A real HTTP server that takes webhooks and answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes


@dataclass
class Receiver:
    statuses: Sequence[int] = (200,)
    """Each request takes the next one, the last one stays."""
    location: str = ""
    gate: threading.Event | None = None
    """The answer waits for it."""
    port: int = 0
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/hooks"


@contextmanager
def running_receiver(receiver: Receiver) -> Iterator[Receiver]:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(self.path, headers, body))
            number = min(len(receiver.received), len(receiver.statuses)) - 1
            if receiver.gate is not None:
                receiver.gate.wait(60)
            self.send_response(receiver.statuses[number])
            self.send_header("content-length", "0")
            if receiver.location:
                self.send_header("location", receiver.location)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
