"""Every route of the application, as a visitor would call it with the ids of somebody else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.routing import APIRoute

OPEN = ("/health/", "/docs", "/redoc", "/openapi.json", "/test_websocket.html", "/assets/", "/favicon.ico")
"""Pages and health: for everybody, with or without a key."""


def http_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """(method, path template) of every HTTP route that is no open page, new ones included."""
    for path, operations in app.openapi()["paths"].items():
        for method in operations:
            if not path.startswith(OPEN):
                yield method.upper(), path


def undescribed_routes(app: FastAPI) -> list[str]:
    """Paths of HTTP routes that the API's description leaves out, and that are no open pages."""
    described = set(app.openapi()["paths"])
    paths = {route.path for route in app.routes if isinstance(route, APIRoute)}
    return sorted(path for path in paths - described if path != "/" and not path.startswith(OPEN))


def filled(template: str, **ids: str) -> str:
    """The path with its parameters. KeyError: a parameter that nobody has thought of."""
    return re.sub(r"{(\w+)}", lambda parameter: ids[parameter[1]], template)
