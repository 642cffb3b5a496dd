"""A WebSocket client of bare bytes, for what no library would send: or would not leave unread."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
_REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
_ACCEPTED = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # of that key (RFC 6455, 1.3)


@dataclass(frozen=True)
class Frame:
    """One frame of the server's, never masked."""

    opcode: int
    payload: bytes
    first_byte: int


def frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, reserved: int = 0, masked: bool = True
) -> bytes:
    """A frame as clients send it (RFC 6455, 5.2); the mask is four bytes that change something."""
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    size, bit = len(payload), 0x80 if masked else 0
    if size < 126:
        head = bytes([first, bit | size])
    elif size < 1 << 16:
        head = bytes([first, bit | 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([first, bit | 127]) + size.to_bytes(8, "big")
    if not masked:
        return head + payload
    mask = b"\x11\x22\x33\x44"
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


def close_payload(code: int, reason: bytes = b"") -> bytes:
    return code.to_bytes(2, "big") + reason


class RawSocket:
    """An upgraded connection; a context manager. ``receive_buffer``: bytes that the kernel takes for a
    client that does not read (the kernel's own bounds apply); None: as usual."""

    def __init__(
        self, port: int, path: str, *, receive_buffer: int | None = None, timeout: float = 60
    ) -> None:
        self._socket = socket.socket()
        if receive_buffer is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.settimeout(timeout)
        self._socket.connect(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self._socket.sendall(_REQUEST.format(path=path, host=f"127.0.0.1:{port}").encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self._exactly(1)  # not a byte of what comes after it
        assert head.startswith(b"HTTP/1.1 101 "), head
        assert _ACCEPTED.encode() in head, head

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, content: bytes) -> None:
        self._socket.sendall(content)

    def frames(self) -> Iterator[Frame]:
        """What the server sends until it ends the connection, also where it does so in mid-frame."""
        try:
            while True:
                first, second = self._exactly(2)
                assert not second & 0x80, "the server's frames are not masked"
                size = second
                if size > 125:
                    size = int.from_bytes(self._exactly(2 if size == 126 else 8), "big")
                yield Frame(first & 0x0F, self._exactly(size), first)
        except ConnectionError:
            return

    def _exactly(self, size: int) -> bytes:
        content = bytearray()
        while len(content) < size:
            piece = self._socket.recv(size - len(content))
            if not piece:
                raise ConnectionResetError
            content += piece
        return bytes(content)


def unread_stream(port: int, path: str) -> socket.socket:
    """A request whose answer nobody reads, from a client whose kernel takes little for it."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", port))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return client
