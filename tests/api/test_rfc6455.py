"""What RFC 6455 asks of a server, frame by frame, on the real one: wsproto says what correct clients may say,
and bytes of our own what they would not."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pytest
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage

from app.jobs.job import new_id
from tests.support.conversation import Conversation
from tests.support.raw_socket import (
    CLOSE,
    CONTINUATION,
    PING,
    TEXT,
    Frame,
    RawSocket,
    close_payload,
    frame,
)
from tests.support.server import RunningServer

WORD = frame(TEXT, b"ping")
"""The server answers it with the text `pong`: so it is seen to live."""


@pytest.fixture
def raw(server: RunningServer) -> Iterator[RawSocket]:
    with RawSocket(server.port, f"/api/v1/ws/session/{new_id()}") as socket:
        assert next(socket.frames()).opcode == TEXT  # `connection`
        yield socket


def answers(raw: RawSocket) -> list[tuple[int, bytes]]:
    """Opcode and payload of all frames to the end of the connection, which the server ends."""
    return [(each.opcode, each.payload) for each in raw.frames()]


@pytest.fixture
def talk(server: RunningServer) -> Iterator[Conversation]:
    with Conversation(server.port, f"/api/v1/ws/session/{new_id()}") as conversation:
        assert isinstance(conversation.next(), TextMessage)  # `connection`
        yield conversation


def begun(text: str) -> TextMessage:
    return TextMessage(text, message_finished=False)


UNDERSTOOD: dict[str, list[Event]] = {
    "one frame": [TextMessage("ping")],
    "fragments": [begun("pi"), TextMessage("ng")],
    "empty fragments": [begun(""), *map(begun, "ping"), TextMessage("")],
    "control frame between fragments": [begun("pi"), Pong(b"unasked"), TextMessage("ng")],
    "empty messages": [TextMessage(""), BytesMessage(b""), TextMessage("ping")],
    "binary message": [BytesMessage(bytes(range(256))), TextMessage("ping")],
    "length in seven bits": [TextMessage("x" * 125), TextMessage("ping")],
    "length in two bytes": [TextMessage("x" * 126), TextMessage("x" * 4096), TextMessage("ping")],
    "unasked pong": [Pong(b"x" * 125), TextMessage("ping")],
    "last code point": [TextMessage("\U0010ffff"), TextMessage("ping")],
}


@pytest.mark.parametrize("case", UNDERSTOOD)
def test_understands(talk: Conversation, case: str) -> None:
    talk.send(*UNDERSTOOD[case])

    assert talk.next() == TextMessage("pong")


def test_understands_frames_that_arrive_byte_by_byte(talk: Conversation) -> None:
    talk.send(begun("pi"), TextMessage("ng"), at_once=1)

    assert talk.next() == TextMessage("pong")


def test_understands_characters_that_fragments_cut(raw: RawSocket) -> None:
    euro = "€".encode()
    raw.send(frame(TEXT, euro[:1], fin=False) + frame(CONTINUATION, euro[1:]) + WORD)

    assert next(raw.frames()) == Frame(TEXT, b"pong", 0x81)


@pytest.mark.parametrize("size", [0, 1, 125])
def test_echoes_what_a_ping_carries(talk: Conversation, size: int) -> None:
    talk.send(begun("pi"), Ping(b"p" * size), TextMessage("ng"))

    assert [talk.next(), talk.next()] == [Pong(b"p" * size), TextMessage("pong")]


PROTOCOL, NO_TEXT, TOO_LONG = 1002, 1007, 1009
BROKEN: dict[str, tuple[int, Sequence[bytes]]] = {
    "unmasked": (PROTOCOL, [frame(TEXT, b"ping", masked=False)]),
    **{
        f"reserved bits {bits:03b}": (PROTOCOL, [frame(TEXT, b"ping", reserved=bits)]) for bits in range(1, 8)
    },
    **{f"opcode {code}": (PROTOCOL, [frame(code, b"ping")]) for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "continuation of nothing": (PROTOCOL, [frame(CONTINUATION, b"ping")]),
    "continuation after the end": (PROTOCOL, [WORD, frame(CONTINUATION, b"ping")]),
    "message within a message": (PROTOCOL, [frame(TEXT, b"pi", fin=False), WORD]),
    "ping in fragments": (PROTOCOL, [frame(PING, b"pi", fin=False), frame(CONTINUATION, b"ng")]),
    "close in fragments": (PROTOCOL, [frame(CLOSE, close_payload(1000), fin=False)]),
    "ping of 126 bytes": (PROTOCOL, [frame(PING, b"x" * 126)]),
    "close of 126 bytes": (PROTOCOL, [frame(CLOSE, close_payload(1000, b"x" * 124))]),
    "close of one byte": (PROTOCOL, [frame(CLOSE, b"\x03")]),
    **{
        f"close code {code}": (PROTOCOL, [frame(CLOSE, close_payload(code))])
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
    },
    "close reason that is no UTF-8": (NO_TEXT, [frame(CLOSE, close_payload(1000, b"\xce\xba\xed\xa0\x80"))]),
    **{
        f"text {text.hex()} that is no UTF-8": (NO_TEXT, [frame(TEXT, text)])
        for text in (b"\x80", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"ok \xe2\x82")
    },
    "fragments that are no UTF-8 together": (
        NO_TEXT,
        [frame(TEXT, b"\xe2", fin=False), frame(CONTINUATION, b"\x28\xa1")],
    ),
    "message of 4,097 bytes": (TOO_LONG, [frame(TEXT, b"x" * 4097)]),
    "fragments of 4,097 bytes": (
        TOO_LONG,
        [frame(TEXT, b"x" * 4000, fin=False), frame(CONTINUATION, b"x" * 97)],
    ),
    "length beyond all bounds": (TOO_LONG, [b"\x81\xff" + (2**63 - 1).to_bytes(8, "big")]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_ends_with_the_code_for(raw: RawSocket, case: str) -> None:
    code, frames = BROKEN[case]
    raw.send(b"".join(frames))
    told = raw.frames()
    close = next(each for each in told if each.opcode == CLOSE)
    with suppress(OSError):  # it has ended the connection already
        raw.send(frame(CLOSE, close.payload))

    assert int.from_bytes(close.payload[:2], "big") == code
    assert list(told) == []


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1009, 3000, 3999, 4000, 4999])
def test_echoes_the_close(talk: Conversation, code: int) -> None:
    talk.send(CloseConnection(code, "farewell"))

    [close] = talk.rest()
    assert isinstance(close, CloseConnection)
    assert close.code == code


@pytest.mark.parametrize("code", [1000, 1014])  # wsproto does not know 1014 yet
def test_answers_nothing_that_comes_after_a_close(raw: RawSocket, code: int) -> None:
    raw.send(frame(CLOSE, close_payload(code)) + WORD)

    assert [(opcode, payload[:2]) for opcode, payload in answers(raw)] == [(CLOSE, close_payload(code))]


def test_answers_a_close_without_a_code(raw: RawSocket) -> None:
    raw.send(frame(CLOSE))

    assert answers(raw) == [(CLOSE, b"")]


UPGRADE = {
    "Host": "localhost",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 101),
        ({"Upgrade": "WebSocket", "Connection": "keep-alive, upgrade"}, 101),  # as Firefox says it
        ({"Sec-WebSocket-Version": "8"}, 400),  # uvicorn's own answer; `serve` says 426, see test_serve
        ({"Sec-WebSocket-Version": None}, 400),
        ({"Sec-WebSocket-Key": None}, 400),
        ({"Sec-WebSocket-Key": "c2hvcnQ="}, 400),
        ({"Upgrade": None}, 404),
        ({"Connection": None}, 404),
    ],
    ids=str,
)
def test_opening_handshake(server: RunningServer, change: dict[str, str | None], status: int) -> None:
    headers = "".join(f"{name}: {value}\r\n" for name, value in (UPGRADE | change).items() if value)
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.sendall(f"GET /api/v1/ws/session/{new_id()} HTTP/1.1\r\n{headers}\r\n".encode())
        answer = client.recv(4096).partition(b"\r\n\r\n")[0].decode()  # the first message may come along

    assert answer.startswith(f"HTTP/1.1 {status} "), answer


def test_nothing_of_it_is_a_fault_of_the_server(server: RunningServer) -> None:
    assert "Traceback" not in server.log
