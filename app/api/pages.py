"""Pages for people: the start, the test page, and the API's description, all without a CDN."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import fastapi_offline
from fastapi import APIRouter
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse, Response

from app.api.security import page_policy
from app.errors import NotFound

_ASSETS = Path(fastapi_offline.__file__).parent / "static"
_ASSET_TYPES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "redoc.standalone.js": "text/javascript",
    "favicon.png": "image/png",
}
_START = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>OlmOCR Backend</title>
<style>
body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
</style>
<h1>OlmOCR Backend</h1>
<p>Images of tables in, a workbook that can be trusted out, with live progress.</p>
<ul>
<li><a href="/test_websocket.html">Try it</a>: choose images, watch the events, download the workbook
<li>API: <a href="/docs">Swagger UI</a> · <a href="/redoc">ReDoc</a> · <a href="/openapi.json">JSON</a>
<li><a href="/health/ready">Health</a> · <a href="/metrics">Metrics</a>
</ul>
</html>
"""


def pages(test_page: Path) -> APIRouter:
    """The routes of all pages; ``test_page`` is the file of the test page."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/", _page(lambda: _START))
    router.add_api_route("/test_websocket.html", _page(lambda: test_page.read_text(encoding="utf-8")))
    router.add_api_route("/docs", _page(_swagger, extra="'unsafe-inline'"))
    router.add_api_route("/redoc", _page(_redoc, extra="'unsafe-inline'"))
    router.add_api_route("/assets/{name}", asset)
    router.add_api_route("/favicon.ico", no_icon)
    return router


def asset(name: str) -> Response:
    """A script or style of the API's pages."""
    if name not in _ASSET_TYPES:
        raise NotFound("There is no such file.", code="not_found")
    return FileResponse(
        _ASSETS / name, media_type=_ASSET_TYPES[name], headers={"Cache-Control": "public, max-age=3600"}
    )


def no_icon() -> Response:
    """Browsers ask for one on every page."""
    return Response(status_code=204, headers={"Cache-Control": "public, max-age=86400"})


def _page(read: Callable[[], str], *, extra: str = "") -> Callable[[], HTMLResponse]:
    def page() -> HTMLResponse:
        html = read()
        policy = {"Content-Security-Policy": page_policy(html, extra=extra)}
        return HTMLResponse(html, headers=policy)

    return page


def _swagger() -> str:
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="OlmOCR Backend: Swagger UI",
        swagger_js_url="/assets/swagger-ui-bundle.js",
        swagger_css_url="/assets/swagger-ui.css",
        swagger_favicon_url="/assets/favicon.png",
    )
    return bytes(page.body).decode()


def _redoc() -> str:
    page = get_redoc_html(
        openapi_url="/openapi.json",
        title="OlmOCR Backend: ReDoc",
        redoc_js_url="/assets/redoc.standalone.js",
        redoc_favicon_url="/assets/favicon.png",
        with_google_fonts=False,
    )
    return bytes(page.body).decode()
