"""Opening handshakes of sockets, where uvicorn's answer is not what RFC 6455 asks for."""

from __future__ import annotations

from http import HTTPStatus

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

VERSION = "13"


class SocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's, but who speaks another version is told which one is ours (RFC 6455, 4.2.2 and 4.4)."""

    def handle_connect(self, event: Request) -> None:
        if event.headers.get_all("Sec-WebSocket-Version") == [VERSION]:
            super().handle_connect(event)
            return
        answer = self.conn.reject(HTTPStatus.UPGRADE_REQUIRED, "Only version 13 is spoken here.\n")
        answer.headers["Upgrade"] = "websocket"
        answer.headers["Sec-WebSocket-Version"] = VERSION
        self.handshake_initiated = self.handshake_complete = self.close_sent = True
        self.conn.send_response(answer)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()
