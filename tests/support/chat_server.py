"""A real HTTP server that speaks the chat completions API, streaming or not, and misbehaves when told to.

Written from the OpenAI API reference (chat completions, streaming chunks, models, errors). Replies are
scripted: each request takes the next one, the last one stays. All requests are recorded.
"""

from __future__ import annotations

import base64
import io
import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

KEY = "sk-test-4711-do-not-log"
MODEL = "olmOCR-2-7B-1025"


@dataclass(frozen=True)
class Reply:
    """What the server does with one request."""

    text: str = ""
    finish_reason: str | None = "stop"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    error: dict[str, Any] | None = None
    raw: bytes | None = None
    """Sent as the whole body instead of a completion."""
    content_type: str | None = None
    then: str = "end"
    """After the text: end properly, "cut" the connection, "hang", or go "on" with the text for ever."""
    streams: bool = True
    """False: the answer comes as one JSON document even where a stream was asked for."""
    refusal: str | None = None
    """What the model says instead of an answer, in the field that the API has for it."""
    usage: tuple[int, int] | None = (1500, 300)
    """Tokens of the prompt and the answer, told where they are asked for; None: not even then."""
    wait_s: float = 0.0
    """Before the answer begins; ended early when the server closes."""


def answer(text: str) -> Reply:
    return Reply(text)


def unfinished(text: str) -> Reply:
    return Reply(text, finish_reason="length")


def refused(status: int, message: str = "no", code: str | None = None, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, error={"message": message, "code": code, "type": "x"}, headers=named)


def cut(text: str = "") -> Reply:
    return Reply(text, then="cut")


def hanging(text: str = "") -> Reply:
    return Reply(text, then="hang")


def endless(text: str) -> Reply:
    return Reply(text, then="on")


def refusing(text: str = "I can't help with that.") -> Reply:
    return Reply(refusal=text)


def garbage(content_type: str = "application/json") -> Reply:
    return Reply(raw=b"<html>Bad Gateway {{{", content_type=content_type)


@dataclass(frozen=True)
class Recorded:
    """One request for a completion."""

    body: dict[str, Any]
    authorization: str

    @property
    def parts(self) -> list[dict[str, Any]]:
        (message,) = self.body["messages"]
        assert message["role"] == "user"
        return message["content"]

    @property
    def image(self) -> Image.Image:
        url = next(part["image_url"]["url"] for part in self.parts if part["type"] == "image_url")
        head, _, encoded = url.partition(",")
        assert head == "data:image/png;base64"
        return Image.open(io.BytesIO(base64.b64decode(encoded, validate=True)))


class ChatServer(ThreadingHTTPServer):
    """At ``url``, with one valid key and one model."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.path = "/v1"
        """Below which the API lies."""
        self.requests: list[Recorded] = []
        self.replies: list[Reply] = []
        self.answering: Callable[[Recorded], Reply] | None = None
        """Looks at the request instead of the script."""
        self.models = [MODEL]
        self.knows_stream_options = True
        """False: it refuses requests that ask for the count of tokens, as older servers do."""
        self.most_at_once = 0
        self.hung_up = threading.Event()
        """A client ended the connection before we were done."""
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._at_once = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{self.path}"

    def script(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def take(self, request: Recorded) -> Reply:
        with self._lock:
            self.requests.append(request)
            if self.answering is not None:
                return self.answering(request)
            return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    @contextmanager
    def counted(self) -> Iterator[None]:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        self.hung_up.set()


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ChatServer

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        if not self._authorized():
            self._send_error(refused(401, f"Incorrect API key provided: {self._key}"))
        elif self.path == f"{self.server.path}/models":
            models = [{"id": name, "object": "model", "created": 0} for name in self.server.models]
            self._send_json({"object": "list", "data": models})
        else:
            self._send_error(refused(404))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.counted():
            if self.path != f"{self.server.path}/chat/completions":
                self._send_error(refused(404))
            elif not self._authorized():
                self._send_error(refused(401, f"Incorrect API key provided: {self._key}"))
            elif body["model"] not in self.server.models:
                self._send_error(refused(404, "The model does not exist", "model_not_found"))
            elif "stream_options" in body and not self.server.knows_stream_options:
                self._send_error(refused(400, "Unrecognized request argument supplied: stream_options"))
            else:
                self._reply(self.server.take(Recorded(body, self.headers["authorization"])), body)

    @property
    def _key(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    def _authorized(self) -> bool:
        return self._key == KEY

    def _reply(self, reply: Reply, body: dict[str, Any]) -> None:
        self.server.closing.wait(reply.wait_s)
        if reply.error is not None:
            self._send_error(reply)
        elif reply.raw is not None:
            self._send(200, reply.raw, reply.content_type or "application/json")
        elif body.get("stream") and reply.streams:
            self._stream(reply, with_usage=bool(body.get("stream_options", {}).get("include_usage")))
        else:
            message = {"role": "assistant", "content": reply.text, "refusal": reply.refusal}
            choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
            content = {"id": "c", "object": "chat.completion", "created": 0, "choices": [choice]}
            self._send_json(content | _usage(reply))

    def _send_error(self, reply: Reply) -> None:
        body = json.dumps({"error": reply.error}).encode()
        self._send(reply.status, body, "application/json", reply.headers)

    def _send_json(self, content: object) -> None:
        self._send(200, json.dumps(content).encode(), "application/json")

    def _send(
        self, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {"content-type": content_type, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, reply: Reply, *, with_usage: bool) -> None:
        if reply.then == "hang" and not reply.text:
            self.server.closing.wait()
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self._event({"role": "assistant", "content": ""})
        for piece in _pieces(reply.text):
            self._event({"content": piece})
        if reply.refusal is not None:
            self._event({"refusal": reply.refusal})
        while reply.then == "on" and not self.server.closing.is_set():
            self._event({"content": reply.text})
        if reply.then == "hang":
            self.server.closing.wait()
        if reply.then != "end":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._event({}, reply.finish_reason)
        if with_usage and reply.usage is not None:
            self._chunk(b"data: " + json.dumps({"choices": [], **_usage(reply)}).encode() + b"\n\n")
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _event(self, delta: dict[str, str], finish_reason: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        content = {"id": "c", "object": "chat.completion.chunk", "created": 0, "choices": [choice]}
        self._chunk(b"data: " + json.dumps(content).encode() + b"\n\n")

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")


def _usage(reply: Reply) -> dict[str, Any]:
    if reply.usage is None:
        return {}
    prompt, completion = reply.usage
    counts = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return {"usage": counts}


def _pieces(text: str) -> Sequence[str]:
    return [text[at : at + 7] for at in range(0, len(text), 7)]


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """A running server."""
    server = ChatServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
