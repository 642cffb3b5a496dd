"""The web process: `uvicorn app.main:app`. Without REDIS_URL it brings its own store and workers along."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from app.api import leaving
from app.api.application import Application, WebOptions
from app.api.handshake import SocketProtocol
from app.api.last_requests import HttpProtocol
from app.api.uvicorn_logs import tame_uvicorn
from app.errors import SetupError
from app.services.local_stack import WORKER
from app.services.logs import configure_logs
from app.settings import Settings, load_settings
from app.wiring.tracing import traced
from app.wiring.web import open_doors

_HERE = Path(__file__).parent
_MAX_SOCKET_MESSAGE = 64 * 1024


def create_app(
    settings: Settings | None = None, *, alone: bool = False, worker: Sequence[str] = WORKER
) -> FastAPI:
    """The application; what lies behind its doors is opened when the server starts it.

    ``alone``: a data folder that another server uses is refused instead of shared. ``worker``: the command of
    a worker process.
    """
    chosen = settings or load_settings()
    configure_logs(chosen.log_level, chosen.log_format)
    tame_uvicorn()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        with traced(chosen, "web"):
            async with open_doors(chosen, alone=alone, worker=worker) as doors:
                app.state.doors = doors
                with leaving.noticed() as app.state.leaving:
                    yield

    options = WebOptions(
        version("olmocr-backend"),
        tuple(chosen.cors_origins),
        _test_page(),
        unread_s=2 * chosen.socket_send_timeout_s,  # half of it goes by before a socket is told why
    )
    return Application(options, lifespan)


def run(host: str, port: int, *, alone: bool = True, worker: Sequence[str] = WORKER) -> None:
    """Serves until SIGTERM or SIGINT, with the settings that a plain `uvicorn` command does not know.

    ``alone`` and ``worker`` are those of ``create_app``.
    """
    settings = load_settings()
    uvicorn.run(
        create_app(settings, alone=alone, worker=worker),
        host=host,
        port=port,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        http=HttpProtocol,
        ws=SocketProtocol,
        ws_ping_interval=settings.ping_interval_s,
        ws_max_size=_MAX_SOCKET_MESSAGE,
        timeout_graceful_shutdown=20,
        log_config=None,  # ours stands since the import above; uvicorn's would print whole ids
        access_log=False,
    )


def _test_page() -> Path:
    """Beside the package in a checkout, within it when installed from a wheel."""
    checkout = _HERE.parent / "test_websocket.html"
    return checkout if checkout.is_file() else _HERE / "web" / "test_websocket.html"


try:
    app = create_app()
except SetupError as error:
    sys.exit(f"The server cannot start. {error.message}")
