"""What browsers may do with our answers: security headers, and which origins may call."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ANSWER_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": _ANSWER_POLICY,
}
_INLINE = re.compile(r"<(script|style)(?:\s[^>]*)?>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_WITHOUT_COOKIES = ("null", "*")


class AnswerHeaders:
    """Adds the security headers to every HTTP answer that does not bring its own, and those that a route's
    dependency has put aside in ``request.state.answer_headers``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                aside: dict[str, str] = scope.get("state", {}).get("answer_headers", {})
                for name, value in (_HEADERS | aside).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Origins:
    """CORS: named origins may send cookies; `null` (a page opened from disk) and `*` never may."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._named = frozenset(origin for origin in origins if origin not in _WITHOUT_COOKIES)
        open_to = [origin for origin in origins if origin in _WITHOUT_COOKIES]
        self._with_cookies = _cors(app, sorted(self._named), credentials=True)
        self._without_cookies = _cors(app, open_to, credentials=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        named = scope["type"] == "http" and Headers(scope=scope).get("origin") in self._named
        await (self._with_cookies if named else self._without_cookies)(scope, receive, send)


def _cors(app: ASGIApp, origins: list[str], *, credentials: bool) -> CORSMiddleware:
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_credentials=credentials,
        allow_methods=["GET", "HEAD", "POST", "DELETE"],
        allow_headers=[
            "Content-Type",
            "Idempotency-Key",
            "X-Session-Id",
            "X-Request-Id",
            "Range",
            "Last-Event-ID",
            "Authorization",
            "X-API-Key",
        ],
        expose_headers=[
            "Content-Disposition",
            "Content-Range",
            "ETag",
            "Location",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "X-Request-Id",
        ],
    )


def page_policy(html: str, *, extra: str = "") -> str:
    """A Content-Security-Policy for one page: its own inline scripts and styles by their hashes (CSP 3)."""
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for kind, content in _INLINE.findall(html):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        hashes[kind.lower()].append(f"'sha256-{digest}'")
    return (
        f"default-src 'none'; script-src 'self' {' '.join(hashes['script'])}; "
        f"style-src 'self' {extra or ' '.join(hashes['style'])}; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self' http: https: ws: wss:; worker-src blob:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
